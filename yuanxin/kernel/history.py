"""Base of every history table that pghistory's triggers write."""

from __future__ import annotations

from django.db import models
from pghistory.models import Event as TrackedEvent


class Event(TrackedEvent):
    """A change to a tracked row: 64-bit key, context as JSON in the row itself."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True
