"""What is to be decided: technicians with levels, jobs that need several of them, days, and a budget for others."""

from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from yuanxin.engines.routing.errors import CrewTooSmall, DuplicateId, NegativeDuration, PredecessorLoop, UnknownJob

PRIORITIES = 4
PRICES = (28, 14, 4, 1)


@dataclass(frozen=True, slots=True)
class Technician:
    """One technician. levels: one per domain, 0 = knows nothing. absent: days without him, the first day is 1."""

    id: str
    levels: tuple[int, ...]
    absent: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Intervention:
    """One job for a team.

    units: how long it takes, in units of the day. priority: 1 (first) to 4. needs: per domain, per level from 1 on,
    how many technicians of at least that level. before: ids that must be finished first. price: what others ask.
    """

    id: str
    units: int
    priority: int
    needs: tuple[tuple[int, ...], ...]
    before: tuple[str, ...] = ()
    price: int = 0

    def __post_init__(self) -> None:
        lowest = min([self.units - 1, self.price, *(count for domain in self.needs for count in domain)])
        if lowest < 0 or not 1 <= self.priority <= PRIORITIES:
            raise NegativeDuration(what="intervention", number=min(lowest, self.priority))


@dataclass(frozen=True)
class TeamProblem:
    """Everything that the solver may know.

    day: units in a day. budget: what may be spent on others; who is handed to others takes every successor along.
    prices: points per unit of the last end of priority 1, 2, 3, and of everything.
    Raises DuplicateId, UnknownJob, PredecessorLoop, CrewTooSmall (levels and needs of different shape).
    """

    technicians: tuple[Technician, ...]
    interventions: tuple[Intervention, ...]
    day: int = 120
    budget: int = 0
    prices: tuple[int, int, int, int] = PRICES

    def __post_init__(self) -> None:
        for what, ids in (("technician", self.technicians), ("job", self.interventions)):
            if len({one.id for one in ids}) < len(ids):
                raise DuplicateId(what=what, id=_twice([one.id for one in ids]))
        shapes = {tuple(map(len, one.needs)) for one in self.interventions}
        domains = {len(shape) for shape in shapes} | {len(one.levels) for one in self.technicians}
        if len(shapes) > 1 or len(domains) > 1:
            raise CrewTooSmall(job="", crew=0)
        for one in self.interventions:
            for other in one.before:
                if other not in self.by_id:
                    raise UnknownJob(job=one.id, predecessor=other)
        self.order  # noqa: B018 - found now, so that a loop is refused at the door

    @cached_property
    def by_id(self) -> dict[str, Intervention]:
        """Interventions by id."""
        return {one.id: one for one in self.interventions}

    @cached_property
    def technician_by_id(self) -> dict[str, Technician]:
        """Technicians by id."""
        return {one.id: one for one in self.technicians}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Ids, every predecessor before its successors. Raises PredecessorLoop."""
        try:
            return tuple(TopologicalSorter({one.id: one.before for one in self.interventions}).static_order())
        except CycleError as loop:
            raise PredecessorLoop(jobs=sorted(set(loop.args[1]))) from loop

    @cached_property
    def after(self) -> dict[str, tuple[str, ...]]:
        """Direct successors by id."""
        found: dict[str, list[str]] = {one.id: [] for one in self.interventions}
        for one in self.interventions:
            for other in one.before:
                found[other].append(one.id)
        return {one: tuple(others) for one, others in found.items()}

    @cached_property
    def last_absence(self) -> int:
        """The last day on which somebody is known to be absent; from the next day on all are here."""
        return max((day for one in self.technicians for day in one.absent), default=0)


def with_all_after(problem: TeamProblem, first: set[str]) -> set[str]:
    """Return these jobs with everything that waits for them."""
    found = set(first)
    for job in problem.order:
        if any(other in found for other in problem.by_id[job].before):
            found.add(job)
    return found


def _twice(ids: list[str]) -> str:
    return next(one for place, one in enumerate(ids) if one in ids[:place])
