"""Which devices are on line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.inventory.models.heartbeats import DeviceHeartbeat
from yuanxin.standards import api as standards


@dataclass(frozen=True, slots=True)
class HeartbeatView:
    """When a device was last seen, its signal then (hundredths of dBm or dBµV), and whether it counts as on line."""

    device_id: UUID
    seen_at: datetime
    signal_centi: int | None
    is_online: bool


def last_seen(device_ids: Iterable[UUID], at: datetime) -> dict[UUID, HeartbeatView]:
    """Return the last heartbeat of those devices that ever sent one. One statement and one rule."""
    online = timedelta(minutes=int(standards.parameter("heartbeat.batch", "online_minutes", at=at)))
    rows = DeviceHeartbeat.objects.filter(device_id__in=list(device_ids))
    return {
        row.device_id: HeartbeatView(row.device_id, row.seen_at, row.signal_centi, at - row.seen_at <= online)
        for row in rows
    }
