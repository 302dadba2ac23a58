"""What was decided: visits, breaks, the jobs left out with their reasons, and the price of it all."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from yuanxin.engines.routing.problem import Window
from yuanxin.engines.routing.reasons import Reason


class Term(StrEnum):
    """Names of the score's terms: the same on screen, in the log and in the form of the weights.

    LATENESS and UNSERVED are followed by ``:`` and the SLA class or priority, where the job has one.
    """

    TRAVEL = "travel"
    LATENESS = "lateness"
    UNSERVED = "unserved"
    OVERTIME = "overtime"
    TECHNICIAN_CHANGE = "technician_change"
    ETA_SHIFT = "eta_shift"
    GRID = "grid_violation"
    WORKING = "working_time"
    FAIRNESS = "fairness"


@dataclass(frozen=True, slots=True)
class Visit:
    """One technician at one job. All instants Unix seconds; travel_s and late_s seconds."""

    job: str
    tech: str
    arrive: int
    start: int
    finish: int
    travel_s: int
    late_s: int


@dataclass(frozen=True, slots=True)
class BreakTaken:
    """A break in the plan. Unix seconds."""

    tech: str
    start: int
    finish: int


@dataclass(frozen=True, slots=True)
class DepotStop:
    """A stop for tools and parts. Unix seconds; ``travel_s`` seconds of the drive to it."""

    tech: str
    arrive: int
    finish: int
    travel_s: int


@dataclass(frozen=True, slots=True)
class Score:
    """Named terms in points, all of them costs. Lower is better."""

    terms: Mapping[str, int]

    @property
    def total(self) -> int:
        """Sum of all terms."""
        return sum(self.terms.values())

    def minus(self, other: "Score") -> "Score":
        """Return the difference term by term, without the terms that are equal."""
        names = {**self.terms, **other.terms}
        changed = {name: self.terms.get(name, 0) - other.terms.get(name, 0) for name in names}
        return Score({name: points for name, points in changed.items() if points})


@dataclass(frozen=True)
class Plan:
    """A plan; by itself only a proposal. ``seconds``: CPU time used by the engine."""

    visits: tuple[Visit, ...]
    breaks: tuple[BreakTaken, ...]
    unserved: Mapping[str, tuple[Reason, ...]]
    score: Score
    engine: str
    seconds: float
    stops: tuple[DepotStop, ...] = ()

    @cached_property
    def routes(self) -> dict[str, tuple[Visit, ...]]:
        """Visits of each technician in the order of their start."""
        routes: dict[str, list[Visit]] = {}
        for visit in sorted(self.visits, key=lambda visit: (visit.start, visit.finish)):
            routes.setdefault(visit.tech, []).append(visit)
        return {technician: tuple(visits) for technician, visits in routes.items()}

    @cached_property
    def visits_of(self) -> dict[str, tuple[Visit, ...]]:
        """Visits of each job; more than one for a crew."""
        visits: dict[str, list[Visit]] = {}
        for visit in self.visits:
            visits.setdefault(visit.job, []).append(visit)
        return {job: tuple(crew) for job, crew in visits.items()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a job would fit.

    tech, pos: technician and index in his route; mates: the rest of the crew. start: Unix seconds.
    delta: points the plan's score would change by, lower is better; breakdown: the same by term.
    extra_travel_s: seconds of driving added. owns_grid: the job lies in the technician's own grids.
    """

    tech: str
    pos: int
    start: int
    delta: int
    breakdown: Mapping[str, int]
    extra_travel_s: int
    owns_grid: bool
    mates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A window that may be promised to a customer, with the cheapest technician and the added price."""

    window: Window
    tech: str
    extra_cost: int
    start: int


@dataclass(frozen=True, slots=True)
class MovePrice:
    """What it costs to change what a customer was told; replaces the weights of the same names."""

    technician_change: int
    eta_shift_permille: int
    eta_tolerance_s: int


class ChangeKind(StrEnum):
    """What a proposal does to one job."""

    ADDED = "added"
    REMOVED = "removed"
    TECHNICIAN = "technician"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Change:
    """One job that a proposal moves. Technicians are empty and starts None where there is no visit."""

    job: str
    kind: ChangeKind
    technicians_before: tuple[str, ...] = ()
    technicians_after: tuple[str, ...] = ()
    start_before: int | None = None
    start_after: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new plan beside the old one, for a person to accept or refuse."""

    changes: tuple[Change, ...]
    before: Plan
    after: Plan
