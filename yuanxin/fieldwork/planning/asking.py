"""Questions to the engine about one order: who could take it, and why can others not."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from yuanxin.engines.routing.explaining import explain_unserved
from yuanxin.engines.routing.insertion import candidate, sorted_options
from yuanxin.engines.routing.loading import load
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.answers import (
    Advice,
    CandidateView,
    ObstacleView,
    candidate_view,
    obstacle_view,
)
from yuanxin.fieldwork.planning.day import Day, days_ahead, windows_of
from yuanxin.fieldwork.planning.near import day_of, everybody_able, is_wider, ring
from yuanxin.fieldwork.planning.owners import owner_first, ownership
from yuanxin.fieldwork.planning.ways import way_out
from yuanxin.kernel import prepared
from yuanxin.kernel.errors import NotFound
from yuanxin.org import api as org


def advice(work_order_id: UUID, at: datetime) -> Advice:
    """Who could take this order, what holds for the owner of its grid, and why can others not? Raises NotFound.

    On the first bookable day on which anybody can; with an appointment only its day counts. Those near it are asked
    first, then everybody with the skills. About ten small statements a day, no write.
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
    """Return the day and who of those near could take the order on it, the cheapest first; else of all able to."""
    day, most = day_of(order, on, people, at), parameters.candidates_shown(at)
    found = found_in(day, order, most)
    if not found and is_wider(people, at):
        day = day_of(order, on, everybody_able(order, people, at), at)
        found = found_in(day, order, most)
    return day, found


def found_in(day: Day, order: WorkOrder, most: int | None = None) -> list[CandidateView]:
    """Return those of this day who could take the order, the cheapest first.

    most: no more than so many, and those whose own grid it is; None: everybody.
    """
    job = day.problem.job_by_id.get(str(order.pk))
    if job is None:
        return []
    draft = load(day.problem, None)
    if job.id in draft.crews:
        draft.take_out(job.id)
    people, views = day.problem.technician_by_id, list[CandidateView]()
    for option in sorted_options(draft, job):
        if most is not None and len(views) >= most and job.grid not in people[option.technician].grid_ids:
            continue
        view = candidate_view(day, job.id, candidate(draft, job, option))
        if day.is_free(option.technician, view.start, view.finish):
            views.append(view)
    return views


def obstacles(work_order_id: UUID, at: datetime) -> list[ObstacleView]:
    """Why can nobody (or: each of those who cannot) take this order? By technician. Raises NotFound."""
    order = _order(work_order_id)
    return _obstacles(day_of(order, _days(order, at)[0], None, at), order)


def _obstacles(day: Day, order: WorkOrder) -> list[ObstacleView]:
    return [obstacle_view(day, reason) for reason in explain_unserved(day.problem, None).get(str(order.pk), ())]


def _order(work_order_id: UUID) -> WorkOrder:
    order = prepared.row(WorkOrder, work_order_id)
    if order is None:
        raise NotFound(work_order=str(work_order_id))
    return order


def _days(order: WorkOrder, at: datetime) -> list[date]:
    window = windows_of([order.pk]).get(order.pk)
    if window is not None:
        return days_ahead(max(window[0], at), 1)
    return days_ahead(at, parameters.bookable_days(at))
