"""Stories: what the engine decides, and why it leaves something out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from yuanxin.engines.routing import errors
from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.explaining import explain_unserved
from yuanxin.engines.routing.insertion import insert
from yuanxin.engines.routing.place import Place, distance_m
from yuanxin.engines.routing.plan import ChangeKind, MovePrice, Plan
from yuanxin.engines.routing.problem import Pin, Problem, Promise, Rest, Rules
from yuanxin.engines.routing.reasons import Cause
from yuanxin.engines.routing.replanning import replan
from yuanxin.engines.routing.slots import offer_slots
from yuanxin.engines.routing.tests.make import job, place, problem, t, technician, weights
from yuanxin.engines.routing.travel import GreatCircleTravel
from yuanxin.kernel.errors import DomainError


def solve(asked: Problem, warm: Plan | None = None) -> Plan:
    """Plan with plenty of time and let the checker judge."""
    plan = engine().solve(asked, seconds=30, warm=warm)
    assert violations(asked, plan) == []
    return plan


def causes(plan: Plan, id: str) -> set[Cause]:
    """Return why a job was left out."""
    return {reason.cause for reason in plan.unserved[id]}


def test_the_nearer_technician_goes() -> None:
    near, far = technician("near", at=place(2, 1)), technician("far", at=place(12, 9))
    plan = solve(problem(far, near, job()))
    assert [visit.tech for visit in plan.visits] == ["near"]
    assert plan.visits[0].travel_s == 0


def test_lunch_is_taken_in_its_window_and_work_goes_around_it() -> None:
    plan = solve(problem(technician(lunch=True), *(job(f"j{n}", minutes=60) for n in range(6))))
    assert len(plan.visits) == 6
    (lunch,) = plan.breaks
    assert t(210) <= lunch.start <= t(330)
    assert lunch.finish - lunch.start == 1800


def test_who_is_home_before_lunch_needs_no_break() -> None:
    assert solve(problem(technician(lunch=True), job())).breaks == ()


def test_a_window_is_waited_for() -> None:
    plan = solve(problem(technician(), job(windows=((t(120), t(240)),))))
    assert plan.visits[0].start == t(120)
    assert plan.visits[0].arrive < t(120)


def test_work_after_the_due_instant_is_late_and_priced_by_its_class() -> None:
    late = job(due=t(30), late_rate=3, sla_class="p1")
    plan = solve(problem(technician(), late))
    assert plan.visits[0].late_s > 0
    assert plan.score.terms["lateness:p1"] == 3 * plan.visits[0].late_s


def test_every_unserved_job_says_why_for_every_technician() -> None:
    people = technician("novice", skills={"fibre": 1}), technician("tv"), technician("night", shift=(600, 900))
    asked = problem(*people, job(skills={"fibre": 2}, windows=((t(60), t(120)),)))
    plan = solve(asked)
    assert {reason.technician: reason.cause for reason in plan.unserved["job"]} == {
        "novice": Cause.SKILL_LEVEL,
        "tv": Cause.SKILL_MISSING,
        "night": Cause.SKILL_MISSING,
    }
    assert plan.score.terms == {"unserved": 20_000}
    assert explain_unserved(asked, plan) == plan.unserved


@pytest.mark.parametrize(
    ("hindrance", "cause"),
    [
        ({"tools": frozenset({"otdr"})}, Cause.TOOL_MISSING),
        ({"parts": {"onu": 2}}, Cause.PART_MISSING),
        ({"windows": ((t(-300), t(-200)),)}, Cause.WINDOW),
        ({"minutes": 600}, Cause.SHIFT),
        ({"release": t(470)}, Cause.SHIFT),
        ({"crew": 2}, Cause.CREW),
        ({"value": 1}, Cause.NOT_WORTH_IT),
        ({"pinned": Pin("chen", t(1))}, Cause.PINNED_START),
    ],
)
def test_each_hard_rule_is_named(hindrance: dict[str, Any], cause: Cause) -> None:
    plan = solve(problem(technician(parts={"onu": 1}), job(**hindrance)))
    assert causes(plan, "job") == {cause}


def test_a_full_day_is_no_free_time() -> None:
    plan = solve(problem(technician(), job("long", minutes=420), job("second", value=10_000)))
    assert causes(plan, "second") == {Cause.NO_FREE_TIME}


def test_own_grid_only_is_a_hard_rule_where_the_city_wants_it() -> None:
    outsider = technician(grid_ids=frozenset({"g1"}))
    assert causes(solve(problem(outsider, job(grid="g2"), rules=Rules(own_grid_only=True))), "job") == {Cause.GRID}
    assert solve(problem(outsider, job(grid="g2"))).score.terms["grid_violation"] == 300


def test_a_crew_starts_together() -> None:
    needy = job(crew=2, parts={"pole": 1})
    alone = solve(problem(technician("a", parts={"pole": 1}), needy, job("other")))
    assert causes(alone, "job") == {Cause.CREW}
    stocked = technician("b", at=place(9, 9), parts={"pole": 1})
    plan = solve(problem(technician("a"), stocked, technician("c"), needy, job("other")))
    pair = plan.visits_of["job"]
    assert {visit.start for visit in pair} == {max(visit.arrive for visit in pair)}
    assert "b" in {visit.tech for visit in pair}


def test_a_successor_waits_for_its_predecessor_on_another_van() -> None:
    splice = job("splice", skills={"fibre": 2}, minutes=90)
    test = job("test", skills={"tv": 1}, predecessor="splice")
    plan = solve(problem(technician("f", skills={"fibre": 2}), technician("t", skills={"tv": 1}), splice, test))
    assert plan.visits_of["test"][0].start >= plan.visits_of["splice"][0].finish
    nobody = solve(problem(technician("t", skills={"tv": 1}), splice, test))
    assert causes(nobody, "test") == {Cause.PREDECESSOR_UNSERVED}


def test_orders_of_one_home_go_to_one_technician() -> None:
    jobs = [job(f"j{n}", group="home", grid=f"g{n}", minutes=100) for n in range(3)]
    people = [technician(f"t{n}", grid_ids=frozenset({f"g{n}"})) for n in range(3)]
    plan = solve(problem(*people, *jobs))
    assert len({visit.tech for visit in plan.visits}) == 1


def test_started_work_is_a_fact_and_pins_are_kept() -> None:
    begun = job("begun", pinned=Pin("chen", t(100)), skills={"nobody": 9})
    fixed = job("fixed", pinned=Pin("chen", t(300)))
    plan = solve(problem(technician(), begun, fixed, job("free"), now=120))
    starts = {visit.job: visit.start for visit in plan.visits}
    assert starts["begun"] == t(100)
    assert starts["fixed"] == t(300)
    assert t(140) <= starts["free"]


def test_insert_offers_the_cheapest_places_with_the_price_of_each_term() -> None:
    old, new = job("old", grid="g1", value=90_000), job("new", grid="g1", at=place(3, 3))
    asked = problem(
        *(technician(id, grid_ids=frozenset({grid})) for id, grid in (("own", "g1"), ("other", "g2"))),
        technician("unfit", skills={"tv": 1}),
        old,
        replace(new, skills={"tv": 1}),
    )
    assert [one.tech for one in insert(asked, solve(asked), asked.job_by_id["new"], top=5)] == ["unfit"]
    able = problem(*asked.technicians[:2], old, new)
    plan = solve(replace(able, jobs=(old,)))
    first, *others = insert(able, plan, new, top=5)
    assert first.owns_grid
    assert first.delta == sum(first.breakdown.values()) < 0
    assert first.delta <= min(other.delta for other in others)
    assert {one.tech for one in (first, *others)} == {"own", "other"}
    assert insert(able, plan, new, top=1) == [first]


def test_slots_are_offered_cheapest_first_and_full_windows_are_not() -> None:
    busy = job("busy", minutes=110, pinned=Pin("chen", t(120)))
    morning, noon, late = (t(10), t(40)), (t(110), t(170)), (t(470), t(500))
    wish = job("wish", minutes=60)
    slots = offer_slots(problem(technician(), busy), wish, [late, noon, morning])
    assert [slot.window for slot in slots] == [morning]
    assert slots[0].tech == "chen"
    assert slots[0].extra_cost >= 0


def test_replan_after_sick_leave_moves_only_the_sick_technicians_customers() -> None:
    people = [technician(f"t{n}", at=place(3 * n, n)) for n in range(3)]
    jobs = [job(f"j{n}", at=place(n, n / 2)) for n in range(9)]
    asked = problem(*people, *jobs)
    plan = solve(asked)
    sick = plan.visits[0].tech
    lost = {visit.job for visit in plan.visits if visit.tech == sick}
    left = replace(asked, technicians=tuple(one for one in people if one.id != sick))
    proposal = replan(left, plan, 10, MovePrice(technician_change=1800, eta_shift_permille=1000, eta_tolerance_s=900))
    assert violations(left, replace(proposal.after)) == []
    changed = {change.job for change in proposal.changes if change.kind is ChangeKind.TECHNICIAN}
    assert lost <= changed | set(proposal.after.unserved)
    assert changed <= lost
    assert proposal.after.score.total < proposal.before.score.total


def test_a_promise_is_kept_when_breaking_it_costs_more_than_the_detour() -> None:
    promised = Promise("far", t(60), confirmed_at=t(-60))
    asked = problem(technician("near", at=place(2, 1)), technician("far"), job(promised=promised))
    assert solve(replace(asked, weights=weights(technician_change=99_999))).visits[0].tech == "far"
    assert solve(replace(asked, weights=weights(technician_change=0, eta_shift_permille=0))).visits[0].tech == "near"


def test_jobs_that_time_did_not_allow_to_try_say_so() -> None:
    plan = engine().solve(problem(technician(), job()), seconds=-1)
    assert causes(plan, "job") == {Cause.OUT_OF_TIME}


@pytest.mark.parametrize(
    ("refused", "impossible"),
    [
        (errors.DuplicateId, lambda: problem(technician(), technician())),
        (errors.DuplicateId, lambda: problem(job(), job())),
        (errors.UnknownTechnician, lambda: problem(job(pinned=Pin("nobody")))),
        (errors.UnknownJob, lambda: problem(job(predecessor="nothing"))),
        (errors.PredecessorLoop, lambda: problem(job("a", predecessor="b"), job("b", predecessor="a"))),
        (errors.NegativeDuration, lambda: job(minutes=-1)),
        (errors.NegativeDuration, lambda: job(value=-1)),
        (errors.NegativeDuration, lambda: technician(parts={"onu": -1})),
        (errors.NegativeDuration, lambda: Rest(1, 2, -1)),
        (errors.WindowReversed, lambda: job(windows=((5, 4),))),
        (errors.WindowReversed, lambda: technician(shift=(60, 0))),
        (errors.PlaceOutsideChina, lambda: Place(23.02, 113.12)),
        (errors.PlaceOutsideChina, lambda: Place(float("nan"), 23.0)),
        (errors.CrewTooSmall, lambda: job(crew=0)),
        (errors.LevelBelowOne, lambda: job(skills={"x": 0})),
        (errors.ImpossibleSpeed, lambda: GreatCircleTravel(1.3, 0, 0)),
        (errors.UnknownEngine, lambda: engine("oracle")),
    ],
)
def test_the_impossible_is_refused_by_name(refused: type[DomainError], impossible: Callable[[], object]) -> None:
    with pytest.raises(refused):
        impossible()


def test_the_metre_is_a_metre() -> None:
    # One degree of a meridian on the mean sphere: 111.195 km.
    assert distance_m(Place(113.0, 23.0), Place(113.0, 24.0)) == pytest.approx(111_195, abs=1)
