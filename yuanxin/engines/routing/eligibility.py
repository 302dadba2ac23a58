"""Hard rules that need no clock: may this technician do this job at all."""

from collections.abc import Iterator

from yuanxin.engines.routing.problem import Job, Problem, Technician
from yuanxin.engines.routing.reasons import Cause, Reason


def obstacles(problem: Problem, technician: Technician, job: Job) -> Iterator[Reason]:
    """Yield every rule that forbids this pair, whatever the hour. Facts forbid themselves nothing."""
    if job.pinned and not _may_join(job, technician):
        yield Reason(Cause.PINNED_TO_OTHER, technician.id, job.pinned.technician)
    if problem.is_fact(job):
        return
    for code, level in sorted(job.skills.items()):
        has = technician.skills.get(code, 0)
        if has < level:
            cause = Cause.SKILL_LEVEL if has else Cause.SKILL_MISSING
            yield Reason(cause, technician.id, code, needed=level, has=has)
    for tool in sorted(job.tools - technician.tools) if technician.depot is None else ():
        yield Reason(Cause.TOOL_MISSING, technician.id, tool, needed=1)
    if job.crew == 1:
        yield from missing_parts(technician, job)
    if problem.rules.own_grid_only and job.grid and job.grid not in technician.grid_ids:
        yield Reason(Cause.GRID, technician.id, job.grid)


def missing_parts(technician: Technician, *jobs: Job) -> Iterator[Reason]:
    """Yield each part of which the van holds fewer pieces than these jobs use up together; none with a depot."""
    if technician.depot is not None:
        return
    for code in sorted({code for job in jobs for code in job.parts}):
        needed = sum(job.parts.get(code, 0) for job in jobs)
        if needed > technician.parts.get(code, 0):
            yield Reason(Cause.PART_MISSING, technician.id, code, needed=needed, has=technician.parts.get(code, 0))


def _may_join(job: Job, technician: Technician) -> bool:
    """Say whether a pin leaves room for this technician: he is named, or a place in the crew is open."""
    pin = job.pinned
    if pin is None or technician.id in (pin.technician, *pin.mates):
        return True
    return len(pin.mates) + 1 < job.crew
