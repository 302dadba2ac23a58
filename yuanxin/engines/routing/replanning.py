"""Repair a running plan at the least disturbance: what customers were told has a price."""

from collections.abc import Collection
from dataclasses import replace

from yuanxin.engines.routing.explaining import reasons_for_all
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.own import Clock, fill, improve
from yuanxin.engines.routing.plan import Change, ChangeKind, MovePrice, Plan, Proposal, Visit
from yuanxin.engines.routing.problem import Problem, Promise
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.watching import UNWATCHED, Watch


def replan(
    problem: Problem,
    plan: Plan,
    seconds: float,
    move_price: MovePrice,
    seed: int = 0,
    watch: Watch | None = None,
    around: Collection[str] = (),
) -> Proposal:
    """Return a proposal that keeps the plan as far as it holds and moves a visit only where that pays its price.

    problem: as it is now (started visits pinned, the ill technician gone, the new job in). Jobs the plan serves
    count as promised at their planned start, unless they carry a promise. around: ids of the jobs near which the
    repair looks; empty means everywhere. Nothing is changed by this function.
    """
    clock = Clock(seconds, watch or UNWATCHED)
    priced = _with_prices(problem, plan, move_price)
    draft = load(priced, plan)
    untried = fill(draft, clock)
    if not untried:
        improve(draft, clock, seed, around)
    reasons = reasons_for_all(draft, untried)
    after = draft.to_plan(reasons=reasons, engine="replan", seconds=clock.used)
    known = tuple(
        visit for visit in plan.visits if visit.job in priced.job_by_id and visit.tech in priced.technician_by_id
    )
    before = replace(plan, score=evaluate(priced, replace(plan, visits=known)))
    return Proposal(_changes(priced, plan, after, move_price.eta_tolerance_s), before, after)


def _with_prices(problem: Problem, plan: Plan, move_price: MovePrice) -> Problem:
    """Return the problem with the price of moving, and every planned visit promised."""
    weights = replace(
        problem.weights,
        technician_change=move_price.technician_change,
        eta_shift_permille=move_price.eta_shift_permille,
        eta_tolerance_s=move_price.eta_tolerance_s,
    )
    jobs = []
    for job in problem.jobs:
        crew = plan.visits_of.get(job.id)
        if crew and job.promised is None:
            jobs.append(replace(job, promised=Promise(crew[0].tech, crew[0].start, problem.now)))
        else:
            jobs.append(job)
    return replace(problem, weights=weights, jobs=tuple(jobs))


def _changes(problem: Problem, before: Plan, after: Plan, tolerance_s: int) -> tuple[Change, ...]:
    """List the jobs whose technician changes, whose start moves beyond the tolerance, or that come or go."""
    changes = []
    for job in problem.jobs:
        old, new = before.visits_of.get(job.id, ()), after.visits_of.get(job.id, ())
        kind = _kind(old, new, tolerance_s)
        if kind is not None:
            changes.append(
                Change(
                    job.id,
                    kind,
                    tuple(visit.tech for visit in old),
                    tuple(visit.tech for visit in new),
                    old[0].start if old else None,
                    new[0].start if new else None,
                )
            )
    return tuple(changes)


def _kind(old: tuple[Visit, ...], new: tuple[Visit, ...], tolerance_s: int) -> ChangeKind | None:
    if not old or not new:
        return ChangeKind.ADDED if new else ChangeKind.REMOVED if old else None
    if {visit.tech for visit in old} != {visit.tech for visit in new}:
        return ChangeKind.TECHNICIAN
    return ChangeKind.TIME if abs(old[0].start - new[0].start) > tolerance_s else None
