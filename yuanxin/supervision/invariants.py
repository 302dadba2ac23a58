"""What ``manage verify`` asks of ``supervision``."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from yuanxin.kernel.verify import invariant
from yuanxin.supervision.rules import Stage


@invariant("supervision.open_means_not_closed")
def open_means_not_closed() -> Iterator[str]:
    """A row is on the board exactly as long as its stage is not closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM supervision_boardrow WHERE is_open = (stage = %s) ORDER BY subject LIMIT 100",
            [Stage.CLOSED.code],
        )
        for (subject,) in cursor.fetchall():
            yield f"board row {subject} is open and closed at once"


@invariant("supervision.nothing_is_parked")
def nothing_is_parked() -> Iterator[str]:
    """No delivery is parked; a parked one blocks its lane until somebody replays it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, lane, error FROM kernel_delivery WHERE state = 'parked' AND lane > '' ORDER BY id LIMIT 100"
        )
        for delivery_id, lane, error in cursor.fetchall():
            yield f"delivery {delivery_id} to {lane} is parked: {error[:200]}"
