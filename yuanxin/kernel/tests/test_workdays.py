"""The stored working calendar: seeded once, edited by people, named when a year is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.errors import HeadquartersOnly, Refused
from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make
from yuanxin.kernel.workdays import (
    CalendarSourceMissing,
    days_of_year,
    load_calendar_year,
    set_calendar_day,
    stored_days,
)


@pytest.fixture(autouse=True)
def headquarters(db: None) -> Iterator[None]:
    """The calendar is headquarters'."""
    with transaction.atomic(), scope(ALL), acting_as(make.acting(ALL)):
        yield


def test_a_year_is_stored_whole_with_holidays_and_make_up_days() -> None:
    assert load_calendar_year(year=2026) == 365
    days = stored_days()
    assert not days[date(2026, 2, 17)]  # lunar new year, a Tuesday
    assert days[date(2026, 2, 14)]  # a Saturday on which everybody works
    assert CalendarDay.objects.get(on=date(2026, 10, 1)).name


def test_a_leap_year_has_its_day() -> None:
    assert load_calendar_year(year=2024) == 366
    assert stored_days()[date(2024, 2, 29)]


def test_loading_again_keeps_what_people_changed_and_adds_what_is_missing() -> None:
    load_calendar_year(year=2026)
    set_calendar_day(on=date(2026, 3, 10), is_working=False, name="台风停工")
    CalendarDay.objects.filter(on=date(2026, 3, 11)).delete()
    assert load_calendar_year(year=2026) == 1
    kept = CalendarDay.objects.get(on=date(2026, 3, 10))
    assert (kept.is_working, kept.name) == (False, "台风停工")


def test_a_day_may_be_changed_twice() -> None:
    for is_working in (False, True):
        set_calendar_day(on=date(2026, 3, 10), is_working=is_working)
    assert stored_days() == {date(2026, 3, 10): True}


@pytest.mark.parametrize("year", [1999, 2099])
def test_a_year_that_the_source_does_not_know_is_named_and_nothing_is_stored(year: int) -> None:
    with pytest.raises(CalendarSourceMissing) as caught:
        load_calendar_year(year=year)
    assert caught.value.params == {"year": year}
    assert stored_days() == {}


def test_a_year_without_source_can_be_entered_by_hand() -> None:
    set_calendar_day(on=date(2099, 1, 1), is_working=False, name="元旦")
    assert stored_days() == {date(2099, 1, 1): False}


def test_only_who_may_changes_the_calendar() -> None:
    with acting_as(make.acting(ALL, "care.open_ticket")), pytest.raises(Refused):
        set_calendar_day(on=date(2026, 3, 10), is_working=False)


def test_no_city_changes_the_calendar_of_all() -> None:
    with scope("4406"), acting_as(make.acting("4406")):
        with pytest.raises(HeadquartersOnly):
            set_calendar_day(on=date(2026, 3, 10), is_working=False)
        with pytest.raises(HeadquartersOnly):
            load_calendar_year(year=2026)
    assert stored_days() == {}


def test_the_source_agrees_with_itself_on_every_day() -> None:
    days = days_of_year(2025)
    assert len(days) == 365
    assert all(is_working for day, (is_working, name) in days.items() if day.weekday() < 5 and not name)
