"""Why a job has no visit: at least one reason for every technician, out of the scheduler that searched."""

from collections.abc import Collection
from itertools import zip_longest

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.eligibility import obstacles
from yuanxin.engines.routing.insertion import Option, options, places
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem
from yuanxin.engines.routing.reasons import Cause, Reason


def explain_unserved(problem: Problem, plan: Plan | None) -> dict[str, tuple[Reason, ...]]:
    """Return the reasons of every job the plan leaves out, by job and then in the order of the technicians."""
    return reasons_for_all(load(problem, plan))


def reasons_for_all(draft: Draft, untried: Collection[str] = ()) -> dict[str, tuple[Reason, ...]]:
    """Return the reasons of every unserved job; of those in ``untried`` only that the time was up."""
    out_of_time = (Reason(Cause.OUT_OF_TIME),)
    empty = Draft(draft.problem)
    return {
        job: out_of_time if job in untried else reasons_of(draft, draft.problem.job_by_id[job], empty)
        for job in draft.unserved()
    }


def reasons_of(draft: Draft, job: Job, empty: Draft | None = None) -> tuple[Reason, ...]:
    """Return why each technician does not do this job; one general reason when there is no technician.

    empty: a draft of the same problem in which nobody has anything to do, where the caller has one.
    """
    problem = draft.problem
    before = job.predecessor
    if before is not None and before not in draft.crews:
        return (Reason(Cause.PREDECESSOR_UNSERVED, detail=before),)
    reasons: list[Reason] = []
    is_tied = bool(job.predecessor or job.group)
    alone = () if is_tied else places(empty or Draft(problem), job)
    for technician, found, free in zip_longest(problem.technicians, places(draft, job), alone):
        fixed = tuple(obstacles(problem, technician, job))
        if fixed:
            reasons.extend(fixed)
        elif isinstance(found, Option):
            reasons.append(Reason(Cause.NOT_WORTH_IT, technician.id, needed=found.delta + job.value, has=job.value))
        elif is_tied or isinstance(free, Option):
            reasons.append(_busy(found))
        else:
            reasons.append(free)
    if job.crew > 1 and next(options(draft, job), None) is None:
        able = sum(1 for reason in reasons if reason.cause is Cause.NOT_WORTH_IT)
        reasons = [reason for reason in reasons if reason.cause is not Cause.NOT_WORTH_IT]
        reasons.append(Reason(Cause.CREW, detail=job.id, needed=job.crew, has=able))
    return tuple(reasons) or (Reason(Cause.NO_FREE_TIME),)


def _busy(reason: Reason) -> Reason:
    """Turn "too late after the others" into "no free time": alone he could have done it."""
    if reason.cause in (Cause.WINDOW, Cause.SHIFT, Cause.BREAK, Cause.PINNED_START, Cause.SUCCESSOR, Cause.CREW):
        return Reason(Cause.NO_FREE_TIME, reason.technician, reason.detail, reason.needed, reason.has)
    return reason
