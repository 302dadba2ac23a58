"""Taking back (撤销): the last deeds of a dispatcher, newest first, as long as the world has not moved on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.assignment import tell_assigned
from yuanxin.fieldwork.actions.deeds import record
from yuanxin.fieldwork.actions.steps import change_of, lock_all, require_later
from yuanxin.fieldwork.models import Visit, WorkOrder
from yuanxin.fieldwork.queries.deeds import Kind, Picture, last_deeds, person_of, pictures_of
from yuanxin.fieldwork.rules.errors import NothingToUndo, UndoOvertaken
from yuanxin.fieldwork.rules.states import State
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.insert import insert
from yuanxin.kernel.outbox import tell
from yuanxin.published.fieldwork import WorkOrderAccepted, WorkOrderReturned

UNDO = "undo"  # the step in an order's history


@dataclass(frozen=True)
class Undone:
    """What was taken back. orders: their numbers."""

    deed: str
    orders: tuple[str, ...]


@command("fieldwork.undo_last")
def undo_last(*, at: datetime, deed_id: UUID | None = None, key: IdempotencyKey | None = None) -> Undone:
    """Take my last deed back, all of it: every order stands again as before, with its state, people and time.

    deed_id: the deed that I saw as my last. Raises NothingToUndo, and UndoOvertaken when an order has moved on.
    """
    mine = last_deeds()
    if not mine or (deed_id is not None and mine[0].pk != deed_id):
        raise NothingToUndo
    deed = mine[0]
    orders = lock_all(UUID(change["order"]) for change in deed.changes)
    now = pictures_of(orders.values())
    for change in deed.changes:
        order = orders[UUID(change["order"])]
        if now[order.pk] != change["after"]:
            raise UndoOvertaken(work_order=order.number, state=str(order.state))
    for order in orders.values():
        plans.release(order, at)
    for change in deed.changes:
        _restore(orders[UUID(change["order"])], change["before"], change["after"], at)
    record(Kind.UNDO, [one["after"] for one in deed.changes], [one["before"] for one in deed.changes], at, undoes=deed)
    return Undone(deed.deed, tuple(orders[UUID(one["order"])].number for one in deed.changes))


def _restore(order: WorkOrder, before: Picture, after: Picture, at: datetime) -> None:
    """Let the locked order stand as it did, its time being free again. Raises TechnicianBusy."""
    require_later(order, at)
    state = order.state
    order.technician_id = person_of(before)
    order.assigned_at, order.accepted_at = _instant(before["assigned_at"]), _instant(before["accepted_at"])
    order.state = before["state"]
    if order.state != state:
        order.state_since = at
    insert(change_of(order, UNDO, state, at))
    order.save()
    for technician, starts_at, ends_at, leads, pinned in before["visits"]:
        plans.commit(
            order, UUID(technician), datetime.fromisoformat(starts_at), at, leads=leads,
            ends_at=datetime.fromisoformat(ends_at), pinned=pinned,
        )  # fmt: skip
    if before["trip"] and not after["trip"]:
        Visit.objects.filter(pk=UUID(before["trip"])).update(ended_at=None, outcome="")
    _tell(order, before, after, at)


def _tell(order: WorkOrder, before: Picture, after: Picture, at: datetime) -> None:
    named: dict[str, Any] = {"subject": order.ref, "at": at, "number": order.number, "cause": order.cause}
    if order.state == State.PENDING:
        if after["technician"]:
            tell(WorkOrderReturned(**named, reason_code=UNDO))
        return
    if before["visits"] != after["visits"]:
        tell_assigned(order, at)
        if before["accepted_at"] and before["accepted_at"] != after["accepted_at"]:
            tell(WorkOrderAccepted(**named, technician_id=order.in_charge))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
