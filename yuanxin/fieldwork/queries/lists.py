"""The lists of field service, each declared once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import TextField as Text
from django.db.models.functions import Coalesce, Extract, Least
from django.db.models.lookups import LessThanOrEqual

from yuanxin.fieldwork.models import Appointment, DispatchRun, Hold, PlannedVisit, WorkOrder
from yuanxin.fieldwork.rules.states import OPEN, State
from yuanxin.kernel import clock
from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.standards import api as standards

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
DECISIONS = (
    (str(Hold.Decision.ASKED), "Waits for approval"),
    (str(Hold.Decision.APPROVED), "Approved"),
)
URGENCIES = (
    ("late", "Overdue"),
    ("red", "About to be late"),
    ("amber", "Half of the time is gone"),
    ("green", "In time"),
)
IN_POOL = (*OPEN, State.HELD, State.REVIEW, State.CALLBACK_DUE)
UNDER_WAY = (State.ACCEPTED, State.BOOKED, State.EN_ROUTE, State.ARRIVED, State.WORKING)


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
    """Everything that a dispatcher still answers for: not assigned, under way, held, in review, to be called back."""
    held = Hold.objects.filter(work_order=OuterRef("pk"), ended_at=None)
    return (
        _orders()
        .filter(state__in=IN_POOL)
        .annotate(
            grid_name=Coalesce(org.unit_name_of("grid_code"), "grid_code"),
            owner_name=org.owner_name_of("grid_code"),
            estate_name=parties.estate_name_of("address_id"),
            hold=Subquery(held.values("decision")[:1]),
            held_reason=Subquery(held.values("reason_code")[:1]),
            waiting=_waiting(clock.now()),
            work_due_at=Case(When(state=State.CALLBACK_DUE, then=None), default=F("due_at")),
        )
        .alias(urgency=_urgency(clock.now()))
    )


def _waiting(at: datetime) -> Func:
    """Return how long an order has been open, as hours and minutes."""
    seconds = Extract(Value(at, DateTimeField()) - F("opened_at"), "epoch")
    span = Func(seconds, template="make_interval(secs => %(expressions)s)")
    return Func(span, Value("FMHH24:MI"), function="to_char", output_field=Text())


def _urgency(at: datetime) -> Case:
    """Return the colour of the earlier due instant, as the countdowns of the screens have it."""
    left = Extract(F("due_at") - Value(at, DateTimeField()), "epoch") * 100
    whole = Extract(F("due_at") - F("opened_at"), "epoch")
    amber, red = (standards.parameter("clock.warning", f"{colour}_percent_left", at=at) for colour in ("amber", "red"))
    return Case(
        When(Q(due_at=None) | Q(state=State.CALLBACK_DUE), then=Value("")),
        When(due_at__lte=at, then=Value("late")),
        When(LessThanOrEqual(left, whole * red), then=Value("red")),
        When(LessThanOrEqual(left, whole * amber), then=Value("amber")),
        default=Value("green"),
        output_field=Text(),
    )


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """How many orders stand where; held: with an approved hold, hold_asked: waits for the approval."""

    pending: int
    offered: int
    under_way: int
    hold_asked: int
    held: int
    review: int
    callback_due: int

    @property
    def every(self) -> int:
        """All of them."""
        return sum(getattr(self, name) for name in self.__slots__)


def pool_counts() -> PoolCounts:
    """How many orders stand where? One statement over the open orders."""
    asked = Hold.objects.filter(work_order=OuterRef("pk"), ended_at=None, decision=Hold.Decision.ASKED)
    counted = WorkOrder.objects.filter(state__in=IN_POOL).alias(is_asked=Exists(asked))
    return PoolCounts(
        **counted.aggregate(
            pending=Count("pk", filter=Q(state=State.PENDING)),
            offered=Count("pk", filter=Q(state=State.OFFERED)),
            under_way=Count("pk", filter=Q(state__in=UNDER_WAY)),
            hold_asked=Count("pk", filter=Q(state=State.HELD, is_asked=True)),
            held=Count("pk", filter=Q(state=State.HELD, is_asked=False)),
            review=Count("pk", filter=Q(state=State.REVIEW)),
            callback_due=Count("pk", filter=Q(state=State.CALLBACK_DUE)),
        )
    )


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
    columns=(
        Column("number", "Number"),
        Column("state", "State", Kind.CODE, choices=STATES),
        Column("assessment_due_at", "Promised for", Kind.INSTANT, is_sortable=True),
        Column("statutory_due_at", "Statutory due", Kind.INSTANT, is_sortable=True),
        Column("chases", "Chased", Kind.NUMBER, is_sortable=True),
        Column("window_from", "Window from", Kind.INSTANT, is_sortable=True),
        Column("window_to", "Window to", Kind.INSTANT, is_shown=False),
        Column("order_kind", "Kind", Kind.CODE, choices=KINDS),
        Column("service", "Service", Kind.CODE, choices=SERVICES),
        Column("fault_code", "Fault"),
        Column("estate_name", "Estate"),
        Column("grid_name", "Grid", is_sortable=True),
        Column("owner_name", "Grid owner"),
        Column("technician_name", "Technician"),
        Column("planned_from", "Planned for", Kind.INSTANT),
        Column("waiting", "Waiting", Kind.NUMBER),
        Column("hold", "Hold", Kind.CODE, choices=DECISIONS),
        Column("held_reason", "Why held", is_shown=False),
        Column("segment", "Segment", Kind.CODE, choices=SEGMENTS),
        Column("due_at", "Due", Kind.INSTANT, is_sortable=True, is_shown=False),
        Column("work_due_at", "Work due", Kind.INSTANT, is_sortable=True, is_shown=False),
        Column("area_class", "Area class", Kind.CODE, is_shown=False, choices=AREAS),
        Column("technician_number", "Staff number", is_shown=False),
        Column("opened_at", "Opened at", Kind.INSTANT, is_sortable=True, is_shown=False),
    ),
    filters=(
        *_FILTERS,
        Filter("urgency", "urgency", "Urgency", Kind.CODE, "in", choices=URGENCIES),
        Filter("hold", "hold", "Hold", Kind.CODE, choices=DECISIONS),
        Filter("chased", "chases", "Chased at least", Kind.NUMBER, "gte"),
        Filter("window_on", "window_from", "Window on", Kind.INSTANT),
    ),
    default_sort="work_due_at",  # work that is done and waits for the call-back comes last
    quick=("number",),
    finds=("estate_name", "grid_name", "owner_name", "technician_name"),
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
        Column("travel_estimated", "Travel estimated", Kind.BOOLEAN),
        Column("actor", "By", is_shown=False),
    ),
    filters=(Filter("unit", "unit_code", "Unit", lookup="startswith"), Filter("day", "day", "Day", Kind.DAY)),
    default_sort="-at",
)
