"""How long the ways of a technician's day take, by the travel that plans it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.engines.routing.place import Place
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import LastPosition, Visit, WorkOrder
from yuanxin.fieldwork.planning.day import local_midnight, point
from yuanxin.fieldwork.planning.travelling import DISTRICT_DIGITS
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass


@dataclass(frozen=True, slots=True)
class Stop:
    """A door on the way: its address, the grid it lies in and when he leaves for it."""

    address_id: UUID
    grid_code: str
    leave_at: datetime


def drive_to(order: WorkOrder, at: datetime) -> timedelta | None:
    """How long does the technician of this order drive from where he is now? None when a point is unknown."""
    here = stands_at(order.in_charge, at)
    found = _minutes(here, [Stop(order.address_id, order.grid_code, at)], AreaClass(order.area_class), at)
    return None if found[0] is None else timedelta(seconds=found[0])


def drive_minutes(technician_id: UUID, stops: Sequence[Stop], area: AreaClass, at: datetime) -> list[int | None]:
    """Return the minutes of driving to each stop from the one before it, the first from where he is now.

    None where a point is unknown; 0 at the same door. About five statements.
    """
    found = _minutes(stands_at(technician_id, at), stops, area, at)
    return [None if seconds is None else round(seconds / 60) for seconds in found]


def stands_at(technician_id: UUID, at: datetime) -> Place | None:
    """Where is this technician? By his phone if that is fresh, else at his last door of the day, else at home."""
    fresh_from = at - timedelta(minutes=parameters.position_fresh_minutes(at))
    last = LastPosition.objects.filter(technician_id=technician_id, at__gte=fresh_from, at__lte=at).first()
    if last is not None:
        return point(float(last.lng), float(last.lat))
    visits = Visit.objects.filter(technician=technician_id, arrived_at__gte=local_midnight(local_day(at)))
    door = visits.filter(arrived_at__lte=at).order_by("-arrived_at").values_list("work_order__address_id", flat=True)
    for address_id in door[:1]:
        known = parties.points([address_id]).get(address_id)
        if known is not None:
            return point(*known)
    person = org.staff(technician_id)
    return point(person.home_lng, person.home_lat)


def _minutes(here: Place | None, stops: Sequence[Stop], area: AreaClass, at: datetime) -> list[int | None]:
    known = parties.points({stop.address_id for stop in stops})
    places = [point(*known[stop.address_id]) if stop.address_id in known else None for stop in stops]
    where = {place: stop.grid_code[:DISTRICT_DIGITS] for place, stop in zip(places, stops, strict=True) if place}
    travel = parameters.travel(area, at, where | ({here: where.get(here, "")} if here else {}))
    found: list[int | None] = []
    for place, stop in zip(places, stops, strict=True):
        leave = int(stop.leave_at.timestamp())
        found.append(None if here is None or place is None else travel.seconds(here, place, leave))
        here = place or here
    return found
