"""Draws of a replay: repeatable, independent of each other, within bounds."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from yuanxin.published.codes import CloseType
from yuanxin.simulation.replay.dice import Dice


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    numbers = [str(number) for number in range(300)]
    story = [(Dice(7).answer(number), Dice(7).close_type(number)) for number in numbers]
    assert story == [(Dice(7).answer(number), Dice(7).close_type(number)) for number in numbers]
    assert story != [(Dice(8).answer(number), Dice(8).close_type(number)) for number in numbers]


@given(st.integers(), st.text(max_size=12))
def test_every_answer_is_one_that_care_accepts(seed: int, number: str) -> None:
    answer = Dice(seed).answer(number)
    assert (answer.agrees is None) == (not answer.reached)
    assert answer.score is None or (answer.agrees and 1 <= answer.score <= 10)


@given(st.integers(), st.text(max_size=12), st.integers(0, 300))
def test_times_are_never_shorter_than_the_shortest_way(seed: int, number: str, minutes: int) -> None:
    assert Dice(seed).travel_time(number, timedelta(minutes=minutes)) >= timedelta(minutes=5)
    assert Dice(seed).repair_time(number, "slow_speed") > timedelta(0)


def test_shares_come_out_as_the_table_says() -> None:
    ends = [Dice(1).close_type(str(number)) for number in range(3000)]
    assert 0.03 < ends.count(CloseType.EMPTY_TRIP) / 3000 < 0.07
    assert ends.count(CloseType.FIXED) / 3000 > 0.8
