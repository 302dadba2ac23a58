"""Journeys: stories across contexts."""
