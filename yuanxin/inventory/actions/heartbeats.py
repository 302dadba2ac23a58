"""Heartbeats of boxes and modems, taken by the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from yuanxin.inventory.rules.errors import HeartbeatsTooMany, HeartbeatsUneven
from yuanxin.kernel.bulk import UNPACK, packed
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city
from yuanxin.standards import api as standards

TOPIC = "heartbeat.batch"
# A serial may be known under several kinds; the newest word of a batch counts.
_STORE = f"""
INSERT INTO inventory_deviceheartbeat AS last (device_id, province_code, city_code, seen_at, signal_centi)
SELECT DISTINCT ON (device.id) device.id, device.province_code, device.city_code, given.seen_at, given.signal_centi
  FROM unnest({UNPACK}::text[], {UNPACK}::timestamptz[], {UNPACK}::int[]) AS given (serial, seen_at, signal_centi)
  JOIN inventory_device device ON device.serial = given.serial AND device.city_code = %s
 WHERE given.seen_at <= %s
 ORDER BY device.id, given.seen_at DESC
ON CONFLICT (city_code, device_id) DO UPDATE SET seen_at = excluded.seen_at, signal_centi = excluded.signal_centi
 WHERE last.seen_at < excluded.seen_at
"""  # noqa: S608 - only our own constants are put in


@dataclass(frozen=True, slots=True)
class HeartbeatBatch:
    """Heartbeats as columns of one length: serial, when it was seen, signal in hundredths of dBm or dBµV or None."""

    serials: Sequence[str]
    seen_at: Sequence[datetime]
    signal_centi: Sequence[int | None]


@command("inventory.record_heartbeats")
def record_heartbeats(*, batch: HeartbeatBatch, at: datetime, key: IdempotencyKey | None = None) -> int:
    """Note when devices of a city were last seen; return how many got news. One statement.

    Unknown serials and older news change nothing. Raises HeartbeatsUneven, HeartbeatsTooMany.
    """
    lengths = {len(batch.serials), len(batch.seen_at), len(batch.signal_centi)}
    if len(lengths) != 1:
        raise HeartbeatsUneven(lengths=", ".join(map(str, sorted(lengths))))
    most = int(standards.parameter(TOPIC, "most_rows", at=at))
    if len(batch.serials) > most:
        raise HeartbeatsTooMany(rows=len(batch.serials), most=most)
    ahead = timedelta(seconds=int(standards.parameter(TOPIC, "newest_seconds", at=at)))
    if not batch.serials:
        return 0
    columns = (batch.serials, batch.seen_at, batch.signal_centi)
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [*map(packed, columns), require_city(), at + ahead])
        return cursor.rowcount
