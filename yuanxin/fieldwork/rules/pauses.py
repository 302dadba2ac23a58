"""How long an order stood still with approval."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def paused_minutes(pauses: Iterable[tuple[datetime, datetime]]) -> int:
    """Return whole minutes of the union of spans; overlapping ones count once."""
    total, free_from = timedelta(), None
    for begins_at, ends_at in sorted(pauses):
        begin = begins_at if free_from is None else max(begins_at, free_from)
        if ends_at > begin:
            total += ends_at - begin
            free_from = ends_at
    return total // timedelta(minutes=1)
