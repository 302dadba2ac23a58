"""Bring decided things into a draft: pins first, then an existing plan as far as it still holds."""

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.eligibility import obstacles
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem
from yuanxin.engines.routing.reasons import Reason
from yuanxin.engines.routing.scheduler import Route


def load(problem: Problem, plan: Plan | None) -> Draft:
    """Return a draft with every pin and every visit of ``plan`` that is still possible.

    What no longer fits (a job withdrawn, a technician ill, a delay) is simply not in the draft; visits keep
    their technician and order. Without a plan, promised visits stand where they were promised.
    """
    draft = Draft(problem)
    wanted = _wanted(problem, plan)
    whole = _whole_routes(draft, wanted)

    def turn(job_id: str) -> tuple[int, int, int]:
        return _rank(problem, problem.job_by_id[job_id]), wanted[job_id][1], problem.turn[job_id]

    for job_id in sorted(wanted.keys() - whole, key=turn):
        _put(draft, problem.job_by_id[job_id], wanted)
    return draft


def _wanted(problem: Problem, plan: Plan | None) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return crew and start of every job that is decided: by the plan, by a promise, and above all by a pin."""
    wanted: dict[str, tuple[tuple[str, ...], int]] = {}
    for job in problem.jobs:
        if plan is None and job.promised and job.crew == 1:
            wanted[job.id] = ((job.promised.technician,), job.promised.start)
    if plan is not None:
        for job_id, crew in plan.visits_of.items():
            if job_id in problem.job_by_id:
                wanted[job_id] = (tuple(visit.tech for visit in crew), crew[0].start)
    for job in problem.jobs:
        if job.pinned and job.pinned.start is not None:
            crew_ids = (job.pinned.technician, *job.pinned.mates)
            if len(crew_ids) < job.crew and set(crew_ids) <= set(wanted.get(job.id, ((), 0))[0]):
                crew_ids = (*crew_ids, *(one for one in wanted[job.id][0] if one not in crew_ids))
            wanted[job.id] = (crew_ids, job.pinned.start)
    return wanted


def _order(problem: Problem, job: Job, start: int) -> tuple[bool, int, int, int]:
    """Order of a route: what has begun, then by start; begun visits of one instant as ``Plan.routes`` has them."""
    is_fact = problem.is_fact(job)
    return not is_fact, start, start + job.dur if is_fact else 0, problem.turn[job.id]


def _whole_routes(draft: Draft, wanted: dict[str, tuple[tuple[str, ...], int]]) -> set[str]:
    """Load every route at once that is tied to no other and holds as it was; return the jobs in them."""
    problem = draft.problem
    routes: dict[str, list[Job]] = {}
    tied: set[str] = set()
    for job_id, (crew, _) in wanted.items():
        job = problem.job_by_id[job_id]
        if job.crew > 1 or len(crew) != 1 or job.group or job.predecessor or job_id in problem.successors:
            tied.update(crew)
        routes.setdefault(crew[0], []).append(job)
    loaded: set[str] = set()
    for technician_id, jobs in routes.items():
        if technician_id not in tied and technician_id in problem.technician_by_id:
            jobs.sort(key=lambda job: _order(problem, job, wanted[job.id][1]))
            if draft.put_all(problem.technician_by_id[technician_id], jobs):
                loaded.update(job.id for job in jobs)
    return loaded


def _put(draft: Draft, job: Job, wanted: dict[str, tuple[tuple[str, ...], int]]) -> None:
    """Put a decided job, after its predecessor, into the routes of its crew, if it fits into all of them."""
    problem = draft.problem
    if job.predecessor in wanted and job.predecessor not in draft.crews:
        _put(draft, problem.job_by_id[job.predecessor], wanted)
    crew, start = wanted[job.id]
    if job.id in draft.crews or (len(crew) != job.crew and not problem.is_fact(job)):
        return
    routes: list[Route] = []
    for technician_id in crew:
        technician = problem.technician_by_id.get(technician_id)
        if technician is None or next(obstacles(problem, technician, job), None) is not None:
            return
        sequence = [*draft.sequence(technician_id), job]
        sequence.sort(key=lambda one: _order(problem, one, wanted[one.id][1]))
        timed = draft.try_route(
            technician, sequence, leads=technician_id == crew[0], added=job, crew_start=start if job.crew > 1 else None
        )
        if isinstance(timed, Reason):
            return
        routes.append(timed)
    draft.put(job, routes)


def _rank(problem: Problem, job: Job) -> int:
    if problem.is_fact(job):
        return 0
    return 1 if job.pinned else 2
