"""The search: seeds repeat themselves, limits hold, depots and late leaving are planned, numba changes nothing."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings

from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.plan import MovePrice, Plan
from yuanxin.engines.routing.problem import Depot, Problem, Rules
from yuanxin.engines.routing.replanning import replan
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.tests.make import job, place, problem, t, technician
from yuanxin.engines.routing.tests.test_laws import problems
from yuanxin.engines.routing.watching import Progress, Watch

DAY = problem(
    *(technician(f"t{n}", at=place(3 * n, n), lunch=True) for n in range(4)),
    *(
        job(
            f"j{n}",
            at=place(n * 7 % 12, n * 5 % 9),
            windows=((t(60 * (n % 6)), t(60 * (n % 6) + 120)),) if n % 3 else (),
            due=t(200) if n % 4 == 0 else None,
            late_rate=2,
        )
        for n in range(30)
    ),
)


def solved(asked: Problem, rounds: int = 300, seed: int = 1) -> Plan:
    """Search for a fixed number of rounds and let the checker judge."""
    plan = engine("own").solve(asked, seconds=600, seed=seed, watch=Watch(rounds=rounds))
    assert violations(asked, plan) == []
    assert evaluate(asked, plan) == plan.score
    return plan


def test_the_same_seed_gives_the_same_plan_and_more_rounds_no_worse_one() -> None:
    assert solved(DAY).visits == solved(DAY).visits
    first = engine("greedy").solve(DAY, seconds=60)
    assert solved(DAY).score.total < first.score.total


def test_a_warm_start_is_never_made_worse() -> None:
    plan = solved(DAY)
    again = engine("own").solve(DAY, seconds=60, warm=plan, seed=9, watch=Watch(rounds=20))
    assert again.score.total <= plan.score.total


def test_the_caller_hears_of_progress_and_may_end_the_run() -> None:
    heard: list[Progress] = []
    watch = Watch(progress=heard.append, cancelled=lambda: len(heard) >= 2)
    plan = engine("own").solve(DAY, seconds=600, watch=watch)
    assert violations(DAY, plan) == []
    assert len(heard) == 2
    assert heard[0].rounds < heard[1].rounds
    assert heard[1].total <= heard[0].total


def test_the_clock_on_the_wall_ends_a_run_too() -> None:
    plan = engine("own").solve(DAY, seconds=600, watch=Watch(wall_seconds=0))
    assert plan.unserved


def test_a_depot_is_visited_when_the_van_lacks_a_part_or_a_tool() -> None:
    depot = Depot(place(1, 0), dur=600)
    person = technician("chen", parts={"onu": 1}, depot=depot)
    asked = problem(
        person,
        *(job(f"j{n}", at=place(2 + n, 1), parts={"onu": 1}) for n in range(3)),
        job("splice", at=place(4, 4), tools=frozenset({"splicer"})),
    )
    plan = solved(asked)
    assert not plan.unserved
    (stop,) = plan.stops
    assert stop.finish - stop.arrive == 600
    assert sum(1 for visit in plan.visits if visit.finish <= stop.arrive) <= 1
    poor = replace(asked, technicians=(replace(person, depot=None),))
    assert len(solved(poor).visits) == 1


def test_who_may_leave_late_does_not_wait_at_the_door() -> None:
    asked = problem(technician(), job(windows=((t(200), t(260)),)), rules=Rules(leave_late=True), working_permille=1000)
    plan = solved(asked)
    visit = plan.visits[0]
    assert visit.arrive == visit.start
    assert plan.score.terms["working_time"] == visit.finish - visit.start + 2 * visit.travel_s


def test_a_repair_around_one_job_places_it_and_pays() -> None:
    new = job("new", at=place(0, 1), value=50_000)
    asked = replace(DAY, jobs=(*DAY.jobs, new))
    price = MovePrice(technician_change=0, eta_shift_permille=0, eta_tolerance_s=900)
    plan = engine("greedy").solve(DAY, seconds=60)
    near = replan(asked, plan, 600, price, watch=Watch(rounds=200), around=["new"])
    assert violations(asked, near.after) == []
    assert "new" in near.after.visits_of
    assert near.after.score.total < near.before.score.total


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_search_breaks_no_rule_and_its_price_is_true(asked: Problem) -> None:
    first = engine("greedy").solve(asked, seconds=60)
    plan = solved(asked, rounds=60)
    assert set(plan.visits_of) | set(plan.unserved) == set(asked.job_by_id)
    assert plan.score.total <= first.score.total


@pytest.mark.parametrize("missing", ["disabled", "absent"])
def test_without_numba_the_plan_is_the_same(missing: str) -> None:
    script = (
        "import sys\n"
        + ("sys.modules['numba'] = None\n" if missing == "absent" else "")
        + "from yuanxin.engines.routing.tests.test_search import DAY, solved\n"
        "print([(v.job, v.tech, v.start) for v in solved(DAY, rounds=25).visits])"
    )
    environment = dict(os.environ) | ({"NUMBA_DISABLE_JIT": "1"} if missing == "disabled" else {})
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
    assert done.stdout.strip() == str([(v.job, v.tech, v.start) for v in solved(DAY, rounds=25).visits])
