"""Reads of ``care``."""
