"""Clock arithmetic: laws that hold for every pause, and stories of single days."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuanxin.kernel.time import BusinessWindow, CalendarYearMissing
from yuanxin.standards.rules.clocks import (
    HandOver,
    Pause,
    Run,
    due_at,
    finish,
    late_minutes,
    merged,
    paused_time,
    segment_times,
    warn_at,
)
from yuanxin.standards.rules.errors import PauseOverlapsItself
from yuanxin.standards.tests import books

CALENDAR = books.calendar()
START = books.at("2026-02-10 09:10")
RUNS = st.sampled_from(
    [
        Run(timedelta(hours=48)),
        Run(timedelta(minutes=30), BusinessWindow(480, 1200)),
        Run(timedelta(days=5), BusinessWindow(0, 1440, working_days_only=True)),
    ]
)
MINUTES = st.integers(0, 12 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
PAUSES = st.lists(
    st.tuples(MINUTES, MINUTES).map(lambda span: Pause(min(span), max(span), "weather")),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(run=RUNS, pauses=PAUSES, data=st.data())
def test_pauses_in_any_order_give_one_due_instant(run: Run, pauses: list[Pause], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(pauses))
    assert finish(run, START, CALENDAR, shuffled) == finish(run, START, CALENDAR, pauses)


@settings(max_examples=150, deadline=None)
@given(run=RUNS, pauses=PAUSES, more=PAUSES)
def test_a_further_pause_never_makes_the_clock_due_earlier(run: Run, pauses: list[Pause], more: list[Pause]) -> None:
    assert finish(run, START, CALENDAR, pauses + more) >= finish(run, START, CALENDAR, pauses)


@settings(max_examples=100, deadline=None)
@given(pauses=PAUSES)
def test_natural_time_moves_by_exactly_the_time_it_stood_still(pauses: list[Pause]) -> None:
    due = finish(Run(timedelta(hours=48)), START, CALENDAR, pauses)
    assert due - START == timedelta(hours=48) + paused_time(pauses, since=START, until=due)


@settings(max_examples=100, deadline=None)
@given(pauses=PAUSES, cut=MINUTES)
def test_a_pause_told_in_two_parts_counts_as_one(pauses: list[Pause], cut: datetime) -> None:
    parts = [
        part
        for pause in pauses
        if pause.ends is not None
        for part in (
            (Pause(pause.begins, cut, "a"), Pause(cut, pause.ends, "b"))
            if pause.begins < cut < pause.ends
            else (pause,)
        )
    ]
    assert merged(parts, since=START) == merged(pauses, since=START)


@settings(max_examples=100, deadline=None)
@given(
    marks=st.lists(st.tuples(st.sampled_from(["field", "line", "headend"]), MINUTES), min_size=1, max_size=6),
    pauses=PAUSES,
    until=MINUTES,
)
def test_segments_add_up_to_the_whole_time_less_the_pauses(
    marks: list[tuple[str, datetime]], pauses: list[Pause], until: datetime
) -> None:
    first = min(at for _, at in marks)
    times = segment_times([HandOver(segment, at) for segment, at in marks], until=until, pauses=pauses)
    whole = max(until - first, timedelta(0)) - paused_time(pauses, since=first, until=max(until, first))
    assert sum(times.values(), timedelta(0)) == whole


def test_a_pause_over_the_lunar_new_year_is_no_working_time() -> None:
    five_days = books.book(
        books.entry(measure={"kind": "elapsed", "limit": "5wd", "stricter": "lower"}, pauses=["weather"])
    ).entries[0]
    plain = due_at(five_days, books.at("2026-02-11 10:00"), CALENDAR)
    held = due_at(
        five_days,
        books.at("2026-02-11 10:00"),
        CALENDAR,
        pauses=[Pause(books.at("2026-02-15 00:00"), books.at("2026-02-24 00:00"), "weather")],
    )
    assert plain == held == books.at("2026-02-25 10:00")


def test_only_the_reasons_of_the_entry_move_the_instant() -> None:
    strict = books.book().entries[0]
    hold = Pause(books.at("2026-03-02 10:00"), books.at("2026-03-02 20:00"), "weather")
    assert due_at(strict, books.at("2026-03-02 09:00"), CALENDAR, pauses=[hold]) == books.at("2026-03-03 09:00")


def test_the_same_day_ends_at_midnight_and_a_pause_carries_its_rest_over() -> None:
    same_day = books.book(
        books.entry(measure={"kind": "by_time_of_day", "cutoff": "24:00", "stricter": "lower"}, pauses=["weather"])
    ).entries[0]
    start = books.at("2026-03-02 15:00")
    hold = Pause(books.at("2026-03-02 16:00"), books.at("2026-03-03 16:00"), "weather")
    assert due_at(same_day, start, CALENDAR) == books.at("2026-03-03 00:00")
    assert due_at(same_day, start, CALENDAR, pauses=[hold]) == books.at("2026-03-04 00:00")


def test_the_leap_day_is_a_day_like_any_other() -> None:
    two_days = books.book(books.entry(measure={"kind": "elapsed", "limit": "48h", "stricter": "lower"})).entries[0]
    assert due_at(two_days, books.at("2024-02-28 12:00"), CALENDAR) == books.at("2024-03-01 12:00")


def test_a_year_without_working_days_is_named() -> None:
    run = Run(timedelta(days=5), BusinessWindow(0, 1440, working_days_only=True))
    with pytest.raises(CalendarYearMissing) as caught:
        finish(run, books.at("2026-12-31 10:00"), CALENDAR)
    assert caught.value.params == {"year": 2027}


def test_warnings_come_at_half_and_at_a_fifth_of_the_time_left() -> None:
    due = START + timedelta(hours=10)
    assert warn_at(START, due, Fraction(50, 100)) == START + timedelta(hours=5)
    assert warn_at(START, due, Fraction(20, 100)) == START + timedelta(hours=8)


def test_a_second_late_is_a_minute_late() -> None:
    assert late_minutes(START, START) == 0
    assert late_minutes(START, START + timedelta(seconds=1)) == 1
    assert late_minutes(START, START + timedelta(minutes=5)) == 5


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PauseOverlapsItself):
        Pause(START, START - timedelta(minutes=1), "weather")
