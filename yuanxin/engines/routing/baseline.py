"""Today's practice as an engine 就近派单: each ticket in its turn to the nearest free technician.

It is what every plan is compared with, and there is no second look. Tickets come in the order of their promise; each
goes to the qualified technician who would drive the shortest way to it from where he is then, if he has that time free
inside the window and nobody who was told a time has to wait longer. Prices play no part. Shifts, breaks and all other
hard rules hold: every route comes out of the same scheduler.
"""

from collections.abc import Collection, Iterator
from math import inf
from time import thread_time

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.eligibility import obstacles
from yuanxin.engines.routing.explaining import reasons_for_all
from yuanxin.engines.routing.insertion import options
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem, Technician
from yuanxin.engines.routing.scheduler import Route
from yuanxin.engines.routing.watching import UNWATCHED, Watch

LAST_PRIORITY = 1_000_000  # a job without a priority comes after all that have one


class BaselineEngine:
    """Nearest free technician, one ticket after the other. Deterministic."""

    name = "baseline"

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return the plan of today's practice. warm: tickets given out already, which stay where they are.

        seconds: CPU time for giving out; explaining what is left comes on top. seed: unused. watch: may end it.
        """
        begun = thread_time()
        draft = load(problem, warm)
        untried = give_out(draft, deadline=begun + seconds, watch=watch or UNWATCHED)
        reasons = reasons_for_all(draft, untried)
        return draft.to_plan(reasons=reasons, engine=self.name, seconds=thread_time() - begun)


def baseline(problem: Problem, given: Plan | None = None) -> Plan:
    """Return today's practice for a problem. given: what is given out already."""
    return BaselineEngine().solve(problem, inf, given)


def give_out(draft: Draft, *, deadline: float = inf, watch: Watch = UNWATCHED) -> Collection[str]:
    """Give out every ticket of the draft that somebody can take; return those that time did not allow to try."""
    untried: list[str] = []
    for job in sorted((draft.problem.job_by_id[one] for one in draft.unserved()), key=lambda job: _turn(draft, job)):
        if thread_time() > deadline or (watch.cancelled is not None and watch.cancelled()):
            untried.append(job.id)
            continue
        routes = nearest(draft, job)
        if routes:
            draft.put(job, routes)
    return untried


def nearest(draft: Draft, job: Job) -> tuple[Route, ...]:
    """Return the new routes of whoever goes, the leader's first; empty when nobody is free."""
    if job.crew > 1:
        crews = [option.routes for option in options(draft, job)]
        free = [crew for crew in crews if not any(_delays(draft, route) for route in crew)]
        return min(free, key=lambda crew: sum(_added_s(draft, route) for route in crew), default=())
    able = [one for one in draft.problem.technicians if next(obstacles(draft.problem, one, job), None) is None]
    gaps = [gap for one in able for gap in _gaps(draft, one, job)]
    for _, _, _, technician, position in sorted(gaps, key=lambda gap: gap[:3]):
        jobs = draft.sequence(technician.id)
        timed = draft.try_route(technician, [*jobs[:position], job, *jobs[position:]], added=job)
        if isinstance(timed, Route) and not _delays(draft, timed):
            return (timed,)
    return ()


def _gaps(draft: Draft, technician: Technician, job: Job) -> Iterator[tuple[int, int, str, Technician, int]]:
    """Yield the times a technician has free for the job: (drive, earliest start, his id, he, position in his route).

    Only a sieve: the scheduler has the last word. Drives count without the hour of the day.
    """
    problem, visits = draft.problem, draft.routes[technician.id].visits
    first = draft.first_open(technician.id)
    opens, closes = _open_span(problem, job)
    place = technician.position_now or technician.home
    free_at = max(technician.start, problem.now, technician.busy_until or 0)
    for position in range(len(visits) + 1):
        if position:
            before = visits[position - 1]
            place, free_at = problem.job_by_id[before.job].place, max(free_at, before.finish)
        ends_by = visits[position].start if position < len(visits) else technician.end + technician.overtime_max
        begin = max(free_at, opens)
        if position < first or begin > closes or begin + job.dur > ends_by:
            continue
        drive = problem.travel.seconds(place, job.place)
        begin = max(free_at + drive, opens)
        if begin <= closes and begin + job.dur <= ends_by:
            yield drive, begin, technician.id, technician, position


def _open_span(problem: Problem, job: Job) -> tuple[int, float]:
    """Return the first and the last instant at which work on a job may start."""
    if job.pinned and job.pinned.start is not None:
        return (0, inf) if problem.is_fact(job) else (job.pinned.start, job.pinned.start)
    opens = max(job.release, min((begin for begin, _ in job.windows), default=job.release))
    return opens, max((end for _, end in job.windows), default=inf)


def _delays(draft: Draft, route: Route) -> bool:
    """Say whether somebody who was given a time would have to wait longer."""
    return any(visit.start > draft.starts.get(visit.job, visit.start) for visit in route.visits)


def _added_s(draft: Draft, route: Route) -> int:
    return route.travel_s - draft.routes[route.technician].travel_s


def _turn(draft: Draft, job: Job) -> tuple[int, bool, int, float, int]:
    """Order of the tickets: predecessors first, pins, then priority, then the promised instant, then as they came."""
    depth, before = 0, job.predecessor
    while before is not None:
        depth, before = depth + 1, draft.problem.job_by_id[before].predecessor
    promise = job.due if job.due is not None else max((end for _, end in job.windows), default=inf)
    return depth, job.pinned is None, job.priority or LAST_PRIORITY, promise, draft.problem.turn[job.id]
