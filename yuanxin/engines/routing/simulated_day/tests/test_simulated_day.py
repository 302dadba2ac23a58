"""A day that unfolds: what really happens, under today's practice and under the engine."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuanxin.engines.routing.errors import CrewsNotSimulated
from yuanxin.engines.routing.generators import same_day
from yuanxin.engines.routing.plan import MovePrice
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.simulated_day import Day, Dice, Nearest, Outcome, Planned, Policy, live
from yuanxin.engines.routing.tests.make import job, place, problem, t, technician

AS_PLANNED = Dice(0, work_spread=0, drive_spread=0)


def engine(seconds: float = 0.1) -> Planned:
    """The engine with the prices of the tests."""
    return Planned(move=MovePrice(600, 200, 900), seconds=seconds, again_s=seconds)


BOTH = pytest.mark.parametrize("policy", [Nearest(), engine()], ids=["nearest", "engine"])


def day(asked: Problem, known: Mapping[str, int] | None = None, dice: Dice = AS_PLANNED) -> Day:
    """A day of which everything is known before, unless said otherwise."""
    return Day(asked, known or {}, dice)


def order(outcome: Outcome) -> list[tuple[str, str]]:
    """Who did what, in order."""
    return [(one.tech, one.job) for one in sorted(outcome.visits, key=lambda one: one.start)]


@BOTH
def test_without_surprises_the_day_goes_as_planned(policy: Policy) -> None:
    asked = problem(technician(lunch=True), *(job(f"j{n}", minutes=60, priority=2) for n in range(6)))
    lived = live(day(asked), policy)
    assert lived.done == {2: 6}
    assert lived.left == {}
    out = asked.travel.seconds(asked.technicians[0].home, asked.jobs[0].place)
    assert lived.travel_s == 2 * out
    assert lived.visits[-1].finish == t(0) + out + 6 * 3600 + 1800  # the lunch break too
    assert lived.late_s == lived.changed == lived.overtime_s == 0
    assert lived.told == 6


@BOTH
def test_nobody_goes_to_a_ticket_before_it_is_known(policy: Policy) -> None:
    asked = problem(technician(), job("early"), job("called"))
    lived = live(day(asked, {"called": t(200)}), policy)
    assert order(lived) == [("chen", "early"), ("chen", "called")]
    assert lived.visits[1].start >= t(200)


@BOTH
def test_work_that_takes_longer_makes_the_next_customer_wait(policy: Policy) -> None:
    slow = Dice(5, work_spread=0.9, drive_spread=0)
    first, second = job("a", minutes=100, windows=((t(0), t(20)),)), job("b", windows=((t(110), t(130)),))
    lived = live(day(problem(technician(), first, second), dice=slow), policy)
    long_s = slow.work_s(first)
    assert long_s > 140 * 60  # the seed was chosen so
    assert lived.visits[0].finish - lived.visits[0].start == long_s
    assert lived.late_jobs == 1
    assert lived.late_s == lived.visits[1].start - t(130)


def test_the_nearest_goes_and_nobody_looks_again() -> None:
    # The one nearby is sent to the first call, so the second, next to him, waits; the engine moves the promise.
    people = technician("near", at=place(4, 0)), technician("far", at=place(-4, 0))
    calls = job("first", at=place(0.2, 0), minutes=120), job("second", at=place(4, 0), windows=((t(60), t(120)),))
    known = {"first": t(10), "second": t(12)}
    assert order(live(day(problem(*people, *calls), known), Nearest())) == [("near", "first"), ("far", "second")]


def test_a_ticket_that_missed_its_window_goes_to_whoever_is_free() -> None:
    busy = job("long", minutes=200, priority=1)
    missed = job("missed", minutes=30, windows=((t(60), t(90)),), priority=2)
    lived = live(day(problem(technician(), busy, missed), {"missed": t(50)}), Nearest())
    assert order(lived) == [("chen", "long"), ("chen", "missed")]
    assert lived.late_jobs == 1


def test_what_no_shift_holds_is_left_and_counted() -> None:
    lived = live(day(problem(technician(), *(job(f"j{n}", minutes=300, priority=n + 1) for n in range(2)))), Nearest())
    assert (lived.done, lived.left) == ({1: 1}, {2: 1})


def test_work_of_a_crew_is_refused_by_name() -> None:
    with pytest.raises(CrewsNotSimulated):
        day(problem(technician(), job(crew=2)))


@pytest.mark.parametrize("policy", [Nearest(), engine(0.02)], ids=["nearest", "engine"])
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_laws_of_a_day(policy: Policy, seed: int) -> None:
    asked, known = same_day(seed, technicians=3, jobs=14, dynamic=0.5)
    dice = Dice(seed)
    lived = live(day(asked, known, dice), policy)
    done = [visit.job for visit in lived.visits]
    assert len(done) == len(set(done))
    assert lived.done_total + sum(lived.left.values()) == len(asked.jobs)
    assert set(done) <= set(asked.job_by_id)
    for visit in lived.visits:
        wish = asked.job_by_id[visit.job]
        assert visit.start - visit.travel_s >= known[visit.job]
        assert visit.start >= max(wish.release, wish.windows[0][0])
        assert visit.finish - visit.start == dice.work_s(wish)  # whoever goes
        assert wish.skills.keys() <= asked.technician_by_id[visit.tech].skills.keys()
    for one in asked.technicians:
        mine = sorted((visit for visit in lived.visits if visit.tech == one.id), key=lambda visit: visit.start)
        assert all(visit.start - visit.travel_s >= one.start for visit in mine[:1])
        spans = [(visit.start, visit.finish) for visit in mine]
        spans += [(rest.start, rest.finish) for rest in lived.rests if rest.tech == one.id]
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))
        assert all(before.finish + after.travel_s <= after.start for before, after in pairwise(mine))
        for rest in one.breaks:
            taken = [taken.start for taken in lived.rests if taken.tech == one.id]
            late = [visit.start for visit in mine[1:] if visit.start > rest.latest]
            assert not late or (taken and rest.earliest <= taken[0] <= late[0])


def test_the_same_day_again_is_the_same_day() -> None:
    asked, known = same_day(5, technicians=5, jobs=30)
    lived = [live(day(asked, known, Dice(5)), Nearest()) for _ in range(2)]
    assert replace(lived[0], seconds=0) == replace(lived[1], seconds=0)
