"""Orders of many causes and their histories at once, for the page of a customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yuanxin.fieldwork.models import StateChange


class OrderStep(NamedTuple):
    """One step of one order. technician_id: who had the order then."""

    work_order_id: UUID
    number: str
    action: str
    at: datetime
    technician_id: UUID | None
    reason_code: str


def steps_for(causes: Sequence[str]) -> list[OrderStep]:
    """What happened to the orders of these causes, oldest first? One statement, whatever the number."""
    names = ("work_order_id", "work_order__number", "action", "at", "technician_id", "reason_code")
    rows = StateChange.objects.filter(work_order__cause__in=causes).order_by("pk")
    return [OrderStep(*row) for row in rows.values_list(*names)]
