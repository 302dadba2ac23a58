"""What is owed for a broken promise: the law's line and the company's line, computed from stored clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yuanxin.kernel.money import Money
from yuanxin.published.codes import ClockKind
from yuanxin.standards.models import Clock
from yuanxin.standards.queries.in_force import stored_entry
from yuanxin.standards.rules.compensation import Breach, Line, payout
from yuanxin.standards.rules.entries import Entry


@dataclass(frozen=True)
class CompensationView:
    """What a subject is owed 赔付, line by line. due: after "add" or "the higher counts"."""

    lines: tuple[Line, ...]
    due: Money


def compensation_of(subject: str, topic: str, *, bases: Mapping[str, Money], at: datetime) -> CompensationView:
    """Return what the subject is owed at `at`, by the rules it was accepted under. One query.

    bases: the customer's fees by name (``monthly_fee``, ``install_fee``). A clock that still runs counts to `at`.
    Raises CompensationBaseMissing.
    """
    clocks = {c.kind: c for c in Clock.objects.filter(subject=subject, topic=topic).order_by("id")}
    law, promise = clocks.get(ClockKind.STATUTORY), clocks.get(ClockKind.ASSESSMENT)
    found = payout(
        law=_rule(law),
        promise=_rule(promise),
        law_breach=_breach(law, at),
        promise_breach=_breach(promise, at),
        bases=bases,
    )
    return CompensationView(found.lines, found.due)


def _rule(clock: Clock | None) -> Entry | None:
    return stored_entry(clock.rule_id).entry if clock else None


def _breach(clock: Clock | None, at: datetime) -> Breach | None:
    if clock is None:
        return None
    ended = clock.stopped_at or at
    return Breach(late=max(ended - clock.due_at, timedelta(0)), fault=ended - clock.started_at)
