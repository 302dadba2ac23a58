"""The instant of a step that a phone sends later."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.fieldwork.rules.offline import OfflineLimits, claimed_instant, taken
from yuanxin.kernel.tests.make import at

NOON, MORNING = at("2026-03-10 12:00"), at("2026-03-10 09:00")
LIMITS = OfflineLimits(oldest=timedelta(hours=36), late_after=timedelta(minutes=2))
instants = st.integers(0, 50 * 365 * 24 * 60).map(lambda minutes: at("2000-01-01 00:00") + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("claimed", "last_step", "expected", "is_late"),
    [
        (at("2026-03-10 10:00"), MORNING, at("2026-03-10 10:00"), True),
        (at("2026-03-10 11:59"), MORNING, at("2026-03-10 11:59"), False),
        (at("2026-03-10 12:01"), MORNING, NOON, False),  # ahead of us: not believed
        (at("2026-03-10 08:00"), MORNING, NOON, True),  # before the order's last step
        (at("2026-03-08 12:00"), None, NOON, True),  # older than the limit
        (at("2026-03-09 12:00"), None, at("2026-03-09 12:00"), True),
        (None, MORNING, NOON, False),
    ],
)
def test_the_phone_is_believed_within_limits(
    claimed: datetime | None, last_step: datetime | None, expected: datetime, is_late: bool
) -> None:
    when = taken(claimed, received_at=NOON, last_step_at=last_step, limits=LIMITS)
    assert (when.at, when.is_late, when.received_at) == (expected, is_late, NOON)


def test_a_clock_that_is_a_year_wrong_comes_out_right() -> None:
    phone = at("2025-03-10 10:00")
    assert claimed_instant(phone, timedelta(days=365)) == at("2026-03-10 10:00")
    assert claimed_instant(datetime.max.replace(tzinfo=UTC), timedelta(days=365)) is None
    assert claimed_instant(None, timedelta(0)) is None


@given(claimed=instants, received=instants, last=instants)
def test_no_claim_reaches_the_future_or_the_past_of_a_step(
    claimed: datetime, received: datetime, last: datetime
) -> None:
    when = taken(claimed, received_at=received, last_step_at=min(last, received), limits=LIMITS)
    assert min(last, received) <= when.at <= received
    assert received - when.at <= LIMITS.oldest
