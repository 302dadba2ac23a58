"""What was decided: teams of each day, the jobs they do, what others do, what is left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class WhyNot(StrEnum):
    """Why a job is not in the schedule at all."""

    TOO_FEW_SKILLED = "too_few_skilled"
    LONGER_THAN_A_DAY = "longer_than_a_day"
    PREDECESSOR_LEFT_OUT = "predecessor_left_out"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One reason. domain and level (both from 1 on) with what is needed and had; job: the predecessor."""

    why: WhyNot
    domain: int = 0
    level: int = 0
    needed: int = 0
    has: int = 0
    job: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One job in the schedule. day from 1 on; team: index into the day's teams; start: unit of that day."""

    job: str
    day: int
    team: int
    start: int


@dataclass(frozen=True)
class Schedule:
    """A schedule. teams: by day, the technicians' ids of each team. ends: points of the four terms in ``cost``.

    outsourced: done by others. left_out: by id, why nobody does it. engine: what made it; seconds: CPU time used.
    """

    tasks: tuple[Task, ...]
    teams: Mapping[int, tuple[tuple[str, ...], ...]]
    outsourced: frozenset[str] = frozenset()
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    ends: tuple[int, int, int, int] = (0, 0, 0, 0)
    cost: int = 0
    engine: str = ""
    seconds: float = 0.0
