"""The lists of field service, each declared once."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from yuanxin.fieldwork.models import Appointment, DispatchRun, Hold, PlannedVisit, WorkOrder
from yuanxin.fieldwork.rules.states import OPEN, State
from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service

STATES = (
    (str(State.PENDING), "Waiting for dispatch"),
    (str(State.OFFERED), "Offered"),
    (str(State.ACCEPTED), "Accepted"),
    (str(State.BOOKED), "Booked"),
    (str(State.EN_ROUTE), "On the way"),
    (str(State.ARRIVED), "On site"),
    (str(State.WORKING), "Working"),
    (str(State.REVIEW), "Close-out in review"),
    (str(State.FINISHED), "Finished"),
    (str(State.CALLBACK_DUE), "Call-back due"),
    (str(State.CALLED_BACK), "Called back"),
    (str(State.ARCHIVED), "Archived"),
    (str(State.HELD), "On hold"),
    (str(State.MERGED), "Merged"),
    (str(State.VOID), "Called off"),
)
KINDS = (
    (str(OrderKind.REPAIR), "Repair"),
    (str(OrderKind.INSTALL), "Installation"),
    (str(OrderKind.MOVE), "Move"),
    (str(OrderKind.REMOVE), "Removal"),
    (str(OrderKind.PATROL), "Patrol"),
)
SERVICES = ((str(Service.TV), "Television"), (str(Service.BROADBAND), "Broadband"), (str(Service.MOBILE), "Mobile"))
SEGMENTS = (
    (str(Segment.FIELD), "Field crew"),
    (str(Segment.LINE), "Line crew"),
    (str(Segment.HEADEND), "Headend"),
    (str(Segment.PROJECT), "Project"),
    (str(Segment.THIRD_PARTY), "Third party"),
)
AREAS = ((str(AreaClass.URBAN), "Town"), (str(AreaClass.RURAL), "Country"), (str(AreaClass.REMOTE), "Remote"))
CLOSE_TYPES = (
    (str(CloseType.FIXED), "Repaired"),
    (str(CloseType.NO_FAULT), "No fault found"),
    (str(CloseType.EMPTY_TRIP), "Nobody at home"),
    (str(CloseType.REFUSED_ENTRY), "Entry refused"),
    (str(CloseType.TAUGHT), "Explained on site"),
)


def _orders() -> QuerySet[Any]:
    newest = Appointment.objects.filter(work_order=OuterRef("pk"), superseded_at=None)
    approved = Hold.objects.filter(work_order=OuterRef("pk"), decision=Hold.Decision.APPROVED, ended_at=None)
    planned = PlannedVisit.objects.filter(work_order=OuterRef("pk"), released_at=None, leads=True)
    return WorkOrder.objects.annotate(
        due_at=Coalesce(Least("statutory_due_at", "assessment_due_at"), "assessment_due_at", "statutory_due_at"),
        is_promise_paused=Exists(approved),
        window_from=Subquery(newest.values("window_from")[:1]),
        window_to=Subquery(newest.values("window_to")[:1]),
        planned_from=Subquery(planned.values("starts_at")[:1]),
        technician_number=F("technician__number"),
        technician_name=F("technician__name"),
    )


def _pool() -> QuerySet[Any]:
    return _orders().filter(state__in=(*OPEN, State.HELD))


_COLUMNS = (
    Column("number", "Number"),
    Column("state", "State", Kind.CODE, choices=STATES),
    Column("order_kind", "Kind", Kind.CODE, choices=KINDS),
    Column("service", "Service", Kind.CODE, choices=SERVICES),
    Column("fault_code", "Fault"),
    Column("segment", "Segment", Kind.CODE, is_shown=False, choices=SEGMENTS),
    Column("grid_code", "Grid", is_sortable=True),
    Column("area_class", "Area class", Kind.CODE, is_shown=False, choices=AREAS),
    Column("due_at", "Due", Kind.INSTANT, is_sortable=True),
    Column("statutory_due_at", "Statutory due", Kind.INSTANT, is_sortable=True, is_shown=False),
    Column("assessment_due_at", "Promised for", Kind.INSTANT, is_sortable=True, is_shown=False),
    Column("window_from", "Window from", Kind.INSTANT),
    Column("window_to", "Window to", Kind.INSTANT),
    Column("technician_name", "Technician"),
    Column("technician_number", "Staff number", is_shown=False),
    Column("planned_from", "Planned for", Kind.INSTANT),
    Column("opened_at", "Opened at", Kind.INSTANT, is_sortable=True),
    Column("finished_at", "Finished at", Kind.INSTANT, is_sortable=True, is_shown=False),
    Column("close_type", "Close type", Kind.CODE, is_shown=False, choices=CLOSE_TYPES),
)
_FILTERS = (
    Filter("state", "state", "State", Kind.CODE, "in"),
    Filter("kind", "order_kind", "Kind", Kind.CODE, choices=KINDS),
    Filter("service", "service", "Service", Kind.CODE, choices=SERVICES),
    Filter("segment", "segment", "Segment", Kind.CODE, choices=SEGMENTS),
    Filter("grid", "grid_code", "Grid", lookup="startswith"),
    Filter("technician", "technician", "Technician", Kind.ID),
    Filter("number", "number", "Number", lookup="startswith"),
    Filter("customer", "customer_id", "Customer", Kind.ID),
    Filter("due_before", "due_at", "Due before", Kind.INSTANT, "lt"),
    Filter("opened_from", "opened_at", "Opened from", Kind.INSTANT, "gte"),
    Filter("opened_to", "opened_at", "Opened until", Kind.INSTANT, "lte"),
)

pool = Listing(
    name="fieldwork.pool",
    title="Open work orders",
    rows=_pool,
    columns=_COLUMNS,
    filters=_FILTERS,
    default_sort="due_at",
    quick=("number",),
)

work_orders = Listing(
    name="fieldwork.work_orders",
    title="Work orders",
    rows=_orders,
    columns=_COLUMNS,
    filters=(*_FILTERS, Filter("closed_as", "close_type", "Close type", Kind.CODE, choices=CLOSE_TYPES)),
    default_sort="-opened_at",
    quick=("number",),
)

dispatch_runs = Listing(
    name="fieldwork.dispatch_runs",
    title="Planning runs",
    rows=DispatchRun.objects.all,
    columns=(
        Column("at", "At", Kind.INSTANT, is_sortable=True),
        Column("unit_code", "Unit"),
        Column("day", "Day", Kind.DAY),
        Column("engine", "Engine"),
        Column("engine_ms", "Milliseconds", Kind.NUMBER),
        Column("orders", "Orders", Kind.NUMBER),
        Column("assigned", "Assigned", Kind.NUMBER),
        Column("actor", "By", is_shown=False),
    ),
    filters=(Filter("unit", "unit_code", "Unit", lookup="startswith"), Filter("day", "day", "Day", Kind.DAY)),
    default_sort="-at",
)
