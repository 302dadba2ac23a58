"""Hold and resume 挂起: asked with a reason, approved by a second person, only then the clocks pause."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.evidence import Upload, keep
from yuanxin.fieldwork.actions.orders import leave_to_pool
from yuanxin.fieldwork.actions.steps import locked, require_own, step, who
from yuanxin.fieldwork.models import Evidence, Hold, Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import ApprovedByRequester, NoOpenHold, UnknownReason
from yuanxin.fieldwork.rules.states import Action, State
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.fieldwork import WorkOrderHeld, WorkOrderResumed
from yuanxin.standards import api as standards


@command("fieldwork.hold")
def hold(
    *,
    work_order_id: UUID,
    reason_code: str,
    at: datetime,
    note: str = "",
    photo: bytes | None = None,
    photo_name: str = "photo.jpg",
    key: IdempotencyKey | None = None,
) -> UUID:
    """Let an order stand still and ask for approval; return the hold's id. The clocks run on until it is approved.

    reason_code: one of the rulebook's ``hold.reasons``. Before arrival the technician's time is given back.
    Raises ActionRefused, NotYourOrder, UnknownReason, PictureRefused, NotFound.
    """
    order = locked(work_order_id)
    if order.technician_id is not None:
        require_own(order)
    if reason_code not in parameters.hold_reasons(at):
        raise UnknownReason(reason=reason_code[:40], field="reason_code")
    on_site = order.state in (State.ARRIVED, State.WORKING)
    step(order, Action.HOLD, at, reason_code=reason_code)
    order.save()
    visit = Visit.objects.filter(work_order=order, ended_at=None).first()
    evidence = _shown(order, visit, Upload(photo, photo_name) if photo is not None else None, at)
    if not on_site:
        plans.release(order, at)
    asked = Hold.objects.create(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        reason_code=reason_code,
        note=note.strip()[:500],
        evidence=evidence,
        asked_at=at,
        asked_by=who(),
    )
    return asked.pk


def _shown(order: WorkOrder, visit: Visit | None, upload: Upload | None, at: datetime) -> Evidence | None:
    """Return the picture that came along, or the newest one stored before that no hold uses."""
    if upload is not None:
        return keep(order, Evidence.Kind.HOLD, upload, at, visit=visit)
    used = Hold.objects.filter(work_order=order).exclude(evidence=None).values("evidence")
    free = Evidence.objects.filter(work_order=order, kind=Evidence.Kind.HOLD).exclude(pk__in=used)
    return free.order_by("made_at", "pk").last()


@command("fieldwork.approve_hold")
def approve_hold(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Approve a hold as a second person: from now on the clocks pause as their rules allow.

    Raises NoOpenHold, ApprovedByRequester, NotFound.
    """
    order = locked(work_order_id)
    asked = _asked(order)
    if asked.asked_by == who():
        raise ApprovedByRequester(work_order=order.number)
    _decide(asked, Hold.Decision.APPROVED, at)
    for subject in (order.cause, order.ref):
        standards.pause_clocks(
            subject=subject,
            reason_code=asked.reason_code,
            evidence=f"hold:{asked.pk}",
            asked_by=asked.asked_by,
            approved_by=who(),
            at=at,
        )
    tell(
        WorkOrderHeld(
            subject=order.ref,
            at=at,
            number=order.number,
            cause=order.cause,
            reason_code=asked.reason_code,
            customer_id=order.customer_id,
        )
    )


@command("fieldwork.refuse_hold")
def refuse_hold(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Refuse a hold: the order goes on, no clock ever paused. Raises NoOpenHold, ApprovedByRequester, NotFound."""
    order = locked(work_order_id)
    asked = _asked(order)
    if asked.asked_by == who():
        raise ApprovedByRequester(work_order=order.number)
    _decide(asked, Hold.Decision.REFUSED, at)
    _go_on(order, at)


@command("fieldwork.resume")
def resume(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Go on after a hold (解挂): on site where it stood, otherwise from the pool.

    Raises ActionRefused, NotYourOrder, NotFound.
    """
    order = locked(work_order_id)
    if order.technician_id is not None:
        require_own(order)
    approved = Hold.objects.filter(work_order=order, ended_at=None, decision=Hold.Decision.APPROVED).exists()
    _go_on(order, at)
    if approved:
        for subject in (order.cause, order.ref):
            standards.resume_clocks(subject=subject, at=at)
        tell(WorkOrderResumed(subject=order.ref, at=at, number=order.number, cause=order.cause))


def _asked(order: WorkOrder) -> Hold:
    asked = Hold.objects.filter(work_order=order, ended_at=None, decision=Hold.Decision.ASKED).first()
    if asked is None or order.state != State.HELD:
        raise NoOpenHold(work_order=order.number)
    return asked


def _decide(asked: Hold, decision: Hold.Decision, at: datetime) -> None:
    Hold.objects.filter(pk=asked.pk).update(decision=decision, decided_at=at, decided_by=who())


def _go_on(order: WorkOrder, at: datetime) -> None:
    step(order, Action.RESUME, at)
    Hold.objects.filter(work_order=order, ended_at=None).update(ended_at=at)
    if order.state == State.PENDING:
        leave_to_pool(order, at, outcome=str(Action.HOLD))
    order.save()
