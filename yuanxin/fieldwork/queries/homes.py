"""What else one home waits for, and what is done there on the same trip."""

from __future__ import annotations

from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.queries.orders import work_orders_by_id
from yuanxin.fieldwork.queries.views import WorkOrderView
from yuanxin.fieldwork.rules.states import OPEN, State


def same_home(order: WorkOrderView) -> list[WorkOrderView]:
    """Which other open orders has this customer at this address, oldest first? Four statements."""
    others = WorkOrder.objects.filter(
        address_id=order.address_id, customer_id=order.customer_id, state__in=(*OPEN, State.HELD)
    ).exclude(pk=order.id)
    found = work_orders_by_id(others.values_list("pk", flat=True))
    return sorted(found.values(), key=lambda one: (one.opened_at, one.number))


def one_visit(order: WorkOrderView) -> list[WorkOrderView]:
    """Which other orders are done on the same trip (合并上门), in the order of the plan? Four statements."""
    if order.bundle is None:
        return []
    others = WorkOrder.objects.filter(bundle=order.bundle).exclude(pk=order.id)
    found = work_orders_by_id(others.values_list("pk", flat=True))
    return sorted(found.values(), key=lambda one: (one.planned_from or one.finished_at or one.opened_at, one.number))
