"""Clusters of a large city, and the pass along their borders: what the cut forbade becomes possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any
from uuid import UUID

from yuanxin.engines.routing.borders import Solved, border, merged
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan, Score, Visit
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.watching import UNWATCHED, Watch
from yuanxin.fieldwork.planning.city import Material
from yuanxin.fieldwork.planning.proposing import Answer, Found

SHARE_OF_A_BORDER = 0.3  # of a cluster's seconds


def find_border(
    material: Material,
    clusters: Sequence[tuple[Iterable[UUID], Mapping[str, Any]]],
    engine_name: str,
    seconds: float,
    watch: Watch | None = None,
) -> Found:
    """Return what changes on the first day when only those near a border are free, pair by pair of clusters.

    material: of the whole city; clusters: the technicians of each and its answer. terms of the answer: the difference.
    """
    problem = material.days[0].problem
    solved = [_solved(problem, f"part-{number}", *one) for number, one in enumerate(clusters)]
    before = _sum(one.plan.score for one in solved)
    for first, second in combinations(range(len(solved)), 2):
        pair, warm = border(solved[first], solved[second])
        if not pair.technicians or not pair.jobs or (watch and watch.cancelled and watch.cancelled()):
            continue
        limit = seconds * SHARE_OF_A_BORDER
        after = engine(engine_name).solve(pair, limit, warm=warm, watch=watch or UNWATCHED)
        if evaluate(pair, after).total < evaluate(pair, warm).total:
            solved[first], solved[second] = merged(solved[first], solved[second], pair, after)
    after_terms = _sum(evaluate(one.problem, one.plan) for one in solved)
    after_terms.subtract(before)
    visits, unserved = {}, {}
    for one in solved:
        for job, crew in one.plan.visits_of.items():
            if job in material.standing:
                visits[job] = (tuple(visit.tech for visit in crew), crew[0].start)
        for job, reasons in one.plan.unserved.items():
            if job in material.standing:
                unserved[job] = dict(Counter(str(reason.cause) for reason in reasons).most_common())
    terms = {name: points for name, points in after_terms.items() if points}
    return Found({}, Answer(visits, terms, unserved, engine_name, sum(one.seconds for one in solved)))


def _solved(problem: Problem, name: str, people: Iterable[UUID], answer: Mapping[str, Any]) -> Solved:
    """Return one cluster of the first day with the plan that was found for it."""
    crew = {str(one) for one in people}
    technicians = tuple(one for one in problem.technicians if one.id in crew)
    last = max((one.end + one.overtime_max for one in technicians), default=problem.now)
    placed = {key: (who, start) for key, (who, start) in answer["visits"].items() if start <= last}
    kept = {*placed, *answer["unserved"]}
    jobs = [job for job in problem.jobs if (job.pinned.technician in crew if job.pinned else job.id in kept)]
    ids = {job.id for job in jobs}
    own = replace(
        problem,
        technicians=technicians,
        jobs=tuple(job if job.predecessor in ids else replace(job, predecessor=None) for job in jobs),
    )
    visits = tuple(
        Visit(key, tech, start, start, start + own.job_by_id[key].dur, 0, 0)
        for key, (who, start) in placed.items()
        if key in ids
        for tech in who
    )
    draft = load(own, Plan(visits, (), {}, Score({}), "", 0.0))
    reasons = {key: (Reason(Cause.NO_FREE_TIME),) for key in draft.unserved()}
    return Solved(name, (), own, draft.to_plan(reasons=reasons, engine="", seconds=0.0), 0.0)


def _sum(scores: Iterable[Score]) -> Counter[str]:
    total: Counter[str] = Counter()
    for score in scores:
        total.update({str(name): points for name, points in score.terms.items()})
    return total
