"""Laws that hold for every problem: no plan breaks a hard rule, and the score is what the visits cost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.insertion import insert, sorted_options
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import MovePrice
from yuanxin.engines.routing.problem import Job, Pin, Problem, Promise, Rest, Rules, Technician
from yuanxin.engines.routing.replanning import replan
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.tests.make import job, place, problem, t

SKILLS = ("fibre", "tv")
spots = st.builds(place, st.integers(-8, 8), st.integers(-8, 8))
minutes = st.integers(-60, 540)
levels = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3))


@st.composite
def technicians(draw: st.DrawFn, id: str) -> Technician:
    """Somebody with a shift, perhaps breaks, perhaps already on the road."""
    begin = draw(st.integers(0, 120))
    lunches = draw(st.lists(st.tuples(st.integers(60, 400), st.integers(0, 90)), max_size=2))
    return Technician(
        id,
        draw(spots),
        t(begin),
        t(begin + draw(st.integers(60, 480))),
        breaks=tuple(Rest(t(at), t(at + play), 1800) for at, play in lunches),
        skills=draw(levels),
        parts=draw(st.dictionaries(st.just("onu"), st.integers(0, 2))),
        grid_ids=draw(st.frozensets(st.sampled_from(("g1", "g2")))),
        overtime_max=draw(st.sampled_from((0, 3600))),
        position_now=draw(st.none() | spots),
        busy_until=draw(st.none() | minutes.map(t)),
    )


@st.composite
def jobs(draw: st.DrawFn, id: str, people: list[str], earlier: list[str]) -> Job:
    """Any wish a customer or dispatcher may have."""
    begin = draw(minutes)
    pinned = (
        draw(st.none() | st.none() | st.builds(Pin, st.sampled_from(people), st.none() | minutes.map(t)))
        if people
        else None
    )
    promised = (
        draw(st.none() | st.builds(Promise, st.sampled_from(people), minutes.map(t), st.just(t(0)))) if people else None
    )
    return job(
        id,
        at=draw(spots),
        minutes=draw(st.integers(0, 120)),
        value=draw(st.sampled_from((0, 1000, 20_000, 90_000))),
        windows=draw(st.just(()) | st.just(((t(begin), t(begin + draw(st.integers(0, 120)))),))),
        due=draw(st.none() | minutes.map(t)),
        late_rate=draw(st.integers(0, 3)),
        skills=draw(st.just({}) | levels),
        crew=draw(st.sampled_from((1, 1, 1, 2))),
        parts=draw(st.just({}) | st.just({"onu": 1})),
        release=draw(st.just(0) | minutes.map(t)),
        pinned=pinned,
        promised=promised,
        group=draw(st.sampled_from(("", "", "home"))),
        predecessor=draw(st.none() | st.sampled_from(earlier)) if earlier else None,
        grid=draw(st.sampled_from(("", "g1", "g2"))),
        priority=draw(st.integers(0, 2)),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A small day."""
    people = [draw(technicians(f"t{n}")) for n in range(draw(st.integers(0, 3)))]
    names = [one.id for one in people]
    wishes: list[Job] = []
    for number in range(draw(st.integers(0, 6))):
        wishes.append(draw(jobs(f"j{number}", names, [one.id for one in wishes])))
    return problem(
        *people,
        *wishes,
        now=draw(st.integers(0, 200)),
        unfair_permille=draw(st.sampled_from((0, 1000))),
        rules=Rules(return_home=draw(st.booleans()), own_grid_only=draw(st.booleans())),
    )


quickly = settings(max_examples=120, deadline=None)


@quickly
@given(problems())
def test_no_plan_breaks_a_hard_rule_and_nothing_is_dropped_in_silence(asked: Problem) -> None:
    plan = engine().solve(asked, seconds=5)
    assert violations(asked, plan) == []
    assert set(plan.visits_of) | set(plan.unserved) == set(asked.job_by_id)
    assert all(plan.unserved.values())


@quickly
@given(problems())
def test_the_score_is_what_the_visits_cost(asked: Problem) -> None:
    plan = engine().solve(asked, seconds=5)
    assert evaluate(asked, plan) == plan.score


@quickly
@given(problems())
def test_a_plan_loads_again_as_it_was(asked: Problem) -> None:
    plan = engine().solve(asked, seconds=5)
    again = load(asked, plan)
    assert {one.job for route in again.routes.values() for one in route.visits} == set(plan.visits_of)
    assert engine().solve(asked, seconds=5, warm=plan).score.total <= plan.score.total


@quickly
@given(problems())
def test_an_insertion_costs_exactly_what_was_said(asked: Problem) -> None:
    plan = engine().solve(asked, seconds=5)
    draft = load(asked, plan)
    for left_out in draft.unserved():
        one = asked.job_by_id[left_out]
        offered = insert(asked, plan, one, top=3)
        for option, said in zip(sorted_options(draft, one), offered, strict=False):
            trial: Draft = draft.copy()
            trial.put(one, option.routes)
            assert trial.total() - draft.total() == option.delta == said.delta == sum(said.breakdown.values())


@quickly
@given(problems())
def test_a_replan_never_makes_it_worse_and_breaks_no_rule(asked: Problem) -> None:
    plan = engine().solve(asked, seconds=5)
    proposal = replan(asked, plan, 5, MovePrice(technician_change=600, eta_shift_permille=1000, eta_tolerance_s=900))
    assert proposal.after.score.total <= proposal.before.score.total
    assert violations(asked, proposal.after) == []
