"""Replay one real day of contacts through the whole loop (pure parts: reading, titles, placing)."""
