"""Team forming: what a schedule must hold whatever the problem, and what small problems answer."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuanxin.engines.routing.errors import CrewTooSmall, DuplicateId, NegativeDuration, PredecessorLoop, UnknownJob
from yuanxin.engines.routing.teams import outsourcing
from yuanxin.engines.routing.teams.arrays import COMPILED, facts_of
from yuanxin.engines.routing.teams.checker import breaches, cost_of
from yuanxin.engines.routing.teams.daily import reformed
from yuanxin.engines.routing.teams.decoding import STYLES, TASTES, decode
from yuanxin.engines.routing.teams.generator import GRIDS, Recipe, generate, without_teams
from yuanxin.engines.routing.teams.problem import Intervention, TeamProblem, Technician
from yuanxin.engines.routing.teams.schedule import Schedule, Task, WhyNot
from yuanxin.engines.routing.teams.search import room_for
from yuanxin.engines.routing.teams.solving import solve
from yuanxin.engines.routing.watching import Watch

FEW = Watch(rounds=400)


def technician(id: str, *levels: int, absent: tuple[int, ...] = ()) -> Technician:
    return Technician(id, levels, frozenset(absent))


def job(id: str, *needs: tuple[int, ...], units: int = 60, priority: int = 1, **more: object) -> Intervention:
    return Intervention(id, units, priority, needs or ((1,),), **more)  # type: ignore[arg-type]


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(GRIDS), st.booleans(), st.sampled_from([0.0, 0.2]))
def test_every_generated_problem_gets_a_schedule_that_may_be_worked(
    seed: int, grid: tuple[int, int], alone: bool, budget: float
) -> None:
    recipe = Recipe(domains=grid[0], levels=grid[1], technicians=8, interventions=14, waits=0.4, budget=budget)
    problem = without_teams(generate(seed, recipe)) if alone else generate(seed, recipe)
    schedule = solve(problem, 20, seed, FEW)
    assert breaches(problem, schedule) == []
    assert cost_of(problem, schedule) == (schedule.cost, schedule.ends)
    assert not schedule.left_out


def test_the_same_seed_and_rounds_give_the_same_schedule() -> None:
    problem = generate(3, Recipe(technicians=8, interventions=20))
    one, two = (solve(problem, 60, 5, FEW) for _ in range(2))
    assert (one.tasks, one.teams, one.cost) == (two.tasks, two.teams, two.cost)


def test_searching_longer_is_never_worse_than_the_first_order() -> None:
    problem = generate(8, Recipe(technicians=8, interventions=25))
    assert solve(problem, 60, 1, Watch(rounds=3000)).cost <= solve(problem, 60, 1, Watch(rounds=1)).cost


def test_two_people_meet_the_need_that_one_cannot_and_the_absent_day_is_kept() -> None:
    problem = TeamProblem((technician("chen", 2, absent=(1,)), technician("li", 1)), (job("cut", (2, 1), units=30),))
    schedule = solve(problem, 5, 0, FEW)
    assert schedule.tasks == (Task("cut", 2, 0, 0),)
    assert schedule.teams == {2: (("chen", "li"),)}
    assert schedule.cost == 150 * (28 + 1)


def test_urgent_work_ends_first() -> None:
    problem = TeamProblem((technician("chen", 1),), (job("later", priority=3), job("now", priority=1)))
    assert {task.job: task.start for task in solve(problem, 5, 0, FEW).tasks} == {"now": 0, "later": 60}


def test_what_nobody_can_do_is_left_out_with_its_reason_and_so_is_what_waits_for_it() -> None:
    problem = TeamProblem(
        (technician("chen", 1), technician("li", 1)),
        (
            job("splice", (0, 1)),
            job("long", (1, 0), units=121),
            job("after", (1, 0), before=("splice",)),
            job("easy", (1, 0)),
        ),
    )
    schedule = solve(problem, 5, 0, FEW)
    assert breaches(problem, schedule) == []
    assert {name: one.why for name, one in schedule.left_out.items()} == {
        "splice": WhyNot.TOO_FEW_SKILLED,
        "long": WhyNot.LONGER_THAN_A_DAY,
        "after": WhyNot.PREDECESSOR_LEFT_OUT,
    }
    assert (schedule.left_out["splice"].level, schedule.left_out["splice"].needed) == (2, 1)
    trained = replace(problem, technicians=(technician("chen", 2), technician("li", 1)))
    assert "splice" not in solve(trained, 5, 0, FEW).left_out


def test_the_budget_pays_for_what_nobody_here_can_do_with_everything_that_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work = (job("splice", (0, 1), price=100), job("after", (1, 0), price=50, before=("splice",)), job("easy", (1, 0)))
    for budget, outside in ((99, {"easy"}), (149, {"easy"}), (150, {"splice", "after", "easy"})):
        problem = TeamProblem((technician("chen", 1),), work, budget=budget)
        for exact in {outsourcing.EXACT, False}:
            monkeypatch.setattr(outsourcing, "EXACT", exact)
            schedule = solve(problem, 5, 0, FEW)
            assert breaches(problem, schedule) == []
            assert schedule.outsourced == outside


def test_nobody_at_all_leaves_everything_out() -> None:
    problem = TeamProblem((), (job("cut"),))
    assert solve(problem, 5, 0, FEW).left_out["cut"].why is WhyNot.TOO_FEW_SKILLED
    assert solve(TeamProblem((), ()), 5, 0, FEW).cost == 0


def test_a_job_that_needs_no_skill_still_needs_a_person() -> None:
    problem = TeamProblem((technician("chen", 1),), (job("carry", (0,)), job("hold", (0,))))
    schedule = solve(problem, 5, 0, FEW)
    assert breaches(problem, schedule) == []
    assert sorted(task.start for task in schedule.tasks) == [0, 60]


@pytest.mark.skipif(not COMPILED, reason="numba is not installed: only the plain code is there")
def test_the_compiled_code_and_the_plain_code_decode_alike() -> None:
    problem = generate(2, Recipe(technicians=8, interventions=12))
    facts = facts_of(problem, list(problem.order))
    room, jobs = room_for(facts), np.arange(12)
    energies = [
        code(facts, room.board, jobs, jobs % STYLES, TASTES, room.picked, room.stack)
        for code in (decode, decode.py_func)  # type: ignore[attr-defined]
    ]
    assert energies[0] == pytest.approx(energies[1])


@pytest.mark.skipif(not outsourcing.EXACT, reason="OR-Tools (extra peers) is not installed")
def test_forming_a_day_anew_finds_the_team_that_was_missed() -> None:
    """Two pairs of one expert and one helper do in one day what experts together and helpers together do in two."""
    people = tuple(technician(name, level) for name, level in (("a", 2), ("b", 2), ("c", 1), ("d", 1)))
    problem = TeamProblem(people, tuple(job(name, (2, 1), units=120) for name in ("x", "y")))
    poor = Schedule((Task("x", 1, 0, 0), Task("y", 2, 0, 0)), {1: (("a", "b"),), 2: (("a", "b"),)})
    poor = replace(poor, cost=cost_of(problem, poor)[0], ends=cost_of(problem, poor)[1])
    better = reformed(problem, poor, [1, 2], 5.0, 0)
    assert breaches(problem, better) == []
    assert better.ends == (120, 0, 0, 120)
    assert reformed(problem, poor, [2], 5.0, 0).ends == poor.ends


def test_a_cancelled_run_still_gives_a_schedule() -> None:
    problem = generate(1, Recipe(technicians=8, interventions=20))
    assert breaches(problem, solve(problem, 600, 0, Watch(cancelled=lambda: True))) == []


def test_an_impossible_problem_is_refused_at_the_door() -> None:
    chen = technician("chen", 1)
    with pytest.raises(DuplicateId):
        TeamProblem((chen, chen), ())
    with pytest.raises(UnknownJob):
        TeamProblem((chen,), (job("a", before=("b",)),))
    with pytest.raises(PredecessorLoop):
        TeamProblem((chen,), (job("a", before=("b",)), job("b", before=("a",))))
    with pytest.raises(CrewTooSmall):
        TeamProblem((chen,), (job("a", (1,), (1,)),))
    with pytest.raises(NegativeDuration):
        job("a", units=0)
    with pytest.raises(NegativeDuration):
        job("a", priority=5)


def test_the_checker_finds_what_is_broken() -> None:
    problem = TeamProblem(
        (technician("chen", 2, absent=(2,)), technician("li", 1)),
        (job("a", (1, 1)), job("b", (1, 0), before=("a",))),
    )
    right = Schedule((Task("a", 1, 0, 0), Task("b", 1, 0, 60)), {1: (("chen", "li"),)})
    assert breaches(problem, right) == []
    wrong = {
        "not_once": replace(right, tasks=right.tasks[:1]),
        "overlap": replace(right, tasks=(Task("a", 1, 0, 0), Task("b", 1, 0, 30))),
        "predecessor": replace(right, tasks=(Task("a", 1, 0, 60), Task("b", 1, 0, 0))),
        "outside_the_day": replace(right, tasks=(Task("a", 1, 0, 0), Task("b", 1, 0, 61))),
        "two_teams": replace(right, teams={1: (("chen", "li"), ("li",))}),
        "absent": replace(right, teams={1: (("chen",),), 2: (("chen",),)}),
        "skills": replace(right, teams={1: (("li",),)}),
        "no_team": replace(right, teams={}),
        "budget": replace(right, tasks=right.tasks[:1], outsourced=frozenset({"b"})),
    }
    priced = replace(problem, interventions=(problem.interventions[0], replace(problem.interventions[1], price=1)))
    for rule, schedule in wrong.items():
        assert rule in {breach.rule for breach in breaches(priced, schedule)}, rule
