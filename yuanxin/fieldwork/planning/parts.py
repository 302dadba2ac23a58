"""The parts of a plan: a whole city, its pieces, a unit, or the few people whom an event touches."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from yuanxin.engines.routing.place import Place
from yuanxin.fieldwork.models import PlannedVisit, Proposal, WorkOrder
from yuanxin.fieldwork.planning.cells import nearest_cell, nearest_people, split
from yuanxin.fieldwork.planning.day import point
from yuanxin.fieldwork.rules.states import State
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import Segment

EVERYBODY, LOCAL = "all", "local"
Part = tuple[str, tuple[UUID, ...], tuple[UUID, ...]]
"""Code of the cluster, technicians, orders of the pool."""


def parts_of_city(city_code: str, most: int) -> list[Part]:
    """Cut a city into clusters of at most so many technicians; a small one stays whole. Three statements."""
    people = org.technicians(city_code)
    if len(people) <= most:
        return [(EVERYBODY, (), ())]
    homes = _homes(people)
    cells = split(homes, most)
    orders: list[list[UUID]] = [[] for _ in cells]
    pool = WorkOrder.objects.filter(state=State.PENDING, segment=Segment.FIELD).values_list("pk", "address_id")
    places = {key: (one.lng, one.lat) for key, one in parties.addresses({row[1] for row in pool}).items()}
    for order, address in pool:
        place = point(*places.get(address, (None, None)))
        orders[nearest_cell(place, cells, homes) if place else 0].append(order)
    return [(f"part-{number + 1}", cell.people, tuple(orders[number])) for number, cell in enumerate(cells)]


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
