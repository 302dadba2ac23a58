"""What every action does: lock the order, take one step of its life, know who acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.fieldwork.models import StateChange, WorkOrder
from yuanxin.fieldwork.rules.errors import AssignedMeanwhile, NotYourOrder, TimeRunsBackwards
from yuanxin.fieldwork.rules.states import Action, State, next_state
from yuanxin.kernel import acting
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.insert import insert
from yuanxin.standards import api as standards

ACT_FOR_OTHERS = "fieldwork.act_for_others"
WORK_IS_NOT_DONE = (Action.HAND_OVER, Action.RETURN, Action.HOLD)
"""What ends the wait for papers only: whoever does this says that there is work left."""


def locked(work_order_id: UUID) -> WorkOrder:
    """Return the order, locked until the end of the transaction. Raises NotFound."""
    order = WorkOrder.objects.select_for_update(of=("self",)).filter(pk=work_order_id).first()
    if order is None:
        raise NotFound(work_order=str(work_order_id))
    return order


def lock_all(ids: Iterable[UUID]) -> dict[UUID, WorkOrder]:
    """Return these orders, locked in one order, so that two dispatchers never wait for each other in a circle."""
    rows = WorkOrder.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    return {order.pk: order for order in rows}


def require_seen(order: WorkOrder, seen: UUID | None) -> None:
    """Raise AssignedMeanwhile when the order is no longer with whom the dispatcher saw."""
    if order.technician_id != seen:
        raise AssignedMeanwhile(work_order=order.number, technician=str(order.technician_id or ""))


def who() -> str:
    """Return the actor as text."""
    return acting.current().who


def require_own(order: WorkOrder) -> None:
    """Raise NotYourOrder when a member of staff acts on another technician's order.

    Crew leaders hold ``fieldwork.act_for_others``. The usual case is a queue that was filled off-line before the
    order was reassigned.
    """
    actor = acting.current()
    if actor.who.startswith("staff:") and actor.who != f"staff:{order.technician_id}" and not actor.may(ACT_FOR_OTHERS):
        raise NotYourOrder(work_order=order.number)


def step(
    order: WorkOrder,
    action: Action,
    at: datetime,
    *,
    reason_code: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Move the locked order and append the change; the caller saves the order.

    changes: what an amendment changed, name to [before, after].
    Raises ActionRefused, TimeRunsBackwards.
    """
    before = State(order.state)
    held_from = State(order.held_from) if order.held_from else None
    after = next_state(before, action, held_from=held_from)
    require_later(order, at)
    if before is State.WORKING and action in WORK_IS_NOT_DONE:
        unpark(order, at)
    order.held_from = str(before) if action is Action.HOLD else ""
    order.state = after
    order.state_since = at
    insert(change_of(order, action, before, at, reason_code=reason_code, changes=changes))


def require_later(order: WorkOrder, at: datetime) -> None:
    """Raise TimeRunsBackwards when something newer than ``at`` happened to the order."""
    if at < order.state_since:
        raise TimeRunsBackwards(work_order=order.number, field="at")


def park(order: WorkOrder, at: datetime) -> None:
    """Park the clocks of the order and of its cause: the work is handed in, nobody waits for the technician."""
    for subject in (order.cause, order.ref):
        standards.park_clocks(subject=subject, at=at)


def unpark(order: WorkOrder, at: datetime) -> None:
    """The work was not done after all: the clocks run as if they had never stood still."""
    for subject in (order.cause, order.ref):
        standards.unpark_clocks(subject=subject, at=at)


def change_of(
    order: WorkOrder,
    action: Action | str,
    before: str,
    at: datetime,
    *,
    reason_code: str = "",
    changes: Mapping[str, Any] | None = None,
) -> StateChange:
    """Return the change as a row that is not stored yet."""
    return StateChange(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        action=str(action),
        from_state=str(before),
        to_state=str(order.state),
        at=at,
        actor=who(),
        technician_id=order.technician_id,
        reason_code=reason_code,
        changes=dict(changes or {}),
    )
