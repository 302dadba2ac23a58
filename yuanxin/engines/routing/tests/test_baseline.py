"""Today's practice: the nearest free technician, one ticket after the other."""

from dataclasses import replace

from hypothesis import assume, given

from yuanxin.engines.routing.baseline import baseline
from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.tests.make import job, place, problem, t, technician
from yuanxin.engines.routing.tests.test_laws import problems, quickly


def share_out(asked: Problem, given: Plan | None = None) -> Plan:
    """Plan as today, and let the checker judge."""
    plan = baseline(asked, given)
    assert violations(asked, plan) == []
    return plan


@quickly
@given(problems())
def test_todays_practice_breaks_no_hard_rule_and_drops_nothing_in_silence(asked: Problem) -> None:
    begun = [one.pinned for one in asked.jobs if asked.is_fact(one)]
    assume(len(set(begun)) == len(begun))  # nobody begins two jobs at one instant
    plan = engine("baseline").solve(asked, seconds=5)
    assert violations(asked, plan) == []
    assert set(plan.visits_of) | set(plan.unserved) == set(asked.job_by_id)
    assert all(plan.unserved.values())


def test_a_ticket_goes_to_the_nearest_even_where_that_spoils_the_day() -> None:
    # The engine would send the second technician, who has nothing to do near the late customer.
    urgent = job("urgent", at=place(5, 0), priority=1, due=t(60))
    other = job("other", at=place(5.5, 0), priority=2, due=t(70), windows=((t(0), t(30)),))
    plan = share_out(problem(technician("near", at=place(4, 0)), technician("far", at=place(9, 0)), urgent, other))
    assert {visit.job: visit.tech for visit in plan.visits} == {"urgent": "near", "other": "far"}


def test_priority_then_promise_decides_who_is_served_where_time_is_short() -> None:
    wishes = [job(f"p{priority}", minutes=400, priority=priority) for priority in (3, 1, 2)]
    assert set(share_out(problem(technician(), *wishes)).visits_of) == {"p1"}
    soon, later = job("soon", minutes=400, due=t(400)), job("later", minutes=400, due=t(450))
    assert set(share_out(problem(technician(), later, soon)).visits_of) == {"soon"}


def test_a_later_ticket_moves_nobody_who_was_told_a_time() -> None:
    told = problem(technician(), job("told", at=place(3, 0), minutes=60))
    morning = share_out(told)
    plan = share_out(replace(told, jobs=(*told.jobs, job("new", at=place(1, 0), priority=1))), morning)
    starts = {visit.job: visit.start for visit in plan.visits}
    assert starts["told"] == morning.visits[0].start < starts["new"]


def test_waiting_time_before_a_window_is_free_time() -> None:
    noon = job("noon", at=place(9, 0), windows=((t(240), t(300)),), priority=1)
    asked = problem(technician(), noon, job("whenever", at=place(1, 0), priority=2))
    assert [visit.job for visit in share_out(asked).routes["chen"]] == ["whenever", "noon"]


def test_who_lacks_the_skill_or_the_time_is_passed_over() -> None:
    unable = technician("near", at=place(2, 1))
    busy = technician("next", at=place(3, 1), skills={"fibre": 2}, shift=(0, 60))
    able = technician("far", at=place(9, 9), skills={"fibre": 2})
    wish = job(skills={"fibre": 2}, windows=((t(120), t(180)),))
    assert [visit.tech for visit in share_out(problem(unable, busy, able, wish)).visits] == ["far"]
