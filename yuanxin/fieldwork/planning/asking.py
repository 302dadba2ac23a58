"""Questions to the engine about one order: who could take it, and why can others not."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from yuanxin.engines.routing.explaining import explain_unserved
from yuanxin.engines.routing.insertion import insert
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import Appointment, WorkOrder
from yuanxin.fieldwork.planning.answers import (
    Advice,
    CandidateView,
    ObstacleView,
    candidate_view,
    obstacle_view,
)
from yuanxin.fieldwork.planning.day import Day, days_ahead
from yuanxin.fieldwork.planning.near import day_of, is_wider, ring
from yuanxin.fieldwork.planning.owners import owner_first, ownership
from yuanxin.fieldwork.planning.ways import way_out
from yuanxin.kernel.errors import NotFound
from yuanxin.org import api as org


def advice(work_order_id: UUID, at: datetime) -> Advice:
    """Who could take this order, what holds for the owner of its grid, and why can others not? Raises NotFound.

    On the first bookable day on which anybody can; with an appointment only its day counts. Those near it are asked
    first, then the whole city. About ten small statements a day, no write.
    """
    order = _order(work_order_id)
    days, people = _days(order, at), ring(order, at)
    for on in days:
        day, found = _asked(order, on, people, at)
        if found or on == days[-1]:
            owner = ownership(day, order, found, at)
            city = day if found else day_of(order, on, None, at)
            return Advice(
                on=on,
                ownership=owner,
                candidates=tuple(owner_first(found, owner)[: parameters.candidates_shown(at)]),
                obstacles=() if found else tuple(_obstacles(city, order)),
                way_out=None if found else way_out(city, order),
            )
    raise NotFound(work_order=str(work_order_id))  # no bookable day at all


def candidates(work_order_id: UUID, at: datetime) -> list[CandidateView]:
    """Who could take this order, the owner of the grid first where the city wants it, then the cheapest? As advice."""
    return list(advice(work_order_id, at).candidates)


def _asked(order: WorkOrder, on: date, people: list[org.StaffView], at: datetime) -> tuple[Day, list[CandidateView]]:
    """Return the day and everybody near who could take the order on it, the cheapest first; else of the whole city."""
    day = day_of(order, on, people, at)
    found = found_in(day, order)
    if not found and is_wider(people, at):
        day = day_of(order, on, None, at)
        found = found_in(day, order)
    return day, found


def found_in(day: Day, order: WorkOrder) -> list[CandidateView]:
    """Return everybody of this day who could take the order, the cheapest first."""
    job = day.problem.job_by_id.get(str(order.pk))
    found = insert(day.problem, None, job, len(day.staff)) if job else []
    views = [candidate_view(day, str(order.pk), one) for one in found]
    return [view for view in views if day.is_free(str(view.technician_id), view.start, view.finish)]


def obstacles(work_order_id: UUID, at: datetime) -> list[ObstacleView]:
    """Why can nobody (or: each of those who cannot) take this order? By technician. Raises NotFound."""
    order = _order(work_order_id)
    return _obstacles(day_of(order, _days(order, at)[0], None, at), order)


def _obstacles(day: Day, order: WorkOrder) -> list[ObstacleView]:
    return [obstacle_view(day, reason) for reason in explain_unserved(day.problem, None).get(str(order.pk), ())]


def _order(work_order_id: UUID) -> WorkOrder:
    order = WorkOrder.objects.select_related("predecessor").filter(pk=work_order_id).first()
    if order is None:
        raise NotFound(work_order=str(work_order_id))
    return order


def _days(order: WorkOrder, at: datetime) -> list[date]:
    window = Appointment.objects.filter(work_order=order, superseded_at=None).first()
    if window is not None:
        return days_ahead(max(window.window_from, at), 1)
    return days_ahead(at, parameters.bookable_days(at))
