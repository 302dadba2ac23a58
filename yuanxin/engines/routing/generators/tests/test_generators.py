"""The invented days: the same seed gives the same day, and each day has the shape that was asked for."""

from collections.abc import Callable

import pytest

from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.generators import at_half_past_ten, city, province, same_day, technician_day
from yuanxin.engines.routing.generators.day import HOUR, SKILLS, counted, start_by
from yuanxin.engines.routing.place import distance_m
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.scoring import evaluate


@pytest.mark.parametrize("made", [technician_day, city, lambda seed: same_day(seed)[0]])
def test_the_same_seed_gives_the_same_day_and_another_seed_another(made: Callable[[int], Problem]) -> None:
    assert made(7) == made(7)
    assert made(7) != made(8)


def test_a_district_has_the_shape_of_its_description() -> None:
    shapes = [counted(technician_day(seed)) for seed in range(10)]
    assert all((shape["technicians"], shape["jobs"], shape["shift_h"]) == (60, 500, 450) for shape in shapes)
    assert 310 < sum(shape["work_h"] for shape in shapes) / 10 < 360
    assert 75 < sum(shape["with_sla"] for shape in shapes) / 10 < 100


def test_technicians_and_jobs_are_as_described() -> None:
    problem = technician_day(7)
    assert len({one.home for one in problem.technicians}) == 6
    for one in problem.technicians:
        assert one.end - one.start == 8 * HOUR
        assert 1 <= len(one.skills) <= 3
        assert [(rest.latest - rest.earliest, rest.dur) for rest in one.breaks] == [(2 * HOUR, HOUR // 2)]
    lengths = [job.windows[0][1] - job.windows[0][0] for job in problem.jobs]
    assert 0.5 < sum(length == 2 * HOUR for length in lengths) / 500 < 0.7
    assert {job.priority: (job.value, job.late_rate) for job in problem.jobs if job.due}.items() <= {
        1: (10_000, 4),
        2: (6_000, 3),
        3: (3_500, 2),
        4: (2_000, 1),
    }.items()
    assert {code for job in problem.jobs for code in job.skills} == set(SKILLS)
    for job in problem.jobs:
        by = start_by(job)
        assert by is None or job.windows[0][0] <= by <= job.windows[0][1]


def test_a_ticket_of_the_day_is_visited_after_its_call() -> None:
    problem, known = same_day(3, dynamic=0.5)
    called = [job for job in problem.jobs if known[job.id] > problem.now]
    assert len(called) == 250
    for job in called:
        assert known[job.id] < job.release <= job.windows[0][0] <= job.windows[0][1]
        assert job.due is None or start_by(job) >= job.windows[0][0]  # type: ignore[operator]


def test_half_past_ten_is_a_plan_that_stands_with_its_morning_decided() -> None:
    at_work = at_half_past_ten(1, engine("greedy"), seconds=2, technicians=20, jobs=130)
    assert violations(at_work.problem, at_work.plan) == []
    assert evaluate(at_work.problem, at_work.plan) == at_work.plan.score
    facts = [job for job in at_work.problem.jobs if at_work.problem.is_fact(job)]
    assert 0 < len(facts) == len(at_work.frozen) < len(at_work.plan.visits)
    assert all(one.promised for one in at_work.problem.jobs if one.id in at_work.plan.visits_of and one not in facts)
    again = engine("greedy").solve(at_work.problem, 0, warm=at_work.plan)
    assert set(at_work.plan.visits_of) <= set(again.visits_of)
    assert all(again.visits_of[job] == at_work.plan.visits_of[job] for job in at_work.frozen)


def test_a_province_adds_up_and_its_clusters_lie_side_by_side() -> None:
    clusters = list(province(5, cities=3, technicians=1500, jobs=3001))
    assert sum(len(one.problem.technicians) for one in clusters) == 1500
    assert sum(len(one.problem.jobs) for one in clusters) == 3001
    assert len({job.id for one in clusters for job in one.problem.jobs}) == 3001
    assert all(len(one.problem.technicians) <= 250 for one in clusters)
    by_name = {one.name: one for one in clusters}
    for one in clusters:
        for name in one.neighbours:
            other = by_name[name]
            apart = distance_m(one.area.corner, other.area.corner) / 1000
            assert one.name in other.neighbours
            assert apart == pytest.approx(one.area.width_km, rel=0.02)
