"""Orders come into being, change hands between segments, are merged and called off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.steps import change_of, locked, step
from yuanxin.fieldwork.models import Hold, Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import MergedIntoItself, SameSegment
from yuanxin.fieldwork.rules.needs import require_possible, skills_needed
from yuanxin.fieldwork.rules.states import CLOSED, DONE, OPEN, Action, State
from yuanxin.kernel import prepared
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.insert import insert
from yuanxin.kernel.numbers import next_number
from yuanxin.kernel.outbox import tell
from yuanxin.published.codes import AreaClass, CustomerClass, OrderKind, Segment, Service
from yuanxin.published.fieldwork import WorkOrderCancelled, WorkOrderCreated, WorkOrderHandedOver
from yuanxin.published.refs import WorkOrderRef
from yuanxin.standards import api as standards

NUMBER_KIND = "W"

_KNOWN = """
SELECT id, number FROM fieldwork_workorder WHERE cause = %s AND predecessor_id IS NOT DISTINCT FROM %s LIMIT 1
"""


@command("fieldwork.create_work_order")
def create_work_order(
    *,
    cause: str,
    order_kind: OrderKind,
    service: Service,
    customer_id: UUID,
    address_id: UUID,
    grid_code: str,
    area_class: AreaClass,
    statutory_due_at: datetime | None,
    assessment_due_at: datetime | None,
    at: datetime,
    fault_code: str = "",
    customer_class: CustomerClass = CustomerClass.RESIDENT,
    predecessor_id: UUID | None = None,
    release_at: datetime | None = None,
    crew_size: int = 1,
) -> WorkOrderRef:
    """Put work into the pool; the same cause (after the same predecessor) asked twice gives the same order.

    cause: subject of what asks for it. Duration, deviation and value come from the rulebook of ``at``.
    """
    known = prepared.run(_KNOWN, [cause, predecessor_id]).fetchone()
    if known is not None:
        return WorkOrderRef(*known)
    require_possible(crew_size=crew_size)
    needs = parameters.needs_of(order_kind, customer_class, at)
    order = WorkOrder(
        id=new_id(),
        number=next_number(NUMBER_KIND, at),
        cause=cause,
        order_kind=order_kind,
        service=service,
        fault_code=fault_code,
        state=State.PENDING,
        state_since=at,
        customer_id=customer_id,
        address_id=address_id,
        grid_code=grid_code,
        area_class=area_class,
        duration_minutes=needs.minutes,
        deviation_minutes=needs.deviation_minutes,
        value=needs.value,
        skills=skills_needed(order_kind, service),
        crew_size=crew_size,
        predecessor_id=predecessor_id,
        release_at=release_at,
        statutory_due_at=statutory_due_at,
        assessment_due_at=assessment_due_at,
        opened_at=at,
    )
    insert(order, change_of(order, "create", "", at))
    _tell_created(order, at)
    return WorkOrderRef(order.pk, order.number)


def _tell_created(order: WorkOrder, at: datetime) -> None:
    due = [instant for instant in (order.assessment_due_at, order.statutory_due_at) if instant is not None]
    tell(
        WorkOrderCreated(
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
            due_at=min(due, default=None),
        )
    )


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
) -> None:
    """Correct what planning must know (改单) before anybody drives. Raises ActionRefused, NeedRefused, NotFound."""
    require_possible(duration_minutes=duration_minutes, crew_size=crew_size, skills=skills, parts=parts, tools=tools)
    order = locked(work_order_id)
    step(order, Action.AMEND, at)
    given = {
        "duration_minutes": duration_minutes,
        "skills": skills,
        "tools": tools,
        "parts": parts,
        "crew_size": crew_size,
    }
    for name, value in given.items():
        if value is not None:
            setattr(order, name, value)
    order.save()


@command("fieldwork.hand_over")
def hand_over(
    *, work_order_id: UUID, to_segment: Segment, reason_code: str, at: datetime, key: IdempotencyKey | None = None
) -> None:
    """Give the order to another segment (转段) with a reason; it returns to that segment's pool.

    Raises ActionRefused, SameSegment, NotFound.
    """
    order = locked(work_order_id)
    before = Segment(order.segment)
    if before is to_segment:
        raise SameSegment(segment=str(to_segment), field="to_segment")
    step(order, Action.HAND_OVER, at, reason_code=reason_code)
    leave_to_pool(order, at, outcome=reason_code)
    order.segment = to_segment
    order.save()
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
            customer_id=order.customer_id,
        )
    )


@command("fieldwork.cancel")
def cancel(*, work_order_id: UUID, reason_code: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Call an order off (作废). Raises ActionRefused when work has begun, NotFound."""
    order = locked(work_order_id)
    step(order, Action.VOID, at, reason_code=reason_code)
    leave_to_pool(order, at, outcome=reason_code)
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
def merge(*, work_order_id: UUID, into_id: UUID, reason_code: str, at: datetime) -> None:
    """Carry an order on under another one (合并), for instance that of an area outage.

    Raises ActionRefused, MergedIntoItself, NotFound.
    """
    target = locked(into_id)
    order = locked(work_order_id)
    if order == target or target.service != order.service or State(target.state) in (*CLOSED, *DONE):
        raise MergedIntoItself(work_order=order.number, field="into_id")
    step(order, Action.MERGE, at, reason_code=reason_code)
    leave_to_pool(order, at, outcome=reason_code)
    order.merged_into = target
    order.save()
    _tell_cancelled(order, reason_code, at)


def leave_to_pool(order: WorkOrder, at: datetime, *, outcome: str) -> None:
    """Free the technician: committed time back, an open visit ended, an open hold closed."""
    plans.release(order, at)
    Visit.objects.filter(work_order=order, ended_at=None).update(ended_at=at, outcome=outcome)
    Hold.objects.filter(work_order=order, ended_at=None).update(ended_at=at)
    order.technician = None
    order.assigned_at = order.accepted_at = None


def _tell_cancelled(order: WorkOrder, reason_code: str, at: datetime) -> None:
    tell(WorkOrderCancelled(subject=order.ref, at=at, number=order.number, cause=order.cause, reason_code=reason_code))
