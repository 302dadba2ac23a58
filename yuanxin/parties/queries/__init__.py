"""Reads of the parties."""
