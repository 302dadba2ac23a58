"""Telling customers a narrower hour once the plan of the day knows it."""

from __future__ import annotations

from datetime import datetime

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import ToldArrival, WorkOrder
from yuanxin.fieldwork.queries import arrivals as asked
from yuanxin.fieldwork.rules.eta import is_moved
from yuanxin.kernel.commands import command
from yuanxin.kernel.outbox import tell
from yuanxin.published.fieldwork import ArrivalForetold


@command("fieldwork.foretell_arrivals")
def foretell_arrivals(*, at: datetime) -> int:
    """Tell the city's customers a narrower arrival (到达时段), once, and again when it moved; return how many.

    Never outside the promised window, and for one appointment at most as often as the rulebook says.
    """
    terms = parameters.foretell_terms(at)
    due = [
        one
        for one in asked.foreseen(at)
        if not one.told or (len(one.told) < terms.most and is_moved(one.told[-1], one.window, terms))
    ]
    orders = WorkOrder.objects.in_bulk([one.work_order_id for one in due])
    for one in due:
        order = orders[one.work_order_id]
        ToldArrival.objects.create(
            province_code=order.province_code,
            city_code=order.city_code,
            work_order=order,
            version=one.version,
            arrival_from=one.window.begins_at,
            arrival_to=one.window.ends_at,
            told_at=at,
        )
        tell(
            ArrivalForetold(
                subject=order.ref,
                at=at,
                number=order.number,
                cause=order.cause,
                customer_id=order.customer_id,
                arrival_from=one.window.begins_at,
                arrival_to=one.window.ends_at,
                times=len(one.told) + 1,
            )
        )
    return len(due)
