"""One working day of a city as a routing problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import fmean
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from yuanxin.academy import api as academy
from yuanxin.engines.routing.errors import PlaceOutsideChina
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Problem, Rest, Rules, Technician, Weights
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.jobs import Commitment, Prices, committed_job, free_job, keepable, may
from yuanxin.fieldwork.planning.shifts import shifts_on
from yuanxin.fieldwork.planning.travelling import districts_of
from yuanxin.fieldwork.rules.ownership import Mode
from yuanxin.fieldwork.rules.roster import ShiftSpan
from yuanxin.kernel import prepared
from yuanxin.kernel.time import at_minute
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass


@dataclass(frozen=True, slots=True)
class Bonds:
    """What ties an order to somebody. own_grid: only the owner of its grid may go; one_home: orders of one customer
    at one address go to one technician."""

    own_grid: bool = False
    one_home: bool = False


UNBOUND = Bonds()
_COMMITTED = """
SELECT visit.id, visit.technician_id, visit.starts_at, visit.ends_at, work.id, work.address_id, work.value,
       work.grid_code, work.state
  FROM fieldwork_plannedvisit visit JOIN fieldwork_workorder work ON work.id = visit.work_order_id
 WHERE visit.technician_id = ANY(%(people)s) AND visit.released_at IS NULL
   AND visit.ends_at > %(begins_at)s AND visit.starts_at < %(ends_at)s AND NOT work.id = ANY(%(orders)s)
 ORDER BY visit.starts_at, visit.id
"""
_WINDOWS = """
SELECT work_order_id, window_from, window_to FROM fieldwork_appointment
 WHERE work_order_id = ANY(%s) AND superseded_at IS NULL
"""
_LAST_PLACES = """
SELECT DISTINCT ON (visit.technician_id) visit.technician_id, work.address_id
  FROM fieldwork_visit visit JOIN fieldwork_workorder work ON work.id = visit.work_order_id
 WHERE visit.technician_id = ANY(%(people)s) AND visit.departed_at >= %(before)s AND visit.arrived_at IS NOT NULL
   AND visit.ended_at >= %(midnight)s AND visit.ended_at <= %(at)s
 ORDER BY visit.technician_id, visit.ended_at DESC
"""


@dataclass(frozen=True)
class Day:
    """A problem and what its ids mean. on: the local day; committed: spans by technician; homes: addresses that a
    technician goes to anyway."""

    on: date
    problem: Problem
    orders: dict[str, WorkOrder]
    staff: dict[str, org.StaffView]
    committed: dict[str, list[tuple[datetime, datetime]]]
    homes: dict[str, set[UUID]]

    def is_bound(self, orders: Iterable[WorkOrder]) -> bool:
        """Say whether one of these orders was tied to somebody, so that it may fit without its bond."""
        jobs = self.problem.job_by_id
        left = [jobs[key] for order in orders if (key := str(order.pk)) in jobs]
        return any(job.group or (self.problem.rules.own_grid_only and job.grid) for job in left)

    def is_free(self, technician: str, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether nothing committed overlaps this span; the database has the last word."""
        return not any(begins < ends_at and starts_at < ends for begins, ends in self.committed.get(technician, ()))


def local_midnight(day: date) -> datetime:
    """Return the first instant of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.YUANXIN_CITY_ZONE))


def days_ahead(at: datetime, count: int) -> list[date]:
    """Return the local days from that of ``at`` on."""
    today = at.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).date()
    return [today + timedelta(days=number) for number in range(count)]


def build_day(
    day: date,
    orders: Sequence[WorkOrder],
    *,
    at: datetime,
    city_code: str,
    unit: org.UnitView | None = None,
    people: Collection[UUID] | None = None,
    bonds: Bonds = UNBOUND,
    staff: Sequence[org.StaffView] | None = None,
) -> Day:
    """Put a day together: the given orders are free, everything committed is pinned.

    unit, people: only technicians of this unit, only these; None means everybody in the city. staff: who they are,
    when the caller has read that already. Who is on leave or without duty is no technician of the day, and who is lent
    counts where he is lent to. About ten statements, whatever the size.
    """
    asked = org.technicians(city_code) if staff is None else staff
    asked = [one for one in asked if people is None or one.id in people]
    shifts = shifts_on(day, [one.id for one in asked], at)
    staff = [one for one in asked if one.id in shifts and (unit is None or unit.id == _works_for(one, shifts))]
    begins_at, ends_at = _working_day(day, [shifts[one.id] for one in staff], at)
    now = max(at, begins_at)
    committed = _committed(staff, orders, day, shifts)
    last = _last_addresses(staff, day, at)
    work = {order.address_id for order in orders} | {visit.address_id for visit in committed}
    places = _places(work | set(last.values()))
    centre = _centre([places[one] for one in work if one in places] or [home for one in staff if (home := _home(one))])
    prices = Prices(
        late_rate=parameters.late_points_per_second(at),
        day_ends_at=ends_at,
    )
    windows = windows_of([order.pk for order in orders])
    skills = _skills([one.id for one in staff], {order.order_kind for order in orders}, at)
    stands_at = {person: places[address] for person, address in last.items() if address in places}
    technicians = _technicians(staff, shifts, skills, stands_at, centre)
    free = [
        free_job(order, places.get(order.address_id, centre), windows.get(order.pk), now, prices)
        for order in orders
        if _may_be_planned(order, {one.pk for one in orders})
    ]
    pinned = [committed_job(visit, places.get(visit.address_id, centre), now) for visit in committed if visit.is_ahead]
    travel = parameters.travel(_usual_area(orders), at, districts_of(orders, committed, places, technicians))
    pinned = keepable(technicians, pinned, travel, int(now.timestamp()))
    if bonds.one_home:
        free = _together(free, {str(order.pk): order for order in orders})
    if bonds.own_grid:
        pinned = [replace(job, grid="") for job in pinned]  # what is committed stands, whoever's grid it is
    problem = Problem(
        now=int(now.timestamp()),
        technicians=tuple(technicians),
        jobs=(*pinned, *free),
        travel=travel,
        weights=_weights(at),
        rules=Rules(own_grid_only=bonds.own_grid),
    )
    by_id, people_by_id = {str(order.pk): order for order in orders}, {str(one.id): one for one in staff}
    return Day(day, problem, by_id, people_by_id, *_spans(committed))


def _works_for(one: org.StaffView, shifts: Mapping[UUID, ShiftSpan]) -> UUID:
    """Return the unit for which a person works on the day: his own, or the one he is lent to."""
    return shifts[one.id].lent_to_unit_id or one.unit_id


def _working_day(day: date, spans: Sequence[ShiftSpan], at: datetime) -> tuple[datetime, datetime]:
    """Return when the first begins and when the last ends his overtime; without anybody, the rulebook's shift."""
    shift = parameters.shift(at)
    begins_at = min((one.starts_at for one in spans), default=at_minute(day, shift.from_minute))
    ends_at = max(
        (one.ends_at + timedelta(minutes=one.overtime_minutes) for one in spans),
        default=at_minute(day, shift.to_minute + shift.overtime_minutes),
    )
    return begins_at, ends_at


def _committed(
    staff: Sequence[org.StaffView], orders: Sequence[WorkOrder], day: date, shifts: Mapping[UUID, ShiftSpan]
) -> list[Commitment]:
    """Return what is committed on this day apart from the orders that are free. One statement.

    A night shift reaches into the next day; what ended before a person's shift was of the night before.
    """
    midnight = local_midnight(day + timedelta(days=1))
    until = {one.id: max(midnight, shifts[one.id].ends_at) for one in staff}
    asked = {
        "people": [one.id for one in staff],
        "orders": [order.pk for order in orders],
        "begins_at": local_midnight(day),
        "ends_at": max(until.values(), default=midnight),
    }
    found = [Commitment(*row) for row in prepared.run(_COMMITTED, asked)]
    return [
        one
        for one in found
        if one.starts_at < until[one.technician_id] and one.ends_at > shifts[one.technician_id].starts_at
    ]


def _spans(
    committed: Iterable[Commitment],
) -> tuple[dict[str, list[tuple[datetime, datetime]]], dict[str, set[UUID]]]:
    """Return committed time and addresses by technician."""
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    homes: dict[str, set[UUID]] = {}
    for visit in committed:
        person = str(visit.technician_id)
        spans.setdefault(person, []).append((visit.starts_at, visit.ends_at))
        homes.setdefault(person, set()).add(visit.address_id)
    return spans, homes


def bonds_of(at: datetime) -> Bonds:
    """Return what ties orders in this city before anybody looks for a way out."""
    return Bonds(own_grid=parameters.ownership(at).mode is Mode.OWNER, one_home=True)


def _weights(at: datetime) -> Weights:
    """Return the prices; where the whole city goes everywhere, another grid costs nothing."""
    weights = parameters.weights(at)
    return replace(weights, grid_violation=0) if parameters.ownership(at).mode is Mode.CITY else weights


def _together(jobs: list[Job], orders: Mapping[str, WorkOrder]) -> list[Job]:
    """Let one technician do what one customer needs at one address."""
    homes = {job.id: (orders[job.id].customer_id, orders[job.id].address_id) for job in jobs if job.crew == 1}
    counted = Counter(homes.values())
    return [
        replace(job, group=str(homes[job.id])) if job.id in homes and counted[homes[job.id]] > 1 else job
        for job in jobs
    ]


def _may_be_planned(order: WorkOrder, together: set[UUID]) -> bool:
    """An order waits while its predecessor is neither done nor planned together with it."""
    before = order.predecessor
    return before is None or before.pk in together or before.finished_at is not None


def _technicians(
    people: Sequence[org.StaffView],
    shifts: Mapping[UUID, ShiftSpan],
    skills: Mapping[UUID, dict[str, int]],
    last_places: Mapping[UUID, Place],
    centre: Place,
) -> list[Technician]:
    grids = _grids(people, shifts)
    return [
        Technician(
            id=str(one.id),
            home=_home(one) or centre,
            start=int(shift.starts_at.timestamp()),
            end=int(shift.ends_at.timestamp()),
            breaks=tuple(
                Rest(int(earliest.timestamp()), int(latest.timestamp()), minutes * 60)
                for earliest, latest, minutes in shift.breaks
            ),
            skills=skills.get(one.id, {}),
            grid_ids=frozenset(grids.get(one.id, ())),
            overtime_max=shift.overtime_minutes * 60,
            position_now=last_places.get(one.id),
        )
        for one in people
        for shift in (shifts[one.id],)
    ]


def _grids(people: Sequence[org.StaffView], shifts: Mapping[UUID, ShiftSpan]) -> dict[UUID, set[str]]:
    """Return the grids of each person: his own, or those of the unit he is lent to. One statement, two with a loan."""
    grids = {person: set(codes) for person, codes in org.grids_by_owner([one.id for one in people]).items()}
    lent = {one.id: unit_id for one in people if (unit_id := shifts[one.id].lent_to_unit_id) is not None}
    known = org.units("grid") if lent else []
    return grids | {
        person: {grid.code for grid in known if unit_id in (grid.id, grid.parent_id)}
        for person, unit_id in lent.items()
    }


def _skills(people: Sequence[UUID], kinds: set[str], at: datetime) -> dict[UUID, dict[str, int]]:
    """Return skills with levels, and for each kind of order who holds the certificates it needs."""
    found = {person: dict(skills) for person, skills in academy.skills_of_many(people, at).items()}
    for kind in sorted(kinds):
        for person, missing in academy.missing_for_many(people, [kind], at).items():
            if not missing:
                found[person][may(kind)] = 1
    return found


def _home(one: org.StaffView) -> Place | None:
    return point(one.home_lng, one.home_lat)


def point(lng: float | None, lat: float | None) -> Place | None:
    """Return a point of the map, None when it is unknown or impossible: one bad point must not stop the planning."""
    try:
        return Place(lng, lat) if lng is not None and lat is not None else None
    except PlaceOutsideChina:
        return None


def _places(addresses: set[UUID]) -> dict[UUID, Place]:
    """Return the located addresses; the others are planned as if they lay in the middle of the day's work."""
    known = parties.points(addresses)
    return {id_: place for id_, (lng, lat) in known.items() if (place := point(lng, lat)) is not None}


def _centre(places: Sequence[Place]) -> Place:
    if not places:
        return MIDDLE_OF_CHINA
    return Place(fmean(place.lng for place in places), fmean(place.lat for place in places))


MIDDLE_OF_CHINA = Place(105.0, 35.0)  # a day on which not one point is known: all distances are zero


def windows_of(orders: Sequence[UUID]) -> dict[UUID, tuple[datetime, datetime]]:
    """Return what the customers of these orders were promised, where they were; one statement."""
    return {order: (begins, ends) for order, begins, ends in prepared.run(_WINDOWS, [list(orders)])}


def _last_addresses(staff: Iterable[org.StaffView], day: date, at: datetime) -> dict[UUID, UUID]:
    """Return where each technician ended his last visit of the day, as far as that lies behind ``at``."""
    midnight = local_midnight(day)
    if midnight > at:
        return {}
    before = midnight - timedelta(days=1)  # who ends a visit on this day set out for it at most a day earlier
    asked = {"people": [one.id for one in staff], "midnight": midnight, "at": at, "before": before}
    return dict(prepared.run(_LAST_PLACES, asked).fetchall())


def _usual_area(orders: Sequence[WorkOrder]) -> AreaClass:
    """Return the area class of most orders; its speed holds for the whole day's formula."""
    counted = Counter(AreaClass(order.area_class) for order in orders)
    return counted.most_common(1)[0][0] if counted else AreaClass.URBAN
