"""Several orders decided at once: those of one home in one trip, or a selection row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yuanxin.fieldwork.actions.assignment import assign, reassign
from yuanxin.fieldwork.actions.steps import lock_all, locked, require_seen
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.rules.states import State
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError, Refused
from yuanxin.kernel.ids import IdempotencyKey


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a bulk assignment. seen: who had the order when the dispatcher chose; None: nobody."""

    work_order_id: UUID
    technician_id: UUID
    planned_from: datetime
    seen: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row. error: code of what refused it, empty when it was assigned; params: of its words."""

    work_order_id: UUID
    technician_id: UUID
    error: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Say whether the order is assigned."""
        return not self.error


@command("fieldwork.assign_together")
def assign_together(
    *,
    work_order_ids: Sequence[UUID],
    technician_id: UUID,
    planned_from: datetime,
    at: datetime,
    seen: UUID | None = None,
    reason: str = "",
    mates: Sequence[UUID] = (),
    key: IdempotencyKey | None = None,
) -> None:
    """Assign an order, and with it others of the same home, one after the other in one trip: all of them or none.

    seen: who had the first order when the dispatcher decided, None when nobody. mates: the rest of the first order's
    crew. Raises AssignedMeanwhile and everything that ``assign`` raises.
    """
    lock_all(work_order_ids)
    first = work_order_ids[0]
    for order_id in work_order_ids:
        order = locked(order_id)
        if order_id == first:
            require_seen(order, seen)
        _send(order, technician_id, planned_from, at, reason=reason, mates=mates if order_id == first else ())
        planned_from += timedelta(minutes=order.duration_minutes)


@command("fieldwork.assign_many")
def assign_many(
    *, choices: Sequence[Choice], at: datetime, reason: str = "", key: IdempotencyKey | None = None
) -> tuple[Outcome, ...]:
    """Assign a selection row by row; a row that is refused stays as it was and says why. Raises Refused."""
    lock_all([choice.work_order_id for choice in choices])
    return tuple(_one(choice, at, reason) for choice in choices)


def _one(choice: Choice, at: datetime, reason: str) -> Outcome:
    try:
        with transaction.atomic():
            order = locked(choice.work_order_id)
            require_seen(order, choice.seen)
            _send(order, choice.technician_id, choice.planned_from, at, reason=reason)
    except Refused:
        raise
    except DomainError as error:
        params = {name: str(value) for name, value in error.params.items()}
        return Outcome(choice.work_order_id, choice.technician_id, error.code, params)
    return Outcome(choice.work_order_id, choice.technician_id)


def _send(
    order: WorkOrder,
    technician_id: UUID,
    planned_from: datetime,
    at: datetime,
    *,
    reason: str,
    mates: Sequence[UUID] = (),
) -> None:
    send = assign if order.state == State.PENDING else reassign
    send(
        work_order_id=order.pk,
        technician_id=technician_id,
        planned_from=planned_from,
        at=at,
        reason=reason,
        mates=mates,
    )
