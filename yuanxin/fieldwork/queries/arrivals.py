"""Questions about the hour at which a technician comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import Appointment, PlannedVisit, ToldArrival, Visit
from yuanxin.fieldwork.rules.eta import around, is_moved, narrowed
from yuanxin.fieldwork.rules.states import State
from yuanxin.fieldwork.rules.windows import PromisedWindow

BEFORE_DEPARTURE = (State.OFFERED, State.ACCEPTED, State.BOOKED)


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """When to expect the technician. is_on_the_way: he has set out; otherwise it is what the day's plan says."""

    arrival_from: datetime
    arrival_to: datetime
    is_on_the_way: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A visit whose hour is known more exactly than promised. told: windows told for this appointment, oldest first."""

    work_order_id: UUID
    version: int
    window: PromisedWindow
    told: tuple[PromisedWindow, ...]


def arrival(work_order_id: UUID, at: datetime) -> ArrivalView | None:
    """When will the technician be there? None while the promise is all that is known. At most three statements."""
    visit = Visit.objects.filter(work_order=work_order_id, ended_at=None).first()
    if visit is not None:
        if visit.arrived_at is not None or visit.expected_at is None:
            return None
        window = around(visit.expected_at, parameters.departure_terms(at))
        return ArrivalView(window.begins_at, window.ends_at, True)
    for one in foreseen(at, [work_order_id]):
        last = one.told[-1] if one.told else None
        told = last is not None and not is_moved(last, one.window, parameters.foretell_terms(at))
        shown = last if last is not None and told else one.window
        return ArrivalView(shown.begins_at, shown.ends_at, False)
    return None


def foreseen(at: datetime, work_order_ids: Iterable[UUID] | None = None) -> list[Foreseen]:
    """Which visits of the coming hours are known more exactly than promised? In the order of time; two statements.

    work_order_ids: only these; None means all of the scope. Of the orders of one visit to a home the first one counts.
    """
    terms = parameters.foretell_terms(at)
    rows = _planned(at)
    if work_order_ids is not None:
        rows = rows.filter(work_order__in=list(work_order_ids))
    found: dict[UUID, tuple[int, PromisedWindow]] = {}
    trips: set[UUID] = set()
    for order, bundle, version, begins_at, ends_at, starts_at in rows.order_by("starts_at", "work_order__number"):
        if bundle in trips and work_order_ids is None:
            continue
        trips |= {bundle} if bundle else set()
        window = narrowed(PromisedWindow(begins_at, ends_at), starts_at, terms)
        if window is not None:
            found[order] = (version, window)
    told = _told(found)
    return [
        Foreseen(order, version, window, told.get((order, version), ())) for order, (version, window) in found.items()
    ]


def cities_to_foretell(at: datetime) -> list[str]:
    """Name the cities with planned visits in the coming hours. One statement."""
    until = at + parameters.foretell_terms(at).ahead
    rows = PlannedVisit.objects.filter(released_at=None, leads=True, starts_at__gt=at, starts_at__lte=until)
    return sorted(rows.values_list("city_code", flat=True).distinct())


def _planned(at: datetime) -> QuerySet[PlannedVisit, tuple[UUID, UUID | None, int, datetime, datetime, datetime]]:
    newest = Appointment.objects.filter(work_order=OuterRef("work_order"), superseded_at=None)
    rows = PlannedVisit.objects.filter(
        released_at=None,
        leads=True,
        starts_at__gt=at,
        starts_at__lte=at + parameters.foretell_terms(at).ahead,
        work_order__state__in=BEFORE_DEPARTURE,
    )
    named = rows.annotate(
        version=Subquery(newest.values("version")[:1]),
        window_from=Subquery(newest.values("window_from")[:1]),
        window_to=Subquery(newest.values("window_to")[:1]),
    ).exclude(version=None)
    return named.values_list("work_order", "work_order__bundle", "version", "window_from", "window_to", "starts_at")


def _told(orders: Iterable[UUID]) -> dict[tuple[UUID, int], tuple[PromisedWindow, ...]]:
    told: dict[tuple[UUID, int], tuple[PromisedWindow, ...]] = {}
    for row in ToldArrival.objects.filter(work_order__in=list(orders)).order_by("told_at", "pk"):
        key = row.work_order_id, row.version
        told[key] = (*told.get(key, ()), PromisedWindow(row.arrival_from, row.arrival_to))
    return told
