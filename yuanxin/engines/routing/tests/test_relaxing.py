"""Which one change would let a job be served: make it, and the job finds its place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.insertion import insert
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Pin, Problem, Rules
from yuanxin.engines.routing.relaxing import Ease, Relaxation, cheapest_relaxations, relaxations, relaxed
from yuanxin.engines.routing.tests.make import job, place, problem, t, technician
from yuanxin.engines.routing.tests.test_laws import problems


def solve(asked: Problem) -> Plan:
    """Plan with plenty of time."""
    return engine("greedy").solve(asked, seconds=30)


def only(asked: Problem, id: str = "job") -> Relaxation:
    """Return what would help this job, and check that it does."""
    plan = solve(asked)
    found = cheapest_relaxations(asked, plan)[id]
    assert places(asked, plan, id, found)
    return found


def places(asked: Problem, plan: Plan, id: str, found: Relaxation) -> list[int]:
    """Return what a place for the job would cost after the change, cheapest first."""
    eased, given_way = relaxed(asked, plan, id, found)
    wish = eased.job_by_id[id]
    if id in load(eased, given_way).crews:
        return [0]  # its own decision, which the change made possible, puts it there
    return [one.delta + wish.value for one in insert(eased, given_way, wish, top=9)]


FREE_OF_CHARGE = {Ease.PRICE, Ease.WINDOW, Ease.RELEASE, Ease.SHIFT, Ease.PIN, Ease.PART, Ease.TOOL, Ease.SKILL}


@settings(max_examples=150, deadline=None)
@given(problems())
def test_after_the_change_the_job_finds_a_place_at_the_price_that_was_said(asked: Problem) -> None:
    asked = replace(asked, weights=replace(asked.weights, unfair_permille=0))
    plan = solve(asked)
    draft = load(asked, plan)
    standing = replace(plan, visits=tuple(one for route in draft.routes.values() for one in route.visits))
    for id in draft.unserved():
        for found in relaxations(draft, asked.job_by_id[id]):
            costs = places(asked, standing, id, found)
            assert costs, (id, found)
            if found.kind in FREE_OF_CHARGE:
                assert costs[0] <= found.price


def test_every_job_left_out_by_one_thing_only_is_told_that_thing() -> None:
    found = cheapest_relaxations(nobody := problem(technician("tv"), job(skills={"fibre": 2})), solve(nobody))
    assert {one.kind for one in found.values()} <= {Ease.SKILL, Ease.HANDS}


@pytest.mark.parametrize(
    ("hindrance", "kind", "detail", "amount"),
    [
        ({"tools": frozenset({"otdr"})}, Ease.TOOL, "otdr", 0),
        ({"parts": {"onu": 3}}, Ease.PART, "onu", 2),
        ({"minutes": 500}, Ease.SHIFT, "", None),
        ({"value": 1}, Ease.PRICE, "", 0),
        ({"crew": 2}, Ease.HANDS, "", 1),
        ({"crew": 3}, Ease.HANDS, "", 2),
        ({"windows": ((t(-300), t(-200)),)}, Ease.WINDOW, "", 0),
        ({"windows": ((t(475), t(500)),)}, Ease.SHIFT, "", None),
        ({"windows": ((t(630), t(640)),)}, Ease.WINDOW, "", 0),
        ({"pinned": Pin("chen", t(1))}, Ease.PIN, "", 0),
        ({"grid": "g2"}, Ease.GRID, "g2", 0),
        ({"skills": {"fibre": 2}}, Ease.SKILL, "fibre", 2),
    ],
)
def test_each_change_is_named(hindrance: dict[str, Any], kind: Ease, detail: str, amount: int | None) -> None:
    chen = technician(parts={"onu": 1}, grid_ids=frozenset({"g1"}))
    found = only(problem(chen, job(**hindrance), rules=Rules(own_grid_only=True)))
    assert (found.kind, found.detail) == (kind, detail)
    assert found.technician == ("" if kind is Ease.HANDS else "chen")
    assert amount is None or found.amount == amount


def test_a_longer_shift_says_by_how_much() -> None:
    found = only(asked := problem(technician(), job(minutes=480, value=90_000)))
    way = 2 * asked.travel.seconds(asked.technicians[0].home, asked.jobs[0].place)
    assert (found.kind, found.amount) == (Ease.SHIFT, way)
    assert found.price == way + 2 * way  # the drive and the overtime


def test_a_worthless_visit_gives_way_and_its_value_is_in_the_price() -> None:
    told, wish = job("told", minutes=420, pinned=None, value=10_000), job("wish", minutes=420, value=60_000)
    asked = problem(technician(), told, wish)
    plan = replace(solve(problem(technician(), told)), unserved={})
    found = cheapest_relaxations(asked, plan)["wish"]
    assert (found.kind, found.detail, found.price) == (Ease.DROP, "told", 10_000)
    assert places(asked, plan, "wish", found)


def test_a_job_waits_for_its_predecessor_and_for_nothing_else() -> None:
    splice, test = job("splice", skills={"fibre": 2}), job("test", predecessor="splice")
    found = only(problem(technician(), splice, test), "test")
    assert (found.kind, found.detail) == (Ease.PREDECESSOR, "splice")


def test_orders_of_one_home_may_go_apart() -> None:
    first = job("first", group="home", minutes=300, pinned=Pin("near"))
    second = job("second", group="home", minutes=300)
    asked = problem(technician("near"), technician("far", at=place(9, 0)), first, second)
    plan = replace(solve(replace(asked, jobs=(first,))), unserved={})
    kinds = {one.kind for one in relaxations(load(asked, plan), second)}
    assert Ease.GROUP in kinds
    assert Ease.SHIFT in kinds


def test_what_two_changes_would_be_needed_for_is_said_to_nobody() -> None:
    late = job(windows=((t(-300), t(-200)),), skills={"fibre": 2})
    asked = problem(technician(), late)
    assert cheapest_relaxations(asked, solve(asked)) == {}


@pytest.mark.parametrize("again", [solve, lambda asked: solve(asked)])
def test_asking_changes_nothing(again: Callable[[Problem], Plan]) -> None:
    asked = problem(technician(), job("long", minutes=420), job("second", value=10_000))
    plan = again(asked)
    draft = load(asked, plan)
    before = dict(draft.routes), dict(draft.crews), draft.total()
    assert list(relaxations(draft, asked.job_by_id["second"]))
    assert (draft.routes, draft.crews, draft.total()) == before
