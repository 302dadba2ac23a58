"""Clocks as others see them, and the list of open ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.published.codes import ClockKind, Service
from yuanxin.standards.models import Clock, ClockMark, ClockPause
from yuanxin.standards.rules.clocks import HandOver, Pause, segment_times


@dataclass(frozen=True)
class ClockView:
    """A clock 时钟. due_at while paused: what it was when the pause began. late_minutes: empty until it stops."""

    id: UUID
    subject: str
    kind: ClockKind
    topic: str
    rule_id: str
    version_id: UUID
    started_at: datetime
    due_at: datetime
    amber_at: datetime
    red_at: datetime
    state: str
    warned_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    paused_minutes: int
    late_minutes: int | None


@dataclass(frozen=True)
class ClockSet:
    """Both clocks of a subject and topic. statutory None: no verified law; version_id: of the promise, else the law."""

    statutory: ClockView | None
    assessment: ClockView | None
    version_id: UUID | None
    rule_ids: tuple[str, ...]

    @property
    def statutory_due_at(self) -> datetime | None:
        """Due instant by law."""
        return self.statutory.due_at if self.statutory else None

    @property
    def assessment_due_at(self) -> datetime | None:
        """Due instant of the promise."""
        return self.assessment.due_at if self.assessment else None


def view(clock: Clock, rule_id: str) -> ClockView:
    """Return a row as others see it."""
    return ClockView(
        id=clock.id,
        subject=clock.subject,
        kind=ClockKind(clock.kind),
        topic=clock.topic,
        rule_id=rule_id,
        version_id=clock.version_id,
        started_at=clock.started_at,
        due_at=clock.due_at,
        amber_at=clock.amber_at,
        red_at=clock.red_at,
        state=clock.state,
        warned_at=clock.warned_at,
        breached_at=clock.breached_at,
        stopped_at=clock.stopped_at,
        paused_minutes=clock.paused_minutes,
        late_minutes=clock.late_minutes,
    )


def clock_set(clocks: Iterable[ClockView]) -> ClockSet:
    """Return the pair of one subject and topic."""
    by_kind = {clock.kind: clock for clock in clocks}
    statutory, assessment = by_kind.get(ClockKind.STATUTORY), by_kind.get(ClockKind.ASSESSMENT)
    leading = assessment or statutory
    return ClockSet(
        statutory=statutory,
        assessment=assessment,
        version_id=leading.version_id if leading else None,
        rule_ids=tuple(clock.rule_id for clock in (statutory, assessment) if clock),
    )


def clocks_of(subject: str) -> list[ClockView]:
    """Return all clocks of a subject, oldest first. One query."""
    return clocks_of_many([subject]).get(subject, [])


def clocks_of_many(subjects: Sequence[str]) -> dict[str, list[ClockView]]:
    """Return the clocks of many subjects, by subject, oldest first. One query."""
    found: dict[str, list[ClockView]] = {}
    for clock in Clock.objects.filter(subject__in=subjects).select_related("rule").order_by("id"):
        found.setdefault(clock.subject, []).append(view(clock, clock.rule.code))
    return found


@dataclass(frozen=True)
class PauseView:
    """A hold 挂起 as shown: reason, evidence, who approved it."""

    clock_id: UUID
    kind: ClockKind
    reason_code: str
    evidence: str
    asked_by: str
    approved_by: str
    begins_at: datetime
    ends_at: datetime | None


def pauses_of(subject: str) -> list[PauseView]:
    """Return all holds of a subject's clocks, oldest first. One query."""
    rows = ClockPause.objects.filter(clock__subject=subject).select_related("clock").order_by("id")
    return [
        PauseView(
            clock_id=row.clock_id,
            kind=ClockKind(row.clock.kind),
            reason_code=row.reason,
            evidence=row.evidence,
            asked_by=row.asked_by,
            approved_by=row.approved_by,
            begins_at=row.begins_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]


def segment_minutes(subject: str, *, until: datetime) -> dict[str, int]:
    """Return the whole minutes that each segment 责任段 held the case, holds of its assessment clock taken out."""
    marks = ClockMark.objects.filter(subject=subject).exclude(segment="").order_by("recorded_at", "id")
    hand_overs = [HandOver(mark.segment, mark.at) for mark in marks]
    holds = ClockPause.objects.filter(clock__subject=subject, clock__kind=ClockKind.ASSESSMENT)
    pauses = [Pause(hold.begins_at, hold.ends_at, hold.reason) for hold in holds]
    times = segment_times(hand_overs, until=until, pauses=pauses)
    return {segment: int(time.total_seconds()) // 60 for segment, time in times.items()}


KINDS = ((ClockKind.STATUTORY.value, "By law"), (ClockKind.ASSESSMENT.value, "Promised"))
STATES = (("running", "Running"), ("paused", "On hold"), ("stopped", "Stopped"))
SERVICES = ((Service.TV.value, "Television"), (Service.BROADBAND.value, "Broadband"), (Service.MOBILE.value, "Mobile"))


def _open() -> QuerySet[Any]:
    return Clock.objects.exclude(state=Clock.State.STOPPED).select_related("rule")


open_clocks = Listing(
    name="standards.open_clocks",
    title="Open clocks",
    rows=_open,
    columns=(
        Column("subject", "Case"),
        Column("kind", "Clock", Kind.CODE, choices=KINDS),
        Column("topic", "Topic"),
        Column("service", "Service", Kind.CODE, choices=SERVICES),
        Column("rule", "Rule"),
        Column("started_at", "Started", Kind.INSTANT, is_sortable=True),
        Column("due_at", "Due", Kind.INSTANT, is_sortable=True),
        Column("state", "State", Kind.CODE, choices=STATES),
        Column("warned_at", "Warned", Kind.INSTANT),
        Column("breached_at", "Breached", Kind.INSTANT),
        Column("paused_minutes", "Minutes on hold", Kind.NUMBER),
    ),
    filters=(
        Filter("kind", "kind", "Clock", Kind.CODE, choices=KINDS),
        Filter("topic", "topic", "Topic"),
        Filter("service", "service", "Service", Kind.CODE, choices=SERVICES),
        Filter("state", "state", "State", Kind.CODE, choices=STATES),
        Filter("due_from", "due_at", "Due from", Kind.INSTANT, lookup="gte"),
        Filter("due_to", "due_at", "Due until", Kind.INSTANT, lookup="lte"),
        Filter("subject", "subject", "Case"),
    ),
    default_sort="due_at",
)
