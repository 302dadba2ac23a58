"""Isolation, history and roles, seen across the kernel and the organisation."""
