"""What a dispatcher or an agent is told: candidates, windows, reasons, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

from yuanxin.engines.routing.plan import Candidate, Term
from yuanxin.engines.routing.reasons import Reason
from yuanxin.fieldwork.parameters import POINTS_PER_MINUTE
from yuanxin.fieldwork.planning.day import Day


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A technician who could take the order.

    start, finish: of the work. extra_travel_minutes: driving added to his day. terms: points the plan changes by,
    by named term; minutes: the same as minutes of driving, without what every candidate saves. owns_grid: the order
    lies in his own grids (包片). reasons: codes in words for the screen. day_visits, day_minutes: what he has
    committed on that day already.
    """

    technician_id: UUID
    name: str
    start: datetime
    finish: datetime
    extra_travel_minutes: int
    owns_grid: bool
    delta: int
    terms: Mapping[str, int]
    reasons: tuple[str, ...]
    mates: tuple[UUID, ...] = ()
    minutes: Mapping[str, int] = field(default_factory=dict)
    day_visits: int = 0
    day_minutes: int = 0

    @property
    def is_late(self) -> bool:
        """Say whether somebody would be served too late."""
        return any(name.startswith("lateness") for name in self.terms)

    @property
    def total_minutes(self) -> int:
        """The whole price as minutes of driving."""
        return sum(self.minutes.values())


@dataclass(frozen=True, slots=True)
class OwnershipView:
    """What holds for the owner of the order's grid (包片).

    mode, verdict: codes. cause: of the engine, when a hard rule keeps him away. visits, minutes: committed on the
    day asked for; full_minutes: with so many his day is full.
    """

    mode: str
    verdict: str
    owner_id: UUID | None = None
    name: str = ""
    cause: str = ""
    visits: int = 0
    minutes: int = 0
    full_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything a dispatcher is told about who could go: the owner's case, candidates in order, or the obstacles and
    the one change that would help."""

    on: date
    ownership: OwnershipView
    candidates: tuple[CandidateView, ...]
    obstacles: tuple[ObstacleView, ...]
    way_out: WayOutView | None = None


@dataclass(frozen=True, slots=True)
class ObstacleView:
    """Why a technician cannot take the order; ``technician_id`` None when it holds for all."""

    cause: str
    technician_id: UUID | None
    name: str
    detail: str
    needed: int
    has: int


@dataclass(frozen=True, slots=True)
class WayOutView:
    """The one change that would let an order be served.

    kind: a code. technician_id: who would go; None for somebody new. starts_at, ends_at: of the work. minutes: the
    price as minutes of driving. detail: code of the skill, tool or part. overtime_minutes: of a longer shift; amount:
    pieces, people or the level.
    """

    kind: str
    technician_id: UUID | None
    name: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    detail: str = ""
    overtime_minutes: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class WindowOffer:
    """A window that may be promised. ease: ``open`` (可约), ``tight`` (紧张) or ``full`` (不可); extra_cost: points.

    starts_at: when work would begin. minutes: the price as minutes of driving by term, for the best windows only.
    free_percent: of the time of those near the address, inside the window.
    """

    window_from: datetime
    window_to: datetime
    ease: str
    extra_cost: int | None
    technician_id: UUID | None
    starts_at: datetime | None = None
    minutes: Mapping[str, int] = field(default_factory=dict)
    free_percent: int = 0

    @property
    def total_minutes(self) -> int | None:
        """The whole price as minutes of driving; None where nobody can come."""
        return None if self.extra_cost is None else round(self.extra_cost / POINTS_PER_MINUTE)


def instant(seconds: int) -> datetime:
    """Return an engine instant as an aware datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def candidate_view(day: Day, job_id: str, found: Candidate) -> CandidateView:
    """Name a candidate and say why he is offered."""
    job = day.problem.job_by_id[job_id]
    spans = day.committed.get(found.tech, ())
    view = CandidateView(
        technician_id=UUID(found.tech),
        name=day.staff[found.tech].name,
        start=instant(found.start),
        finish=instant(found.start + job.dur),
        extra_travel_minutes=round(found.extra_travel_s / 60),
        owns_grid=found.owns_grid,
        delta=found.delta,
        terms=found.breakdown,
        reasons=(),
        mates=tuple(UUID(mate) for mate in found.mates),
        minutes=minutes_of(found.breakdown),
        day_visits=len(spans),
        day_minutes=work_minutes(day, found.tech),
    )
    return replace(view, reasons=_reasons(day, job_id, view, found))


def _reasons(day: Day, job_id: str, view: CandidateView, found: Candidate) -> tuple[str, ...]:
    job = day.problem.job_by_id[job_id]
    late = sum(points for name, points in found.breakdown.items() if name.startswith(Term.LATENESS))
    own_late = max(0, found.start + job.dur - job.due) * job.late_rate if job.due is not None else 0
    reasons = {
        "own_grid": found.owns_grid,
        "other_grid": found.breakdown.get(Term.GRID, 0) > 0,
        "at_this_home": day.orders[job_id].address_id in day.homes.get(found.tech, ()),
        "comes_late": own_late > 0,
        "makes_late": late > own_late,
        "in_time": own_late == 0,
        "overtime": found.breakdown.get(Term.OVERTIME, 0) > 0,
        "on_the_way": found.extra_travel_s == 0,
    }
    return tuple(code for code, holds in reasons.items() if holds)


def minutes_of(terms: Mapping[str, int]) -> dict[str, int]:
    """Return the prices as minutes of driving, by term without its class; what rounds to nothing is left out."""
    points: dict[str, int] = {}
    for name, price in terms.items():
        term = name.partition(":")[0]
        if term != Term.UNSERVED:
            points[term] = points.get(term, 0) + price
    return {term: minutes for term, price in points.items() if (minutes := round(price / POINTS_PER_MINUTE))}


def work_minutes(day: Day, technician: str) -> int:
    """Return how many minutes of the day a technician has committed."""
    return round(sum((ends - begins).total_seconds() for begins, ends in day.committed.get(technician, ())) / 60)


def obstacle_view(day: Day, reason: Reason) -> ObstacleView:
    """Name the technician of a reason."""
    known = day.staff.get(reason.technician)
    return ObstacleView(
        cause=str(reason.cause),
        technician_id=known.id if known else None,
        name=known.name if known else "",
        detail=reason.detail,
        needed=reason.needed,
        has=reason.has,
    )
