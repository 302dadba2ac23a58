"""The engine at work on a gathered plan, without a database: what is, what would be, today's practice beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from yuanxin.engines.routing.baseline import BaselineEngine
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan, Term
from yuanxin.engines.routing.problem import Job, Problem
from yuanxin.engines.routing.reasons import Cause
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.watching import Watch
from yuanxin.fieldwork.planning.city import Material
from yuanxin.fieldwork.planning.day import Day

Solve = Callable[[Problem], Plan]
Place = tuple[tuple[str, ...], int]
"""Crew, the leader first, and start in Unix seconds."""
MINUTE_S = 60


@dataclass(frozen=True)
class Answer:
    """What became of the free orders. terms: points by name; unserved: order id to how many people have which cause."""

    visits: Mapping[str, Place]
    terms: Mapping[str, int]
    unserved: Mapping[str, Mapping[str, int]]
    engine: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Found:
    """A plan beside the one in force and beside today's practice."""

    before: Mapping[str, int]
    after: Answer
    baseline: Mapping[str, int] = field(default_factory=dict)


def find(material: Material, engine_name: str, seconds: float, watch: Watch | None = None) -> Found:
    """Plan all days. seconds: of CPU for each day that has something left to plan."""

    def own(problem: Problem) -> Plan:
        return _owners_first(problem, engine_name, seconds, watch) if material.owners_first else one(problem)

    def one(problem: Problem) -> Plan:
        return engine(engine_name).solve(problem, seconds, watch=watch)

    def practice(problem: Problem) -> Plan:
        return BaselineEngine().solve(problem, seconds, watch=watch)

    return Found(_terms_now(material), _plan(material, own), _plan(material, practice).terms)


def _owners_first(problem: Problem, name: str, seconds: float, watch: Watch | None) -> Plan:
    """Let every order go to the owner of its grid first; what that leaves over goes where it costs least (包片)."""
    owned = {grid for technician in problem.technicians for grid in technician.grid_ids}
    bound = tuple(job if _may_stay(problem, job, owned) else replace(job, grid="") for job in problem.jobs)
    strict = replace(problem, jobs=bound, rules=replace(problem.rules, own_grid_only=True))
    first = engine(name).solve(strict, seconds / 2, watch=watch)
    if not first.unserved:
        return replace(first, score=evaluate(problem, first))
    return engine(name).solve(problem, seconds / 2, warm=first, watch=watch)


def _may_stay(problem: Problem, job: Job, owned: set[str]) -> bool:
    """Say whether the owner's rule can hold for a job: it is free, and not with another already."""
    if job.pinned or job.grid not in owned:
        return False
    if job.promised is None:
        return True
    technician = problem.technician_by_id.get(job.promised.technician)
    return technician is None or job.grid in technician.grid_ids


def _plan(material: Material, solve: Solve) -> Answer:
    """Plan day by day; what one day leaves over is tried on the next."""
    visits: dict[str, Place] = {}
    terms: Counter[str] = Counter()
    unserved: dict[str, Mapping[str, int]] = {}
    name, seconds = "", 0.0
    values = {job.id: job.value for job in material.days[0].problem.jobs}
    left = set(material.standing)
    for number, day in enumerate(material.days):
        problem = _only(day, left)
        if number and not left:
            terms.update(_without_unserved(load(problem, None).to_plan(reasons={}, engine="", seconds=0).score.terms))
            continue
        plan = solve(problem)
        name, seconds = name or plan.engine, seconds + plan.seconds
        terms.update(_without_unserved(plan.score.terms))
        for job, crew in plan.visits_of.items():
            if job in left:
                visits[job] = (tuple(visit.tech for visit in crew), crew[0].start)
        left -= set(visits)
        unserved |= {key: _causes(day, plan, key) for key in left}
    lost = sum(values.get(key, 0) for key in left)
    if lost:
        terms[str(Term.UNSERVED)] += lost
    return Answer(visits, dict(terms), {key: unserved[key] for key in left}, name, seconds)


def _terms_now(material: Material) -> dict[str, int]:
    """Return the terms of the plan in force; a visit that cannot happen any more counts as unserved."""
    terms: Counter[str] = Counter()
    for number, day in enumerate(material.days):
        standing = {key for key, one in material.standing.items() if one.crew} if number == 0 else set()
        draft = load(_only(day, standing), None)
        for routes in draft.terms.values():
            terms.update({str(name): points for name, points in routes.items()})
        if number == 0:
            lost = sum(job.value for job in day.problem.jobs if job.id not in draft.crews and not job.pinned)
            terms[str(Term.UNSERVED)] += lost
    return {name: points for name, points in terms.items() if points}


def _only(day: Day, free: Iterable[str]) -> Problem:
    """Return the day with these free jobs and everything committed."""
    wanted = set(free)
    kept = [job for job in day.problem.jobs if job.pinned or job.id in wanted]
    ids = {job.id for job in kept}
    return replace(
        day.problem,
        jobs=tuple(job if job.predecessor in ids else replace(job, predecessor=None) for job in kept),
    )


def _without_unserved(terms: Mapping[str, int]) -> dict[str, int]:
    return {str(name): points for name, points in terms.items() if not str(name).startswith(Term.UNSERVED)}


def _causes(day: Day, plan: Plan, job: str) -> dict[str, int]:
    if job not in day.problem.job_by_id:
        return {str(Cause.PREDECESSOR_UNSERVED): 0}
    found = Counter(str(reason.cause) for reason in plan.unserved.get(job, ()))
    return dict(found.most_common()) or {str(Cause.NO_FREE_TIME): 0}


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """One visit that would be added, removed or moved. Starts are Unix seconds, None where there is no visit."""

    order: str
    kind: str
    crew_before: tuple[UUID, ...]
    crew_after: tuple[UUID, ...]
    start_before: int | None
    start_after: int | None
    is_minor: bool = False


def changes_of(
    standing: Mapping[str, tuple[tuple[str, ...], int | None]], visits: Mapping[str, Place], tolerance_s: int
) -> list[ChangeDraft]:
    """Return what a plan changes, and for everybody it touches also the small shifts that make room for it.

    standing: crew and start of each free order now. tolerance_s: a shift within it is minor.
    """
    drafts = [_draft(key, *standing[key], visits.get(key)) for key in standing]
    moved = [one for one in drafts if one is not None]
    touched = {
        person for one in moved for person in (*one.crew_before, *one.crew_after) if not _is_minor(one, tolerance_s)
    }
    kept = []
    for one in moved:
        if not _is_minor(one, tolerance_s):
            kept.append(one)
        elif touched.intersection(one.crew_after):
            kept.append(replace(one, is_minor=True))
    return kept


def _draft(key: str, crew: Sequence[str], start: int | None, new: Place | None) -> ChangeDraft | None:
    old = tuple(UUID(one) for one in crew)
    if new is None:
        return ChangeDraft(key, "removed", old, (), start, None) if old else None
    after, begins = tuple(UUID(one) for one in new[0]), -(-new[1] // MINUTE_S) * MINUTE_S
    if not old:
        return ChangeDraft(key, "added", (), after, None, begins)
    if old != after:
        return ChangeDraft(key, "technician", old, after, start, begins)
    return ChangeDraft(key, "time", old, after, start, begins) if begins != start else None


def _is_minor(one: ChangeDraft, tolerance_s: int) -> bool:
    if one.kind != "time" or one.start_before is None or one.start_after is None:
        return False
    return abs(one.start_after - one.start_before) <= tolerance_s
