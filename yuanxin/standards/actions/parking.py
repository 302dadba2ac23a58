"""Parking clocks: the work is handed in and somebody looks at it, so nothing falls due until that is decided."""

from __future__ import annotations

from datetime import datetime

from yuanxin.kernel.commands import command
from yuanxin.kernel.outbox import tell
from yuanxin.published.codes import ClockKind
from yuanxin.published.standards import ClocksPaused, ClocksResumed
from yuanxin.standards.actions import store
from yuanxin.standards.models import Clock, ClockMark, ClockPause

PARKED = "closeout.review"


@command("standards.park_clocks")
def park_clocks(*, subject: str, at: datetime) -> None:
    """Park the running clocks of a subject as of the instant at which its work was handed in.

    Parking is no hold: it needs no rule and moves no due instant. A breach that was marked for time after `at`, because
    the hand-in arrived late from a phone without signal, is lifted. Parking twice keeps the first instant.
    """
    parked = list(_rows(subject, Clock.State.RUNNING))
    for clock in parked:
        clock.state, clock.next_at = Clock.State.PAUSED, None
        unbreach(clock, at)
    store.change(parked, ClockMark.Kind.PAUSED, at, reason=PARKED)
    if parked:
        kinds = tuple(sorted({ClockKind(clock.kind) for clock in parked}))
        tell(ClocksPaused(subject=subject, at=at, kinds=kinds, reason_code=PARKED))


@command("standards.unpark_clocks")
def unpark_clocks(*, subject: str, at: datetime) -> None:
    """Let parked clocks run as if they had never stood still: what fell due meanwhile is breached at the next tick."""
    parked = [clock for clock in _rows(subject, Clock.State.PAUSED) if not is_held(clock)]
    for clock in parked:
        clock.state, clock.next_at = Clock.State.RUNNING, next_look(clock, at)
    store.change(parked, ClockMark.Kind.RESUMED, at, reason=PARKED)
    if parked:
        dues = {kind: min((one.due_at for one in parked if one.kind == kind), default=None) for kind in ClockKind}
        tell(
            ClocksResumed(
                subject=subject,
                at=at,
                statutory_due_at=dues[ClockKind.STATUTORY],
                assessment_due_at=dues[ClockKind.ASSESSMENT],
            )
        )


def is_held(clock: Clock) -> bool:
    """Tell whether a clock that stands still does so for an approved hold, not for being parked."""
    return ClockPause.objects.filter(clock=clock, ends_at__isnull=True).exists()


def parked_since(clock: Clock) -> datetime | None:
    """Return since when a clock that stands still is parked; None for a hold."""
    marks = ClockMark.objects.filter(subject=clock.subject, clock_id=clock.pk, kind=ClockMark.Kind.PAUSED)
    last = marks.order_by("-at", "-recorded_at").first()
    return last.at if last is not None and last.reason == PARKED else None


def unbreach(clock: Clock, ended_at: datetime) -> None:
    """Lift the breach of a clock that was kept by `ended_at`; its marks still tell that it was noted."""
    if clock.breached_at is not None and ended_at <= clock.due_at:
        clock.breached_at = None


def next_look(clock: Clock, at: datetime) -> datetime | None:
    """Return when the ticker must look at a running clock again; never after its breach."""
    if clock.breached_at is not None:
        return None
    return next((moment for moment in (clock.amber_at, clock.red_at) if moment > at), clock.due_at)


def _rows(subject: str, state: Clock.State) -> list[Clock]:
    return list(Clock.objects.select_for_update(of=("self",)).filter(subject=subject, state=state).order_by("id"))
