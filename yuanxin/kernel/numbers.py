"""Human numbers 单号, such as ``T4406260000123``: per kind, city and year; unique, not gapless.

A transaction takes a block of numbers, uses one, and with its commit leaves the others to its process, so that most
numbers cost no statement. A rollback gives the block back; the end of a process leaves a gap.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yuanxin.kernel import prepared
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import once, require_city

_NEXT = """
UPDATE kernel_numbercounter SET last = last + %s WHERE id = (
    SELECT id FROM kernel_numbercounter WHERE city_code = %s AND kind = %s AND year = %s
    ORDER BY last LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING lane, last
"""
_left: dict[tuple[str, str, int], deque[str]] = {}
_lock = threading.Lock()


def next_number(kind: str, at: datetime) -> str:
    """Return the next number of a kind (1-4 capitals) in the city in scope.

    Each lane counts for itself and only one transaction holds a lane, so commands do not wait for each other.
    Raises CityScopeNeeded.
    """
    city, year = require_city(), _year(at)
    key = (city, kind, year)
    with _lock:
        if left := _left.get(key):
            return left.popleft()
    # A block that was taken in this transaction may still be rolled back with a savepoint: then one more, not its rest.
    taken: list[int] = once(("kernel.numbers", *key), list)
    count = 1 if taken else settings.YUANXIN_NUMBER_BLOCK
    taken.append(count)
    first, *rest = _take(kind, count, city, year)
    if rest:
        transaction.on_commit(lambda: _leave(key, rest))
    return first


def numbers_block(kind: str, count: int, at: datetime) -> Iterator[str]:
    """Take many numbers of a kind at once, for a bulk load. Raises CityScopeNeeded."""
    yield from _take(kind, count, require_city(), _year(at))


def forget_numbers() -> None:
    """Drop what transactions left to this process; for tests, which empty the counters."""
    with _lock:
        _left.clear()


def _leave(key: tuple[str, str, int], numbers: list[str]) -> None:
    with _lock:
        _left.setdefault(key, deque()).extend(numbers)


def _year(at: datetime) -> int:
    return at.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).year


def _take(kind: str, count: int, city: str, year: int) -> list[str]:
    asked = [count, city, kind, year]
    row = prepared.run(_NEXT, asked).fetchone() or _open_lane(asked)
    lane, last = row
    lanes = settings.YUANXIN_NUMBER_LANES
    return [f"{kind}{city}{year % 100:02d}{nth * lanes + lane:07d}" for nth in range(last - count + 1, last + 1)]


def _open_lane(asked: list[object]) -> tuple[int, int]:
    """Open the lanes of a new year, or wait for one when all are taken."""
    _, city, kind, year = asked
    for lane in range(settings.YUANXIN_NUMBER_LANES):
        prepared.run(
            "INSERT INTO kernel_numbercounter (id, province_code, city_code, kind, year, lane, last)"
            " VALUES (%s, %s, %s, %s, %s, %s, 0) ON CONFLICT DO NOTHING",
            [new_id(), str(city)[:2], city, kind, year, lane],
        )
    ((lane, last),) = prepared.run(_NEXT.replace(" SKIP LOCKED", ""), asked).fetchall()
    return lane, last
