"""Writes of the parties."""
