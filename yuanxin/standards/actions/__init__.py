"""Writes of the standards: rulebook versions, clocks, ticks."""
