"""Where technicians are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import LastPosition


@dataclass(frozen=True, slots=True)
class PositionView:
    """A position, WGS-84 degrees, and when it was true."""

    technician_id: UUID
    at: datetime
    lng: float
    lat: float
    error_m: int


def last_positions(technician_ids: Iterable[UUID], at: datetime) -> dict[UUID, PositionView]:
    """Return the newest positions that are still believed at ``at``. One statement."""
    since = at - timedelta(minutes=parameters.position_fresh_minutes(at))
    rows = LastPosition.objects.filter(technician_id__in=list(technician_ids), at__gte=since, at__lte=at)
    return {
        row.technician_id: PositionView(row.technician_id, row.at, float(row.lng), float(row.lat), row.error_m)
        for row in rows
    }
