"""A problem in parts: nothing lost, nothing cut that belongs together, and a border that is looked at again."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from yuanxin.engines.routing.borders import Solved, border, merged
from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.clustered import solve_clustered, solve_parts
from yuanxin.engines.routing.clusters import Part, split
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.generators import province
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Pin, Problem
from yuanxin.engines.routing.reasons import Cause
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.tests.make import job, place, problem, technician
from yuanxin.engines.routing.watching import Watch

FAST = "greedy"


def town(size: int = 6) -> Problem:
    """Technicians in a row of kilometres, a grid for every two of them, and jobs that lean to the east."""
    people = [technician(f"t{n}", at=place(n * 2, 0), grid_ids=frozenset({f"g{n // 2}"})) for n in range(size)]
    jobs = [job(f"j{n}", at=place(n * 0.7 + 1, (n % 3) * 0.4), grid=f"g{n % size // 2}") for n in range(size * 3)]
    return problem(*people, *jobs)


def ids(part: Part) -> tuple[set[str], set[str]]:
    return {one.id for one in part.problem.technicians}, {one.id for one in part.problem.jobs}


@settings(max_examples=20)
@given(st.integers(1, 8), st.integers(2, 12))
def test_every_technician_and_job_is_in_exactly_one_part(most: int, size: int) -> None:
    whole = town(size)
    parts = split(whole, most)
    for kind, all_of_them in ((0, whole.technician_by_id), (1, whole.job_by_id)):
        found = [one for part in parts for one in ids(part)[kind]]
        assert sorted(found) == sorted(all_of_them)
    assert parts == split(whole, most)


def test_a_grid_is_not_cut_and_parts_are_about_equal() -> None:
    parts = split(town(8), 4)
    assert [len(part.problem.technicians) for part in parts] == [4, 4]
    for part in parts:
        people, jobs = ids(part)
        grids = {grid for one in part.problem.technicians for grid in one.grid_ids}
        assert {one.grid for one in part.problem.jobs} <= grids
        assert len(people) == len(grids) * 2
        assert jobs
    assert [part.neighbours for part in parts] == [("part-001",), ("part-000",)]


def test_pins_groups_and_predecessors_stay_together() -> None:
    far = [technician("west", at=place(0)), technician("east", at=place(40))]
    whole = problem(
        *far,
        job("pinned", at=place(0), pinned=Pin("east")),
        job("first", at=place(40)),
        job("second", at=place(0), predecessor="first"),
        job("left", at=place(0), group="one-home"),
        job("right", at=place(40), group="one-home"),
    )
    parts = split(whole, 1)
    where = {one: part.name for part in parts for one in ids(part)[0] | ids(part)[1]}
    assert where["west"] != where["east"]
    assert where["pinned"] == where["east"]
    assert where["first"] == where["second"]
    assert where["left"] == where["right"]


def test_technicians_on_one_spot_are_one_part() -> None:
    whole = problem(technician("a"), technician("b"), job("x"))
    assert len(split(whole, 1)) == 1


def two_sides(*jobs: str, crew: bool = False) -> tuple[Solved, Solved, Problem]:
    """West does everything near the border although east is closer; the cut gave it the jobs."""
    west, east = technician("west", at=place(0)), technician("east", at=place(2))
    work = [job(name, at=place(1.9, 0.1 * n)) for n, name in enumerate(jobs)]
    mates = (technician("mate", at=place(-30)),) if crew else ()
    shared = (job("shared", at=place(-9), crew=2),) if crew else ()
    left = problem(west, *mates, *work, *shared)
    right = problem(east, job("own", at=place(2.1)))
    plans = [engine(FAST).solve(one, 5.0) for one in (left, right)]
    sides = [
        Solved(name, (other,), one, plan, 0.0)
        for name, other, one, plan in zip("we", "ew", (left, right), plans, strict=True)
    ]
    return sides[0], sides[1], problem(west, *mates, east, *work, *shared, job("own", at=place(2.1)))


def both(one: Solved, two: Solved) -> Plan:
    return replace(
        one.plan,
        visits=one.plan.visits + two.plan.visits,
        breaks=one.plan.breaks + two.plan.breaks,
        unserved={**one.plan.unserved, **two.plan.unserved},
    )


def test_a_border_pass_gives_a_job_to_the_nearer_neighbour() -> None:
    west, east, whole = two_sides("x", "y")
    before = evaluate(whole, both(west, east)).total
    free, warm = border(west, east)
    assert {one.id for one in free.technicians} == {"west", "east"}
    assert warm.score.total == before
    new_west, new_east = merged(west, east, free, engine(FAST).solve(free, 5.0))
    assert {visit.job for visit in new_east.plan.visits} == {"x", "y", "own"}
    assert {one.id for one in new_east.problem.jobs} == {"x", "y", "own"}
    assert new_west.problem.jobs == ()
    plan = both(new_west, new_east)
    assert violations(whole, plan) == []
    assert evaluate(whole, plan).total < before
    assert new_west.plan.score.total + new_east.plan.score.total == evaluate(whole, plan).total


def test_whoever_shares_a_crew_with_somebody_far_away_keeps_his_day() -> None:
    west, east, _ = two_sides("x", crew=True)
    assert {visit.tech for visit in west.plan.visits_of["shared"]} == {"west", "mate"}
    free, _ = border(west, east)
    assert {one.id for one in free.technicians} == {"east"}
    assert {one.id for one in free.jobs} == {"own"}


def test_the_whole_problem_in_parts_gives_one_plan_that_may_be_offered() -> None:
    whole = town(8)
    plan = solve_clustered(whole, 3.0, name=FAST, most=2)
    assert violations(whole, plan) == []
    assert plan.score == evaluate(whole, plan)
    alone = [engine(FAST).solve(part.problem, 3.0).score.total for part in split(whole, 2)]
    assert plan.score.total <= sum(alone)


def test_parts_are_drawn_one_by_one_and_yielded_when_their_borders_are_done() -> None:
    drawn: list[str] = []

    def watched() -> Iterator[Part]:
        for part in split(town(8), 2):
            drawn.append(part.name)
            yield part

    first = next(solve_parts(watched(), 1.0, name=FAST))
    assert first.name == "part-000"
    assert len(drawn) < 4
    assert {one.name for one in solve_parts(watched(), 1.0, name=FAST)} == {f"part-{n:03}" for n in range(4)}


def test_two_processes_solve_what_one_does() -> None:
    parts = list(province(1, cities=1, technicians=12, jobs=40))
    alone = list(solve_parts(parts, 5.0, name=FAST))
    beside = list(solve_parts(parts, 5.0, name=FAST, processes=2))
    assert [(one.name, one.plan.visits) for one in alone] == [(one.name, one.plan.visits) for one in beside]


def test_a_cancelled_run_starts_nothing_more_and_says_so() -> None:
    plan = solve_clustered(town(8), 1.0, name=FAST, most=2, watch=Watch(cancelled=lambda: True))
    assert plan.visits == ()
    assert {why.cause for reasons in plan.unserved.values() for why in reasons} == {Cause.OUT_OF_TIME}
    assert len(plan.unserved) == 24
