"""Writes of ``messaging``: queueing, sending, receipts, templates."""
