"""Human numbers 单号, such as ``T4406260000123``: per kind, city and year; unique, not gapless."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from yuanxin.kernel import prepared
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import require_city

_NEXT = """
UPDATE kernel_numbercounter SET last = last + 1 WHERE id = (
    SELECT id FROM kernel_numbercounter WHERE city_code = %s AND kind = %s AND year = %s
    ORDER BY last LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING lane, last
"""


def next_number(kind: str, at: datetime) -> str:
    """Return the next number of a kind (1-4 capitals) in the city in scope.

    Each lane counts for itself and only one transaction holds a lane, so commands do not wait for each other.
    Raises CityScopeNeeded.
    """
    city = require_city()
    year = at.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).year
    row = prepared.run(_NEXT, [city, kind, year]).fetchone()
    if row is None:
        row = _open_lane(city, kind, year)
    lane, last = row
    return f"{kind}{city}{year % 100:02d}{last * settings.YUANXIN_NUMBER_LANES + lane:07d}"


def _open_lane(city: str, kind: str, year: int) -> tuple[int, int]:
    """Open the lanes of a new year, or wait for one when all are taken."""
    run = prepared.run
    for lane in range(settings.YUANXIN_NUMBER_LANES):
        run(
            "INSERT INTO kernel_numbercounter (id, province_code, city_code, kind, year, lane, last)"
            " VALUES (%s, %s, %s, %s, %s, %s, 0) ON CONFLICT DO NOTHING",
            [new_id(), city[:2], city, kind, year, lane],
        )
    row = run(_NEXT.replace(" SKIP LOCKED", ""), [city, kind, year]).fetchone()
    return row[0], row[1]


def numbers_block(kind: str, count: int, at: datetime) -> Iterator[str]:
    """Take many numbers of a kind at once, for a bulk load. Raises CityScopeNeeded."""
    city = require_city()
    year = at.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).year
    statement = _NEXT.replace("last + 1", "last + %s")
    row = prepared.run(statement, [count, city, kind, year]).fetchone()
    if row is None:
        _open_lane(city, kind, year)
        row = prepared.run(statement, [count, city, kind, year]).fetchone()
    lane, last = row
    for taken in range(last - count + 1, last + 1):
        yield f"{kind}{city}{year % 100:02d}{taken * settings.YUANXIN_NUMBER_LANES + lane:07d}"
