"""Who does it: assign, claim, accept, reassign, return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yuanxin.academy import api as academy
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.bundles import lock_trip
from yuanxin.fieldwork.actions.orders import leave_to_pool
from yuanxin.fieldwork.actions.steps import locked, require_own, step
from yuanxin.fieldwork.models import Appointment, PlannedVisit, Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import (
    ClaimedByAnother,
    ClaimNotAllowed,
    CrewIncomplete,
    NotATechnician,
    NotQualified,
    OutsideAppointment,
    TechnicianBusy,
)
from yuanxin.fieldwork.rules.needs import works_of
from yuanxin.fieldwork.rules.states import Action, State
from yuanxin.fieldwork.rules.windows import PromisedWindow
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.org import api as org
from yuanxin.published.codes import OrderKind, Segment
from yuanxin.published.fieldwork import WorkOrderAccepted, WorkOrderAssigned, WorkOrderReturned

TAKEN = (State.ACCEPTED, State.BOOKED, State.EN_ROUTE, State.ARRIVED)


@command("fieldwork.assign")
def assign(
    *,
    work_order_id: UUID,
    technician_id: UUID,
    planned_from: datetime,
    at: datetime,
    reason: str = "",
    mates: Sequence[UUID] = (),
    key: IdempotencyKey | None = None,
) -> None:
    """Plan a technician for an order of the pool (派单); mates: the rest of a crew.

    Raises ActionRefused, NotATechnician, NotQualified, CrewIncomplete, OutsideAppointment, TechnicianBusy, NotFound.
    """
    _plan(locked(work_order_id), Action.ASSIGN, technician_id, planned_from, at, reason, mates)


@command("fieldwork.reassign")
def reassign(
    *,
    work_order_id: UUID,
    technician_id: UUID,
    planned_from: datetime,
    at: datetime,
    reason: str = "",
    mates: Sequence[UUID] = (),
    key: IdempotencyKey | None = None,
) -> None:
    """Give an order that is not yet on site to another technician (转派). Raises as ``assign``."""
    order = locked(work_order_id)
    plans.release(order, at)
    Visit.objects.filter(work_order=order, ended_at=None).update(ended_at=at, outcome=str(Action.REASSIGN))
    _plan(order, Action.REASSIGN, technician_id, planned_from, at, reason, mates)


@command("fieldwork.claim")
def claim(
    *,
    work_order_id: UUID,
    technician_id: UUID,
    at: datetime,
    planned_from: datetime | None = None,
    key: IdempotencyKey | None = None,
) -> None:
    """Take an order out of the pool oneself (抢单), where the city allows it; of several at once one wins.

    planned_from: without one, the technician's first free time, inside the window that the customer was promised.
    Raises as ``assign``, NotYourOrder, ClaimNotAllowed, ClaimedByAnother.
    """
    if not parameters.may_claim(at):
        raise ClaimNotAllowed
    order = locked(work_order_id)
    if order.technician_id not in (None, technician_id):
        raise ClaimedByAnother(work_order=order.number)
    order.technician_id = technician_id
    require_own(order)
    if planned_from is None:
        planned_from = plans.next_start(order, [technician_id], at, window=_promised(order))
    if planned_from is None:
        raise TechnicianBusy(technician=str(technician_id), field="planned_from")
    _plan(order, Action.CLAIM, technician_id, planned_from, at, "", ())
    _take(order, at)


def _promised(order: WorkOrder) -> PromisedWindow | None:
    window = Appointment.objects.filter(work_order=order, superseded_at=None).first()
    return PromisedWindow(window.window_from, window.window_to) if window is not None else None


def _plan(
    order: WorkOrder,
    action: Action,
    technician_id: UUID,
    planned_from: datetime,
    at: datetime,
    reason: str,
    mates: Sequence[UUID],
) -> None:
    crew = (technician_id, *mates)
    require_crew(order, crew)
    order.technician_id = technician_id
    step(order, action, at, reason_code=reason)
    for member in crew:
        _require_fit(order, member, at)
    _require_in_window(order, planned_from)
    commit_crew(order, crew, planned_from, at)


def commit_crew(
    order: WorkOrder, crew: Sequence[UUID], planned_from: datetime, at: datetime, *, pinned: bool = False
) -> None:
    """Commit the time of a crew, the leader first; the caller took the step. Raises TechnicianBusy."""
    order.assigned_at = at
    order.accepted_at = None
    order.save()
    for member in crew:
        plans.commit(order, member, planned_from, at, leads=member == crew[0], pinned=pinned)
    tell_assigned(order, at)


def tell_assigned(order: WorkOrder, at: datetime) -> None:
    """Tell who is planned for an order, and when."""
    planned = PlannedVisit.objects.get(work_order=order, technician_id=order.technician_id, released_at=None)
    tell(
        WorkOrderAssigned(
            subject=order.ref,
            at=at,
            number=order.number,
            cause=order.cause,
            customer_id=order.customer_id,
            technician_id=order.in_charge,
            planned_from=planned.starts_at,
            planned_to=planned.ends_at,
            rides_along=order.bundle is not None,
        )
    )


def require_crew(order: WorkOrder, crew: Sequence[UUID]) -> None:
    """Raise CrewIncomplete unless as many different people go as the order needs."""
    if len(crew) != order.crew_size or len(set(crew)) != len(crew):
        raise CrewIncomplete(work_order=order.number, needed=order.crew_size, has=len(set(crew)), field="technician")


def _require_fit(order: WorkOrder, technician_id: UUID, at: datetime) -> None:
    """The order's skills are asked of the academy at the moment of the decision."""
    people = {one.id for one in org.technicians(order.city_code)}
    if technician_id not in people:
        raise NotATechnician(technician=str(technician_id), field="technician")
    held = academy.skills_of(technician_id, at)
    for code, level in order.skills.items():
        if held.get(code, 0) < level:
            raise NotQualified(skill=code, needed=level, has=held.get(code, 0), field="technician")
    for code in academy.missing_for(technician_id, works_of(OrderKind(order.order_kind), Segment(order.segment)), at):
        raise NotQualified(certificate=code, needed=1, has=0, field="technician")


def _require_in_window(order: WorkOrder, planned_from: datetime) -> None:
    window = Appointment.objects.filter(work_order=order, superseded_at=None).first()
    if window is not None and not window.window_from <= planned_from <= window.window_to:
        raise OutsideAppointment(
            window_from=window.window_from.isoformat(), window_to=window.window_to.isoformat(), field="planned_from"
        )


@command("fieldwork.accept")
def accept(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Take an offered order (接单) and all others of the same visit; a window already promised is booked at once.

    Once more for an order that was taken along with another changes nothing.
    Raises ActionRefused, NotYourOrder, NotFound.
    """
    order, others = lock_trip(work_order_id)
    require_own(order)
    if others and order.state in TAKEN:
        return
    take_offered(order, at)
    for other in others:
        if other.state == State.OFFERED:
            take_offered(other, max(at, other.state_since))


def take_offered(order: WorkOrder, at: datetime) -> None:
    """Take a locked order that was offered. Raises ActionRefused."""
    step(order, Action.ACCEPT, at)
    _take(order, at)


def _take(order: WorkOrder, at: datetime) -> None:
    order.accepted_at = at
    if Appointment.objects.filter(work_order=order, superseded_at=None).exists():
        step(order, Action.BOOK, at)
    order.save()
    tell(
        WorkOrderAccepted(
            subject=order.ref, at=at, number=order.number, cause=order.cause, technician_id=order.in_charge
        )
    )


@command("fieldwork.return_order")
def return_order(*, work_order_id: UUID, reason_code: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Give an order back to the pool with a reason (退单). Raises ActionRefused, NotYourOrder, NotFound."""
    order = locked(work_order_id)
    require_own(order)
    to_pool(order, reason_code, at)
    order.save()


def to_pool(order: WorkOrder, reason_code: str, at: datetime) -> None:
    """Return a planned order to the pool and tell it; the caller holds the lock and saves."""
    if order.state == State.PENDING:
        return
    step(order, Action.RETURN, at, reason_code=reason_code)
    leave_to_pool(order, at, outcome=reason_code)
    tell(WorkOrderReturned(subject=order.ref, at=at, number=order.number, cause=order.cause, reason_code=reason_code))
