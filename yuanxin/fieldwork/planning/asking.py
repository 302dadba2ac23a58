"""Questions to the engine about one order: who could take it, which windows may be promised."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from yuanxin.engines.routing.explaining import explain_unserved
from yuanxin.engines.routing.insertion import insert
from yuanxin.engines.routing.slots import offer_slots
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import Appointment, WorkOrder
from yuanxin.fieldwork.planning.answers import (
    Advice,
    CandidateView,
    ObstacleView,
    WindowOffer,
    candidate_view,
    instant,
    obstacle_view,
)
from yuanxin.fieldwork.planning.day import Day, build_day, days_ahead, local_midnight
from yuanxin.fieldwork.planning.owners import owner_first, ownership
from yuanxin.fieldwork.rules.needs import skills_needed
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import require_city
from yuanxin.published.codes import AreaClass, CustomerClass, OrderKind, Service


def advice(work_order_id: UUID, at: datetime) -> Advice:
    """Who could take this order, what holds for the owner of its grid, and why can others not? Raises NotFound.

    On the first bookable day on which anybody can; with an appointment only its day counts. About ten statements a
    day, no write.
    """
    order = _order(work_order_id)
    days = _days(order, at)
    for on in days:
        day, found = _asked(order, on, at)
        if found or on == days[-1]:
            reasons = explain_unserved(day.problem, None).get(str(order.pk), ()) if not found else ()
            owner = ownership(day, order, found, at)
            return Advice(
                on=on,
                ownership=owner,
                candidates=tuple(owner_first(found, owner)[: parameters.candidates_shown(at)]),
                obstacles=tuple(obstacle_view(day, reason) for reason in reasons),
            )
    raise NotFound(work_order=str(work_order_id))  # no bookable day at all


def candidates(work_order_id: UUID, at: datetime) -> list[CandidateView]:
    """Who could take this order, the owner of the grid first where the city wants it, then the cheapest? As advice."""
    return list(advice(work_order_id, at).candidates)


def _asked(order: WorkOrder, on: date, at: datetime) -> tuple[Day, list[CandidateView]]:
    """Return the day and everybody who could take the order on it, the cheapest first."""
    day = build_day(on, [order], at=at, city_code=order.city_code)
    job = day.problem.job_by_id.get(str(order.pk))
    found = insert(day.problem, None, job, len(day.staff)) if job else []
    views = [candidate_view(day, str(order.pk), one) for one in found]
    return day, [view for view in views if day.is_free(str(view.technician_id), view.start, view.finish)]


def obstacles(work_order_id: UUID, at: datetime) -> list[ObstacleView]:
    """Why can nobody (or: each of those who cannot) take this order? By technician. Raises NotFound."""
    order = _order(work_order_id)
    day = build_day(_days(order, at)[0], [order], at=at, city_code=order.city_code)
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


def offer_windows(
    *, order_kind: OrderKind, service: Service, address_id: UUID, area_class: AreaClass, grid_code: str, at: datetime
) -> list[WindowOffer]:
    """Which windows may I promise this caller? All windows of the bookable days in the order of time.

    Nothing is written; the order need not exist yet.
    """
    width = parameters.window_width(area_class, at)
    shift = parameters.shift(at)
    needs = parameters.needs_of(order_kind, CustomerClass.RESIDENT, at)
    wish = WorkOrder(
        id=new_id(), address_id=address_id, grid_code=grid_code, area_class=area_class, value=needs.value,
        duration_minutes=needs.minutes, deviation_minutes=needs.deviation_minutes,
        skills=skills_needed(order_kind, service),
    )  # fmt: skip
    tight = parameters.tight_points(at)
    offers = []
    for day in days_ahead(at, parameters.bookable_days(at)):
        begins_at = local_midnight(day) + timedelta(minutes=shift.from_minute)
        ends_at = local_midnight(day) + timedelta(minutes=shift.to_minute)
        windows = []
        while begins_at + width <= ends_at:
            if begins_at + width > at:
                windows.append((begins_at, begins_at + width))
            begins_at += width
        offers.extend(_offers_of(build_day(day, [wish], at=at, city_code=require_city()), wish, windows, tight))
    return offers


def _offers_of(
    day: Day, wish: WorkOrder, windows: list[tuple[datetime, datetime]], tight_points: int
) -> list[WindowOffer]:
    horizon = {(int(begins.timestamp()), int(ends.timestamp())): (begins, ends) for begins, ends in windows}
    job = day.problem.job_by_id[str(wish.pk)]
    slots = {slot.window: slot for slot in offer_slots(day.problem, job, list(horizon))}
    offers = []
    for window, (begins, ends) in horizon.items():
        slot = slots.get(window)
        if slot is None or not day.is_free(slot.tech, instant(slot.start), instant(slot.start + job.dur)):
            offers.append(WindowOffer(begins, ends, "full", None, None))
            continue
        ease = "tight" if slot.extra_cost > tight_points else "open"
        offers.append(WindowOffer(begins, ends, ease, slot.extra_cost, UUID(slot.tech)))
    return offers
