"""Placing contacts in homes and on a day."""

from collections import Counter
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.simulation.replay.placing import NoCommunity, NoWorkingDay, Placing, moved, replay_day
from yuanxin.simulation.replay.reading import Community


def community(name: str = "春风里", households: int | None = 100) -> Community:
    return Community(2, name, "禅城区", "", "一路", 113.1, 23.0, households)


def test_the_same_number_always_lives_in_the_same_home() -> None:
    places = [community("甲", 100), community("乙", 300)]
    assert Placing(places).home_of("4711") == Placing(places).home_of("4711")


def test_big_communities_call_more_often_in_proportion() -> None:
    placing = Placing([community("甲", 100), community("乙", 300)])
    count = Counter(placing.home_of(str(number)).community.name for number in range(4000))
    assert 0.70 < count["乙"] / 4000 < 0.80


def test_impossible_counts_are_capped_and_unknown_ones_get_the_median() -> None:
    placing = Placing(
        [community("甲", 30_000), community("乙", 20), community("丙", 10), community("丁", None)], cap=8000
    )
    assert placing.default_households == 20
    assert placing.unknown_households == 1
    assert max(placing.home_of(str(number)).household for number in range(500)) <= 8000


@given(st.text(max_size=20), st.lists(st.one_of(st.none(), st.integers(1, 50_000)), min_size=1, max_size=20))
def test_every_home_exists_in_its_community(number: str, counts: list[int | None]) -> None:
    placing = Placing([community(str(index), count) for index, count in enumerate(counts)])
    home = placing.home_of(number)
    assert 1 <= home.household <= min(home.community.households or placing.default_households, 8000)


def test_without_a_community_there_is_no_placing() -> None:
    with pytest.raises(NoCommunity):
        Placing([])


def test_the_day_is_the_first_working_day_after_the_rules_became_effective() -> None:
    friday = date(2026, 11, 20)
    assert replay_day(friday, lambda day: day.weekday() < 5) == date(2026, 11, 23)


def test_a_calendar_without_working_days_is_an_error() -> None:
    with pytest.raises(NoWorkingDay):
        replay_day(date(2026, 1, 1), lambda day: False)


def test_wall_times_stay_and_stand_in_shanghai() -> None:
    assert moved(time(15, 53, 50), date(2026, 11, 23)).isoformat() == "2026-11-23T15:53:50+08:00"
