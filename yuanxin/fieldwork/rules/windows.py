"""Windows promised to customers, and whether they were kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yuanxin.fieldwork.rules.errors import WindowPassed, WindowTooFar, WindowTooLong, WindowTooShort


@dataclass(frozen=True, slots=True)
class PromisedWindow:
    """The technician arrives between two instants, both aware. Raises WindowTooShort."""

    begins_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.ends_at <= self.begins_at:
            raise WindowTooShort(field="window_to")


def require_ahead(window: PromisedWindow, at: datetime, *, furthest: timedelta, longest: timedelta) -> None:
    """Raise WindowPassed when the window has ended at ``at``, WindowTooFar and WindowTooLong beyond the limits.

    Source: rulebook ``appointment.limits``.
    """
    if window.ends_at <= at:
        raise WindowPassed(field="window_from")
    if window.ends_at - at > furthest:
        raise WindowTooFar(field="window_to", days=str(furthest.days))
    if window.ends_at - window.begins_at > longest:
        raise WindowTooLong(field="window_to")


@dataclass(frozen=True, slots=True)
class Booked:
    """One version of an appointment. by_customer: the customer asked for this window."""

    window: PromisedWindow
    by_customer: bool


def is_kept(versions: Sequence[Booked], arrived_at: datetime | None, tolerance: timedelta) -> bool | None:
    """Say whether the promise was kept; None when nothing was promised or nobody arrived.

    versions: in their order. A window that the customer moved does not count; the newest one is judged. One that the
    company moved was not kept. tolerance: on both sides. Source: rulebook ``appointment.window`` (P-06).
    """
    if not versions or arrived_at is None:
        return None
    if not all(version.by_customer for version in versions[1:]):
        return False
    window = versions[-1].window
    return window.begins_at - tolerance <= arrived_at <= window.ends_at + tolerance


def first_gap(
    busy: Iterable[tuple[datetime, datetime]], earliest: datetime, latest: datetime, length: timedelta
) -> datetime | None:
    """Return the first start between ``earliest`` and ``latest`` (both included) that leaves ``length`` free.

    busy: spans in any order, half open.
    """
    start = earliest
    for begins_at, ends_at in sorted(busy):
        if ends_at <= start:
            continue
        if begins_at >= start + length:
            break
        start = ends_at
    return start if start <= latest else None


def free_percent(
    window: tuple[datetime, datetime],
    shifts: Iterable[tuple[datetime, datetime]],
    busy: Iterable[tuple[datetime, datetime]],
) -> int:
    """Return which share of the people's time inside a window nobody has committed yet, 0-100.

    shifts: one span a person; busy: all committed spans of these people. Nobody at work in it: 0.
    """
    has = sum(_shared_s(window, span) for span in shifts)
    taken = sum(_shared_s(window, span) for span in busy)
    return max(0, round((has - taken) * 100 / has)) if has else 0


def _shared_s(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return max(0.0, (min(one[1], other[1]) - max(one[0], other[0])).total_seconds())
