"""Domain clock 业务时钟: one database row (offset, rate), read once per transaction.

Web, worker and simulation live in the same day. Nothing else reads the time; ``recorded_at`` alone is wall time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from yuanxin.kernel.errors import SpeedRefused

_now: ContextVar[datetime | None] = ContextVar("now", default=None)


def now() -> datetime:
    """Return the domain instant (aware, UTC); the same one throughout a scope."""
    known = _now.get()
    if known is not None:
        return known
    connection.ensure_connection()
    reading: datetime = connection.connection.execute("SELECT app_now()").fetchone()[0]
    return reading


def remember(moment: datetime) -> Token[datetime | None]:
    """Keep one reading for a scope; only ``tenancy.scope`` calls it."""
    return _now.set(_now.get() or moment)


def forget(reading: Token[datetime | None]) -> None:
    """Drop the reading again."""
    _now.reset(reading)


@contextmanager
def standing_at(at: datetime) -> Iterator[None]:
    """Let ``now()`` return ``at`` in this thread; for tests and replays, which pass their own time."""
    before = _now.set(at)
    try:
        yield
    finally:
        _now.reset(before)


def set_clock(*, at: datetime, rate: int = 1) -> None:
    """Move the domain clock to ``at`` and let it run ``rate`` times as fast. Raises SpeedRefused outside the demo."""
    if rate != 1 and not settings.YUANXIN_DEMO:
        raise SpeedRefused(rate=rate)
    with transaction.atomic():
        connection.ensure_connection()
        connection.connection.execute(
            "UPDATE kernel_domainclock SET base_wall = clock_timestamp(), base_domain = %s, rate = %s", [at, rate]
        )
