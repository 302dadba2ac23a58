"""What a change of the roster would come to, cell by cell and before the Labour Law; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from yuanxin.fieldwork.models import Decision, Duty, Exemption, Leave
from yuanxin.fieldwork.roster_parameters import RosterRules, hours_law, roster_limits, roster_rules
from yuanxin.fieldwork.rules.errors import NotATechnician
from yuanxin.fieldwork.rules.labour import Finding, findings, whole_weeks_of_months
from yuanxin.fieldwork.rules.roster import Stint, Stretch, overlaps, without, worked_minutes
from yuanxin.fieldwork.rules.roster_cells import RosterCell, same, stints_of
from yuanxin.fieldwork.rules.roster_errors import RosterDayOutside, RosterTooBig, ShiftsOverlap
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import at_minute, local_day
from yuanxin.org import api as org

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding about one person. until: its last day. is_new: the change brings it or makes it worse. is_exempt:
    somebody has granted it."""

    technician_id: UUID
    code: str
    on: date
    until: date
    has: int
    allowed: int
    article: str
    is_forbidden: bool
    is_new: bool = True
    is_exempt: bool = False

    @property
    def stops(self) -> bool:
        """Say whether the change is refused for it."""
        return self.is_forbidden and self.is_new and not self.is_exempt


@dataclass(frozen=True, slots=True)
class CellDraft:
    """What becomes of one cell. outcome: created, changed, cleared, same or refused; before: what stands there."""

    cell: RosterCell
    outcome: str
    stints: tuple[Stint, ...] = ()
    before: tuple[Stint, ...] = ()
    error: DomainError | None = None


@dataclass(frozen=True)
class RosterDraft:
    """A change of the roster, thought through."""

    cells: tuple[CellDraft, ...]
    findings: tuple[FindingView, ...]

    @property
    def refused(self) -> list[CellDraft]:
        """Return the cells that cannot be."""
        return [one for one in self.cells if one.error is not None]

    @property
    def touched(self) -> list[CellDraft]:
        """Return the cells that would be written."""
        return [one for one in self.cells if one.outcome in ("created", "changed", "cleared")]

    @property
    def stopping(self) -> list[FindingView]:
        """Return the findings for which the change is refused."""
        return [one for one in self.findings if one.stops]

    def count(self, outcome: str) -> int:
        """Return how many cells come to this."""
        return sum(one.outcome == outcome for one in self.cells)


@dataclass
class _Known:
    """What stands in the roster around a change, by person."""

    stints: defaultdict[UUID, list[Stint]] = field(default_factory=lambda: defaultdict(list))
    away: defaultdict[UUID, list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    exempt: defaultdict[UUID, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))


def draft(cells: Sequence[RosterCell], at: datetime) -> RosterDraft:
    """What would become of these cells, and what would the law say of the people they touch? A later cell of the
    same person and day replaces an earlier one. About six statements. Raises RosterTooBig.
    """
    wanted = {(cell.technician_id, cell.on): cell for cell in cells}
    limits, rules = roster_limits(at), roster_rules(at)
    if len(wanted) > limits.most_cells:
        raise RosterTooBig(most=limits.most_cells)
    if not wanted:
        return RosterDraft((), ())
    people = {one.id for one in org.technicians(require_city())}
    today = local_day(at)
    span = (today - limits.back_days * _DAY, today + limits.ahead_days * _DAY)
    within = [on for _, on in wanted if abs((on - today).days) <= limits.ahead_days + limits.back_days]
    known = _known({person for person, _ in wanted}, *whole_weeks_of_months(within or [today]))
    drafts = [_cell(cell, known, rules, people, span) for cell in wanted.values()]
    after = _after(known, drafts)
    drafts = [_unless_overlapping(one, after) for one in drafts]
    after = _after(known, drafts)
    changed = {one.cell.technician_id for one in drafts if one.outcome in ("created", "changed", "cleared")}
    found = [one for person in sorted(changed) for one in _judge(person, known, after, rules, at)]
    return RosterDraft(tuple(drafts), tuple(found))


def findings_of(people: Collection[UUID], first: date, last: date, at: datetime) -> list[FindingView]:
    """What does the law say of these people's roster as it stands, between two days? About three statements."""
    rules = roster_rules(at)
    known = _known(set(people), *whole_weeks_of_months([first, last]))
    found = [one for person in sorted(people) for one in _judge(person, known, known.stints, rules, at)]
    return [one for one in found if one.until >= first and one.on <= last]


def _known(people: Collection[UUID], first: date, last: date) -> _Known:
    """Read duties, granted leave and exemptions of these people. first and last may be widened by a night's day."""
    known = _Known()
    rows = Duty.objects.filter(technician__in=people, on__range=(first - _DAY, last + _DAY), withdrawn_at=None)
    for row in rows.order_by("on", "starts_at"):
        known.stints[row.technician_id].append(row.stint)
    granted = Leave.objects.filter(
        technician__in=people,
        decision=Decision.APPROVED,
        ends_at__gt=at_minute(first, 0),
        starts_at__lt=at_minute(last + 2 * _DAY, 0),
    )
    for person, starts_at, ends_at in granted.values_list("technician_id", "starts_at", "ends_at"):
        known.away[person].append((starts_at, ends_at))
    exempt = Exemption.objects.filter(
        technician__in=people, decision=Decision.APPROVED, to_on__gte=first, from_on__lte=last
    )
    for person, from_on, to_on in exempt.values_list("technician_id", "from_on", "to_on"):
        known.exempt[person].append((from_on, to_on))
    return known


def _cell(
    cell: RosterCell, known: _Known, rules: RosterRules, people: Collection[UUID], span: tuple[date, date]
) -> CellDraft:
    before = tuple(one for one in known.stints[cell.technician_id] if one.on == cell.on)
    try:
        if cell.technician_id not in people:
            raise NotATechnician(technician=str(cell.technician_id))
        stints = tuple(stints_of(cell, rules.templates))
        if same(before, stints):
            return CellDraft(cell, "same", stints, before)
        if not span[0] <= cell.on <= span[1]:
            raise RosterDayOutside(on=cell.on, first=span[0], last=span[1])
    except DomainError as error:
        return CellDraft(cell, "refused", before=before, error=error)
    return CellDraft(cell, "created" if not before else "changed" if stints else "cleared", stints, before)


def _unless_overlapping(one: CellDraft, after: dict[UUID, list[Stint]]) -> CellDraft:
    """Refuse a cell whose night reaches into the next day's duty, or the other way round."""
    if one.error is not None or one.outcome == "same":
        return one
    near = [
        stint
        for stint in after[one.cell.technician_id]
        if stint.span is not None and abs((stint.on - one.cell.on).days) <= 1
    ]
    if not overlaps(near):
        return one
    error = ShiftsOverlap(technician=str(one.cell.technician_id), on=one.cell.on)
    return CellDraft(one.cell, "refused", before=one.before, error=error)


def _after(known: _Known, drafts: Iterable[CellDraft]) -> dict[UUID, list[Stint]]:
    """Return every person's duties when these cells are written."""
    written = {(one.cell.technician_id, one.cell.on): one.stints for one in drafts if one.error is None}
    after: defaultdict[UUID, list[Stint]] = defaultdict(list)
    for person, stints in known.stints.items():
        after[person] = [one for one in stints if (person, one.on) not in written]
    for (person, _), new in written.items():
        after[person].extend(new)
    return after


def _judge(
    person: UUID, known: _Known, after: dict[UUID, list[Stint]], rules: RosterRules, at: datetime
) -> list[FindingView]:
    law = hours_law(at)
    away = known.away[person]
    before = {(one.code, one.on): one for one in findings(*_hours(known.stints[person], away, rules), law)}
    return [
        FindingView(
            technician_id=person,
            code=str(one.code),
            on=one.on,
            until=one.last_day,
            has=one.has,
            allowed=one.allowed,
            article=one.article,
            is_forbidden=one.is_forbidden,
            is_new=_is_worse(one, before.get((one.code, one.on))),
            is_exempt=any(first <= one.last_day and one.on <= last for first, last in known.exempt[person]),
        )
        for one in findings(*_hours(after.get(person, []), away, rules), law)
    ]


def _is_worse(now: Finding, before: Finding | None) -> bool:
    """Say whether a finding is new or further from what is allowed than before."""
    return before is None or abs(now.has - now.allowed) > abs(before.has - before.allowed)


def _hours(stints: Iterable[Stint], away: Sequence[Stretch], rules: RosterRules) -> tuple[Any, set[date]]:
    """Return worked minutes by day and the days on which any minute is worked."""
    minutes: defaultdict[date, int] = defaultdict(int)
    busy: set[date] = set()
    for one in stints:
        if one.kind not in rules.counted or not (worked := worked_minutes(one, away)):
            continue
        minutes[one.on] += worked
        for begins, ends in without([one.span] if one.span else [], away):
            busy |= {local_day(begins), local_day(ends - timedelta(microseconds=1))}
    return dict(minutes), busy
