"""When to expect a technician: the promised window, narrower once the day is planned, narrowest when he has set out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from yuanxin.fieldwork.rules.windows import PromisedWindow


@dataclass(frozen=True, slots=True)
class ForetellTerms:
    """How an arrival is foretold before the departure. From the rulebook ``dispatch.arrival``.

    width: of the narrower window; rounding: it begins at whole steps; retell: moved by so much it is told again, at
    most ``most`` times in all; ahead: how long before the visit it is told at the earliest.
    """

    width: timedelta
    rounding: timedelta
    retell: timedelta
    most: int
    ahead: timedelta


@dataclass(frozen=True, slots=True)
class DepartureTerms:
    """How an arrival is foretold at departure. From the rulebook ``message.arrival``.

    soonest: a drive whose length nobody knows; furthest: a plan later than this after the departure says nothing.
    """

    soonest: timedelta
    furthest: timedelta
    width: timedelta
    rounding: timedelta


def narrowed(promise: PromisedWindow, starts_at: datetime, terms: ForetellTerms) -> PromisedWindow | None:
    """Return the window around a planned start, inside the promise; None where there is nothing to narrow.

    That is so when the promise is as narrow already, and when the plan misses the promise: then it must be moved.
    """
    if promise.ends_at - promise.begins_at <= terms.width or not promise.begins_at <= starts_at <= promise.ends_at:
        return None
    begins_at = _floor(starts_at - terms.width / 2, terms.rounding)
    begins_at = min(max(begins_at, promise.begins_at), promise.ends_at - terms.width)
    return PromisedWindow(begins_at, begins_at + terms.width)


def is_moved(told: PromisedWindow, planned: PromisedWindow, terms: ForetellTerms) -> bool:
    """Say whether the arrival moved so far that the customer must hear of it."""
    return abs(planned.begins_at - told.begins_at) >= terms.retell


def expected_at(
    departed_at: datetime, drive: timedelta | None, planned_from: datetime | None, terms: DepartureTerms
) -> datetime:
    """Return when a technician who leaves now will be there: after the drive, not before the planned start."""
    there_at = departed_at + (terms.soonest if drive is None else drive)
    by_plan = planned_from is not None and planned_from <= departed_at + terms.furthest
    return max(there_at, planned_from) if planned_from is not None and by_plan else there_at


def around(expected: datetime, terms: DepartureTerms) -> PromisedWindow:
    """Return the window that is told at departure; nobody is told a minute."""
    begins_at = _floor(expected, terms.rounding)
    return PromisedWindow(begins_at, begins_at + terms.width)


def _floor(at: datetime, step: timedelta) -> datetime:
    return at - timedelta(seconds=at.timestamp() % step.total_seconds())
