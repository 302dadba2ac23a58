"""What else one home waits for."""

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
