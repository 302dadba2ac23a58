"""What the roster desk shows: who works when, who is away, who is lent, what waits for a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from yuanxin.fieldwork.models import Decision, Duty, Exemption, Leave, Loan
from yuanxin.fieldwork.roster_parameters import roster_rules
from yuanxin.fieldwork.rules.roster_cells import hours_text, shift_text
from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import at_minute, local_day, minute_of_day
from yuanxin.org import api as org

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A technician of the roster and the unit he belongs to."""

    id: UUID
    number: str
    name: str
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class RosterDayView:
    """A column. is_working: of the State Council's calendar; holiday: its name; is_made: anybody has a duty."""

    on: date
    is_working: bool
    holiday: str
    is_made: bool


@dataclass(frozen=True, slots=True)
class DutyView:
    """One duty. text: as a cell says it (code, with its own hours if need be); hours: 08:00-17:30, "" for rest."""

    shift: str
    kind: str
    text: str
    hours: str
    minutes: int
    starts_at: datetime | None
    ends_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class LeaveView:
    """One request for leave or grant of it."""

    id: UUID
    technician_id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    note: str
    asked_at: datetime
    recorded_by: str
    decision: str
    decided_at: datetime | None
    decided_by: str

    @property
    def days(self) -> list[date]:
        """Return the local days that it touches."""
        first = local_day(self.starts_at)
        return [first + number * _DAY for number in range((self.last_day - first).days + 1)]

    @property
    def last_day(self) -> date:
        """Return the last local day that it touches."""
        return local_day(self.ends_at - timedelta(microseconds=1))

    @property
    def is_of_whole_days(self) -> bool:
        """Say whether it runs from midnight to midnight."""
        return minute_of_day(self.starts_at) == 0 == minute_of_day(self.ends_at)


@dataclass(frozen=True, slots=True)
class LoanView:
    """One loan of a person to another unit, both days included."""

    id: UUID
    technician_id: UUID
    unit_code: str
    unit_name: str
    from_on: date
    to_on: date
    note: str


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """One request to exceed the hours of the Labour Law."""

    id: UUID
    technician_id: UUID
    from_on: date
    to_on: date
    ground: str
    note: str
    asked_at: datetime
    asked_by: str
    decision: str


@dataclass(frozen=True)
class RosterView:
    """A roster: rows are people (by unit and number), columns are days; a cell may hold several duties.

    leaves: asked and granted; loans: running ones.
    """

    days: tuple[RosterDayView, ...]
    people: tuple[RosterPerson, ...]
    duties: dict[tuple[UUID, date], tuple[DutyView, ...]]
    leaves: tuple[LeaveView, ...]
    loans: tuple[LoanView, ...]


def roster(first: date, last: date, at: datetime, *, people: Collection[UUID] | None = None) -> RosterView:
    """Who works when from one day to another? people: only these; None means everybody. Seven statements."""
    units = {unit.id: unit for unit in org.units()}
    shown = [
        RosterPerson(
            one.id,
            one.number,
            one.name,
            units[one.unit_id].code if one.unit_id in units else "",
            units[one.unit_id].name if one.unit_id in units else "",
        )
        for one in org.technicians(require_city())
        if people is None or one.id in people
    ]
    ids = {one.id for one in shown}
    rows = Duty.objects.filter(on__range=(first, last), withdrawn_at=None).order_by("on", "starts_at")
    templates = roster_rules(at).templates
    duties: defaultdict[tuple[UUID, date], list[DutyView]] = defaultdict(list)
    made: set[date] = set()
    for row in rows:
        made.add(row.on)
        if row.technician_id in ids:
            stint = row.stint
            duties[row.technician_id, row.on].append(
                DutyView(
                    row.shift,
                    row.kind,
                    shift_text(stint, templates),
                    hours_text(stint),
                    stint.minutes,
                    row.starts_at,
                    row.ends_at,
                    row.note,
                )
            )
    return RosterView(
        days=tuple(_days(first, last, made)),
        people=tuple(sorted(shown, key=lambda one: (one.unit_code, one.number))),
        duties={cell: tuple(found) for cell, found in duties.items()},
        leaves=tuple(one for one in leaves(first, last) if one.technician_id in ids),
        loans=tuple(one for one in loans(first, last) if one.technician_id in ids),
    )


def leaves(first: date, last: date) -> list[LeaveView]:
    """What leave is asked or granted that touches these days? By begin; one statement."""
    rows = Leave.objects.filter(
        decision__in=(Decision.ASKED, Decision.APPROVED),
        ends_at__gt=at_minute(first, 0),
        starts_at__lt=at_minute(last + _DAY, 0),
    )
    return [_leave(row) for row in rows.order_by("starts_at", "pk")]


def leave_to_decide() -> list[LeaveView]:
    """What leave waits for a decision? The oldest request first; one statement."""
    return [_leave(row) for row in Leave.objects.filter(decision=Decision.ASKED).order_by("asked_at", "pk")]


def leave_of(technician_id: UUID, since: date) -> list[LeaveView]:
    """What became of a technician's requests for leave that end after a day? The newest first; one statement."""
    rows = Leave.objects.filter(technician=technician_id, ends_at__gt=at_minute(since, 0))
    return [_leave(row) for row in rows.order_by("-starts_at", "-pk")]


def loans(first: date, last: date) -> list[LoanView]:
    """Who is lent to whom on these days? By begin; two statements."""
    rows = list(
        Loan.objects.filter(ended_at=None, from_on__lte=last, to_on__gte=first).order_by("from_on", "to_on", "pk")
    )
    names = org.unit_names({row.unit_code for row in rows}) if rows else {}
    return [
        LoanView(
            row.pk,
            row.technician_id,
            row.unit_code,
            names.get(row.unit_code, row.unit_code),
            row.from_on,
            row.to_on,
            row.note,
        )
        for row in rows
    ]


def exemptions(first: date, last: date) -> list[ExemptionView]:
    """Which exemptions are asked or granted that touch these days? Those that wait first; one statement."""
    rows = Exemption.objects.filter(
        decision__in=(Decision.ASKED, Decision.APPROVED), to_on__gte=first, from_on__lte=last
    )
    return [
        ExemptionView(
            row.pk,
            row.technician_id,
            row.from_on,
            row.to_on,
            row.ground,
            row.note,
            row.asked_at,
            row.asked_by,
            row.decision,
        )
        for row in rows.order_by("-decision", "from_on", "pk")
    ]


def _days(first: date, last: date, made: set[date]) -> list[RosterDayView]:
    known = {row.on: row for row in CalendarDay.objects.filter(on__range=(first, last))}
    found = []
    for number in range((last - first).days + 1):
        on = first + number * _DAY
        row = known.get(on)
        is_working = row.is_working if row else on.weekday() < _SATURDAY
        found.append(RosterDayView(on, is_working, row.name if row and not row.is_working else "", on in made))
    return found


def _leave(row: Leave) -> LeaveView:
    return LeaveView(
        id=row.pk,
        technician_id=row.technician_id,
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        note=row.note,
        asked_at=row.asked_at,
        recorded_by=row.recorded_by,
        decision=row.decision,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
