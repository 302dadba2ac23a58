"""What must hold in the tables of the standards at any moment."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from yuanxin.kernel.verify import invariant
from yuanxin.standards.models import Clock, ClockPause, RulebookVersion
from yuanxin.standards.queries.in_force import stored_entry
from yuanxin.standards.rules.reading import content_hash


@invariant("standards.clock_states")
def clocks_fit_their_state() -> Iterator[str]:
    """A running clock is looked at or breached, a held one has an open hold, a stopped one says how late it was."""
    states = Clock.State
    unseen = Q(state=states.RUNNING, next_at__isnull=True, breached_at__isnull=True)
    unstopped = Q(state=states.STOPPED) & (Q(stopped_at__isnull=True) | Q(late_minutes__isnull=True))
    waiting = ~Q(state=states.RUNNING) & Q(next_at__isnull=False)
    order = Q(amber_at__gt=F("red_at")) | Q(red_at__gt=F("due_at"))
    for clock in Clock.objects.filter(unseen | unstopped | waiting | order)[:100]:
        yield f"clock {clock.id}: state {clock.state} does not fit its instants"
    held = ClockPause.objects.filter(ends_at__isnull=True).exclude(clock__state=states.PAUSED)
    for hold in held[:100]:
        yield f"clock {hold.clock_id}: an open hold of a clock that is not held"


@invariant("standards.pauses_allowed")
def only_allowed_reasons_hold_a_clock() -> Iterator[str]:
    """A clock stood still only for a reason that its rule allows."""
    for rule_id, reason in ClockPause.objects.values_list("clock__rule_id", "reason").distinct():
        entry = stored_entry(rule_id).entry
        if reason not in entry.pauses:
            yield f"rule {entry.id}: held for {reason}, which it does not allow"


@invariant("standards.no_statutory_clock_without_law")
def statutory_clocks_stand_on_law() -> Iterator[str]:
    """A statutory clock has a rule of law that names its service."""
    rows = Clock.objects.filter(kind="statutory").values_list("rule_id", "service").distinct()
    for rule_id, service in rows:
        entry = stored_entry(rule_id).entry
        if not entry.source.is_statutory or service not in entry.services:
            yield f"rule {entry.id}: no law for {service}"


@invariant("standards.versions_unchanged")
def versions_have_their_content() -> Iterator[str]:
    """A stored version still has the content that its hash says."""
    for version in RulebookVersion.everything.all():
        if content_hash(version.body) != version.content_hash:
            yield f"rulebook {version.name} {version.id}: content differs from its hash"
