"""Who is missing on a day: counted by really giving the jobs to somebody more."""

from dataclasses import replace

from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.insertion import sorted_options
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.shortages import shortages
from yuanxin.engines.routing.tests.make import job, place, problem, t, technician


def solve(asked: Problem) -> Plan:
    """Plan with plenty of time."""
    return engine("greedy").solve(asked, seconds=30)


def test_one_more_splicer_in_the_afternoon_serves_three_more() -> None:
    waiting = [
        job(f"j{n}", at=place(2 + n / 5, 1), minutes=30, skills={"fibre": 2}, windows=((t(360), t(480)),))
        for n in range(3)
    ]
    asked = problem(technician("tv", skills={"tv": 1}), job("mine", skills={"tv": 1}), *waiting)
    (one,) = shortages(asked, solve(asked))
    assert one.skills == (("fibre", 2),)
    assert (one.begins, one.ends) == (t(360), t(480))
    assert set(one.jobs) == {"j0", "j1", "j2"}
    assert one.value == 60_000 > one.price > 0


def test_the_biggest_gap_comes_first_and_what_is_said_comes_true() -> None:
    wanted = [job(f"f{n}", skills={"fibre": 1}) for n in range(2)] + [job("s", skills={"security": 1})]
    asked = problem(technician(skills={"tv": 1}), *wanted)
    plan = solve(asked)
    first, second = shortages(asked, plan)
    assert (dict(first.skills), dict(second.skills)) == ({"fibre": 1}, {"security": 1})
    lent = technician("lent", at=asked.job_by_id[first.jobs[0]].place, skills=dict(first.skills))
    lent = replace(lent, start=first.begins, end=first.ends)
    draft = load(replace(asked, technicians=(*asked.technicians, lent)), plan)
    for one in first.jobs:
        draft.put(asked.job_by_id[one], next(sorted_options(draft, asked.job_by_id[one])).routes)
    assert set(first.jobs) <= set(draft.crews)


def test_where_nothing_is_left_out_nobody_is_missing() -> None:
    asked = problem(technician(), job())
    assert shortages(asked, solve(asked)) == ()
