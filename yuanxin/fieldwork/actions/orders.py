"""Orders come into being, change hands between segments, are merged and called off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.steps import change_of
from yuanxin.fieldwork.models import Hold, Visit, WorkOrder
from yuanxin.fieldwork.rules.needs import require_possible, skills_needed
from yuanxin.fieldwork.rules.states import State
from yuanxin.kernel import prepared
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.insert import insert
from yuanxin.kernel.numbers import next_number
from yuanxin.kernel.outbox import tell
from yuanxin.published.codes import AreaClass, CustomerClass, OrderKind, Service
from yuanxin.published.fieldwork import WorkOrderCreated
from yuanxin.published.refs import WorkOrderRef

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


def leave_to_pool(order: WorkOrder, at: datetime, *, outcome: str) -> None:
    """Free the technician: committed time back, an open visit ended, an open hold closed."""
    plans.release(order, at)
    Visit.objects.filter(work_order=order, ended_at=None).update(ended_at=at, outcome=outcome)
    Hold.objects.filter(work_order=order, ended_at=None).update(ended_at=at)
    order.technician = None
    order.assigned_at = order.accepted_at = None
