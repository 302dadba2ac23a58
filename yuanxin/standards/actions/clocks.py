"""Starting, holding, resuming and stopping clocks. Every change leaves a mark and tells a fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.time import Calendar, local_day
from yuanxin.published.codes import AreaClass, ClockKind, CustomerClass, Segment, Service
from yuanxin.published.standards import ClocksPaused, ClocksResumed, ClocksStarted, ClocksStopped
from yuanxin.standards.actions import store
from yuanxin.standards.actions.parking import is_held, next_look, parked_since, unbreach
from yuanxin.standards.models import Clock, ClockMark, ClockPause
from yuanxin.standards.queries.clocks import ClockSet, ClockView, clock_set, view
from yuanxin.standards.queries.in_force import InForce, calendar, in_force, needs_calendar, stored_entry
from yuanxin.standards.rules.clocks import Pause, due_at, late_minutes, paused_time, warn_at
from yuanxin.standards.rules.errors import (
    ApprovalMissing,
    PauseNotAllowed,
    RuleUnknown,
)
from yuanxin.standards.rules.resolution import Binding, Case

HOLD_REASONS = ("hold.reasons", "reasons")


@dataclass(frozen=True)
class ClockRequest:
    """What a clock is to be started for. accepted_at: the order's acceptance, whose rules it keeps (default `at`).

    window_to: end of the agreed slot; chosen_at: a later instant that the customer chose.
    """

    topic: str
    subject: str
    service: Service
    area_class: AreaClass
    at: datetime
    customer_class: CustomerClass = CustomerClass.RESIDENT
    window_to: datetime | None = None
    chosen_at: datetime | None = None
    accepted_at: datetime | None = None
    segment: Segment = Segment.FIELD


@command("standards.start_clocks")
def start_clocks(
    *,
    topic: str,
    subject: str,
    service: Service,
    area_class: AreaClass,
    customer_class: CustomerClass = CustomerClass.RESIDENT,
    at: datetime,
    window_to: datetime | None = None,
    chosen_at: datetime | None = None,
    accepted_at: datetime | None = None,
    segment: Segment = Segment.FIELD,
) -> ClockSet:
    """Start what binds a case: the statutory clock, the assessment clock, or only one of them.

    A television case gets no statutory clock while no rule is verified. Raises RuleUnknown when no rulebook speaks of
    the topic, ClocksRunAlready, CalendarYearMissing.
    """
    request = ClockRequest(
        topic=topic,
        subject=subject,
        service=service,
        area_class=area_class,
        customer_class=customer_class,
        at=at,
        window_to=window_to,
        chosen_at=chosen_at,
        accepted_at=accepted_at,
        segment=segment,
    )
    return _start([request])[0]


@command("standards.start_clocks_many")
def start_clocks_many(*, requests: Sequence[ClockRequest]) -> list[ClockSet]:
    """Start the clocks of many cases in two statements; the answers stand in the order of the requests."""
    return _start(requests)


def _start(requests: Sequence[ClockRequest]) -> list[ClockSet]:
    rules: dict[date, InForce] = {}
    calendars: dict[tuple[date, str], Calendar] = {}
    prepared: list[tuple[ClockRequest, list[tuple[Clock, str]]]] = []
    for request in requests:
        day = local_day(request.accepted_at or request.at)
        if day not in rules:
            rules[day] = in_force(request.accepted_at or request.at)
        if (day, request.topic) not in calendars:
            calendars[day, request.topic] = rules[day].calendar_for(request.topic)
        prepared.append((request, _clocks(request, rules[day], calendars[day, request.topic])))
    started = [(request, clock) for request, clocks in prepared for clock, _ in clocks]
    store.insert([clock for _, clock in started], [request.segment for request, _ in started])
    return [_started(request, clocks) for request, clocks in prepared]


def _clocks(request: ClockRequest, rules: InForce, days: Calendar) -> list[tuple[Clock, str]]:
    if not rules.ruleset.speaking_of(request.topic):
        raise RuleUnknown(topic=request.topic)
    case = Case(
        topic=request.topic,
        service=request.service,
        area=request.area_class,
        customer=request.customer_class,
        started_at=request.at,
        window_to=request.window_to,
        chosen=request.chosen_at,
    )
    clocks = []
    for kind in ClockKind:
        bound = rules.ruleset.binding(kind, case, days)
        if bound is not None:
            clocks.append((_clock(request, rules, bound), bound.entry.id))
    return clocks


def _clock(request: ClockRequest, rules: InForce, bound: Binding) -> Clock:
    stored = rules.by_code[bound.entry.id]
    clock = Clock(
        subject=request.subject,
        topic=request.topic,
        kind=bound.clock,
        service=request.service,
        area_class=request.area_class,
        rule_id=stored.entry_id,
        limit_rule_id=None if bound.limit is bound.entry else rules.by_code[bound.limit.id].entry_id,
        version_id=stored.version_id,
        started_at=request.at,
        window_to=request.window_to,
        chosen_at=request.chosen_at,
    )
    _set_due(clock, bound.due_at, rules)
    return clock


def _set_due(clock: Clock, due: datetime, rules: InForce) -> None:
    amber, red = rules.warning_shares(clock.started_at)
    clock.due_at = due
    clock.amber_at = warn_at(clock.started_at, due, amber)
    clock.red_at = warn_at(clock.started_at, due, red)
    clock.next_at = clock.amber_at


def _started(request: ClockRequest, clocks: list[tuple[Clock, str]]) -> ClockSet:
    answer = clock_set(view(clock, rule_id) for clock, rule_id in clocks)
    if answer.version_id is not None:
        tell(
            ClocksStarted(
                subject=request.subject,
                at=request.at,
                topic=request.topic,
                service=request.service,
                statutory_due_at=answer.statutory_due_at,
                assessment_due_at=answer.assessment_due_at,
                rule_ids=answer.rule_ids,
                version_id=answer.version_id,
            )
        )
    return answer


def _locked(subject: str, states: Iterable[str], topic: str | None = None) -> list[Clock]:
    rows = Clock.objects.select_for_update(of=("self",)).filter(subject=subject, state__in=states)
    return list(rows.filter(topic=topic) if topic else rows)


@command("standards.pause_clocks")
def pause_clocks(
    *, subject: str, reason_code: str, evidence: str, approved_by: str, at: datetime, asked_by: str = ""
) -> ClockSet:
    """Hold 挂起 those running clocks of a subject whose rule allows the reason; the others run on.

    The statutory clock stands still only where its clause allows it. evidence: a reference (photo, call, ticket).
    asked_by: who asked for the hold; empty means whoever acts.
    Holding what is held already changes nothing. Raises PauseNotAllowed for a reason that no rule knows,
    ApprovalMissing.
    """
    if not evidence.strip():
        raise ApprovalMissing(field="evidence")
    if not approved_by.strip():
        raise ApprovalMissing(field="approved_by")
    reasons = in_force(at).ruleset.parameter(*HOLD_REASONS, at=at)
    if not isinstance(reasons, tuple) or reason_code not in reasons:
        raise PauseNotAllowed(reason=reason_code, field="reason_code")
    held = [
        clock
        for clock in _locked(subject, [Clock.State.RUNNING])
        if reason_code in stored_entry(clock.rule_id).entry.pauses
    ]
    for clock in held:
        clock.state, clock.next_at = Clock.State.PAUSED, None
    store.change(held, ClockMark.Kind.PAUSED, at, reason=reason_code)
    ClockPause.objects.bulk_create(
        [
            ClockPause(
                clock=clock,
                reason=reason_code,
                evidence=evidence[:200],
                asked_by=asked_by or acting.current().who,
                approved_by=approved_by,
                begins_at=max(at, clock.started_at),
            )
            for clock in held
        ]
    )
    if held:
        kinds = tuple(sorted({ClockKind(clock.kind) for clock in held}))
        tell(ClocksPaused(subject=subject, at=at, kinds=kinds, reason_code=reason_code))
    return _set_of(held)


@command("standards.resume_clocks")
def resume_clocks(*, subject: str, at: datetime) -> ClockSet:
    """Let the held clocks of a subject run again, each with a due instant that is later by what it stood still."""
    held = [clock for clock in _locked(subject, [Clock.State.PAUSED]) if is_held(clock)]
    for clock in held:
        _end_pause(clock, at)
        clock.state = Clock.State.RUNNING
        clock.next_at = next_look(clock, at)
    store.change(held, ClockMark.Kind.RESUMED, at)
    answer = _set_of(held)
    if held:
        tell(
            ClocksResumed(
                subject=subject,
                at=at,
                statutory_due_at=answer.statutory_due_at,
                assessment_due_at=answer.assessment_due_at,
            )
        )
    return answer


def _end_pause(clock: Clock, at: datetime) -> None:
    """Close the open hold at `at` and recompute the due instant from all holds of the clock."""
    rows = list(ClockPause.objects.filter(clock=clock))
    for row in rows:
        if row.ends_at is None:
            row.ends_at = max(at, row.begins_at)
            ClockPause.objects.filter(pk=row.pk).update(ends_at=row.ends_at)
    pauses = [Pause(row.begins_at, row.ends_at, row.reason) for row in rows]
    clock.paused_minutes = int(paused_time(pauses, since=clock.started_at, until=at).total_seconds()) // 60
    rule = stored_entry(clock.rule_id).entry
    limit = stored_entry(clock.limit_rule_id).entry if clock.limit_rule_id else rule
    days = calendar() if needs_calendar(limit) else Calendar(years=frozenset())
    due = due_at(
        limit,
        clock.started_at,
        days,
        pauses=[pause for pause in pauses if pause.reason in rule.pauses],
        window_to=clock.window_to,
        chosen=clock.chosen_at,
    )
    if due is not None and due > clock.due_at:
        shift = due - clock.due_at
        clock.due_at, clock.amber_at, clock.red_at = due, clock.amber_at + shift, clock.red_at + shift


@command("standards.stop_clocks")
def stop_clocks(*, subject: str, topic: str | None = None, at: datetime) -> ClockSet:
    """Stop the clocks of a subject (of one topic, or all) and say how late they are. Stopping twice changes nothing.

    A parked clock stops at the instant since which it is parked; a breach marked for time after that is lifted.
    """
    stopping = _locked(subject, [Clock.State.RUNNING, Clock.State.PAUSED], topic)
    for clock in stopping:
        ended_at = at
        if clock.state == Clock.State.PAUSED:
            _end_pause(clock, at)
            ended_at = min(at, parked_since(clock) or at)
        clock.state, clock.next_at, clock.stopped_at = Clock.State.STOPPED, None, ended_at
        clock.late_minutes = late_minutes(clock.due_at, ended_at)
        unbreach(clock, ended_at)
    store.change(stopping, ClockMark.Kind.STOPPED, at)
    for ended in sorted({clock.topic for clock in stopping}):
        late = {clock.kind: clock.late_minutes for clock in stopping if clock.topic == ended}
        tell(
            ClocksStopped(
                subject=subject,
                at=at,
                topic=ended,
                statutory_late_minutes=late.get(ClockKind.STATUTORY),
                assessment_late_minutes=late.get(ClockKind.ASSESSMENT),
            )
        )
    return _set_of(stopping)


def _set_of(clocks: Iterable[Clock]) -> ClockSet:
    return clock_set(_view(clock) for clock in clocks)


def _view(clock: Clock) -> ClockView:
    return view(clock, stored_entry(clock.rule_id).entry.id)


@command("standards.hand_over")
def hand_over(*, subject: str, segment: Segment, at: datetime) -> None:
    """Note that another segment 责任段 took the case over; its time counts from now."""
    ClockMark.objects.create(
        subject=subject, kind=ClockMark.Kind.HANDED_OVER, at=at, segment=segment, actor=acting.current().who
    )
