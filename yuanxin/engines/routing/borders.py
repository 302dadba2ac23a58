"""Two neighbouring parts again with only the technicians near their border free: what the cut forbade is possible."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.place import EARTH_RADIUS_M, Place
from yuanxin.engines.routing.plan import Plan, Score
from yuanxin.engines.routing.problem import Job, Problem
from yuanxin.engines.routing.reasons import Reason
from yuanxin.engines.routing.scoring import evaluate

BORDER_M = 2_500.0
MOST_ON_A_SIDE = 60


@dataclass(frozen=True)
class Solved:
    """A part with its plan. seconds: CPU time for it so far; gained: points that border passes took off."""

    name: str
    neighbours: tuple[str, ...]
    problem: Problem
    plan: Plan
    seconds: float
    gained: int = 0


def border(one: Solved, two: Solved, width_m: float = BORDER_M, most: int = MOST_ON_A_SIDE) -> tuple[Problem, Plan]:
    """Return the problem of the technicians near the border, and what they do now as the plan to start from.

    Their jobs and the unserved jobs near the border are in it. Everybody else keeps his day as it is, so a technician
    whose work hangs on theirs, by a crew, a group or a predecessor, stays out as well.
    """
    free: set[str] = set()
    jobs: list[Job] = []
    visits, breaks, stops = [], [], []
    unserved: dict[str, tuple[Reason, ...]] = {}
    for mine, other in ((one, two), (two, one)):
        people, left = _near(mine, other, width_m, most)
        people, left = _unbound(mine, people, left)
        free |= people
        jobs += [job for job in mine.problem.jobs if _doers(mine.plan, job.id, left) <= people]
        visits += [visit for visit in mine.plan.visits if visit.tech in people]
        breaks += [rest for rest in mine.plan.breaks if rest.tech in people]
        stops += [stop for stop in mine.plan.stops if stop.tech in people]
        unserved |= {job: why for job, why in mine.plan.unserved.items() if job in left}
    technicians = tuple(
        technician for side in (one, two) for technician in side.problem.technicians if technician.id in free
    )
    inside = {job.id for job in jobs}
    kept = tuple(job for job in jobs if job.predecessor is None or job.predecessor in inside)
    problem = replace(one.problem, technicians=technicians, jobs=kept)
    unserved = {job: why for job, why in unserved.items() if job in problem.job_by_id}
    warm = Plan(tuple(visits), tuple(breaks), unserved, Score({}), one.plan.engine, 0.0, tuple(stops))
    return problem, replace(warm, score=evaluate(problem, warm))


def merged(one: Solved, two: Solved, problem: Problem, after: Plan) -> tuple[Solved, Solved]:
    """Return the two parts with the border's new plan: a job belongs to the part of its technicians."""
    redone = {technician.id for technician in problem.technicians}
    asked = {job.id for job in problem.jobs}
    doers = {job: {visit.tech for visit in visits} for job, visits in after.visits_of.items()}
    taken = {job.id: job for job in problem.jobs}
    found = []
    for mine in (one, two):
        own = {technician.id for technician in mine.problem.technicians}
        held = {job.id for job in mine.problem.jobs}
        come = [job for name, job in taken.items() if name not in held and doers.get(name, set()) & own]
        gone = {name for name in asked & held if doers.get(name) and not doers[name] & own}
        jobs = (*(job for job in mine.problem.jobs if job.id not in gone), *come)
        new = replace(mine.problem, jobs=jobs)
        plan = _patched(mine, redone, own, after, {job.id for job in jobs})
        found.append(replace(mine, problem=new, plan=replace(plan, score=evaluate(new, plan))))
    return found[0], found[1]


def _patched(mine: Solved, redone: set[str], own: set[str], after: Plan, held: set[str]) -> Plan:
    old = mine.plan
    visits = [visit for visit in old.visits if visit.tech not in redone]
    visits += [visit for visit in after.visits if visit.tech in own]
    served = {visit.job for visit in visits}
    unserved = {job: why for job, why in {**after.unserved, **old.unserved}.items() if job in held - served}
    return replace(
        old,
        visits=tuple(visits),
        breaks=(
            *(rest for rest in old.breaks if rest.tech not in redone),
            *(rest for rest in after.breaks if rest.tech in own),
        ),
        stops=(
            *(stop for stop in old.stops if stop.tech not in redone),
            *(stop for stop in after.stops if stop.tech in own),
        ),
        unserved=unserved,
    )


def _near(mine: Solved, other: Solved, width_m: float, most: int) -> tuple[set[str], set[str]]:
    """Return the technicians whose home or visits lie near a point of the other part, and the unserved jobs there."""
    points = [(technician.id, technician.position_now or technician.home) for technician in mine.problem.technicians]
    points += [(visit.tech, mine.problem.job_by_id[visit.job].place) for visit in mine.plan.visits]
    left = [(job, mine.problem.job_by_id[job].place) for job in mine.plan.unserved]
    theirs = [one.home for one in other.problem.technicians] + [job.place for job in other.problem.jobs]
    far = _gaps_m([place for _, place in points + left], theirs)
    nearest: dict[str, float] = {}
    for (who, _), gap in zip(points, far, strict=False):
        nearest[who] = min(nearest.get(who, gap), gap)
    ranked = sorted((gap, who) for who, gap in nearest.items() if gap <= width_m)
    jobs = {job for (job, _), gap in zip(left, far[len(points) :], strict=True) if gap <= width_m}
    return {who for _, who in ranked[:most]}, jobs


def _unbound(mine: Solved, people: set[str], left: set[str]) -> tuple[set[str], set[str]]:
    """Send away whoever shares work, a group or an order of work with somebody who is not free, and such jobs too."""
    free, links = set(people), _links(mine)
    while True:
        crews = [(crowd, set().union(*(_doers(mine.plan, job, left) for job in crowd))) for crowd in links]
        bound = {who for _, crew in crews if crew - free for who in crew & free}
        if not bound:
            break
        free -= bound
    tied = {job for crowd, crew in crews if crew - free for job in crowd}
    pins = {job.id: job.pinned for job in mine.problem.jobs if job.pinned}
    tied |= {job for job in left if job in pins and not {pins[job].technician, *pins[job].mates} <= free}
    return free, left - tied


def _links(mine: Solved) -> list[tuple[str, ...]]:
    """Return the jobs that hang together; a crew's job alone is such a crowd too."""
    groups: dict[str, list[str]] = {}
    crowds: list[tuple[str, ...]] = []
    for job in mine.problem.jobs:
        if job.group:
            groups.setdefault(job.group, []).append(job.id)
        if job.predecessor:
            crowds.append((job.predecessor, job.id))
        if job.crew > 1:
            crowds.append((job.id,))
    return [*crowds, *map(tuple, groups.values())]


def _doers(plan: Plan, job: str, left: set[str]) -> set[str]:
    """Return who does a job; nobody for an unserved job near the border; a stranger for one that is far away."""
    visits = plan.visits_of.get(job)
    if visits:
        return {visit.tech for visit in visits}
    return set() if job in left else {""}


def _gaps_m(ours: list[Place], theirs: list[Place]) -> npt.NDArray[np.float64]:
    """Return how far each of our points is from the nearest of theirs, in metres on the plane, in slices of memory."""
    if not ours or not theirs:
        return np.full(len(ours), np.inf)
    middle = np.radians(theirs[0].lat)
    there = _plane(theirs, float(middle))
    return np.concatenate(
        [
            np.sqrt(((part[:, None, :] - there[None, :, :]) ** 2).sum(axis=2).min(axis=1))
            for part in np.array_split(_plane(ours, float(middle)), max(1, len(ours) // 200))
        ]
    )


def _plane(places: list[Place], middle: float) -> npt.NDArray[np.float64]:
    degrees = np.array([(one.lng * np.cos(middle), one.lat) for one in places])
    plane: npt.NDArray[np.float64] = np.radians(degrees) * EARTH_RADIUS_M
    return plane
