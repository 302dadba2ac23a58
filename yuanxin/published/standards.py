"""Facts that ``standards`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yuanxin.kernel.fact import Fact
from yuanxin.published.codes import ClockKind, Service


@dataclass(frozen=True, kw_only=True)
class ClocksStarted(Fact):
    """The clocks of a subject run. A missing statutory instant means that no verified law sets one."""

    topic: str
    service: Service
    statutory_due_at: datetime | None
    assessment_due_at: datetime | None
    rule_ids: tuple[str, ...]
    version_id: UUID


@dataclass(frozen=True, kw_only=True)
class ClockWarned(Fact):
    """A running clock came close to its end; is_red: closer still."""

    clock_id: UUID
    kind: ClockKind
    topic: str
    due_at: datetime
    is_red: bool = False


@dataclass(frozen=True, kw_only=True)
class ClockBreached(Fact):
    """A running clock passed its due instant."""

    clock_id: UUID
    kind: ClockKind
    topic: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClocksPaused(Fact):
    """Clocks of a subject stand still for an approved reason."""

    kinds: tuple[ClockKind, ...]
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class ClocksResumed(Fact):
    """Clocks of a subject run again, with their new due instants."""

    statutory_due_at: datetime | None
    assessment_due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClocksStopped(Fact):
    """Clocks of a subject ended. Late minutes are 0 when kept, None when there was no such clock."""

    topic: str
    statutory_late_minutes: int | None
    assessment_late_minutes: int | None


@dataclass(frozen=True, kw_only=True)
class RulebookPublished(Fact):
    """A rulebook version binds from a day on."""

    version_id: UUID
    layer: str
    effective_from: date
