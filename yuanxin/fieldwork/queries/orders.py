"""Questions about orders and visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from yuanxin.fieldwork.models import (
    Appointment,
    Evidence,
    Hold,
    OfflineStep,
    PlannedVisit,
    StateChange,
    Visit,
    WorkOrder,
)
from yuanxin.fieldwork.queries.views import (
    EvidenceView,
    HoldView,
    OfflineStepView,
    StepView,
    VisitView,
    WorkOrderView,
    evidence_view,
    hold_view,
    offline_step_view,
    order_view,
    step_view,
    visit_view,
)
from yuanxin.fieldwork.rules.states import OPEN, State
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.time import local_day

TodayItem = WorkOrderView


def work_order(work_order_id: UUID) -> WorkOrderView:
    """Return one order. Three statements. Raises NotFound."""
    found = work_orders_by_id([work_order_id])
    if work_order_id not in found:
        raise NotFound(work_order=str(work_order_id))
    return found[work_order_id]


def work_orders_by_id(ids: Iterable[UUID]) -> dict[UUID, WorkOrderView]:
    """Return the orders in scope by id. Three statements, whatever the number."""
    return {view.id: view for view in _views(list(WorkOrder.objects.filter(pk__in=list(ids))))}


def work_order_by_number(number: str) -> WorkOrderView:
    """Return the order of a human number. Raises NotFound."""
    order = WorkOrder.objects.filter(number=number).first()
    if order is None:
        raise NotFound(number=number[:20])
    return _views([order])[0]


def work_orders_of(cause: str) -> list[WorkOrderView]:
    """Which orders did this cause ask for, oldest first? Three statements."""
    return _views(list(WorkOrder.objects.filter(cause=cause).order_by("opened_at", "pk")))


def work_orders_at(address_id: UUID, *, since: datetime) -> list[WorkOrderView]:
    """Which orders were opened for this address since then, newest first? Three statements."""
    rows = WorkOrder.objects.filter(address_id=address_id, opened_at__gte=since)
    return _views(list(rows.order_by("-opened_at", "-pk")))


def today(technician_id: UUID, at: datetime) -> list[TodayItem]:
    """What has this technician to do today, in the order of the plan? What is overdue or held on site comes first.

    Open orders whose committed time begins before the end of the local day. Three statements.
    """
    midnight = datetime.combine(local_day(at), datetime.min.time(), ZoneInfo(settings.YUANXIN_CITY_ZONE))
    mine = PlannedVisit.objects.filter(
        technician=technician_id, released_at=None, starts_at__lt=midnight + timedelta(days=1)
    )
    on_site = Q(technician=technician_id, state__in=(State.ARRIVED, State.WORKING))
    planned = Q(pk__in=mine.values("work_order"), state__in=(*OPEN, State.HELD))
    rows = WorkOrder.objects.filter(planned | on_site)
    return sorted(_views(list(rows)), key=lambda view: (view.planned_from or view.opened_at, view.number))


def finished_on(technician_id: UUID, day_of: datetime) -> list[WorkOrderView]:
    """What did this technician finish on the local day of an instant? Three statements."""
    midnight = datetime.combine(local_day(day_of), datetime.min.time(), ZoneInfo(settings.YUANXIN_CITY_ZONE))
    rows = WorkOrder.objects.filter(
        technician=technician_id, finished_at__gte=midnight, finished_at__lt=midnight + timedelta(days=1)
    )
    return _views(list(rows.order_by("finished_at", "pk")))


def history(work_order_id: UUID) -> list[StepView]:
    """What happened to this order, oldest first? One statement."""
    return [step_view(row) for row in StateChange.objects.filter(work_order=work_order_id).order_by("pk")]


def offline_steps_of(work_order_id: UUID) -> list[OfflineStepView]:
    """Which steps of this order did a phone send later, oldest first? One statement."""
    return [offline_step_view(row) for row in OfflineStep.objects.filter(work_order=work_order_id).order_by("pk")]


def visits_of(work_order_id: UUID) -> list[VisitView]:
    """Who was there, and when? Oldest first, one statement."""
    return [visit_view(row) for row in Visit.objects.filter(work_order=work_order_id).order_by("departed_at", "pk")]


def evidence_of(work_order_id: UUID) -> list[EvidenceView]:
    """What shows the work? Oldest first, one statement."""
    return [evidence_view(row) for row in Evidence.objects.filter(work_order=work_order_id).order_by("made_at", "pk")]


def picture(evidence_id: UUID) -> tuple[bytes, str]:
    """Return content and type of a stored picture, for those who may see its order. One statement. Raises NotFound."""
    row = Evidence.objects.filter(pk=evidence_id).first()
    if row is None:
        raise NotFound(evidence=str(evidence_id))
    with row.file.open("rb") as stored:
        return stored.read(), row.content_type


def evidence_order(evidence_id: UUID) -> UUID:
    """Return the work order that a picture belongs to. One statement. Raises NotFound."""
    found = Evidence.objects.filter(pk=evidence_id).values_list("work_order_id", flat=True).first()
    if found is None:
        raise NotFound(evidence=str(evidence_id))
    return found


def holds_of(work_order_id: UUID) -> list[HoldView]:
    """When and why did this order stand still? Oldest first, one statement."""
    rows = Hold.objects.filter(work_order=work_order_id).select_related("work_order")
    return [hold_view(row) for row in rows.order_by("asked_at", "pk")]


def holds_to_decide() -> list[HoldView]:
    """Which holds wait for a second person, longest first? One statement."""
    rows = Hold.objects.filter(ended_at=None, decision=Hold.Decision.ASKED).select_related("work_order")
    return [hold_view(row) for row in rows.order_by("asked_at", "pk")]


def _views(orders: list[WorkOrder]) -> list[WorkOrderView]:
    ids = [order.pk for order in orders]
    windows = {row.work_order_id: row for row in Appointment.objects.filter(work_order__in=ids, superseded_at=None)}
    leading = PlannedVisit.objects.filter(work_order__in=ids, released_at=None, leads=True)
    planned = {row.work_order_id: (row.starts_at, row.ends_at) for row in leading}
    return [order_view(order, windows.get(order.pk), planned.get(order.pk)) for order in orders]
