"""Committed time of technicians: commit, release, move. Called by actions that hold the order's lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import bundles
from yuanxin.fieldwork.models import PlannedVisit, WorkOrder
from yuanxin.fieldwork.planning.day import days_ahead
from yuanxin.fieldwork.planning.shifts import shifts_on
from yuanxin.fieldwork.rules.errors import TechnicianBusy
from yuanxin.fieldwork.rules.windows import PromisedWindow, first_gap


def commit(
    order: WorkOrder,
    technician_id: UUID,
    starts_at: datetime,
    at: datetime,
    *,
    leads: bool = True,
    ends_at: datetime | None = None,
    pinned: bool = False,
) -> None:
    """Commit a technician's time for the order's duration, or until ``ends_at``. Raises TechnicianBusy.

    Where it meets his time for another order of the same home, the two become one visit.
    """
    ends_at = ends_at or starts_at + timedelta(minutes=order.duration_minutes)
    try:
        with transaction.atomic():
            made = PlannedVisit.objects.create(
                province_code=order.province_code,
                city_code=order.city_code,
                work_order=order,
                technician_id=technician_id,
                starts_at=starts_at,
                ends_at=ends_at,
                leads=leads,
                pinned=pinned,
                committed_at=at,
            )
    except IntegrityError as refused:
        if "fieldwork_plan_no_overlap" in str(refused):
            raise TechnicianBusy(technician=str(technician_id), field="planned_from") from refused
        raise
    if leads:
        bundles.leave(order)
        bundles.join(order, made, at)


def mates(order: WorkOrder) -> list[UUID]:
    """Return the rest of the crew that is committed to the order."""
    rest = PlannedVisit.objects.filter(work_order=order, released_at=None, leads=False).order_by("id")
    return list(rest.values_list("technician_id", flat=True))


def release(order: WorkOrder, at: datetime) -> None:
    """Give all committed time of the order back; it leaves the visit that it shared with others of its home."""
    PlannedVisit.objects.filter(work_order=order, released_at=None).update(released_at=at)
    bundles.leave(order)


def starts_at(order: WorkOrder) -> datetime | None:
    """Return when the work of an order is planned to begin, None when nobody is planned. One statement."""
    leading = PlannedVisit.objects.filter(work_order=order, released_at=None, leads=True)
    return leading.values_list("starts_at", flat=True).first()


def end(order: WorkOrder, at: datetime) -> None:
    """Let the committed time of finished work end now; what had not begun by then is given back."""
    committed = PlannedVisit.objects.filter(work_order=order, released_at=None)
    committed.filter(starts_at__gte=at).update(released_at=at)
    committed.filter(released_at=None, ends_at__gt=at).update(ends_at=at)


def move_into(order: WorkOrder, window: PromisedWindow, at: datetime) -> bool:
    """Keep the crew but move its visit into a new window; False (and released) when somebody has no time then."""
    crew = list(PlannedVisit.objects.filter(work_order=order, released_at=None).order_by("-leads", "id"))
    if not crew:
        return True
    if all(window.begins_at <= visit.starts_at <= window.ends_at for visit in crew):
        return True
    release(order, at)
    length = timedelta(minutes=order.duration_minutes)
    others = PlannedVisit.objects.filter(
        technician__in=[visit.technician_id for visit in crew],
        released_at=None,
        ends_at__gt=window.begins_at,
        starts_at__lt=window.ends_at + length,
    )
    busy = list(others.values_list("starts_at", "ends_at"))
    start = first_gap(busy, max(window.begins_at, at), window.ends_at, length)
    if start is None:
        return False
    for visit in crew:
        commit(order, visit.technician_id, start, at, leads=visit.leads)
    return True


def refit(order: WorkOrder, at: datetime) -> bool:
    """Commit the same crew and start for the order's new duration; False (and released) when somebody is busy."""
    crew = list(PlannedVisit.objects.filter(work_order=order, released_at=None).order_by("-leads", "id"))
    release(order, at)
    try:
        with transaction.atomic():
            for visit in crew:
                commit(order, visit.technician_id, visit.starts_at, at, leads=visit.leads)
    except TechnicianBusy:
        return False
    return True


def commit_next(order: WorkOrder, crew: Sequence[UUID], at: datetime) -> bool:
    """Commit the first free time of the whole crew inside the shifts of the bookable days; False when there is none."""
    start = next_start(order, crew, at)
    if start is None:
        return False
    for number, technician_id in enumerate(crew):
        commit(order, technician_id, start, at, leads=number == 0)
    return True


def next_start(
    order: WorkOrder, crew: Sequence[UUID], at: datetime, *, window: PromisedWindow | None = None
) -> datetime | None:
    """Return when the whole crew is free first, inside all their shifts of the bookable days and a promised window."""
    length = timedelta(minutes=order.duration_minutes)
    for day in days_ahead(at, parameters.bookable_days(at)):
        shifts = shifts_on(day, crew, at)
        if not shifts or len(shifts) < len(set(crew)):
            continue  # one of them is not at work
        begins_at = max(at, *(one.starts_at for one in shifts.values()))
        latest = min(one.ends_at for one in shifts.values()) - length
        if window is not None:
            begins_at, latest = max(begins_at, window.begins_at), min(latest, window.ends_at)
        others = PlannedVisit.objects.filter(
            technician__in=crew, released_at=None, ends_at__gt=begins_at, starts_at__lt=latest + length
        )
        start = first_gap(others.values_list("starts_at", "ends_at"), begins_at, latest, length)
        if start is not None:
            return start
    return None
