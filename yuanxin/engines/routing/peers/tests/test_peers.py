"""Other people's engines keep our hard rules, whatever they are given, and are priced like our own."""

from dataclasses import replace
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from yuanxin.engines.routing import engine as engines
from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.engine import PEERS, engine
from yuanxin.engines.routing.errors import UnknownEngine
from yuanxin.engines.routing.generators import technician_day
from yuanxin.engines.routing.peers.reduced import Reduced, reduce
from yuanxin.engines.routing.peers.repair import to_plan
from yuanxin.engines.routing.problem import Pin, Problem, Rules
from yuanxin.engines.routing.reasons import Cause
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.tests.make import job, place, problem, t, technician
from yuanxin.engines.routing.tests.test_laws import problems

INSTALLED = [name for name in PEERS if find_spec(name) is not None]
EXAMPLES = {"pyvrp": 40, "vroom": 12, "ortools": 30}
DAY = technician_day(5, technicians=12, jobs=80)


@pytest.fixture(params=sorted(PEERS))
def peer(request: pytest.FixtureRequest) -> str:
    """Name of an engine of the extra."""
    if request.param not in INSTALLED:
        pytest.skip(f"{request.param} is not installed: ./run packages peers")
    return str(request.param)


def test_an_engine_that_is_not_installed_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines.PEERS, "hexaly", "yuanxin.engines.routing.peers.hexaly_peer")
    with pytest.raises(UnknownEngine):
        engine("hexaly")


def test_a_technicians_day_is_planned_under_every_rule(peer: str) -> None:
    plan = engine(peer).solve(DAY, seconds=1)
    assert violations(DAY, plan) == []
    assert evaluate(DAY, plan) == plan.score
    assert len(plan.visits_of) > 40
    assert plan.engine == peer
    assert plan.seconds > 0


def test_whatever_is_asked_no_rule_breaks_and_nothing_is_dropped_in_silence(peer: str) -> None:
    @settings(
        max_examples=EXAMPLES[peer],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=(Phase.generate,),  # every example runs a whole engine: shrinking would take minutes
    )
    @given(problems())
    def keeps_the_rules(asked: Problem) -> None:
        facts = [one.pinned for one in asked.jobs if asked.is_fact(one)]
        assume(len(set(facts)) == len(facts))  # which of two facts of one instant was the last, nobody can say
        plan = engine(peer).solve(asked, seconds=0.05)
        assert violations(asked, plan) == []
        assert evaluate(asked, plan) == plan.score
        assert set(plan.visits_of) | set(plan.unserved) == set(asked.job_by_id)
        assert all(plan.unserved.values())

    keeps_the_rules()


def test_vans_carry_no_more_than_they_hold_and_need_not_come_home(peer: str) -> None:
    people = [technician(id, skills={"tv": 1}, parts={"onu": 2}) for id in ("chen", "li")]
    wishes = [job(f"j{n}", at=place(n, 1), skills={"tv": 1}, parts={"onu": 1}) for n in range(6)]
    asked = problem(*people, *wishes, rules=Rules(return_home=False))
    plan = engine(peer).solve(asked, seconds=0.3)
    assert violations(asked, plan) == []
    assert sorted(len(visits) for visits in plan.routes.values()) == [2, 2]


def reduced_day() -> Reduced:
    """A technician with a lunch break, and more jobs than fit beside it."""
    wishes = [job(f"j{n}", at=place(1, n), minutes=60, value=1000 * (n + 1)) for n in range(8)]
    return reduce(problem(technician(lunch=True), *wishes))


def test_where_the_break_leaves_no_room_the_cheapest_job_goes() -> None:
    plan = to_plan(reduced_day(), {0: list(range(8))}, engine="x", seconds=0)
    assert "j7" in plan.visits_of
    assert "j0" in plan.unserved
    assert len(plan.breaks) == 1


def test_an_engine_without_an_answer_has_planned_nothing() -> None:
    plan = to_plan(reduced_day(), None, engine="x", seconds=0)
    assert plan.visits == ()
    assert {reason.cause for reasons in plan.unserved.values() for reason in reasons} == {Cause.OUT_OF_TIME}


def test_a_start_that_would_be_late_is_cut_away() -> None:
    soft = job("soft", windows=((t(0), t(120)), (t(200), t(240))), due=t(100), late_rate=2, minutes=40)
    missed = job("missed", windows=((t(180), t(240)),), due=t(100), late_rate=2)
    free = replace(soft, id="free", late_rate=0)
    reduced = reduce(problem(technician(), soft, missed, free))
    assert reduced.windows == (
        ((0, 3600),),
        ((10_800, 10_800),),
        ((0, 7200), (12_000, 14_400)),
    )


def test_begun_work_is_where_the_van_starts() -> None:
    done = job("done", at=place(5, 5), pinned=Pin("chen", t(10)), minutes=50)
    reduced = reduce(problem(technician(), done, job("next"), now=30))
    assert [one.id for one in reduced.jobs] == ["next"]
    assert reduced.zero == t(60)
    assert reduced.places[reduced.vans[0].origin] == place(5, 5)
