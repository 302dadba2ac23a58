"""Writes of quality: settling an amount, hearing findings, moving pay through its states, the pool."""
