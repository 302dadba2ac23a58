"""What would a visit placed by hand break? The engine's own scheduler is asked about that one technician's day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from yuanxin.engines.routing.eligibility import obstacles as fixed_obstacles
from yuanxin.engines.routing.problem import Job, Pin, Problem, Technician
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.scheduler import Route, schedule
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.answers import ObstacleView, obstacle_view
from yuanxin.fieldwork.planning.day import Day, build_day
from yuanxin.fieldwork.planning.shifts import shift_day
from yuanxin.kernel.errors import NotFound

ABSENT, LATE, OVERTIME, OTHER_GRID = "absent", "comes_late", "overtime", "other_grid"
MOST_RULES = 6  # of a day that breaks more of them nobody reads further
UNLIMITED_S = 7 * 86400


def warnings_of(
    work_order_id: UUID, technician_id: UUID, starts_at: datetime, at: datetime
) -> tuple[ObstacleView, ...]:
    """What would it break to send this technician at this time? Nothing is written; about ten statements.

    Causes of the engine, or ``absent``, ``comes_late``, ``overtime``, ``other_grid``. A rule that his day breaks
    anyway is not named again. Raises NotFound.
    """
    order = WorkOrder.objects.select_related("predecessor").filter(pk=work_order_id).first()
    if order is None:
        raise NotFound(work_order=str(work_order_id))
    on = shift_day(technician_id, starts_at, at)
    day = build_day(on, [order], at=at, city_code=order.city_code, people={technician_id})
    technician = day.problem.technician_by_id.get(str(technician_id))
    if technician is None:
        return (ObstacleView(ABSENT, technician_id, "", "", 0, 0),)
    job = day.problem.job_by_id.get(str(order.pk))
    if job is None:
        return (obstacle_view(day, Reason(Cause.PREDECESSOR_UNSERVED, technician.id, str(order.predecessor_id))),)
    found = _reasons(day, technician, job, int(starts_at.timestamp()))
    return tuple(obstacle_view(day, reason) for reason in found) + tuple(_soft(day, technician, job, starts_at))


def _reasons(day: Day, technician: Technician, job: Job, start: int) -> list[Reason]:
    """Return the hard rules that the visit breaks: his own, those of the hour, those of the rest of his day."""
    found = list(fixed_obstacles(day.problem, technician, job))
    if not _is_open(job, start):
        cause = Cause.RELEASE if start < job.release else Cause.WINDOW
        found.append(Reason(cause, technician.id, job.id, max((last for _, last in job.windows), default=0), start))
    if start < max(technician.start, day.problem.now):
        found.append(Reason(Cause.SHIFT, technician.id, job.id, technician.start, start))
    known = {(one.cause, one.detail) for one in _broken(day.problem, technician, _others(day, job))}
    with_it = _broken(day.problem, technician, _with(day, job, technician, start))
    return found + [one for one in with_it if (one.cause, one.detail) not in known and one.cause not in _causes(found)]


def _is_open(job: Job, start: int) -> bool:
    """Say whether a job may start at this instant, as far as it alone is asked."""
    return start >= job.release and (not job.windows or any(first <= start <= last for first, last in job.windows))


def _causes(reasons: Sequence[Reason]) -> set[Cause]:
    return {one.cause for one in reasons}


def _others(day: Day, job: Job) -> list[Job]:
    return [one for one in day.problem.jobs if one.id != job.id]


def _with(day: Day, job: Job, technician: Technician, start: int) -> list[Job]:
    """Return his day in order, with the visit pinned at its start."""
    start = max(start, day.problem.now)
    pinned = replace(job, pinned=Pin(technician.id, start), crew=1, predecessor=None, group="")
    jobs = [*_others(day, job), pinned]
    starts = {one.id: _start_of(one) or day.problem.now for one in jobs}
    return sorted(jobs, key=lambda one: (not day.problem.is_fact(one), starts[one.id]))


def _start_of(job: Job) -> int:
    """Return when a committed job is to begin, 0 when it has no start of its own."""
    if job.pinned and job.pinned.start:
        return job.pinned.start
    return job.promised.start if job.promised else 0


def _broken(problem: Problem, technician: Technician, jobs: list[Job]) -> Iterator[Reason]:
    """Yield the rules that a fixed sequence breaks; each is lifted to find the next one."""
    for _ in range(MOST_RULES):
        answer = schedule(_tried(problem, technician, jobs), technician, jobs)
        if isinstance(answer, Route):
            return
        yield answer
        if answer.cause is Cause.BREAK:
            technician = replace(technician, breaks=())
        elif answer.cause is Cause.SHIFT:
            technician = replace(technician, overtime_max=UNLIMITED_S)
        elif answer.cause is Cause.PINNED_START:
            jobs = [_loose(one) if one.id == answer.detail else one for one in jobs]
        else:
            return


def _tried(problem: Problem, technician: Technician, jobs: Sequence[Job]) -> Problem:
    """Return the problem in which only he and these jobs stand, as they are tried."""
    known = {job.id for job in jobs}
    alone = [replace(job, predecessor=None) if job.predecessor not in known else job for job in jobs]
    return replace(problem, technicians=(technician,), jobs=tuple(alone))


def _loose(job: Job) -> Job:
    """Return the job for the same technician at any time."""
    return replace(job, pinned=Pin(job.pinned.technician) if job.pinned else None, windows=(), release=0)


def _soft(day: Day, technician: Technician, job: Job, starts_at: datetime) -> Iterator[ObstacleView]:
    """Yield what costs, but breaks no rule."""
    finish = int(starts_at.timestamp()) + job.dur
    name = day.staff[technician.id].name
    who = day.staff[technician.id].id
    if job.due is not None and finish > job.due:
        yield ObstacleView(LATE, who, name, "", job.due, finish)
    if technician.end < finish <= technician.end + technician.overtime_max:
        yield ObstacleView(OVERTIME, who, name, "", technician.end, finish)
    if job.grid and technician.grid_ids and job.grid not in technician.grid_ids:
        yield ObstacleView(OTHER_GRID, who, name, job.grid, 0, 0)
