"""Orders are corrected, merged and called off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.assignment import to_pool
from yuanxin.fieldwork.actions.orders import leave_to_pool
from yuanxin.fieldwork.actions.segments import end_stay
from yuanxin.fieldwork.actions.steps import locked, step
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.rules.errors import MergedIntoItself
from yuanxin.fieldwork.rules.needs import require_possible
from yuanxin.fieldwork.rules.states import CLOSED, DONE, OPEN, Action, State
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.fieldwork import WorkOrderCancelled

AMENDED = "amended"


@command("fieldwork.amend")
def amend(
    *,
    work_order_id: UUID,
    at: datetime,
    duration_minutes: int | None = None,
    skills: dict[str, int] | None = None,
    tools: list[str] | None = None,
    parts: dict[str, int] | None = None,
    crew_size: int | None = None,
    fault_code: str | None = None,
    release_at: datetime | None = None,
    key: IdempotencyKey | None = None,
) -> None:
    """Correct an order (改单) before anybody drives; what it was before stands in its history.

    An order that is planned already stays with its technician where that is still possible, or returns to the pool.
    None leaves a field as it is; a window is moved by ``book_appointment``. Changing nothing leaves no trace.
    Raises ActionRefused, NeedRefused, NotFound.
    """
    require_possible(
        duration_minutes=duration_minutes,
        crew_size=crew_size,
        skills=skills,
        parts=parts,
        tools=tools,
        fault_code=fault_code,
    )
    order = locked(work_order_id)
    given: dict[str, Any] = {
        "duration_minutes": duration_minutes,
        "skills": skills,
        "tools": tools,
        "parts": parts,
        "crew_size": crew_size,
        "fault_code": fault_code,
        "release_at": release_at,
    }
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(order, name)}
    if not changed:
        return
    before = {name: getattr(order, name) for name in changed}
    for name, value in changed.items():
        setattr(order, name, value)
    step(
        order,
        Action.AMEND,
        at,
        changes={name: [_plain(before[name]), _plain(changed[name])] for name in changed},
    )
    if order.technician_id is not None and not _is_still_planned(order, changed, at):
        to_pool(order, AMENDED, at)
    order.save()


def _is_still_planned(order: WorkOrder, changed: Mapping[str, Any], at: datetime) -> bool:
    """A longer visit keeps its technician if he has the time; other people or skills mean another plan."""
    if {"crew_size", "skills", "release_at"} & set(changed):
        return False
    return "duration_minutes" not in changed or plans.refit(order, at)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@command("fieldwork.cancel")
def cancel(*, work_order_id: UUID, reason_code: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Call an order off (作废). Raises ActionRefused when work has begun, NotFound."""
    order = locked(work_order_id)
    step(order, Action.VOID, at, reason_code=reason_code)
    leave_to_pool(order, at, outcome=reason_code)
    end_stay(order, at)
    order.save()
    _tell_cancelled(order, reason_code, at)


@command("fieldwork.cancel_for_cause")
def cancel_for_cause(*, cause: str, reason_code: str, at: datetime) -> None:
    """Call off what a withdrawn cause had asked for, as far as work has not begun."""
    may_end = (*(state for state in OPEN if state is not State.WORKING), State.HELD)
    for order_id in WorkOrder.objects.filter(cause=cause, state__in=may_end).values_list("pk", flat=True):
        order = locked(order_id)
        cancel(work_order_id=order_id, reason_code=reason_code, at=max(at, order.state_since))


@command("fieldwork.merge")
def merge(
    *, work_order_id: UUID, into_id: UUID, reason_code: str, at: datetime, key: IdempotencyKey | None = None
) -> None:
    """Carry an order on under another one (合并), for instance that of an area outage.

    Raises ActionRefused, MergedIntoItself, NotFound.
    """
    target = locked(into_id)
    order = locked(work_order_id)
    if order == target or target.service != order.service or State(target.state) in (*CLOSED, *DONE):
        raise MergedIntoItself(work_order=order.number, field="into_id")
    step(order, Action.MERGE, at, reason_code=reason_code)
    leave_to_pool(order, at, outcome=reason_code)
    end_stay(order, at)
    order.merged_into = target
    order.save()
    _tell_cancelled(order, reason_code, at)


def _tell_cancelled(order: WorkOrder, reason_code: str, at: datetime) -> None:
    tell(WorkOrderCancelled(subject=order.ref, at=at, number=order.number, cause=order.cause, reason_code=reason_code))
