"""One order and those who are near: the day of the few technicians who could be the best, without the rest of the city.

Near are the owner of the order's grid, the owners of the next grids and whoever has work in them or is lent to them,
then those whose home is closest, as far as they have the skills. When nobody can come, all with the skills are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from yuanxin.academy import api as academy
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.day import Day, build_day, days_ahead, point
from yuanxin.fieldwork.planning.shifts import lent_to
from yuanxin.fieldwork.rules.states import OPEN
from yuanxin.kernel import prepared
from yuanxin.org import api as org
from yuanxin.parties import api as parties

_AT_WORK_THERE = """
SELECT DISTINCT technician_id FROM fieldwork_workorder
 WHERE city_code = %(city)s AND grid_code = ANY(%(grids)s) AND state = ANY(%(open)s) AND technician_id IS NOT NULL
"""


def near_problem(order: WorkOrder, day: date, at: datetime) -> Day:
    """Return the day of the technicians near an order, which is free in it. About ten small statements."""
    return day_of(order, day, ring(order, at), at)


def day_of(order: WorkOrder, day: date, people: Sequence[org.StaffView] | None, at: datetime) -> Day:
    """Return the day of these people, None meaning the whole city, for one order."""
    return build_day(day, [order], at=at, city_code=order.city_code, staff=people)


def ring(order: WorkOrder, at: datetime) -> list[org.StaffView]:
    """Return the technicians near an order, at most as many as the rulebook asks first. Six statements."""
    grids_asked, people_asked = parameters.near(at)
    here = parties.points([order.address_id]).get(order.address_id)
    if here is not None and point(*here) is None:
        here = None
    grids = [order.grid_code] if order.grid_code else [""]  # the first place is that of the order's own grid
    if here is not None:
        grids += [code for code in parties.grids_near(*here, grids_asked) if code != order.grid_code]
    return org.technicians_near(
        order.city_code,
        here,
        grids=grids,
        first=[*_at_work(order, grids), *lent_to([code for code in grids if code], *_bookable(at))],
        able=academy.staff_with(order.skills, at) if order.skills else _everybody(order),
        count=people_asked,
    )


def everybody_able(order: WorkOrder, near: Sequence[org.StaffView], at: datetime) -> list[org.StaffView]:
    """Return those near, then the others of the city who have the skills for an order. Two statements."""
    people, asked = org.technicians(order.city_code), {one.id for one in near}
    able = academy.staff_with(order.skills, at) if order.skills else {one.id for one in people}
    return [*near, *(one for one in people if one.id in able and one.id not in asked)]


def is_wider(people: Sequence[org.StaffView], at: datetime) -> bool:
    """Say whether the city holds more who have the skills than these, who are near."""
    return len(people) >= parameters.near(at)[1]


def _at_work(order: WorkOrder, grids: Sequence[str]) -> list[UUID]:
    """Return who has open work in these grids. One statement over an index of its own."""
    named = [code for code in grids if code]
    asked = {"city": order.city_code, "grids": named, "open": [str(state) for state in OPEN]}
    return [person for (person,) in prepared.run(_AT_WORK_THERE, asked)]


def _bookable(at: datetime) -> tuple[date, date]:
    days = days_ahead(at, parameters.bookable_days(at))
    return days[0], days[-1]


def _everybody(order: WorkOrder) -> list[UUID]:
    return [one.id for one in org.technicians(order.city_code)]
