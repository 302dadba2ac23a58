"""The dispatcher's board of one day: who is on duty, what is committed, what nobody has yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from yuanxin.engines.routing.travel import Travel
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import Appointment, Hold, PlannedVisit, WorkOrder
from yuanxin.fieldwork.planning.day import local_midnight, point
from yuanxin.fieldwork.planning.shifts import shifts_on
from yuanxin.fieldwork.planning.travelling import DISTRICT_DIGITS
from yuanxin.fieldwork.queries.positions import PositionView, last_positions
from yuanxin.fieldwork.rules.roster import ShiftSpan
from yuanxin.fieldwork.rules.states import DONE, WAITING, WITH_TECHNICIAN, State
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass
from yuanxin.standards import api as standards

WARNING = "clock.warning"


@dataclass(frozen=True, slots=True)
class BoardTechnician:
    """A row of the board. grids: codes of his own. shift: None when he has something to do but no duty.

    position: only while he is on duty, and only a fresh one.
    """

    id: UUID
    number: str
    name: str
    unit_id: UUID
    grids: tuple[str, ...]
    shift: ShiftSpan | None
    position: PositionView | None = None


@dataclass(frozen=True, slots=True)
class BoardJob:
    """An order on the board. place: the estate or village, never the door. lng, lat: WGS-84 degrees, or None.

    red_at, amber_at: when the countdown to due_at changes its colour. skills: codes with their least level. bundle:
    shared by the orders of one trip to one home.
    """

    id: UUID
    number: str
    state: State
    order_kind: str
    service: str
    segment: str
    fault_code: str
    grid_code: str
    place: str
    lng: float | None
    lat: float | None
    opened_at: datetime
    due_at: datetime | None
    amber_at: datetime | None
    red_at: datetime | None
    is_paused: bool
    window_from: datetime | None
    window_to: datetime | None
    minutes: int
    crew_size: int
    skills: Mapping[str, int]
    chases: int
    bundle: UUID | None = None


@dataclass(frozen=True, slots=True)
class BoardVisit:
    """A committed visit. leads: False for the mates of a crew. is_movable: its state still lets somebody else go.

    travel_minutes: from the visit before, None at the start of the day. flags: codes of what is wrong with it:
    ``overdue``, ``late``, ``window``, ``behind``, ``tight``.
    """

    id: UUID
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    leads: bool
    is_pinned: bool
    is_movable: bool
    job: BoardJob
    travel_minutes: int | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardDay:
    """Everything on the board. begins_at, ends_at: of the local day."""

    on: date
    begins_at: datetime
    ends_at: datetime
    as_of: datetime
    technicians: tuple[BoardTechnician, ...]
    visits: tuple[BoardVisit, ...]
    unassigned: tuple[BoardJob, ...]


def board_of(day: date, at: datetime) -> BoardDay:
    """Who works on this day, what is each committed to, and what waits for somebody? At most twelve statements."""
    begins_at, ends_at = local_midnight(day), local_midnight(day + timedelta(days=1))
    planned = _planned(begins_at, ends_at)
    waiting = _waiting(begins_at, ends_at, is_today=local_day(at) == day)
    places = parties.addresses({row.work_order.address_id for row in planned} | {row.address_id for row in waiting})
    turns = _turns(at)
    visits = [_visit(row, _job(row.work_order, row, places, turns)) for row in planned]
    return BoardDay(
        on=day,
        begins_at=begins_at,
        ends_at=ends_at,
        as_of=at,
        technicians=tuple(_technicians(day, at, {one.technician_id for one in visits})),
        visits=tuple(_checked(visits, _travel(visits, at), at)),
        unassigned=tuple(_by_due(_job(order, order, places, turns) for order in waiting)),
    )


def _planned(begins_at: datetime, ends_at: datetime) -> list[Any]:
    """Return the committed visits of the day with their orders."""
    rows = PlannedVisit.objects.filter(released_at=None, ends_at__gt=begins_at, starts_at__lt=ends_at)
    return list(_annotated(rows.select_related("work_order"), "work_order").order_by("starts_at", "pk"))


def _waiting(begins_at: datetime, ends_at: datetime, *, is_today: bool) -> list[Any]:
    """Return the orders that nobody has and that may be done on this day; today also those whose window is over."""
    fits = Q(window_from=None) | Q(window_from__lt=ends_at, window_to__gt=begins_at)
    if is_today:
        fits |= Q(window_to__lte=begins_at)
    return list(_annotated(WorkOrder.objects.filter(state=State.PENDING), "pk").filter(fits).order_by("pk"))


def _annotated(rows: Any, order: str) -> Any:
    """Return rows that know the promised window, whether the promise stands still, and the name of the estate."""
    newest = Appointment.objects.filter(work_order=OuterRef(order), superseded_at=None)
    approved = Hold.objects.filter(work_order=OuterRef(order), decision=Hold.Decision.APPROVED, ended_at=None)
    return rows.annotate(
        window_from=Subquery(newest.values("window_from")[:1]),
        window_to=Subquery(newest.values("window_to")[:1]),
        is_paused=Exists(approved),
        estate_name=parties.estate_name_of("address_id" if order == "pk" else f"{order}__address_id"),
    )


def _turns(at: datetime) -> tuple[int, int]:
    """Return the percents of time left at which a countdown turns amber and red."""
    return (
        standards.parameter(WARNING, "amber_percent_left", at=at),
        standards.parameter(WARNING, "red_percent_left", at=at),
    )


def _job(order: WorkOrder, row: Any, places: Mapping[UUID, parties.AddressView], turns: tuple[int, int]) -> BoardJob:
    due_at = min((due for due in (order.statutory_due_at, order.assessment_due_at) if due), default=None)
    amber_at, red_at = (due_at - (due_at - order.opened_at) * left / 100 if due_at else None for left in turns)
    place = places.get(order.address_id)
    return BoardJob(
        id=order.pk,
        number=order.number,
        state=State(order.state),
        order_kind=order.order_kind,
        service=order.service,
        segment=order.segment,
        fault_code=order.fault_code,
        grid_code=order.grid_code,
        place=row.estate_name or "",
        lng=place.lng if place else None,
        lat=place.lat if place else None,
        opened_at=order.opened_at,
        due_at=due_at,
        amber_at=amber_at,
        red_at=red_at,
        is_paused=row.is_paused,
        window_from=row.window_from,
        window_to=row.window_to,
        minutes=order.duration_minutes,
        crew_size=order.crew_size,
        skills=order.skills,
        chases=order.chases,
        bundle=order.bundle,
    )


def _visit(row: PlannedVisit, job: BoardJob) -> BoardVisit:
    return BoardVisit(
        id=row.pk,
        technician_id=row.technician_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        leads=row.leads,
        is_pinned=row.pinned,
        is_movable=row.leads and job.state in WITH_TECHNICIAN,
        job=job,
    )


def _by_due(jobs: Iterable[BoardJob]) -> list[BoardJob]:
    """Return the most urgent first; those without a due instant last, the oldest first."""
    return sorted(jobs, key=lambda job: (job.due_at is None, job.due_at or job.opened_at, job.number))


def _checked(visits: Sequence[BoardVisit], travel: Travel, at: datetime) -> list[BoardVisit]:
    """Return the visits in the order of each one's day, with the way from the one before and what is wrong."""
    checked, before = list[BoardVisit](), dict[UUID, BoardVisit]()
    for visit in visits:
        previous = before.get(visit.technician_id)
        minutes = _way_minutes(previous, visit, travel) if previous else None
        checked.append(replace(visit, travel_minutes=minutes, flags=_flags(visit, previous, minutes, at)))
        before[visit.technician_id] = visit
    return checked


def _travel(visits: Iterable[BoardVisit], at: datetime) -> Travel:
    """Return the formula for the ways between these visits, at the pace of their districts."""
    places = {point(one.job.lng, one.job.lat): one.job.grid_code[:DISTRICT_DIGITS] for one in visits}
    return parameters.travel_formula(AreaClass.URBAN, at, {place: code for place, code in places.items() if place})


def _way_minutes(previous: BoardVisit, visit: BoardVisit, travel: Travel) -> int | None:
    origin, destination = point(previous.job.lng, previous.job.lat), point(visit.job.lng, visit.job.lat)
    if origin is None or destination is None:
        return None
    return -(-travel.seconds(origin, destination, int(previous.ends_at.timestamp())) // 60)


def _flags(visit: BoardVisit, previous: BoardVisit | None, minutes: int | None, at: datetime) -> tuple[str, ...]:
    """Say what is wrong with a visit that is not done."""
    job = visit.job
    if job.state in (*DONE, State.REVIEW):
        return ()
    is_overdue = job.due_at is not None and job.due_at <= at and not job.is_paused
    window = (job.window_from, job.window_to)
    free = (visit.starts_at - previous.ends_at).total_seconds() / 60 if previous else None
    wrong = {
        "overdue": is_overdue,
        "late": job.due_at is not None and visit.ends_at > job.due_at and not is_overdue and not job.is_paused,
        "window": bool(window[0] and window[1] and not window[0] <= visit.starts_at <= window[1]),
        "behind": job.state in WAITING and visit.starts_at < at,
        "tight": free is not None and minutes is not None and job.state in WAITING and free < minutes,
    }
    return tuple(code for code, holds in wrong.items() if holds)


def _technicians(day: date, at: datetime, busy: set[UUID]) -> list[BoardTechnician]:
    """Return who is on duty on this day, and who is not but has something to do all the same."""
    people = org.technicians(require_city())
    shifts = shifts_on(day, [one.id for one in people], at)
    grids: dict[UUID, list[str]] = {}
    for grid in org.units("grid"):
        if grid.owner_id is not None:
            grids.setdefault(grid.owner_id, []).append(grid.code)
    on_duty = [id_ for id_, shift in shifts.items() if shift.starts_at <= at < shift.ends_at]
    positions = last_positions(on_duty, at) if on_duty else {}
    return [
        BoardTechnician(
            id=one.id,
            number=one.number,
            name=one.name,
            unit_id=one.unit_id,
            grids=tuple(grids.get(one.id, ())),
            shift=shifts.get(one.id),
            position=positions.get(one.id),
        )
        for one in people
        if one.id in shifts or one.id in busy
    ]
