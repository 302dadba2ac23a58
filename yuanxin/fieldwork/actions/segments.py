"""Hand-over between segments 转段 and back 退回: one clock for each stay, while the customer's clocks run on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.orders import leave_to_pool
from yuanxin.fieldwork.actions.steps import locked, require_own, step, who
from yuanxin.fieldwork.models import SegmentStay, WorkOrder
from yuanxin.fieldwork.rules.errors import NothingToHandBack, SameSegment, UnknownReason
from yuanxin.fieldwork.rules.needs import skills_needed
from yuanxin.fieldwork.rules.segments import clock_topic
from yuanxin.fieldwork.rules.states import Action
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.codes import AreaClass, OrderKind, Segment, Service
from yuanxin.published.fieldwork import WorkOrderHandedOver
from yuanxin.standards import api as standards

DISPATCHES = "fieldwork.assign"


@command("fieldwork.hand_over")
def hand_over(
    *,
    work_order_id: UUID,
    to_segment: Segment,
    reason_code: str,
    at: datetime,
    note: str = "",
    key: IdempotencyKey | None = None,
) -> None:
    """Give the order to another segment (转段) with a reason; it waits in that segment's pool.

    reason_code: one of ``hand_over_reasons``. Raises ActionRefused, NotYourOrder, SameSegment, UnknownReason, NotFound.
    """
    order = locked(work_order_id)
    if order.segment == to_segment:
        raise SameSegment(segment=str(to_segment), field="to_segment")
    if reason_code not in parameters.hand_over_reasons(at):
        raise UnknownReason(reason=reason_code[:40], field="reason_code")
    _give(order, to_segment, reason_code, note, at)


@command("fieldwork.hand_back")
def hand_back(
    *, work_order_id: UUID, reason_code: str, at: datetime, note: str = "", key: IdempotencyKey | None = None
) -> None:
    """Give the order back to the segment that it came from, with a reason.

    reason_code: one of ``hand_back_reasons``.
    Raises ActionRefused, NotYourOrder, NothingToHandBack, UnknownReason, NotFound.
    """
    order = locked(work_order_id)
    stay = SegmentStay.objects.filter(work_order=order, left_at=None).exclude(came_from="").first()
    if stay is None:
        raise NothingToHandBack(work_order=order.number)
    if reason_code not in parameters.hand_back_reasons(at):
        raise UnknownReason(reason=reason_code[:40], field="reason_code")
    _give(order, Segment(stay.came_from), reason_code, note, at)


def _give(order: WorkOrder, to_segment: Segment, reason_code: str, note: str, at: datetime) -> None:
    if not acting.current().may(DISPATCHES):
        require_own(order)
    before = Segment(order.segment)
    step(order, Action.HAND_OVER, at, reason_code=reason_code)
    leave_to_pool(order, at, outcome=reason_code)
    _leave(order, before, at)
    order.segment = to_segment
    order.skills = skills_needed(OrderKind(order.order_kind), Service(order.service), to_segment)
    order.save()
    SegmentStay.objects.create(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        segment=to_segment,
        came_from=before,
        entered_at=at,
        reason_code=reason_code,
        note=note.strip()[:500],
        handed_by=who(),
    )
    _start_clock(order, to_segment, at)
    standards.hand_over(subject=order.cause, segment=to_segment, at=at)
    tell(
        WorkOrderHandedOver(
            subject=order.ref,
            at=at,
            number=order.number,
            cause=order.cause,
            from_segment=before,
            to_segment=to_segment,
            reason_code=reason_code,
        )
    )


def _leave(order: WorkOrder, segment: Segment, at: datetime) -> None:
    """End the open stay; the first hand-over writes down the first stay, which nobody needed to know until then."""
    if end_stay(order, at) or SegmentStay.objects.filter(work_order=order).exists():
        return
    SegmentStay.objects.create(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        segment=segment,
        entered_at=order.opened_at,
        left_at=at,
    )
    _start_clock(order, segment, order.opened_at)
    standards.stop_clocks(subject=order.ref, topic=clock_topic(segment), at=at)


def end_stay(order: WorkOrder, at: datetime) -> bool:
    """End the open stay of an order and its clock; False when nobody ever handed it over. Caller holds the lock."""
    stay = SegmentStay.objects.filter(work_order=order, left_at=None).first()
    if stay is None:
        return False
    SegmentStay.objects.filter(pk=stay.pk).update(left_at=at)
    standards.stop_clocks(subject=order.ref, topic=clock_topic(Segment(stay.segment)), at=at)
    return True


def _start_clock(order: WorkOrder, segment: Segment, at: datetime) -> None:
    standards.start_clocks(
        topic=clock_topic(segment),
        subject=order.ref,
        service=Service(order.service),
        area_class=AreaClass(order.area_class),
        at=at,
        segment=segment,
    )
