"""Positions of technicians, stored by the batch and only with an open order (个人信息保护法 Art. 28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from yuanxin.engines.routing.errors import PlaceOutsideChina
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import Position
from yuanxin.fieldwork.rules.errors import NotATechnician
from yuanxin.fieldwork.rules.positions import PositionBatch, require_even
from yuanxin.fieldwork.rules.states import OPEN, State
from yuanxin.kernel import acting
from yuanxin.kernel.bulk import UNPACK, packed
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import home_codes
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref_id

ON_THE_MOVE = [str(state) for state in OPEN if state not in (State.PENDING, State.OFFERED)]

_GIVEN = f"""
SELECT technician_id, at, lng, lat, error_m
  FROM unnest({UNPACK}::uuid[], {UNPACK}::timestamptz[], {UNPACK}::numeric[], {UNPACK}::numeric[], {UNPACK}::int[])
       AS given (technician_id, at, lng, lat, error_m)
 WHERE at BETWEEN %s AND %s AND lng BETWEEN 73.4 AND 135.1 AND lat BETWEEN 3.4 AND 53.6
   AND technician_id IN (SELECT technician_id FROM fieldwork_workorder WHERE state = ANY(%s))
"""  # noqa: S608 - only our own constants are put in
_STORE = f"""
WITH kept AS MATERIALIZED ({_GIVEN}),
newest AS (
    INSERT INTO fieldwork_lastposition AS last (technician_id, province_code, city_code, at, lng, lat, error_m)
    SELECT DISTINCT ON (technician_id) technician_id, %s, %s, at, lng, lat, error_m
      FROM kept ORDER BY technician_id, at DESC
    ON CONFLICT (city_code, technician_id) DO UPDATE
       SET at = excluded.at, lng = excluded.lng, lat = excluded.lat, error_m = excluded.error_m
     WHERE last.at < excluded.at)
INSERT INTO fieldwork_position (id, province_code, city_code, technician_id, at, lng, lat, error_m)
SELECT gen_random_uuid(), %s, %s, technician_id, at, lng, lat, error_m FROM kept
"""  # noqa: S608 - only our own constants are put in


@dataclass(frozen=True, slots=True)
class TakenBatch:
    """What became of a batch. refused: rows of people without an open order, of another time, or outside China."""

    taken: int
    refused: int


@command("fieldwork.record_positions")
def record_positions(*, batch: PositionBatch, at: datetime, key: IdempotencyKey | None = None) -> TakenBatch:
    """Store a batch of positions of a city's technicians; one statement. Raises BatchUneven, BatchTooLarge."""
    limits = parameters.position_limits(at)
    require_even(batch, limits.most_rows)
    if not len(batch):
        return TakenBatch(0, 0)
    columns = (batch.technicians, batch.at, batch.lng, batch.lat, batch.error_m)
    home = home_codes()
    values: list[Any] = [*map(packed, columns), at - limits.oldest, at + limits.newest, ON_THE_MOVE, *home, *home]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        taken = cursor.rowcount
    return TakenBatch(taken, len(batch) - taken)


@command("fieldwork.report_position")
def report_position(*, lng: float, lat: float, at: datetime, datum: str = "wgs84", error_m: int = 0) -> TakenBatch:
    """Store where the acting technician is; degrees in ``datum``.

    Without an open order nothing is kept. Raises PlaceOutsideChina, NotATechnician.
    """
    who = acting.current().who
    if not who.startswith("staff:"):
        raise NotATechnician(staff=who)
    try:
        here = parties.Coordinate(lng, lat, parties.Datum(datum)).to(parties.Datum.WGS84)
    except ValueError:
        raise PlaceOutsideChina(datum=datum[:20], field="datum") from None
    return record_positions(
        batch=PositionBatch(
            [ref_id(who, "staff")], [at], [round(here.lng, 6)], [round(here.lat, 6)], [max(error_m, 0)]
        ),
        at=at,
    )


@command("fieldwork.erase_old_positions")
def erase_old(*, at: datetime) -> int:
    """Erase tracks that are older than the rulebook allows; return how many points went."""
    cut = at - timedelta(days=parameters.position_limits(at).kept_days)
    return Position.objects.filter(at__lt=cut).delete()[0]
