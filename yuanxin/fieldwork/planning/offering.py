"""Which windows may a caller be promised, and what does each cost the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from yuanxin.engines.routing.insertion import insert
from yuanxin.engines.routing.slots import offer_slots
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.answers import WindowOffer, instant, minutes_of
from yuanxin.fieldwork.planning.day import Day, days_ahead, local_midnight
from yuanxin.fieldwork.planning.near import day_of, everybody_able, is_wider, ring
from yuanxin.fieldwork.rules.needs import skills_needed
from yuanxin.fieldwork.rules.windows import free_percent
from yuanxin.kernel.ids import new_id
from yuanxin.published.codes import AreaClass, CustomerClass, OrderKind, Service

FULL, TIGHT, OPEN = "full", "tight", "open"
NOON = 12  # o'clock, local time: where the caller's morning ends


def offer_windows(
    *,
    order_kind: OrderKind,
    service: Service,
    address_id: UUID,
    area_class: AreaClass,
    grid_code: str,
    at: datetime,
    on: date | None = None,
    half: str = "",
) -> list[WindowOffer]:
    """Which windows may I promise this caller? All windows of the bookable days in the order of time.

    on, half (``am``, ``pm``): what the caller wishes. A window that has begun is not offered. The best ones
    (``best_windows``) carry their price by term. Nothing is written; the order need not exist yet.
    """
    width = parameters.window_width(area_class, at)
    wish = _wish(order_kind, service, address_id, area_class, grid_code, at)
    people = ring(wish, at)
    offers: list[WindowOffer] = []
    asked: dict[date, Day] = {}
    for day in days_ahead(at, parameters.bookable_days(at)):
        windows = [one for one in _windows(day, width, at) if on in (None, day) and half in ("", _half(one))]
        if not windows:
            continue
        near = asked[day] = day_of(wish, day, people, at)
        found = _offers_of(near, wish, windows, at)
        left = [(one.window_from, one.window_to) for one in found if one.ease == FULL]
        if left and is_wider(people, at):
            city = day_of(wish, day, everybody_able(wish, people, at), at)
            wider = {one.window_from: one for one in _offers_of(city, wish, left, at)}
            found = [wider.get(one.window_from, one) for one in found]
        offers.extend(found)
    best = {one.window_from for one in best_windows(offers, at)}
    return [_priced(one, asked, wish) if one.window_from in best else one for one in offers]


def best_windows(offers: Sequence[WindowOffer], at: datetime) -> list[WindowOffer]:
    """Return the windows to read out first: open ones before tight ones, the cheapest first, sooner among equals."""
    able = [one for one in offers if one.ease != FULL]
    able.sort(key=lambda one: (one.ease == TIGHT, one.extra_cost or 0, one.window_from))
    return able[: parameters.windows_shown(at)]


def _wish(
    order_kind: OrderKind, service: Service, address_id: UUID, area_class: AreaClass, grid_code: str, at: datetime
) -> WorkOrder:
    """Return the order that the caller would get; it is never saved."""
    needs = parameters.needs_of(order_kind, CustomerClass.RESIDENT, at)
    return WorkOrder(
        id=new_id(), address_id=address_id, grid_code=grid_code, area_class=area_class, order_kind=order_kind,
        value=needs.value, duration_minutes=needs.minutes, deviation_minutes=needs.deviation_minutes,
        skills=skills_needed(order_kind, service),
    )  # fmt: skip


def _windows(day: date, width: timedelta, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the windows of a day's shift that have not begun."""
    shift = parameters.shift(at)
    begins_at = local_midnight(day) + timedelta(minutes=shift.from_minute)
    ends_at = local_midnight(day) + timedelta(minutes=shift.to_minute)
    while begins_at + width <= ends_at:
        if begins_at >= at:
            yield begins_at, begins_at + width
        begins_at += width


def _half(window: tuple[datetime, datetime]) -> str:
    return "am" if window[0].hour < NOON else "pm"  # windows are made in local time


def _offers_of(
    day: Day, wish: WorkOrder, windows: Sequence[tuple[datetime, datetime]], at: datetime
) -> list[WindowOffer]:
    horizon = {(int(begins.timestamp()), int(ends.timestamp())): (begins, ends) for begins, ends in windows}
    job = day.problem.job_by_id[str(wish.pk)]
    slots = {slot.window: slot for slot in offer_slots(day.problem, job, list(horizon))}
    tight, scarce = parameters.tight_points(at), parameters.scarce_percent(at)
    offers = []
    for window, (begins, ends) in horizon.items():
        free = _free_percent(day, (begins, ends))
        slot = slots.get(window)
        if slot is None or not day.is_free(slot.tech, instant(slot.start), instant(slot.start + job.dur)):
            offers.append(WindowOffer(begins, ends, FULL, None, None, free_percent=free))
            continue
        ease = TIGHT if slot.extra_cost > tight or free < scarce else OPEN
        offers.append(
            WindowOffer(begins, ends, ease, slot.extra_cost, UUID(slot.tech), instant(slot.start), free_percent=free)
        )
    return offers


def _free_percent(day: Day, window: tuple[datetime, datetime]) -> int:
    now = day.problem.now
    shifts = [(instant(max(one.start, now)), instant(max(one.end, now))) for one in day.problem.technicians]
    return free_percent(window, shifts, (span for spans in day.committed.values() for span in spans))


def _priced(offer: WindowOffer, asked: dict[date, Day], wish: WorkOrder) -> WindowOffer:
    """Return the offer with what each term of the plan would gain or lose by it."""
    day = next((day for on, day in asked.items() if local_midnight(on) <= offer.window_from < _end(on)), None)
    if day is None or offer.technician_id is None or str(offer.technician_id) not in day.staff:
        return offer  # somebody from far away: the whole city's plan is not kept for three prices
    job = replace(
        day.problem.job_by_id[str(wish.pk)],
        windows=((int(offer.window_from.timestamp()), int(offer.window_to.timestamp())),),
    )
    jobs = tuple(job if one.id == job.id else one for one in day.problem.jobs)
    for found in insert(replace(day.problem, jobs=jobs), None, job, 1):
        return replace(offer, minutes=minutes_of(found.breakdown))
    return offer


def _end(on: date) -> datetime:
    return local_midnight(on + timedelta(days=1))
