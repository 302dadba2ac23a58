"""Windows promised to customers, and whether they were kept."""

from collections.abc import Iterable
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


def is_kept(window: PromisedWindow | None, arrived_at: datetime | None, tolerance: timedelta) -> bool | None:
    """Say whether the arrival kept the promise; None when nothing was promised or nobody arrived.

    tolerance: on both sides. Source: rulebook ``appointment.window`` (P-06).
    """
    if window is None or arrived_at is None:
        return None
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
