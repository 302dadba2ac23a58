"""The days before the demo's morning, lived through the same doors as the pages use."""

from __future__ import annotations


def live_through(*args: object, **options: object) -> None:
    """Live."""
