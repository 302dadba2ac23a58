"""The parts of a plan: a whole city, its pieces, a unit, or the few people whom an event touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from yuanxin.engines.routing.place import Place, distance_m
from yuanxin.fieldwork.models import PlannedVisit, Proposal, WorkOrder
from yuanxin.fieldwork.planning.day import point
from yuanxin.fieldwork.rules.states import State
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import Segment

EVERYBODY, LOCAL, BORDER = "all", "local", "border"


def _homes(people: Collection[org.StaffView]) -> dict[UUID, Place]:
    """Return where people start from; somebody without a home starts in the middle of the others."""
    known = {one.id: place for one in people if (place := point(one.home_lng, one.home_lat)) is not None}
    if not known:
        return {one.id: Place(105.0, 35.0) for one in people}
    middle = Place(
        sum(one.lng for one in known.values()) / len(known), sum(one.lat for one in known.values()) / len(known)
    )
    return {one.id: known.get(one.id, middle) for one in people}


def people_of(unit: org.UnitView) -> list[UUID]:
    """Return the technicians of a unit and of the units below it. Two statements."""
    below, every = {unit.id}, org.units()
    for _ in range(4):  # province, city, district, grid or crew
        below |= {one.id for one in every if one.parent_id in below}
    return [one.id for one in org.technicians(unit.code[:4]) if one.unit_id in below]


def touched_by(proposal: Proposal, city_code: str, neighbours: int, at: datetime) -> tuple[list[UUID], list[UUID]]:
    """Return who may be sent after an event, and which orders of the pool they may get: those touched and those near.

    Four statements.
    """
    homes = _homes(org.technicians(city_code))
    orders = list(WorkOrder.objects.filter(pk__in=proposal.orders).values_list("address_id", flat=True))
    todays = PlannedVisit.objects.filter(technician__in=proposal.technicians, released_at=None, ends_at__gt=at)
    visits = list(todays.filter(ends_at__gt=at).values_list("work_order__address_id", flat=True))
    found = parties.addresses({*orders, *visits})
    places = [place for one in found.values() if (place := point(one.lng, one.lat)) is not None]
    places += [homes[one] for one in proposal.technicians if one in homes]
    near = nearest_people(places, homes, neighbours, without=proposal.technicians)
    people = [one for one in proposal.technicians if one in homes] + near
    grids = [unit.code for unit in org.units("grid") if unit.owner_id in set(proposal.technicians)]
    waiting = WorkOrder.objects.filter(state=State.PENDING, segment=Segment.FIELD, grid_code__in=grids)
    return people, [*proposal.orders, *waiting.values_list("pk", flat=True)]


def nearest_people(
    places: Iterable[Place], homes: Mapping[UUID, Place], count: int, *, without: Iterable[UUID] = ()
) -> list[UUID]:
    """Return those who live nearest to any of these places."""
    targets, left_out = list(places), set(without)
    if not targets:
        return []
    others = (one for one in homes if one not in left_out)
    return sorted(others, key=lambda one: (min(distance_m(homes[one], place) for place in targets), str(one)))[:count]
