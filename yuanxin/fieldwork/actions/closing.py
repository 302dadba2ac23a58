"""Close-out 回单 and what follows: one transaction from the evidence to the pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.evidence import Upload, keep
from yuanxin.fieldwork.actions.orders import create_work_order
from yuanxin.fieldwork.actions.steps import locked, require_own, step
from yuanxin.fieldwork.models import Appointment, Evidence, Hold, Visit, WorkOrder
from yuanxin.fieldwork.rules.closing import (
    Shown,
    clean_tests,
    require_close_type_fits,
    require_complete,
    responsible,
)
from yuanxin.fieldwork.rules.pauses import paused_minutes
from yuanxin.fieldwork.rules.states import Action, State
from yuanxin.fieldwork.rules.windows import PromisedWindow, is_kept
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.org import api as org
from yuanxin.published.codes import AreaClass, ClockKind, CloseType, OrderKind, Segment, Service
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.standards import api as standards


@command("fieldwork.finish")
def finish(
    *,
    work_order_id: UUID,
    close_type: CloseType,
    at: datetime,
    photo: bytes | None = None,
    photo_name: str = "photo.jpg",
    fault_cause: str | None = None,
    tests: Mapping[str, str] | None = None,
    signature_name: str = "",
    signature_png: bytes | None = None,
    key: IdempotencyKey | None = None,
) -> None:
    """Close an order out with its evidence (回单); assessment and pay follow in this transaction.

    fault_cause: a leaf of ``rules.closing.CAUSES``. tests: test values by name. An empty trip or a refused entry
    may be closed before the work began.
    Raises ActionRefused, NotYourOrder, EvidenceMissing, SignatureWithoutName, UnknownCause, TestValueRefused,
    PictureRefused, NotFound.
    """
    order = locked(work_order_id)
    require_own(order)
    require_close_type_fits(State(order.state), close_type)
    step(order, Action.SUBMIT, at)
    shown = Shown(has_photo=photo is not None, has_signature=signature_png is not None, signed_by=signature_name)
    require_complete(OrderKind(order.order_kind), close_type, fault_cause, shown)
    visit = Visit.objects.get(work_order=order, ended_at=None)
    if photo is not None:
        keep(order, Evidence.Kind.PHOTO, Upload(photo, photo_name), at, visit=visit)
    if signature_png is not None:
        keep(
            order,
            Evidence.Kind.SIGNATURE,
            Upload(signature_png, "signature.png"),
            at,
            visit=visit,
            signed_by=signature_name.strip()[:60],
        )
    step(order, Action.APPROVE, at)
    step(order, Action.ARCHIVE if order.order_kind == OrderKind.PATROL else Action.AWAIT_CALLBACK, at)
    order.finished_at = at
    order.close_type = close_type
    order.fault_cause = fault_cause or ""
    order.tests = clean_tests(tests or {})
    order.save()
    Visit.objects.filter(pk=visit.pk).update(ended_at=at, outcome="finished")
    plans.end(order, at)
    tell(_finished(order, visit, at))


def _payee(order: WorkOrder) -> str | None:
    """Return the vendor 代维单位 that is paid for the technician's work, or nobody but the technician."""
    vendor = org.staff(order.in_charge).vendor
    return f"vendor:{vendor}" if vendor else None


def _finished(order: WorkOrder, last: Visit, at: datetime) -> WorkOrderFinished:
    """Collect every instant that assessment and pay need."""
    appointment = Appointment.objects.filter(work_order=order, superseded_at=None).first()
    window = PromisedWindow(appointment.window_from, appointment.window_to) if appointment else None
    tolerance = parameters.window_tolerance(AreaClass(order.area_class), at)
    approved = Hold.objects.filter(work_order=order, decision=Hold.Decision.APPROVED)
    pauses = [(hold.decided_at, hold.ended_at or at) for hold in approved if hold.decided_at is not None]
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
        started_at=last.started_at or last.arrived_at or at,
        finished_at=at,
        paused_minutes=paused_minutes(pauses),
        visits=Visit.objects.filter(work_order=order).exclude(arrived_at=None).count(),
        appointment_kept=is_kept(window, last.arrived_at, tolerance),
    )


@command("fieldwork.confirm_callback")
def confirm_callback(
    *, work_order_id: UUID, reached: bool, agrees: bool | None, at: datetime, key: IdempotencyKey | None = None
) -> None:
    """Note a call-back (回访): it ends the order; for a customer who disagrees another order follows (返工).

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
