"""Judge a finished plan by its hard rules, without the scheduler: any engine's plan, visit by visit."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from yuanxin.engines.routing.plan import BreakTaken, Plan, Visit
from yuanxin.engines.routing.problem import Job, Problem, Technician
from yuanxin.engines.routing.reasons import Cause


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a plan breaks: a Cause, or unknown, overlap, unexplained, before_now, depot."""

    rule: str
    job: str = ""
    technician: str = ""


def violations(problem: Problem, plan: Plan) -> list[Violation]:
    """Return every broken hard rule; empty means that the plan may be offered to a person."""
    unknown = [
        Violation("unknown", visit.job, visit.tech)
        for visit in plan.visits
        if visit.job not in problem.job_by_id or visit.tech not in problem.technician_by_id
    ]
    if unknown:
        return unknown
    found = [*_left_out(problem, plan)]
    for job_id, crew in plan.visits_of.items():
        job = problem.job_by_id[job_id]
        if not problem.is_fact(job):
            found.extend(_crew(problem, plan, job, crew))
            found.extend(_order(plan, job, crew))
    for technician_id, visits in plan.routes.items():
        technician = problem.technician_by_id[technician_id]
        breaks = sorted((one for one in plan.breaks if one.tech == technician_id), key=lambda one: one.start)
        found.extend(_day(problem, plan, technician, visits, breaks))
    return found


def _left_out(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for job in problem.jobs:
        served, explained = job.id in plan.visits_of, bool(plan.unserved.get(job.id))
        if served == explained:
            yield Violation("unexplained", job.id)


def _crew(problem: Problem, plan: Plan, job: Job, crew: tuple[Visit, ...]) -> Iterator[Violation]:
    members = {visit.tech for visit in crew}
    if len(crew) != job.crew or len(members) != job.crew or len({visit.start for visit in crew}) != 1:
        yield Violation(Cause.CREW, job.id)
    if job.pinned and not {job.pinned.technician, *job.pinned.mates} <= members:
        yield Violation(Cause.PINNED_TO_OTHER, job.id)
    for technician in (problem.technician_by_id[one] for one in sorted(members)):
        if any(technician.skills.get(code, 0) < level for code, level in job.skills.items()):
            yield Violation(Cause.SKILL_LEVEL, job.id, technician.id)
        if not job.tools <= technician.tools and not _is_stocked(plan, technician.id, crew[0].start):
            yield Violation(Cause.TOOL_MISSING, job.id, technician.id)
        if problem.rules.own_grid_only and job.grid and job.grid not in technician.grid_ids:
            yield Violation(Cause.GRID, job.id, technician.id)
    if job.parts and not any(_has_parts(problem, plan, one, job) for one in members):
        yield Violation(Cause.PART_MISSING, job.id)
    mates = (one for one in problem.jobs if job.group and one.group == job.group and one.id in plan.visits_of)
    for other in mates:
        if not members & {visit.tech for visit in plan.visits_of[other.id]}:
            yield Violation(Cause.GROUP_WITH_OTHER, job.id)


def _has_parts(problem: Problem, plan: Plan, technician_id: str, job: Job) -> bool:
    """Say whether the van serves this job and the single-handed jobs of its route, up to the first stop at a depot."""
    visits = plan.routes[technician_id]
    if any(visit.job == job.id and _is_stocked(plan, technician_id, visit.start) for visit in visits):
        return True
    before = [problem.job_by_id[visit.job] for visit in visits if not _is_stocked(plan, technician_id, visit.start)]
    alone = [one for one in before if one.crew == 1 and one.id != job.id and not problem.is_fact(one)]
    van = problem.technician_by_id[technician_id].parts
    return all(sum(one.parts.get(code, 0) for one in (*alone, job)) <= van.get(code, 0) for code in job.parts)


def _is_stocked(plan: Plan, technician_id: str, at: int) -> bool:
    """Say whether he has been at the depot by then."""
    return any(stop.tech == technician_id and stop.finish <= at for stop in plan.stops)


def _order(plan: Plan, job: Job, crew: tuple[Visit, ...]) -> Iterator[Violation]:
    if job.predecessor is None:
        return
    before = plan.visits_of.get(job.predecessor)
    if before is None:
        yield Violation(Cause.PREDECESSOR_UNSERVED, job.id)
    elif max(visit.finish for visit in before) > crew[0].start:
        yield Violation(Cause.PREDECESSOR_LATER, job.id)


def _day(
    problem: Problem, plan: Plan, technician: Technician, visits: tuple[Visit, ...], breaks: list[BreakTaken]
) -> Iterator[Violation]:
    planned = [visit for visit in visits if not problem.is_fact(problem.job_by_id[visit.job])]
    facts = [visit for visit in visits if problem.is_fact(problem.job_by_id[visit.job])]
    free_from = max([technician.start, problem.now, technician.busy_until or 0, *(fact.finish for fact in facts)])
    place = problem.job_by_id[facts[-1].job].place if facts else technician.position_now or technician.home
    last_end = technician.end + technician.overtime_max
    stops = [stop for stop in plan.stops if stop.tech == technician.id]
    if len(stops) > (technician.depot is not None):
        yield Violation("depot", technician=technician.id)
        return
    for visit in planned:
        job = problem.job_by_id[visit.job]
        yield from _visit(problem, technician, job, visit)
        rested = sum(one.finish - one.start for one in breaks if free_from <= one.start < visit.start)
        needed = problem.travel.seconds(place, job.place, free_from)
        if technician.depot and stops and free_from <= stops[0].arrive and stops[0].finish <= visit.start:
            there = problem.travel.seconds(place, technician.depot.place, free_from)
            onward = problem.travel.seconds(technician.depot.place, job.place, stops[0].finish)
            needed = there + technician.depot.dur + onward
            if stops[0].arrive < free_from + there or stops[0].finish < stops[0].arrive + technician.depot.dur:
                yield Violation("depot", visit.job, technician.id)
        if visit.arrive < free_from + needed or visit.start < free_from + needed + rested:
            yield Violation("overlap", visit.job, technician.id)
        if visit.finish > last_end:
            yield Violation(Cause.SHIFT, visit.job, technician.id)
        free_from, place = visit.finish, job.place
    home_s = problem.travel.seconds(place, technician.home, free_from) if problem.rules.return_home else 0
    rested = sum(one.finish - one.start for one in breaks if free_from <= one.start < free_from + home_s)
    if planned:
        if free_from + rested + home_s > last_end:
            yield Violation(Cause.SHIFT, planned[-1].job, technician.id)
        yield from _breaks(problem, technician, breaks, visits, free_from + home_s)


def _visit(problem: Problem, technician: Technician, job: Job, visit: Visit) -> Iterator[Violation]:
    decided = job.pinned.start if job.pinned else None
    if visit.start < visit.arrive or visit.finish != visit.start + job.dur:
        yield Violation("overlap", job.id, technician.id)
    if visit.start < problem.now:
        yield Violation("before_now", job.id, technician.id)
    if decided is not None:
        if visit.start != decided:
            yield Violation(Cause.PINNED_START, job.id, technician.id)
        return
    if visit.start < job.release:
        yield Violation(Cause.RELEASE, job.id, technician.id)
    if job.windows and not any(a <= visit.start <= b for a, b in job.windows):
        yield Violation(Cause.WINDOW, job.id, technician.id)


def _breaks(
    problem: Problem, technician: Technician, breaks: list[BreakTaken], visits: tuple[Visit, ...], home_at: int
) -> Iterator[Violation]:
    """Every break that falls into working time is taken in its window, and no two things happen at once."""
    at_work_from = max(technician.start, problem.now, technician.busy_until or 0)
    for rest in technician.breaks:
        if rest.latest < at_work_from or rest.earliest > technician.end or home_at <= rest.latest:
            continue
        if not any(rest.earliest <= one.start <= rest.latest and one.finish - one.start == rest.dur for one in breaks):
            yield Violation(Cause.BREAK, technician=technician.id)
    facts = {job.id for job in problem.jobs if problem.is_fact(job)}
    spans = sorted(
        [(one.start, one.finish) for one in visits if one.job not in facts]
        + [(one.start, one.finish) for one in breaks]
    )
    for (_, finish), (start, _) in pairwise(spans):
        if start < finish:
            yield Violation("overlap", technician=technician.id)
