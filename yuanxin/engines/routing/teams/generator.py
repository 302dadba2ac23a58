"""Team problems of our own, repeatable by their seed, with a twin in which every job needs one person only."""

from dataclasses import dataclass, replace
from random import Random

from yuanxin.engines.routing.teams.problem import Intervention, TeamProblem, Technician

GRIDS = ((5, 4), (6, 6), (7, 4))


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a problem is made of.

    domains x levels of skill; a technician knows a domain with probability ``knows``. crew: at most so many people of
    the least level a job asks for. waits: share of jobs with a predecessor; away: share of days absent in the first
    ``weeks`` weeks; budget: share of the price of all jobs that may be spent on others.
    """

    domains: int = 5
    levels: int = 4
    technicians: int = 15
    interventions: int = 60
    knows: float = 0.7
    crew: int = 4
    waits: float = 0.2
    away: float = 0.15
    weeks: int = 4
    budget: float = 0.0
    lengths: tuple[int, ...] = (15, 30, 45, 60, 60, 90, 120)


def generate(seed: int, recipe: Recipe = Recipe()) -> TeamProblem:
    """Return a problem in which every job can be done by the technicians together."""
    dice = Random(seed)  # noqa: S311 - a repeatable problem, no secret
    people = tuple(_technician(dice, nth, recipe) for nth in range(recipe.technicians))
    jobs: list[Intervention] = []
    for nth in range(recipe.interventions):
        needs = _needs(dice, people, recipe)
        units = dice.choice(recipe.lengths)
        before = (jobs[dice.randrange(nth)].id,) if nth and dice.random() < recipe.waits else ()
        hands = sum(max(counts, default=0) for counts in needs)
        price = 50 * max(1, hands) * max(1, units // 30)
        jobs.append(Intervention(f"w{nth + 1}", units, dice.choice((1, 1, 2, 2, 3, 4)), needs, before, price))
    return TeamProblem(people, tuple(jobs), budget=round(recipe.budget * sum(job.price for job in jobs)))


def without_teams(problem: TeamProblem) -> TeamProblem:
    """Return the twin: the same jobs, each needing one person with its single highest need."""
    return replace(problem, interventions=tuple(replace(job, needs=_single(job)) for job in problem.interventions))


def _technician(dice: Random, nth: int, recipe: Recipe) -> Technician:
    levels = tuple(dice.randint(1, recipe.levels) if dice.random() < recipe.knows else 0 for _ in range(recipe.domains))
    away = frozenset(day for day in range(1, 5 * recipe.weeks + 1) if dice.random() < recipe.away)
    return Technician(f"t{nth + 1}", levels, away)


def _needs(dice: Random, people: tuple[Technician, ...], recipe: Recipe) -> tuple[tuple[int, ...], ...]:
    """Return needs in one to three domains, falling with the level, never more than the technicians have."""
    needs = [[0] * recipe.levels for _ in range(recipe.domains)]
    for domain in dice.sample(range(recipe.domains), dice.choice((1, 1, 2, 3))):
        count = dice.randint(1, recipe.crew)
        for level in range(dice.randint(1, recipe.levels)):
            have = sum(one.levels[domain] > level for one in people)
            needs[domain][level] = min(count, have)
            count = dice.randint(0, count)
            if count == 0:
                break
    return tuple(map(tuple, needs))


def _single(job: Intervention) -> tuple[tuple[int, ...], ...]:
    asked = [
        (level, domain) for domain, counts in enumerate(job.needs) for level, count in enumerate(counts) if count > 0
    ]
    top, where = max(asked, default=(-1, -1))
    return tuple(
        tuple(int(domain == where and level <= top) for level in range(len(counts)))
        for domain, counts in enumerate(job.needs)
    )
