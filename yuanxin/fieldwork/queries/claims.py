"""What a technician may take out of the pool himself (抢单)."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Least

from yuanxin.academy import api as academy
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.queries.orders import work_orders_by_id
from yuanxin.fieldwork.queries.views import WorkOrderView
from yuanxin.fieldwork.rules.needs import works_of
from yuanxin.fieldwork.rules.states import State
from yuanxin.org import api as org
from yuanxin.published.codes import OrderKind, Segment

DISTRICT_DIGITS = 6
MOST = 50


def claimable(technician_id: UUID, at: datetime) -> list[WorkOrderView]:
    """Which orders of the pool may this technician take, the most urgent first? Empty where the city forbids it.

    The area of a technician is the districts of the grids that he looks after, the whole city for one without a grid.
    Orders that want a crew, or a skill or certificate that he lacks, are left out. At most 50; about eight statements.
    """
    if not parameters.may_claim(at):
        return []
    districts = {code[:DISTRICT_DIGITS] for code in org.grids_of(technician_id)}
    here = reduce(or_, (Q(grid_code__startswith=code) for code in districts), Q())
    waiting = WorkOrder.objects.filter(here, state=State.PENDING, crew_size=1).annotate(
        first_due_at=Least("statutory_due_at", "assessment_due_at")
    )
    fit = _fit(technician_id, at, list(waiting.order_by(F("first_due_at").asc(nulls_last=True), "opened_at", "pk")))
    views = work_orders_by_id([order.pk for order in fit[:MOST]])
    return [views[order.pk] for order in fit[:MOST]]


def _fit(technician_id: UUID, at: datetime, orders: list[WorkOrder]) -> list[WorkOrder]:
    """Keep the orders whose skills and certificates the technician has."""
    held = academy.skills_of(technician_id, at)
    works = {(order.order_kind, order.segment) for order in orders}
    lacking = {
        (kind, segment)
        for kind, segment in works
        if academy.missing_for(technician_id, works_of(OrderKind(kind), Segment(segment)), at)
    }
    return [
        order
        for order in orders
        if (order.order_kind, order.segment) not in lacking
        and all(held.get(code, 0) >= level for code, level in order.skills.items())
    ]
