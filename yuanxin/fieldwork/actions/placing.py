"""What a dispatcher does with one visit by hand: drag it somewhere, take it off, pin it. Each deed can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.assignment import require_crew
from yuanxin.fieldwork.actions.deeds import record
from yuanxin.fieldwork.actions.moving import MOVABLE, Wish, settle
from yuanxin.fieldwork.actions.steps import locked, require_seen
from yuanxin.fieldwork.models import PlannedVisit, WorkOrder
from yuanxin.fieldwork.planning.trying import warnings_of
from yuanxin.fieldwork.queries.deeds import Kind, picture_of
from yuanxin.fieldwork.rules.errors import ActionRefused, NotATechnician, NothingPlanned
from yuanxin.fieldwork.rules.states import WITH_TECHNICIAN, Action
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.org import api as org


@dataclass(frozen=True)
class Placed:
    """What a dispatcher should know of a visit placed by hand: codes of reasons, none when all is well."""

    warnings: tuple[str, ...]


@command("fieldwork.place")
def place(
    *,
    work_order_id: UUID,
    technician_id: UUID,
    starts_at: datetime,
    at: datetime,
    seen: UUID | None = None,
    reason: str = "",
    mates: Sequence[UUID] = (),
    key: IdempotencyKey | None = None,
) -> Placed:
    """Put a visit there (拖动派单): assign, give to another technician or move in time, whatever it takes.

    Only two things stop it: another committed visit at that time, and an order that is done, on site or on hold.
    Everything else comes back as a warning. seen: who had the order when the dispatcher looked, None when nobody;
    mates: the rest of a crew, without any the people who are planned already.
    Raises AssignedMeanwhile, ActionRefused, TechnicianBusy, NotATechnician, CrewIncomplete, NotFound.
    """
    order = locked(work_order_id)
    if order.state not in MOVABLE:
        raise ActionRefused(state=str(order.state), action=str(Action.REASSIGN))
    require_seen(order, seen)
    if technician_id not in {one.id for one in org.technicians(order.city_code)}:
        raise NotATechnician(technician=str(technician_id), field="technician")
    crew = (technician_id, *(mates or _mates(order, technician_id)))
    require_crew(order, crew)
    before = picture_of(order)
    warnings = warnings_of(work_order_id, technician_id, starts_at, at)
    pinned = PlannedVisit.objects.filter(work_order=order, released_at=None, pinned=True).exists()
    settle(Wish(order, crew, starts_at, pinned), at, reason=reason)
    record(Kind.PLACE, [before], [picture_of(order)], at)
    return Placed(tuple(dict.fromkeys(one.cause for one in warnings)))


def _mates(order: WorkOrder, technician_id: UUID) -> list[UUID]:
    """Return who goes with a new leader: the mates as before; a mate who leads changes places with the leader."""
    rest = plans.mates(order)
    if technician_id in rest and order.technician_id is not None:
        return [order.technician_id if one == technician_id else one for one in rest]
    return rest


@command("fieldwork.unassign")
def unassign(*, work_order_id: UUID, at: datetime, reason: str = "", key: IdempotencyKey | None = None) -> None:
    """Take a visit off the board, back into the pool. reason: a code. Raises ActionRefused, NotFound."""
    order = locked(work_order_id)
    if order.state not in WITH_TECHNICIAN:
        raise ActionRefused(state=str(order.state), action=str(Action.RETURN))
    before = picture_of(order)
    settle(Wish(order, ()), at, reason=reason)
    record(Kind.UNASSIGN, [before], [picture_of(order)], at)


@command("fieldwork.pin")
def pin(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Keep a visit where it is (锁定): no plan moves it. Raises NothingPlanned, NotFound."""
    _set_pinned(work_order_id, at, pinned=True)


@command("fieldwork.unpin")
def unpin(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Let plans move a visit again. Raises NothingPlanned, NotFound."""
    _set_pinned(work_order_id, at, pinned=False)


def _set_pinned(work_order_id: UUID, at: datetime, *, pinned: bool) -> None:
    order = locked(work_order_id)
    before = picture_of(order)
    committed = PlannedVisit.objects.filter(work_order=order, released_at=None)
    if order.state not in WITH_TECHNICIAN or not committed.exists():
        raise NothingPlanned(work_order=order.number)
    if committed.exclude(pinned=pinned).update(pinned=pinned):
        record(Kind.PIN if pinned else Kind.UNPIN, [before], [picture_of(order)], at)
