"""The outcome of a finished order as other contexts see it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.quality.models import OrderOutcome


@dataclass(frozen=True, kw_only=True)
class OutcomeView:
    """One version of an outcome 工单结果: what ``OrderOutcome`` holds. Amounts in fen, late and paused in minutes."""

    id: UUID
    work_order_id: UUID
    version: int
    reason_code: str
    known_at: datetime
    actor: str
    number: str
    cause: str
    order_kind: str
    service: str
    customer_id: UUID
    address_id: UUID
    grid_code: str
    area_class: str
    technician_id: UUID
    payee: str
    segment: str
    close_type: str
    fault_cause: str
    opened_at: datetime
    assigned_at: datetime
    accepted_at: datetime | None
    window_from: datetime | None
    window_to: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    started_at: datetime
    finished_at: datetime
    paused_minutes: int
    pauses: list[dict[str, Any]]
    visits: int
    is_appointment_kept: bool | None
    statutory_due_at: datetime | None
    statutory_late_minutes: int | None
    assessment_due_at: datetime | None
    assessment_late_minutes: int | None
    clock_rule_ids: list[str]
    clock_version_ids: list[str]
    callback_at: datetime | None
    is_callback_agreed: bool | None
    score: int | None
    score_at: datetime | None
    is_score_begged: bool
    repeat_of_id: UUID | None
    is_own_repeat: bool
    repeated_by_id: UUID | None
    corrections: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    scheme_versions: list[str]
    amount_fen: int


def view_of(row: OrderOutcome) -> OutcomeView:
    """Return a row as the view."""
    return OutcomeView(**{field.name: getattr(row, field.name) for field in fields(OutcomeView)})
