"""What one change would let an unserved job be served, and at what price: the cheapest relaxation.

Each change is tried on the few technicians nearest to the job by the scheduler that searched: a small problem of this
technician's own day with the change made. So an answer costs milliseconds, and it holds: ``relaxed`` makes the change
in the whole problem, and there the job finds its place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nsmallest

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.eligibility import obstacles
from yuanxin.engines.routing.insertion import Option, best_place, options
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.place import distance_m
from yuanxin.engines.routing.plan import Plan, Term, Visit
from yuanxin.engines.routing.problem import Job, Pin, Problem, Promise, Technician
from yuanxin.engines.routing.reasons import Cause, Reason

NEAREST = 2  # technicians tried for each kind of change; a search width, not a rule
WEAKEST = 2  # visits of each of them that might give way
LONGER_S = 4 * 3600  # overtime beyond what is allowed is asked for up to this
EARLIER_S = 2 * 3600  # a window is tried so much earlier, twice as much, and from now on
NEVER = 2**40
EXTRA = "extra"  # begins the id of somebody who is not there


class Ease(StrEnum):
    """What would have to change. Those before PART a dispatcher decides alone; the last two need somebody."""

    PRICE = "price"  # it fits, but costs more than it is worth
    WINDOW = "window"  # a window that holds `start`
    RELEASE = "release"  # work may begin at `start` already
    SHIFT = "shift"  # a shift longer by `amount` seconds
    GRID = "grid"  # somebody from outside the grid `detail`
    GROUP = "group"  # apart from the other orders of this home
    PIN = "pin"  # the decision for a technician or an instant falls
    PREDECESSOR = "predecessor"  # the job `detail` first
    DROP = "drop"  # the visit `detail` gives way; its value is part of the price
    PART = "part"  # `amount` more pieces of the part `detail`
    TOOL = "tool"  # the tool `detail`
    SKILL = "skill"  # level `amount` of the skill `detail`
    HANDS = "hands"  # `amount` more people who can do it, from `start` to `until`


EFFORT = {Ease.PART: 1, Ease.TOOL: 1, Ease.SKILL: 2, Ease.HANDS: 2}
"""What is easier to get goes first, then the price: no price of a day says what it costs to teach somebody splicing."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change that would let a job be served.

    technician: who would go; empty for somebody new. detail, amount: see Ease. start, until: Unix seconds of the work.
    price: points by which the plan would get dearer, the job's own value and fairness not counted.
    """

    kind: Ease
    technician: str
    start: int
    until: int
    price: int
    detail: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class _Change:
    """A change to try: technician and job as they would be. without: the visit that gives way; extra: on the price."""

    kind: Ease
    technician: Technician
    job: Job
    detail: str = ""
    amount: int = 0
    without: str = ""
    extra: int = 0


def cheapest_relaxations(problem: Problem, plan: Plan | None) -> dict[str, Relaxation]:
    """Return the cheapest change for every job the plan leaves out; a job that no single change helps is absent."""
    draft = load(problem, plan)
    found = {job: cheapest_relaxation(draft, problem.job_by_id[job]) for job in draft.unserved()}
    return {job: one for job, one in found.items() if one is not None}


def cheapest_relaxation(draft: Draft, job: Job) -> Relaxation | None:
    """Return the easiest and then cheapest change that lets an unserved job be served, if one change is enough."""
    return min(relaxations(draft, job), key=lambda one: (EFFORT.get(one.kind, 0), one.price, one.kind), default=None)


def relaxations(draft: Draft, job: Job) -> Iterator[Relaxation]:
    """Yield changes each of which would be enough alone; at most a handful of each kind."""
    if draft.problem.is_fact(job):
        return
    if job.crew == 1:
        for change in _changes(draft, job):
            found = _tried(draft, change)
            if found is not None:
                yield found
    if job.pinned is None and not draft.group_mates(job) and not _waits(draft, job):
        yield from _more_hands(draft, job)


def relaxed(problem: Problem, plan: Plan | None, job_id: str, found: Relaxation) -> tuple[Problem, Plan | None]:
    """Return problem and plan with the change made; the plan still leaves the job out."""
    wish, people = problem.job_by_id[job_id], problem.technicians
    match found.kind:
        case Ease.PRICE:
            wish = replace(wish, value=max(wish.value, found.price + 1))
        case Ease.WINDOW:
            ends = [found.start, *(end for window in wish.windows for end in window)]
            wish = replace(wish, windows=((min(ends), max(ends)),))
        case Ease.RELEASE:
            wish = replace(wish, release=found.start)
        case Ease.GROUP:
            wish = replace(wish, group="")
        case Ease.PIN:
            wish = replace(wish, pinned=None)
        case Ease.PREDECESSOR:
            wish = replace(wish, predecessor=None)
        case Ease.DROP if plan is not None:
            plan = replace(plan, visits=tuple(visit for visit in plan.visits if visit.job != found.detail))
        case Ease.HANDS:
            people += tuple(_somebody(problem, wish, number, found.start) for number in range(found.amount))
        case _:
            people = tuple(
                granted(one, found.kind, found.detail, found.amount) if one.id == found.technician else one
                for one in people
            )
    jobs = tuple(wish if one.id == job_id else one for one in problem.jobs)
    return replace(problem, technicians=people, jobs=jobs), plan


def granted(technician: Technician, kind: Ease, detail: str, amount: int) -> Technician:
    """Return the technician with what he lacked."""
    match kind:
        case Ease.SHIFT:
            return replace(technician, overtime_max=technician.overtime_max + amount)
        case Ease.PART:
            return replace(technician, parts={**technician.parts, detail: technician.parts.get(detail, 0) + amount})
        case Ease.TOOL:
            return replace(technician, tools=technician.tools | {detail})
        case Ease.GRID:
            return replace(technician, grid_ids=technician.grid_ids | {detail})
        case Ease.SKILL:
            return replace(technician, skills={**technician.skills, detail: amount})
    return technician


def _changes(draft: Draft, job: Job) -> Iterator[_Change]:
    """Yield the changes worth trying on a job for one person."""
    problem, homes = draft.problem, {draft.crews[one][0] for one in draft.group_mates(job)}
    fixed = {one.id: tuple(obstacles(problem, one, job)) for one in problem.technicians}
    able = [one for one in problem.technicians if not fixed[one.id]]
    if _waits(draft, job):
        for one in _nearest(draft, able, job):
            yield _Change(Ease.PREDECESSOR, one, replace(job, predecessor=None, group=""), job.predecessor or "")
        return
    for one in _nearest(draft, [one for one in able if not homes or one.id in homes], job):
        yield from _of_his_day(draft, one, job)
    for one in _nearest(draft, [one for one in able if homes and one.id not in homes], job):
        yield _Change(Ease.GROUP, one, job)
    for cause in Cause:
        lacking = [
            one
            for one in problem.technicians
            if [reason.cause for reason in fixed[one.id]] == [cause] and (not homes or one.id in homes)
        ]
        for one in _nearest(draft, lacking, job):
            yield _given(problem, one, job, fixed[one.id][0])


def _of_his_day(draft: Draft, one: Technician, job: Job) -> Iterator[_Change]:
    """Yield changes of a day with somebody who may do the job but has no time for it."""
    yield _Change(Ease.PRICE, one, job)
    yield _Change(Ease.SHIFT, granted(one, Ease.SHIFT, "", LONGER_S), job)
    for other in _weakest(draft, one, job):
        yield _Change(Ease.DROP, one, job, other.id, without=other.id, extra=other.value)
    if job.pinned is not None and job.pinned.start is not None:
        yield _Change(Ease.PIN, one, replace(job, pinned=None))
        return
    if job.windows:
        opens, closes, now = (
            min(begin for begin, _ in job.windows),
            max(end for _, end in job.windows),
            draft.problem.now,
        )
        earlier = [(begin, closes, opens) for begin in (opens - EARLIER_S, opens - 2 * EARLIER_S, now)]
        for begin, end, known in ((opens, NEVER, closes), *earlier):
            wider = (min(begin, opens), max(end, closes))
            told = job.promised or Promise(one.id, known, now)
            yield _Change(Ease.WINDOW, one, replace(job, windows=(wider,), promised=told))
    if job.release > draft.problem.now:
        yield _Change(Ease.RELEASE, one, replace(job, release=draft.problem.now))


KIND_OF = {Cause.PART_MISSING: Ease.PART, Cause.TOOL_MISSING: Ease.TOOL, Cause.GRID: Ease.GRID}


def _given(problem: Problem, one: Technician, job: Job, lacks: Reason) -> _Change:
    """Return the change that gives a technician the one thing he lacks."""
    if lacks.cause is Cause.PINNED_TO_OTHER:
        return _Change(Ease.PIN, one, replace(job, pinned=None))
    kind = KIND_OF.get(lacks.cause, Ease.SKILL)
    amount = lacks.needed - lacks.has if kind is Ease.PART else lacks.needed if kind is Ease.SKILL else 0
    extra = problem.weights.grid_violation if kind is Ease.GRID and one.grid_ids else 0
    return _Change(kind, granted(one, kind, lacks.detail, amount), job, lacks.detail, amount, extra=extra)


def _tried(draft: Draft, change: _Change) -> Relaxation | None:
    """Say what a change brings; None when it is not enough, or not needed."""
    one, own = change.technician, _own_day(draft, change)
    if own is None:
        return None
    place = best_place(own, own.problem.technicians[0], own.problem.job_by_id[change.job.id])
    if not isinstance(place, Option):
        return None
    route = place.routes[0]
    visit = next(visit for visit in route.visits if visit.job == change.job.id)
    awaited = change.job.predecessor or ""
    if awaited not in own.crews and visit.start < draft.finishes.get(awaited, visit.start):
        return None  # what must be done first ends later, on another's day
    amount, original = change.amount, draft.problem.job_by_id[change.job.id]
    if change.kind is Ease.SHIFT:
        amount = route.overtime_s - draft.problem.technician_by_id[one.id].overtime_max
    not_needed = {
        Ease.SHIFT: amount <= 0,
        Ease.WINDOW: any(begin <= visit.start <= end for begin, end in original.windows),
        Ease.RELEASE: visit.start >= original.release,
    }
    if not_needed.get(change.kind, False):
        return None
    before = sum(points for name, points in draft.terms.get(one.id, {}).items() if name != Term.FAIRNESS)
    price = sum(own.terms_of(route).values()) - before + change.extra
    return Relaxation(change.kind, one.id, visit.start, visit.finish, price, change.detail, amount)


def _own_day(draft: Draft, change: _Change) -> Draft | None:
    """Return the technician's own day with the change made; what ties it to others stands where it stands."""
    one, problem, job = change.technician, draft.problem, change.job
    earliest = max(job.release, draft.finishes.get(job.predecessor or "", 0))
    pin = replace(job.pinned, technician=one.id, mates=()) if job.pinned else None
    wish = replace(job, predecessor=None, group="", release=earliest, pinned=pin)
    told = [_tied(draft, visit, one.id) for visit in _visits(draft, one) if visit.job != change.without]
    own = Draft(
        Problem(
            problem.now,
            (one,),
            (*told, wish),
            problem.travel,
            replace(problem.weights, unfair_permille=0),
            problem.rules,
        )
    )
    own.crews.update((each.id, (one.id,)) for each in told)
    timed = own.try_route(one, told)
    if isinstance(timed, Reason):
        return None
    own.keep(timed)
    return own


def _visits(draft: Draft, one: Technician) -> tuple[Visit, ...]:
    return draft.routes[one.id].visits if one.id in draft.routes else ()


def _tied(draft: Draft, visit: Visit, technician: str) -> Job:
    """Return the job of a visit as part of this day alone: what hangs together with other days does not move."""
    problem, job = draft.problem, draft.problem.job_by_id[visit.job]
    pin = replace(job.pinned, technician=technician, mates=()) if job.pinned else None
    parts = job.parts if draft.crews[job.id][0] == technician else {}
    if job.crew > 1 or job.predecessor or job.group or problem.successors.get(job.id):
        pin = pin if problem.is_fact(job) else Pin(technician, visit.start)
    return replace(job, crew=1, predecessor=None, group="", pinned=pin, parts=parts)


def _more_hands(draft: Draft, job: Job) -> Iterator[Relaxation]:
    """Yield with how many more people, and when, the job could be done."""
    problem = draft.problem
    if job.crew == 1:
        one = _somebody(problem, job, 0)
        found = _tried(draft, _Change(Ease.HANDS, one, job, amount=1, extra=one.cost_per_min * job.dur // 60))
        if found is not None:
            yield replace(found, technician="")
        return
    for count in range(1, job.crew + 1):
        people = tuple(_somebody(problem, job, number) for number in range(count))
        twin = _moved(draft, replace(problem, technicians=(*problem.technicians, *people)))
        new = {one.id for one in people}
        able = [option for option in options(twin, job) if new & {route.technician for route in option.routes}]
        for option in sorted(able, key=lambda option: option.delta)[:1]:
            visit = next(visit for visit in option.routes[0].visits if visit.job == job.id)
            wages = sum(one.cost_per_min for one in people) * job.dur // 60
            yield Relaxation(Ease.HANDS, "", visit.start, visit.finish, option.delta + job.value + wages, amount=count)
            return


def _moved(draft: Draft, problem: Problem) -> Draft:
    """Return the draft's routes in a problem with more people."""
    twin = Draft(problem)
    twin.crews.update(draft.crews)
    for route in draft.routes.values():
        twin.keep(route)
    return twin


def _somebody(problem: Problem, job: Job, number: int, start: int | None = None) -> Technician:
    """Return somebody who is there, with all that the job needs; for the whole day, or from an instant just for it."""
    begins = max([problem.now, *(one.start for one in problem.technicians)])
    ends = max((one.end for one in problem.technicians), default=begins)
    return Technician(
        id=f"{EXTRA}{number + 1}",
        home=job.place,
        start=min(problem.now, begins) if start is None else start,
        end=max(ends, problem.now) if start is None else start + job.dur,
        skills=job.skills,
        tools=job.tools,
        parts=job.parts,
        grid_ids=frozenset((job.grid,)),
    )


def _waits(draft: Draft, job: Job) -> bool:
    return job.predecessor is not None and job.predecessor not in draft.finishes


def _nearest(draft: Draft, technicians: Sequence[Technician], job: Job) -> list[Technician]:
    """Return the few whose way passes nearest to the job, as the crow flies."""

    def away(one: Technician) -> float:
        places = [draft.problem.job_by_id[visit.job].place for visit in draft.routes[one.id].visits]
        return min(distance_m(place, job.place) for place in (one.position_now or one.home, *places))

    return nsmallest(NEAREST, technicians, key=away)


def _weakest(draft: Draft, one: Technician, job: Job) -> list[Job]:
    """Return those of his visits that are worth least and less than the job, and that nobody else depends on."""
    free = [
        other
        for other in draft.sequence(one.id)
        if other.value < job.value
        and other.pinned is None
        and other.crew == 1
        and not other.group
        and not draft.problem.successors.get(other.id)
    ]
    return nsmallest(WEAKEST, free, key=lambda other: other.value)
