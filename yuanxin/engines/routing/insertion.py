"""Where one more job would fit, what each place costs, and why the others are impossible."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np

from yuanxin.engines.routing.core.arrays import NEVER, Ints
from yuanxin.engines.routing.core.placing import NO_BEFORE, NO_FIT, NO_GROUP, NO_ORDER, best_position, scan
from yuanxin.engines.routing.core.timing import NO_PART
from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.eligibility import missing_parts, obstacles
from yuanxin.engines.routing.errors import StaleOption
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Candidate, Plan
from yuanxin.engines.routing.pricing import unserved_term
from yuanxin.engines.routing.problem import Job, Problem, Technician
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.scheduler import CAUSES, Route, new_why, reason_of

CREW_STARTS_TRIED = 4  # common starts tried beyond the first feasible one; a search width, not a rule


@dataclass(frozen=True)
class Option:
    """A feasible insertion into a draft: the leader, his position and the change of the score.

    ``routes``: the new routes, the leader's first; ask for them before the draft changes.
    """

    technician: str
    position: int
    delta: int
    make: Callable[[], tuple[Route, ...]] = field(repr=False, compare=False)

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Time the new routes."""
        return self.make()


def insert(problem: Problem, plan: Plan | None, job: Job, top: int) -> list[Candidate]:
    """Return the ``top`` cheapest places for a job of the problem; where the plan serves it already does not count.

    Without a plan the pins and promises of the problem count. Empty when nobody can do it;
    ``explaining.explain_unserved`` says why. Nothing is changed.
    """
    draft = load(problem, plan)
    if job.id in draft.crews:
        draft.take_out(job.id)
    return [candidate(draft, job, option) for option in islice(sorted_options(draft, job), top)]


def sorted_options(draft: Draft, job: Job) -> Iterator[Option]:
    """Yield the best option of every technician (or crew), cheapest first; ties by technician.

    The whole route is timed before an option is named; one that does not hold is passed over.
    """
    for option in sorted(options(draft, job), key=lambda option: (option.delta, option.technician)):
        with suppress(StaleOption):
            if option.routes:
                yield option


def options(draft: Draft, job: Job) -> Iterator[Option]:
    """Yield the best option of every technician who can take the job, or a few crews."""
    if job.crew > 1:
        able = [one for one in draft.problem.technicians if next(obstacles(draft.problem, one, job), None) is None]
        yield from _crew_options(draft, job, able)
        return
    yield from (found for found in places(draft, job) if isinstance(found, Option))


def places(draft: Draft, job: Job) -> Iterator[Option | Reason]:
    """Yield, technician by technician, the best place for a job of one, or the reason of the last position tried."""
    table = np.zeros((len(draft.problem.technicians), 5), dtype=np.int64)
    found = np.zeros(2, dtype=np.int64)
    scan(draft.arrays, draft.state, draft.index.node_at[job.id], new_why(draft.arrays), found, table)
    for technician, row in zip(draft.problem.technicians, table, strict=True):
        if row[0]:
            yield _option(draft, technician, job, int(row[1]), int(row[2]) - job.value)
        else:
            yield _refused(draft, technician, job, row[1:])


def cheapest(draft: Draft, job: Job) -> Option | None:
    """Return the cheapest option, ties by technician."""
    return next(sorted_options(draft, job), None)


def best_place(
    draft: Draft, technician: Technician, job: Job, *, leads: bool = True, crew_start: int | None = None
) -> Option | Reason:
    """Return the cheapest position in one technician's route, or the reason of the last position tried."""
    a, state = draft.arrays, draft.state
    t, node = draft.index.technician_at[technician.id], draft.index.node_at[job.id] + (not leads)
    why, found = new_why(a), np.zeros(2, dtype=np.int64)
    if not best_position(a, state, t, node, -1 if crew_start is None else crew_start, NEVER, 0, why, found):
        return _refused(draft, technician, job, why)
    delta = int(found[1]) - job.value
    return _option(draft, technician, job, int(found[0]), delta, leads=leads, crew_start=crew_start)


def _option(
    draft: Draft,
    technician: Technician,
    job: Job,
    position: int,
    delta: int,
    *,
    leads: bool = True,
    crew_start: int | None = None,
) -> Option:
    def make() -> tuple[Route, ...]:
        jobs = draft.sequence(technician.id)
        longer = [*jobs[:position], job, *jobs[position:]]
        timed = draft.try_route(technician, longer, leads=leads, crew_start=crew_start, added=job)
        if isinstance(timed, Reason):
            raise StaleOption(job=job.id, technician=technician.id)
        return (timed,)

    return Option(technician.id, position, delta, make)


def _refused(draft: Draft, technician: Technician, job: Job, why: Ints) -> Reason:
    """Translate why no position holds."""
    code = int(why[0])
    if code == NO_FIT:
        return next(obstacles(draft.problem, technician, job), Reason(Cause.NO_FREE_TIME, technician.id))
    if code == NO_GROUP:
        other = next(one for one in draft.group_mates(job) if technician.id not in draft.crews[one])
        return Reason(Cause.GROUP_WITH_OTHER, technician.id, draft.crews[other][0])
    if code in (NO_BEFORE, NO_ORDER):
        cause = Cause.PREDECESSOR_UNSERVED if code == NO_BEFORE else Cause.PREDECESSOR_LATER
        return Reason(cause, technician.id, job.predecessor or "")
    if code == NO_PART and why[1] == 0 and why[2] == 0:
        led = [one for one in draft.sequence(technician.id) if draft.crews[one.id][0] == technician.id]
        lacking = missing_parts(technician, *(one for one in led if not draft.problem.is_fact(one)), job)
        return next(lacking, Reason(Cause.PART_MISSING, technician.id))
    if code in CAUSES:
        return reason_of(draft.index, technician.id, why)
    return Reason(Cause.NO_FREE_TIME, technician.id)


def _crew_options(draft: Draft, job: Job, able: list[Technician]) -> Iterator[Option]:
    """Yield crews at the first common starts at which enough technicians can be there."""
    if job.pinned and job.pinned.start is not None:
        starts = [job.pinned.start]
    else:
        alone = (best_place(draft, technician, job, leads=False) for technician in able)
        starts = sorted({_start_of(option, job) for option in alone if isinstance(option, Option)})
    tried = 0
    for start in starts:
        found = _crew_at(draft, job, able, start)
        if found is not None:
            yield found
            tried += 1
        if tried > CREW_STARTS_TRIED:
            return


def _start_of(option: Option, job: Job) -> int:
    return next(visit.start for visit in option.routes[0].visits if visit.job == job.id)


def _crew_at(draft: Draft, job: Job, able: list[Technician], start: int) -> Option | None:
    """Return the cheapest crew for one common start, the leader carrying the parts."""
    named = (job.pinned.technician, *job.pinned.mates) if job.pinned else ()
    leaders: list[tuple[bool, int, str, Option]] = []
    mates: list[tuple[bool, int, str, Option]] = []
    for technician in able:
        for leads, found in ((True, leaders), (False, mates)):
            if leads and (next(missing_parts(technician, job), None) or (named and technician.id != named[0])):
                continue
            option = best_place(draft, technician, job, leads=leads, crew_start=start)
            if isinstance(option, Option):
                found.append((technician.id not in named, option.delta + job.value, technician.id, option))
    for _, lead_delta, leader, lead in sorted(leaders, key=lambda one: one[:3]):
        rest = sorted((one for one in mates if one[2] != leader), key=lambda one: one[:3])[: job.crew - 1]
        missing = set(named) - {leader} - {one[2] for one in rest}
        if len(rest) == job.crew - 1 and not missing:
            return _joined(lead, [one[3] for one in rest], lead_delta + sum(one[1] for one in rest) - job.value)
    return None


def _joined(lead: Option, rest: Sequence[Option], delta: int) -> Option:
    return Option(
        lead.technician, lead.position, delta, lambda: (*lead.routes, *(route for one in rest for route in one.routes))
    )


def candidate(draft: Draft, job: Job, option: Option) -> Candidate:
    """Describe an option: what each term of the score gains or loses."""
    breakdown: dict[str, int] = {unserved_term(job): -job.value} if job.value else {}
    extra_travel_s = 0
    for route in option.routes:
        old, new = draft.terms[route.technician], draft.terms_of(route)
        extra_travel_s += route.travel_s - draft.routes[route.technician].travel_s
        for name in sorted({**old, **new}):
            points = new.get(name, 0) - old.get(name, 0)
            if points:
                breakdown[str(name)] = breakdown.get(str(name), 0) + points
    leader = draft.problem.technician_by_id[option.routes[0].technician]
    return Candidate(
        tech=leader.id,
        pos=option.position,
        start=_start_of(option, job),
        delta=option.delta,
        breakdown=breakdown,
        extra_travel_s=extra_travel_s,
        owns_grid=bool(job.grid) and job.grid in leader.grid_ids,
        mates=tuple(route.technician for route in option.routes[1:]),
    )
