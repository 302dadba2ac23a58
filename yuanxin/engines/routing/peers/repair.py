"""Bring another optimiser's routes home: through the one scheduler, with breaks, under every hard rule.

A route that leaves no room (PyVRP knows no breaks) gives up the job of least value that makes it fit; then everything
that is left out is offered to every route once more, in order of value. That is more than the other engine asked for.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import thread_time

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.eligibility import missing_parts
from yuanxin.engines.routing.errors import StaleOption
from yuanxin.engines.routing.explaining import reasons_for_all
from yuanxin.engines.routing.insertion import sorted_options
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.peers.reduced import NO_PLAN, Reduced
from yuanxin.engines.routing.plan import Plan, Visit
from yuanxin.engines.routing.problem import Job, Technician
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.scheduler import Route, schedule


def to_plan(reduced: Reduced, routes: Mapping[int, Sequence[int]] | None, *, engine: str, seconds: float) -> Plan:
    """Return a plan that keeps every hard rule.

    routes: job indices in order by index of the van; None: the engine had no answer in time, and nothing is put in its
    place: what is not decided stays unserved. seconds: CPU time of the engine so far.
    """
    begun = thread_time()
    problem = reduced.problem
    if routes is None:
        draft = load(problem, NO_PLAN)
        nobody = {job: (Reason(Cause.OUT_OF_TIME),) for job in draft.unserved()}
        return draft.to_plan(reasons=nobody, engine=engine, seconds=seconds)
    visits: list[Visit] = []
    for number, order in routes.items():
        technician = reduced.vans[number].technician
        wanted = [reduced.jobs[job] for job in order if job in reduced.vans[number].may_do]
        visits.extend(_fitting(reduced, technician, wanted).visits)
    draft = load(problem, Plan(tuple(visits), (), {}, NO_PLAN.score, engine, seconds))
    _put_back(draft)
    return draft.to_plan(reasons=reasons_for_all(draft), engine=engine, seconds=seconds + thread_time() - begun)


def _put_back(draft: Draft) -> None:
    """Offer what is left out to every route once, predecessors before successors, then the most valuable first."""
    left_out = [draft.problem.job_by_id[job] for job in draft.unserved()]
    for job in sorted(left_out, key=lambda one: (_depth(draft, one), one.pinned is None, -one.value)):
        for option in sorted_options(draft, job):
            if option.delta >= 0 and not job.pinned:
                break
            with suppress(StaleOption):  # the whole timing has the last word; then the next best is asked
                draft.put(job, option.routes)
                break


def _depth(draft: Draft, job: Job) -> int:
    depth, before = 0, job.predecessor
    while before is not None:
        depth, before = depth + 1, draft.problem.job_by_id[before].predecessor
    return depth


def _fitting(reduced: Reduced, technician: Technician, wanted: list[Job]) -> Route:
    """Return the timed route of what fits; the decided work of the technician stays."""
    decided = reduced.decided.sequence(technician.id)
    wanted = list(wanted)
    while wanted:
        timed = _timed(reduced, technician, decided, wanted)
        if timed is not None:
            return timed
        by_value = sorted(wanted, key=lambda job: job.value)
        gives_room = (
            job for job in by_value if _timed(reduced, technician, decided, [one for one in wanted if one is not job])
        )
        wanted.remove(next(gives_room, by_value[0]))
    return Route(technician.id)


def _timed(reduced: Reduced, technician: Technician, decided: list[Job], wanted: list[Job]) -> Route | None:
    """Return the route if it keeps the rules, with pinned work at the first place where all of it fits."""
    if next(missing_parts(technician, *wanted), None) is not None:
        return None
    facts = [job for job in decided if reduced.problem.is_fact(job)]
    line = [*facts, *wanted]
    for pinned in decided[len(facts) :]:
        for position in range(len(facts), len(line) + 1):
            trial = [*line[:position], pinned, *line[position:]]
            if isinstance(schedule(reduced.problem, technician, trial), Route):
                line = trial
                break
        else:
            return None
    timed = schedule(reduced.problem, technician, line)
    return timed if isinstance(timed, Route) else None
