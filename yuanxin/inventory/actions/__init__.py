"""Writes of the inventory."""
