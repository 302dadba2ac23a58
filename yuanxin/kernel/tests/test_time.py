"""The working calendar: holidays, make-up days, leap days and years that nobody entered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuanxin.kernel.time import (
    SHANGHAI,
    WORKING_DAY,
    BusinessWindow,
    Calendar,
    CalendarYearMissing,
    NaiveInstant,
    TimeAmountNegative,
    WindowEmpty,
    at_minute,
    local,
    minute_of_day,
    next_time_of_day,
)

# The lunar new year of 2026 as the State Council announced it, and the leap year 2024.
CALENDAR = Calendar.of_days(
    [(date(2026, 2, day), False) for day in range(15, 24)] + [(date(2026, 2, 14), True), (date(2026, 2, 28), True)],
    years=range(2023, 2028),
)
WINDOWS = st.sampled_from([None, BusinessWindow(480, 1200), WORKING_DAY, BusinessWindow(540, 1080, True)])
INSTANTS = st.integers(0, 880 * 24 * 60).map(lambda m: datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=m))
AMOUNTS = st.integers(0, 20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def wall(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@settings(max_examples=200, deadline=None)
@given(at=INSTANTS, amount=AMOUNTS, window=WINDOWS)
def test_the_time_to_the_end_of_an_advance_is_the_advance(
    at: datetime, amount: timedelta, window: BusinessWindow | None
) -> None:
    assert CALENDAR.between(at, CALENDAR.advance(at, amount, window), window) == amount


@settings(max_examples=200, deadline=None)
@given(at=INSTANTS, first=AMOUNTS, second=AMOUNTS, window=WINDOWS)
def test_two_advances_are_one(at: datetime, first: timedelta, second: timedelta, window: BusinessWindow | None) -> None:
    twice = CALENDAR.advance(CALENDAR.advance(at, first, window), second, window)
    assert second == timedelta(0) or twice == CALENDAR.advance(at, first + second, window)


@settings(max_examples=200, deadline=None)
@given(at=INSTANTS, later=AMOUNTS, amount=AMOUNTS, window=WINDOWS)
def test_who_starts_later_is_never_due_earlier(
    at: datetime, later: timedelta, amount: timedelta, window: BusinessWindow | None
) -> None:
    assert amount == timedelta(0) or CALENDAR.advance(at, amount, window) <= CALENDAR.advance(
        at + later, amount, window
    )


def test_working_days_skip_the_lunar_new_year_and_use_the_make_up_day() -> None:
    friday = wall("2026-02-13 10:00")
    assert CALENDAR.advance(friday, timedelta(days=1), WORKING_DAY) == wall("2026-02-14 10:00")
    assert CALENDAR.advance(friday, timedelta(days=2), WORKING_DAY) == wall("2026-02-24 10:00")
    assert CALENDAR.next_working_day(date(2026, 2, 27)) == date(2026, 2, 28)


def test_a_start_on_a_rest_day_counts_from_the_next_working_midnight() -> None:
    sunday = wall("2026-03-08 15:00")
    assert CALENDAR.advance(sunday, timedelta(days=1), WORKING_DAY) == wall("2026-03-10 00:00")


def test_the_business_window_closes_in_the_evening_and_opens_in_the_morning() -> None:
    window = BusinessWindow(480, 1200)
    assert CALENDAR.advance(wall("2024-02-28 19:45"), timedelta(minutes=30), window) == wall("2024-02-29 08:15")
    assert CALENDAR.advance(wall("2024-02-29 19:30"), timedelta(minutes=30), window) == wall("2024-02-29 20:00")
    assert CALENDAR.advance(wall("2024-02-29 23:00"), timedelta(minutes=30), window) == wall("2024-03-01 08:30")


def test_the_next_cut_off_is_strictly_later() -> None:
    assert next_time_of_day(wall("2026-03-02 15:59"), 960) == wall("2026-03-02 16:00")
    assert next_time_of_day(wall("2026-03-02 16:00"), 960) == wall("2026-03-03 16:00")
    assert next_time_of_day(wall("2024-02-28 09:00"), 1440) == wall("2024-02-29 00:00")


def test_instants_of_any_zone_are_read_in_shanghai() -> None:
    utc = datetime.fromisoformat("2026-03-01T16:30:00+00:00")
    assert local(utc) == wall("2026-03-02 00:30")
    assert minute_of_day(utc) == 30
    assert at_minute(date(2026, 12, 31), 1440) == wall("2027-01-01 00:00")


def test_a_missing_year_says_so() -> None:
    with pytest.raises(CalendarYearMissing) as caught:
        CALENDAR.advance(wall("2027-12-31 10:00"), timedelta(days=3), WORKING_DAY)
    assert caught.value.params == {"year": 2028}


def test_natural_time_needs_no_calendar() -> None:
    empty = Calendar(years=frozenset())
    assert empty.advance(wall("2031-01-01 00:00"), timedelta(hours=48)) == wall("2031-01-03 00:00")


def test_nonsense_is_refused_by_name() -> None:
    with pytest.raises(NaiveInstant):
        local(datetime(2026, 3, 2))  # noqa: DTZ001 - the story is about it
    with pytest.raises(TimeAmountNegative):
        CALENDAR.advance(wall("2026-03-02 00:00"), timedelta(seconds=-1))
    with pytest.raises(WindowEmpty):
        BusinessWindow(600, 600)
