"""When a step happened that a phone sends later 离线补传: the phone's word within limits, else the server's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class OfflineLimits:
    """oldest: how far back a phone's word is taken. late_after: from which delay a step counts as sent later.

    Source: rulebook ``offline.limits``.
    """

    oldest: timedelta
    late_after: timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """The instant a step is booked at, beside what the phone claimed and when the server got it; all aware.

    claimed_at: None when the phone said nothing readable.
    """

    at: datetime
    claimed_at: datetime | None
    received_at: datetime
    is_late: bool


def claimed_instant(phone_at: datetime | None, offset: timedelta) -> datetime | None:
    """Return a phone's instant in the server's time; None when it said none or one that no calendar holds.

    offset: server's clock minus the phone's, as the server told the page; a phone that is a year wrong is a year
    wrong in both, so the claim comes out right.
    """
    if phone_at is None:
        return None
    try:
        return phone_at + offset
    except OverflowError:
        return None


def taken(
    claimed_at: datetime | None, *, received_at: datetime, last_step_at: datetime | None, limits: OfflineLimits
) -> Taken:
    """Decide at which instant a step counts.

    The claim holds when it is not in the future, not before the order's last step, and not older than the limit;
    otherwise the step counts from when the server got it. last_step_at: None where no step orders it (a photo).
    """
    at = received_at
    if claimed_at is not None and _is_believable(claimed_at, received_at, last_step_at, limits):
        at = claimed_at
    is_late = claimed_at is not None and abs(received_at - claimed_at) > limits.late_after
    return Taken(at, claimed_at, received_at, is_late)


def _is_believable(
    claimed_at: datetime, received_at: datetime, last_step_at: datetime | None, limits: OfflineLimits
) -> bool:
    if claimed_at > received_at or received_at - claimed_at > limits.oldest:
        return False
    return last_step_at is None or claimed_at >= last_step_at
