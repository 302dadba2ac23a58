"""The Labour Law at its borders: eight hours, the usual hour, the third hour, the week, the day of rest, the month."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yuanxin.fieldwork.rules.labour import Code, HoursLaw, findings, monday_of, whole_weeks_of_months

LAW = HoursLaw(480, 2640, 60, 180, 2160, 1)
MONDAY = date(2026, 3, 9)


def found(*minutes: int) -> list[tuple[Code, date, int]]:
    """Judge days from Monday on, in minutes; 0 is a day of rest."""
    days = {MONDAY + timedelta(days=number): worked for number, worked in enumerate(minutes) if worked}
    return [(one.code, one.on, one.has) for one in findings(days, days, LAW)]


def test_five_days_of_eight_hours_are_a_lawful_week() -> None:
    assert found(480, 480, 480, 480, 480) == []


def test_an_hour_more_is_usual_and_a_minute_above_it_is_said() -> None:
    assert found(540) == []
    assert found(541) == [(Code.USUAL_OVERTIME, MONDAY, 61)]


def test_three_hours_more_are_the_most() -> None:
    assert found(660) == [(Code.USUAL_OVERTIME, MONDAY, 180)]
    assert found(661) == [(Code.DAY_OVERTIME, MONDAY, 181)]


def test_forty_four_hours_a_week_and_a_minute() -> None:
    assert found(440, 440, 440, 440, 440, 440) == []
    assert found(440, 440, 440, 440, 440, 441) == [(Code.WEEK_HOURS, MONDAY, 2641)]


def test_a_week_has_a_day_of_rest() -> None:
    assert found(300, 300, 300, 300, 300, 300) == []
    assert found(300, 300, 300, 300, 300, 300, 300) == [(Code.NO_REST, MONDAY, 0)]


def test_the_morning_after_a_night_is_no_day_of_rest() -> None:
    days = {MONDAY + timedelta(days=number): 480 for number in range(5)}
    saturday_night = {MONDAY + timedelta(days=5): 120}
    busy = {*days, *saturday_night, MONDAY + timedelta(days=6)}
    assert [one.code for one in findings(days | saturday_night, busy, LAW)] == [Code.NO_REST]


def test_thirty_six_hours_of_overtime_a_month() -> None:
    workdays = [MONDAY + timedelta(weeks=week, days=day) for week in range(3) for day in range(4)]
    just = dict.fromkeys(workdays, 660)  # 12 days of three hours
    assert Code.MONTH_OVERTIME not in {one.code for one in findings(just, just, LAW)}
    more = just | {MONDAY + timedelta(weeks=3): 481}
    (month,) = [one for one in findings(more, more, LAW) if one.code is Code.MONTH_OVERTIME]
    assert (month.on, month.has, month.allowed, month.last_day) == (date(2026, 3, 1), 2161, 2160, date(2026, 3, 31))


def test_what_only_the_week_has_too_much_is_overtime_too() -> None:
    weeks = [MONDAY + timedelta(weeks=week) for week in range(-1, 3)]
    days = {monday + timedelta(days=day): 480 for monday in weeks for day in range(6)}
    assert Code.MONTH_OVERTIME not in {one.code for one in findings(days, days, LAW)}  # four weeks of four hours
    days |= {monday + timedelta(days=day): 540 for monday in weeks for day in range(6)}
    (month,) = [one for one in findings(days, days, LAW) if one.code is Code.MONTH_OVERTIME]
    assert month.has == 4 * (6 * 540 - 2640)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_month_is_judged_with_its_whole_weeks(day: date) -> None:
    first, last = whole_weeks_of_months([day])
    assert first.weekday() == 0
    assert last.weekday() == 6
    assert first <= day.replace(day=1)
    assert last >= day
    assert (last + timedelta(days=1)).month != day.month
    assert monday_of(day) >= first


@given(st.lists(st.integers(0, 900), min_size=7, max_size=31), st.integers(0, 30), st.integers(1, 300))
def test_more_work_is_never_more_lawful(minutes: list[int], where: int, more: int) -> None:
    days = {MONDAY + timedelta(days=number): worked for number, worked in enumerate(minutes)}
    day = MONDAY + timedelta(days=where % len(minutes))
    longer = days | {day: days[day] + more}

    def forbidden(worked: dict[date, int]) -> set[tuple[Code, date]]:
        busy = {on for on, number in worked.items() if number}
        return {(one.code, one.on) for one in findings(worked, busy, LAW) if one.is_forbidden}

    assert forbidden(days) <= forbidden(longer)
