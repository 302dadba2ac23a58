"""What follows a good close-out: the order is finished, everybody hears of it, the call-back ends its life."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.orders import create_work_order
from yuanxin.fieldwork.actions.segments import end_stay
from yuanxin.fieldwork.actions.steps import locked, step
from yuanxin.fieldwork.models import Appointment, CloseOut, Hold, Visit, WorkOrder
from yuanxin.fieldwork.queries.segments import stays_of
from yuanxin.fieldwork.rules.closing import responsible
from yuanxin.fieldwork.rules.pauses import paused_minutes
from yuanxin.fieldwork.rules.segments import minutes_of
from yuanxin.fieldwork.rules.states import Action, State
from yuanxin.fieldwork.rules.windows import Booked, PromisedWindow, is_kept
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.org import api as org
from yuanxin.published.codes import AreaClass, ClockKind, CloseType, OrderKind, Segment, Service
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.standards import api as standards


def conclude(order: WorkOrder, handed_in: CloseOut, at: datetime) -> None:
    """Finish the locked order with a close-out that counts; its instants are the technician's own."""
    step(order, Action.APPROVE, at)
    step(order, Action.ARCHIVE if order.order_kind == OrderKind.PATROL else Action.AWAIT_CALLBACK, at)
    order.finished_at = handed_in.submitted_at
    order.close_type = handed_in.close_type
    order.fault_cause = handed_in.fault_cause
    order.tests = handed_in.tests
    order.save()
    end_stay(order, handed_in.submitted_at)
    tell(_finished(order, handed_in.visit, handed_in.submitted_at, at))


def _payee(order: WorkOrder) -> str | None:
    """Return the vendor 代维单位 that is paid for the technician's work, or nobody but the technician."""
    vendor = org.staff(order.in_charge).vendor
    return f"vendor:{vendor}" if vendor else None


def _finished(order: WorkOrder, last: Visit, finished_at: datetime, at: datetime) -> WorkOrderFinished:
    """Collect every instant that assessment and pay need."""
    versions = [
        Booked(PromisedWindow(row.window_from, row.window_to), row.wanted_by_customer)
        for row in Appointment.objects.filter(work_order=order).order_by("version")
    ]
    window = versions[-1].window if versions else None
    tolerance = parameters.window_tolerance(AreaClass(order.area_class), at)
    approved = Hold.objects.filter(work_order=order, decision=Hold.Decision.APPROVED)
    pauses = [(hold.decided_at, hold.ended_at or finished_at) for hold in approved if hold.decided_at is not None]
    stayed = minutes_of(stays_of(order), finished_at)
    segment = responsible(order.fault_cause) if order.close_type == CloseType.FIXED else Segment(order.segment)
    return WorkOrderFinished(
        subject=order.ref,
        at=at,
        number=order.number,
        cause=order.cause,
        order_kind=OrderKind(order.order_kind),
        service=Service(order.service),
        customer_id=order.customer_id,
        address_id=order.address_id,
        grid_code=order.grid_code,
        area_class=AreaClass(order.area_class),
        technician_id=order.in_charge,
        payee=_payee(order),
        segment=segment,
        close_type=CloseType(order.close_type),
        fault_cause=order.fault_cause or None,
        opened_at=order.opened_at,
        assigned_at=order.assigned_at or order.opened_at,
        accepted_at=order.accepted_at,
        window_from=window.begins_at if window else None,
        window_to=window.ends_at if window else None,
        departed_at=last.departed_at,
        arrived_at=last.arrived_at,
        started_at=last.started_at or last.arrived_at or finished_at,
        finished_at=finished_at,
        paused_minutes=paused_minutes(pauses),
        visits=Visit.objects.filter(work_order=order).exclude(arrived_at=None).count(),
        appointment_kept=is_kept(versions, last.arrived_at, tolerance),
        mates=tuple(last.mates),
        segment_minutes={str(one): minutes for one, minutes in stayed.items()},
        elsewhere_minutes=sum(minutes for one, minutes in stayed.items() if one != order.segment),
    )


@command("fieldwork.confirm_callback")
def confirm_callback(
    *, work_order_id: UUID, reached: bool, agrees: bool | None, at: datetime, key: IdempotencyKey | None = None
) -> None:
    """Note a call-back (回访): it ends the order; for a customer who disagrees another order follows.

    A call-back of an order that owes none changes nothing. Raises NotFound.
    """
    order = locked(work_order_id)
    if not reached or order.state != State.CALLBACK_DUE:
        return
    at = max(at, order.state_since)
    step(order, Action.CALL_BACK, at, reason_code="disagrees" if agrees is False else "")
    step(order, Action.ARCHIVE, at)
    order.save()
    if agrees is False:
        _follow_up(order, at)


def _follow_up(order: WorkOrder, at: datetime) -> None:
    """Put work into the pool that follows a finished order, with the clocks that its cause has since the call-back.

    It is an order of its own: whoever does it has his own visit, outcome and pay, and the first one keeps his.
    """
    due = {clock.kind: clock.due_at for clock in standards.clocks_of(order.cause) if clock.stopped_at is None}
    create_work_order(
        cause=order.cause,
        order_kind=OrderKind(order.order_kind),
        service=Service(order.service),
        customer_id=order.customer_id,
        address_id=order.address_id,
        grid_code=order.grid_code,
        area_class=AreaClass(order.area_class),
        statutory_due_at=due.get(ClockKind.STATUTORY),
        assessment_due_at=due.get(ClockKind.ASSESSMENT),
        fault_code=order.fault_code,
        predecessor_id=order.pk,
        crew_size=order.crew_size,
        at=at,
    )
