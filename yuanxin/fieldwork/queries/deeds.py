"""Deeds of dispatchers as data: how an order stood before and after, and which deeds could be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from yuanxin.fieldwork.models import DispatchDeed, PlannedVisit, Visit, WorkOrder
from yuanxin.kernel import acting

Picture = dict[str, Any]
"""How an order stands: its state, people, committed time and open trip, as plain data with ids and instants."""

LAST = 10


class Kind(StrEnum):
    """What a dispatcher did."""

    PLACE = "place"
    UNASSIGN = "unassign"
    PIN = "pin"
    UNPIN = "unpin"
    PROPOSAL = "proposal"
    UNDO = "undo"


def pictures_of(orders: Iterable[WorkOrder]) -> dict[UUID, Picture]:
    """Return how these orders stand. Two statements."""
    by_id = {order.pk: order for order in orders}
    visits: dict[UUID, list[list[Any]]] = {}
    for one in PlannedVisit.objects.filter(work_order__in=by_id, released_at=None).order_by("-leads", "technician_id"):
        span = [str(one.technician_id), _text(one.starts_at), _text(one.ends_at), one.leads, one.pinned]
        visits.setdefault(one.work_order_id, []).append(span)
    trips = dict(Visit.objects.filter(work_order__in=by_id, ended_at=None).values_list("work_order", "id"))
    return {
        key: {
            "order": str(key),
            "state": str(order.state),
            "technician": str(order.technician_id) if order.technician_id else None,
            "assigned_at": _text(order.assigned_at),
            "accepted_at": _text(order.accepted_at),
            "visits": visits.get(key, []),
            "trip": str(trips[key]) if key in trips else None,
        }
        for key, order in by_id.items()
    }


def picture_of(order: WorkOrder) -> Picture:
    """Return how one order stands."""
    return pictures_of([order])[order.pk]


def _text(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


@dataclass(frozen=True)
class UndoView:
    """A deed that may be taken back. numbers: of its orders; technicians: staff ids before and after, of the first.

    is_overtaken: an order has moved on, so the deed stays.
    """

    id: UUID
    at: datetime
    deed: str
    numbers: tuple[str, ...]
    technician_before: UUID | None
    technician_after: UUID | None
    starts_before: datetime | None
    starts_after: datetime | None
    proposal_id: UUID | None
    is_overtaken: bool


def undoable(at: datetime) -> list[UndoView]:
    """Which of my last ten deeds could I take back? The newest first. Four statements."""
    deeds = last_deeds()
    ids = {UUID(change["order"]) for deed in deeds for change in deed.changes}
    orders = {order.pk: order for order in WorkOrder.objects.filter(pk__in=ids)}
    now = pictures_of(orders.values())
    return [_view(deed, orders, now) for deed in deeds]


def last_deeds() -> list[DispatchDeed]:
    """Return the last ten deeds of the one who acts that nobody took back, the newest first."""
    mine = (
        DispatchDeed.objects.filter(actor=acting.current().who, undone_by=None).exclude(deed=Kind.UNDO).order_by("-id")
    )
    return list(mine[:LAST])


def _view(deed: DispatchDeed, orders: dict[UUID, WorkOrder], now: dict[UUID, Picture]) -> UndoView:
    first = deed.changes[0]
    return UndoView(
        id=deed.pk,
        at=deed.at,
        deed=deed.deed,
        numbers=tuple(orders[UUID(one["order"])].number for one in deed.changes),
        technician_before=person_of(first["before"]),
        technician_after=person_of(first["after"]),
        starts_before=_start(first["before"]),
        starts_after=_start(first["after"]),
        proposal_id=deed.proposal_id,
        is_overtaken=any(now[UUID(one["order"])] != one["after"] for one in deed.changes),
    )


def person_of(picture: Picture) -> UUID | None:
    return UUID(picture["technician"]) if picture["technician"] else None


def _start(picture: Picture) -> datetime | None:
    return datetime.fromisoformat(picture["visits"][0][1]) if picture["visits"] else None
