"""Writes of field service. Every action is one transaction: check, write, tell."""
