"""Clock arithmetic (时钟): due instants, pauses, warnings and segments, recomputed from marks in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from yuanxin.kernel.time import BusinessWindow, Calendar, local, next_time_of_day
from yuanxin.standards.rules.entries import ByTimeOfDay, Elapsed, Entry, Measure, NoticeBefore, Slot
from yuanxin.standards.rules.errors import PauseOverlapsItself

_ZERO = timedelta(0)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A hold (挂起) of a clock, [begins, ends); ends None: it still holds. Raises PauseOverlapsItself."""

    begins: datetime
    ends: datetime | None
    reason: str

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends < self.begins:
            raise PauseOverlapsItself(begins=self.begins.isoformat(), ends=self.ends.isoformat())


@dataclass(frozen=True, slots=True)
class Run:
    """What a clock has to count: `amount` of time, in the hours of `window` (None: natural time)."""

    amount: timedelta
    window: BusinessWindow | None = None


def run_of(measure: Measure, started_at: datetime, *, window_to: datetime | None = None) -> Run | None:
    """Return what a clock of this measure counts from `started_at`; None when it gives no due instant of its own.

    window_to: end of the agreed slot, for slot measures (default: `started_at`).
    """
    if isinstance(measure, Elapsed) and measure.limit is not None:
        return Run(measure.limit.amount, measure.counts_in)
    if isinstance(measure, ByTimeOfDay) and measure.cutoff is not None:
        return Run(next_time_of_day(started_at, measure.cutoff) - local(started_at))
    if isinstance(measure, Slot) and measure.tolerance is not None:
        return Run(max((window_to or started_at) - started_at, _ZERO) + measure.tolerance.amount)
    return None


def due_at(
    entry: Entry,
    started_at: datetime,
    calendar: Calendar,
    *,
    pauses: Iterable[Pause] = (),
    window_to: datetime | None = None,
    chosen: datetime | None = None,
) -> datetime | None:
    """Return the instant by which the entry must be kept, in Asia/Shanghai time; None when it has none.

    pauses: in any order, overlapping or not; only those whose reason the entry allows move the instant, and none
    ever makes it earlier. chosen: a later instant that the customer chose, taken where the entry lets him.
    For notice_before, `started_at` is the event that must be told. Raises CalendarYearMissing.
    Source: the entry.
    """
    if isinstance(entry.measure, NoticeBefore):
        return None if entry.measure.limit is None else local(started_at) - entry.measure.limit.amount
    run = run_of(entry.measure, started_at, window_to=window_to)
    if run is None:
        return None
    due = finish(run, started_at, calendar, [pause for pause in pauses if pause.reason in entry.pauses])
    if chosen is not None and isinstance(entry.measure, Elapsed) and entry.measure.or_chosen:
        return max(due, local(chosen))
    return due


def finish(run: Run, started_at: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()) -> datetime:
    """Return when `run` is used up, standing still in every pause. A pause without an end counts as not yet begun."""
    at, rest = local(started_at), run.amount
    for begins, ends in merged(pauses, since=started_at):
        used = calendar.between(at, begins, run.window)
        if used >= rest:
            break
        rest -= used
        at = local(ends)
    return calendar.advance(at, rest, run.window)


def merged(pauses: Iterable[Pause], *, since: datetime) -> list[tuple[datetime, datetime]]:
    """Return the ended pauses as disjoint spans in time order, cut at `since`."""
    spans: list[tuple[datetime, datetime]] = []
    for pause in sorted((p for p in pauses if p.ends is not None), key=lambda p: p.begins):
        begins, ends = max(pause.begins, since), pause.ends
        if ends is None or ends <= begins:
            continue
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
        else:
            spans.append((begins, ends))
    return spans


def paused_time(pauses: Iterable[Pause], *, since: datetime, until: datetime) -> timedelta:
    """Return how long the clock stood still in [since, until); an open pause lasts to `until`."""
    closed = [
        pause if pause.ends is not None else Pause(pause.begins, max(until, pause.begins), "") for pause in pauses
    ]
    return sum((max(min(ends, until) - begins, _ZERO) for begins, ends in merged(closed, since=since)), _ZERO)


def warn_at(started_at: datetime, due: datetime, share_left: Fraction) -> datetime:
    """Return when only `share_left` (0 to 1) of the time from start to due is left, to the second."""
    whole = int((due - started_at).total_seconds())
    return due - timedelta(seconds=int(whole * share_left))


def late_minutes(due: datetime, stopped_at: datetime) -> int:
    """Return the started minutes past due; 0 when kept."""
    late = stopped_at - due
    return 0 if late <= _ZERO else -(-late // _MINUTE)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A segment (责任段) took the case over at an instant."""

    segment: str
    at: datetime


def segment_times(
    hand_overs: Sequence[HandOver], *, until: datetime, pauses: Iterable[Pause] = ()
) -> Mapping[str, timedelta]:
    """Return the time each segment held the case, pauses taken out.

    The times add up to the whole time from the first hand-over to `until` less the paused time. Hand-overs may come
    in any order; of two at the same instant the later in the sequence counts.
    """
    ordered = sorted(hand_overs, key=lambda item: item.at)
    holds = list(pauses)
    times: dict[str, timedelta] = {}
    for index, held in enumerate(ordered):
        leaves = ordered[index + 1].at if index + 1 < len(ordered) else until
        ends = min(leaves, until)
        if ends > held.at:
            own = ends - held.at - paused_time(holds, since=held.at, until=ends)
            times[held.segment] = times.get(held.segment, _ZERO) + own
    return times
