"""A city in the middle of its morning: part of the plan is fact, the rest is promised."""

from dataclasses import dataclass, replace

from yuanxin.engines.routing.engine import Engine
from yuanxin.engines.routing.generators.day import HOUR, MIDNIGHT, city
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan, Visit
from yuanxin.engines.routing.problem import Job, Pin, Problem, Promise

HALF_PAST_TEN = MIDNIGHT + 10 * HOUR + HOUR // 2


@dataclass(frozen=True, slots=True)
class CityAtWork:
    """A running day. frozen: jobs that have begun, or whose technician is on his way: facts."""

    problem: Problem
    plan: Plan
    frozen: frozenset[str]


def at_half_past_ten(
    seed: int, engine: Engine, seconds: float = 5.0, technicians: int = 300, jobs: int = 2000
) -> CityAtWork:
    """Return ``city`` at 10:30, planned before the day by ``engine`` in ``seconds`` of CPU.

    About three of ten jobs are frozen: facts that no plan may touch. Every other planned visit is promised as it
    stands, and the plan is that of the morning.
    """
    morning = city(seed, technicians, jobs)
    plan = engine.solve(morning, seconds, seed=seed)
    return halfway(morning, plan, HALF_PAST_TEN)


def halfway(problem: Problem, plan: Plan, now: int) -> CityAtWork:
    """Return a day that has run to ``now`` (Unix seconds) exactly as planned.

    A visit that has begun, or for which somebody had to set out by now, is a fact from then on; its drive counts as
    done.
    """
    frozen: set[str] = set()
    jobs = []
    for job in problem.jobs:
        crew = plan.visits_of.get(job.id)
        if crew is None:
            jobs.append(job)
        elif min(visit.start - visit.travel_s for visit in crew) < now:
            frozen.add(job.id)
            jobs.append(_begun(job, crew, now))
        else:
            jobs.append(replace(job, promised=_promise(crew, problem.now)))
    running = replace(problem, now=now, jobs=tuple(jobs))
    standing = load(running, plan)
    return CityAtWork(
        running,
        standing.to_plan(reasons=plan.unserved, engine=plan.engine, seconds=plan.seconds),
        frozenset(frozen),
    )


def _begun(job: Job, crew: tuple[Visit, ...], now: int) -> Job:
    """Return the job as a fact: from its start, or from setting out where only the drive has begun."""
    first, *mates = crew
    begun = first.start if first.start < now else min(visit.start - visit.travel_s for visit in crew)
    pin = Pin(first.tech, begun, tuple(visit.tech for visit in mates))
    return replace(job, dur=first.finish - begun, pinned=pin)


def _promise(crew: tuple[Visit, ...], told_at: int) -> Promise:
    return Promise(crew[0].tech, crew[0].start, told_at)
