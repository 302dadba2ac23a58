"""Writes of ``care``: each one a command, in one transaction."""
