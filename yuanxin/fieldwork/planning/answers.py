"""What a dispatcher or an agent is told: candidates, windows, reasons, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from yuanxin.engines.routing.plan import Candidate
from yuanxin.engines.routing.reasons import Reason
from yuanxin.fieldwork.planning.day import Day


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A technician who could take the order.

    start, finish: of the work. extra_travel_minutes: driving added to his day. terms: points the plan changes by,
    by named term. owns_grid: the order lies in his own grids (包片). reasons: codes in words for the screen.
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
class WindowOffer:
    """A window that may be promised. ease: ``open`` (可约), ``tight`` (紧张) or ``full`` (不可); extra_cost: points."""

    window_from: datetime
    window_to: datetime
    ease: str
    extra_cost: int | None
    technician_id: UUID | None


def instant(seconds: int) -> datetime:
    """Return an engine instant as an aware datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def candidate_view(day: Day, job_id: str, found: Candidate) -> CandidateView:
    """Name a candidate and say why he is offered."""
    length_s = day.problem.job_by_id[job_id].dur
    is_late = any(name.startswith("lateness") for name in found.breakdown)
    reasons = [
        "own_grid" if found.owns_grid else "",
        "makes_late" if is_late else "in_time",
        "overtime" if found.breakdown.get("overtime", 0) > 0 else "",
        "on_the_way" if found.extra_travel_s == 0 else "",
    ]
    return CandidateView(
        technician_id=UUID(found.tech),
        name=day.staff[found.tech].name,
        start=instant(found.start),
        finish=instant(found.start + length_s),
        extra_travel_minutes=round(found.extra_travel_s / 60),
        owns_grid=found.owns_grid,
        delta=found.delta,
        terms=found.breakdown,
        reasons=tuple(reason for reason in reasons if reason),
        mates=tuple(UUID(mate) for mate in found.mates),
    )


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
