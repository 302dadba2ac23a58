"""Who is missing: "one more fibre splicer from 14 to 16 would serve six more", over all jobs that a plan leaves out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.insertion import Option, best_place
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem, Technician
from yuanxin.engines.routing.relaxing import EXTRA

BAND_S = 2 * 3600  # how long somebody would be lent
MOST_TRIED = 30  # jobs of one skill, the most valuable first; a search width, not a rule


@dataclass(frozen=True, slots=True)
class Shortage:
    """Somebody who would help. skills: code to level, as pairs; begins, ends: Unix seconds he would be there.

    jobs: that he would serve; value: what leaving them out costs; price: what serving them costs in points.
    """

    skills: tuple[tuple[str, int], ...]
    begins: int
    ends: int
    jobs: tuple[str, ...]
    value: int
    price: int


def shortages(problem: Problem, plan: Plan, top: int = 3) -> tuple[Shortage, ...]:
    """Return for each skill the two hours in which one more person would serve most value; the best ``top`` skills.

    Each is counted alone. Jobs of a crew, decided ones and those tied to others are not counted.
    """
    left: dict[tuple[tuple[str, int], ...], list[Job]] = {}
    for job in problem.jobs:
        if job.id not in plan.visits_of and job.crew == 1 and not (job.pinned or job.predecessor or job.group):
            left.setdefault(tuple(sorted(job.skills.items())), []).append(job)
    best = (_best_band(problem, sorted(jobs, key=lambda job: -job.value)[:MOST_TRIED]) for jobs in left.values())
    found = sorted((one for one in best if one is not None), key=lambda one: (-one.value, one.begins))
    return tuple(found[:top])


def _best_band(problem: Problem, jobs: Sequence[Job]) -> Shortage | None:
    tried = (_served(problem, _lent(problem, jobs, begin), jobs) for begin in _bands(problem))
    found = [one for one in tried if one is not None]
    return max(found, key=lambda one: (one.value, -one.price, -one.begins), default=None)


def _bands(problem: Problem) -> Iterator[int]:
    """Yield the beginnings of two hours, hour by hour, from now or the first shift to the last one's end."""
    begin = max(problem.now, min((one.start for one in problem.technicians), default=problem.now))
    end = max((one.end for one in problem.technicians), default=begin)
    yield from range(-(-begin // 3600) * 3600, end - BAND_S + 1, 3600)


def _lent(problem: Problem, jobs: Sequence[Job], begin: int) -> Technician:
    """Return somebody who stands at the most valuable of the jobs with all that they need."""
    parts = {code: sum(job.parts.get(code, 0) for job in jobs) for job in jobs for code in job.parts}
    return Technician(
        id=f"{EXTRA}1",
        home=jobs[0].place,
        start=begin,
        end=begin + BAND_S,
        skills=jobs[0].skills,
        tools=frozenset(tool for job in jobs for tool in job.tools),
        parts=parts,
        grid_ids=frozenset(job.grid for job in jobs),
    )


def _served(problem: Problem, lent: Technician, jobs: Sequence[Job]) -> Shortage | None:
    """Give him the jobs that are worth it, the most valuable first."""
    draft = Draft(Problem(problem.now, (lent,), tuple(jobs), problem.travel, problem.weights, problem.rules))
    price, served = 0, []
    for job in jobs:
        place = best_place(draft, lent, job)
        if isinstance(place, Option) and place.delta < 0:
            price += place.delta + job.value
            served.append(job)
            draft.put(job, place.routes)
    if not served:
        return None
    value = sum(job.value for job in served)
    skills = tuple(sorted(lent.skills.items()))
    return Shortage(skills, lent.start, lent.end, tuple(job.id for job in served), value, price)
