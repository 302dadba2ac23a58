"""What is to be decided: technicians, jobs, travel, prices and hard rules of one planning horizon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from yuanxin.engines.routing.errors import (
    CrewTooSmall,
    DuplicateId,
    LevelBelowOne,
    NegativeDuration,
    PredecessorLoop,
    UnknownJob,
    UnknownTechnician,
    WindowReversed,
)
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.travel import Travel

Window: TypeAlias = tuple[int, int]  # earliest and latest start of work, Unix seconds, both included


@dataclass(frozen=True, slots=True)
class Rest:
    """A break that must begin inside a window. Unix seconds; ``dur`` seconds. Raises the errors of the window."""

    earliest: int
    latest: int
    dur: int

    def __post_init__(self) -> None:
        _require_order(self.earliest, self.latest, "break")
        _require_not_negative(self.dur, "break")


@dataclass(frozen=True, slots=True)
class Depot:
    """Where tools and parts can be fetched; a stop there takes ``dur`` seconds and fills the van with everything."""

    place: Place
    dur: int = 0

    def __post_init__(self) -> None:
        _require_not_negative(self.dur, "depot")


@dataclass(frozen=True, slots=True)
class Technician:
    """One field technician (装维员) for one shift.

    start, end: the shift, Unix seconds; he leaves ``home`` at ``start`` and is back by ``end`` plus at most
    ``overtime_max`` seconds. skills: code to level, 1 or more. parts: code to pieces in the van.
    position_now, busy_until: where and when he is free, once the shift runs. cost_per_min: points.
    depot: where he may stop once for tools and parts that his van does not hold; None: he may not.
    """

    id: str
    home: Place
    start: int
    end: int
    breaks: tuple[Rest, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    parts: Mapping[str, int] = field(default_factory=dict)
    grid_ids: frozenset[str] = frozenset()
    overtime_max: int = 0
    cost_per_min: int = 60
    position_now: Place | None = None
    busy_until: int | None = None
    depot: Depot | None = None

    def __post_init__(self) -> None:
        _require_order(self.start, self.end, "shift")
        _require_not_negative(min(self.overtime_max, self.cost_per_min), "technician")
        _require_levels(self.skills)
        _require_not_negative(min(self.parts.values(), default=0), "parts")


@dataclass(frozen=True, slots=True)
class Pin:
    """A decision that no engine may change: this technician, and if ``start`` is given, this start.

    A start before the problem's ``now`` is a fact: work has begun, and no rule is asked any more.
    """

    technician: str
    start: int | None = None
    mates: tuple[str, ...] = ()  # the rest of the crew, when that is decided too


@dataclass(frozen=True, slots=True)
class Promise:
    """What the customer was told: this technician will start about ``start``. Changing it has a price."""

    technician: str
    start: int
    confirmed_at: int


@dataclass(frozen=True, slots=True)
class Job:
    """One visit to be made.

    dur, dur_sd: seconds of work and their deviation. windows: work starts inside one of them; empty means any
    time. due: Unix seconds by which work should be finished; each second later costs ``late_rate`` points.
    value: points lost when nobody comes. skills: code to least level, needed from every member of the crew.
    crew: technicians needed at one common start. parts: pieces used up (by the first member of the crew).
    group: jobs of one group are done by one technician. sla_class and priority only name the score's terms.
    """

    id: str
    place: Place
    dur: int
    value: int
    dur_sd: int = 0
    windows: tuple[Window, ...] = ()
    due: int | None = None
    late_rate: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    crew: int = 1
    tools: frozenset[str] = frozenset()
    parts: Mapping[str, int] = field(default_factory=dict)
    release: int = 0
    pinned: Pin | None = None
    promised: Promise | None = None
    group: str = ""
    predecessor: str | None = None
    grid: str = ""
    sla_class: str = ""
    priority: int = 0

    def __post_init__(self) -> None:
        _require_not_negative(min(self.dur, self.dur_sd, self.value, self.late_rate), "job")
        for earliest, latest in self.windows:
            _require_order(earliest, latest, "window")
        _require_levels(self.skills)
        _require_not_negative(min(self.parts.values(), default=0), "parts")
        if self.crew < 1:
            raise CrewTooSmall(job=self.id, crew=self.crew)


@dataclass(frozen=True, slots=True)
class Weights:
    """Prices in points, from the rulebook of the province; a city may tune them.

    travel: factor on the technician's ``cost_per_min`` while he drives. A permille is points per 1000 seconds:
    overtime_permille after the shift; eta_shift_permille beyond ``eta_tolerance_s`` between the promised and the
    planned start; unfair_permille of work above the mean load. technician_change: per promised customer who gets
    another technician. grid_violation: per visit outside the technician's grids. working_permille: of the time
    between leaving home and coming back, waiting included (0 where only driving is priced).
    """

    travel: int
    overtime_permille: int
    technician_change: int
    eta_shift_permille: int
    eta_tolerance_s: int
    grid_violation: int
    unfair_permille: int
    working_permille: int = 0

    def __post_init__(self) -> None:
        _require_not_negative(min(getattr(self, name) for name in self.__slots__), "weights")


@dataclass(frozen=True, slots=True)
class Rules:
    """Hard rules that a city may switch.

    return_home: the way home belongs to the shift. own_grid_only: 包片. leave_late: a technician leaves home as late
    as his first promise allows, instead of at the beginning of the shift.
    """

    return_home: bool = True
    own_grid_only: bool = False
    leave_late: bool = False


@dataclass(frozen=True)
class Problem:
    """Everything an engine may know. ``now``: Unix seconds; nothing is planned before it.

    Raises DuplicateId, UnknownTechnician, UnknownJob, PredecessorLoop. A job that nobody can do is no error:
    it stays unserved with its reasons.
    """

    now: int
    technicians: tuple[Technician, ...]
    jobs: tuple[Job, ...]
    travel: Travel
    weights: Weights
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        _require_unique([technician.id for technician in self.technicians], "technician")
        _require_unique([job.id for job in self.jobs], "job")
        for job in self.jobs:
            for technician in (job.pinned.technician, *job.pinned.mates) if job.pinned else ():
                if technician not in self.technician_by_id:
                    raise UnknownTechnician(job=job.id, technician=technician)
            if job.predecessor is not None and job.predecessor not in self.job_by_id:
                raise UnknownJob(job=job.id, predecessor=job.predecessor)
        self.job_order  # noqa: B018 - found now, so that a loop is refused at the door

    @cached_property
    def technician_by_id(self) -> dict[str, Technician]:
        """Technicians by id."""
        return {technician.id: technician for technician in self.technicians}

    @cached_property
    def job_by_id(self) -> dict[str, Job]:
        """Jobs by id."""
        return {job.id: job for job in self.jobs}

    @cached_property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """Jobs that wait for a job, by its id."""
        waiting: dict[str, list[str]] = {}
        for job in self.jobs:
            if job.predecessor is not None:
                waiting.setdefault(job.predecessor, []).append(job.id)
        return {job: tuple(others) for job, others in waiting.items()}

    @cached_property
    def job_order(self) -> tuple[str, ...]:
        """Job ids, every predecessor before its successors. Raises PredecessorLoop."""
        graph = {job.id: [job.predecessor] if job.predecessor else [] for job in self.jobs}
        try:
            return tuple(TopologicalSorter(graph).static_order())
        except CycleError as loop:
            raise PredecessorLoop(jobs=sorted(set(loop.args[1]))) from loop

    @cached_property
    def turn(self) -> dict[str, int]:
        """Place of every job in ``job_order``."""
        return {job: place for place, job in enumerate(self.job_order)}

    @cached_property
    def fair_load_s(self) -> int:
        """Mean seconds of work per technician if everything were served."""
        work = sum(job.dur * job.crew for job in self.jobs)
        return work // max(1, len(self.technicians))

    def is_fact(self, job: Job) -> bool:
        """Say whether work on this job has begun, so that no rule applies any more."""
        return job.pinned is not None and job.pinned.start is not None and job.pinned.start < self.now


def _require_order(earliest: int, latest: int, what: str) -> None:
    if latest < earliest:
        raise WindowReversed(what=what, earliest=earliest, latest=latest)


def _require_not_negative(number: int, what: str) -> None:
    if number < 0:
        raise NegativeDuration(what=what, number=number)


def _require_levels(skills: Mapping[str, int]) -> None:
    for code, level in skills.items():
        if level < 1:
            raise LevelBelowOne(skill=code, level=level)


def _require_unique(ids: list[str], what: str) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise DuplicateId(what=what, id=one)
        seen.add(one)
