"""The lists that desks show: outcomes of finished orders, lines of pay."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.quality import queries
from yuanxin.quality.models import Inspection, PayLine
from yuanxin.quality.rules.inspection import InspectionState, Reason
from yuanxin.quality.rules.states import PayState

KINDS = (
    (OrderKind.REPAIR.value, "Repair"),
    (OrderKind.INSTALL.value, "Install"),
    (OrderKind.MOVE.value, "Move"),
    (OrderKind.REMOVE.value, "Remove"),
    (OrderKind.PATROL.value, "Patrol"),
)
SERVICES = ((Service.TV.value, "TV"), (Service.BROADBAND.value, "Broadband"), (Service.MOBILE.value, "Mobile"))
AREAS = ((AreaClass.URBAN.value, "Urban"), (AreaClass.RURAL.value, "Rural"), (AreaClass.REMOTE.value, "Remote"))
CLOSE_TYPES = (
    (CloseType.FIXED.value, "Fixed"),
    (CloseType.NO_FAULT.value, "No fault found"),
    (CloseType.EMPTY_TRIP.value, "Empty trip"),
    (CloseType.REFUSED_ENTRY.value, "Entry refused"),
    (CloseType.TAUGHT.value, "Taught the remote control"),
)
SEGMENTS = (
    (Segment.FIELD.value, "Field"),
    (Segment.LINE.value, "Line"),
    (Segment.HEADEND.value, "Headend"),
    (Segment.PROJECT.value, "Project"),
    (Segment.THIRD_PARTY.value, "Third party"),
)
STATES = (
    (PayState.PROVISIONAL.value, "Provisional"),
    (PayState.IN_CHECK.value, "In check"),
    (PayState.CONFIRMED.value, "Confirmed"),
    (PayState.PAID_OUT.value, "Paid out"),
)
LINE_KINDS = ((PayLine.Kind.PROVISIONAL.value, "Provisional"), (PayLine.Kind.ADJUSTMENT.value, "Adjustment"))


def _outcome_rows() -> QuerySet[Any]:
    return queries.current_outcomes().annotate(state=F("current_of__state"))


def _line_rows() -> QuerySet[Any]:
    return PayLine.objects.annotate(
        number=F("pay__number"), state=F("pay__state"), work_order_id=F("pay__work_order_id")
    )


REASONS = (
    (Reason.MISMATCH.value, "The customer denies the work"),
    (Reason.LOW_SCORE.value, "Low score"),
    (Reason.REPEAT.value, "Repeated fault"),
    (Reason.VERY_LATE.value, "Very late"),
    (Reason.CLOSE_TYPE.value, "Close type"),
    (Reason.SAMPLE.value, "Sample"),
)
INSPECTION_STATES = (
    (InspectionState.OPEN.value, "To inspect"),
    (InspectionState.PASSED.value, "Good"),
    (InspectionState.FOUND.value, "With findings"),
    (InspectionState.LAPSED.value, "Not inspected in time"),
)


def _inspection_rows() -> QuerySet[Any]:
    return Inspection.objects.annotate(
        number=F("pay__number"),
        work_order_id=F("pay__work_order_id"),
        technician_id=F("pay__technician_id"),
        finished_at=F("pay__finished_at"),
        amount_fen=F("pay__amount_fen"),
    )


inspections = Listing(
    name="quality.inspections",
    title="Inspections",
    rows=_inspection_rows,
    columns=(
        Column("number", "Work order", is_sortable=True),
        Column("reason", "Why", Kind.CODE, choices=REASONS),
        Column("state", "State", Kind.CODE, choices=INSPECTION_STATES),
        Column("technician_id", "Technician", Kind.ID),
        Column("finished_at", "Finished at", Kind.INSTANT, is_sortable=True),
        Column("asked_at", "Asked for", Kind.INSTANT, is_sortable=True),
        Column("amount_fen", "Amount", Kind.FEN, is_sortable=True),
        Column("decided_at", "Inspected at", Kind.INSTANT, is_sortable=True, is_shown=False),
    ),
    filters=(
        Filter("state", "state", "State", Kind.CODE, choices=INSPECTION_STATES),
        Filter("reason", "reason", "Why", Kind.CODE, choices=REASONS),
        Filter("technician", "technician_id", "Technician", Kind.ID),
        Filter("from", "asked_at", "Asked for from", Kind.INSTANT, lookup="gte"),
        Filter("to", "asked_at", "Asked for until", Kind.INSTANT, lookup="lte"),
    ),
    default_sort="-asked_at",
    quick=("pay__number",),
)
"""What inspectors look at: drawn, or asked for by a rule or a customer."""

outcomes = Listing(
    name="quality.outcomes",
    title="Finished orders",
    rows=_outcome_rows,
    columns=(
        Column("number", "Work order", is_sortable=True),
        Column("order_kind", "Kind", Kind.CODE, choices=KINDS),
        Column("service", "Service", Kind.CODE, choices=SERVICES),
        Column("area_class", "Area", Kind.CODE, choices=AREAS),
        Column("grid_code", "Grid", is_sortable=True),
        Column("close_type", "Closed as", Kind.CODE, choices=CLOSE_TYPES),
        Column("segment", "Segment", Kind.CODE, choices=SEGMENTS),
        Column("finished_at", "Finished at", Kind.INSTANT, is_sortable=True),
        Column("statutory_late_minutes", "Late by law (min)", Kind.NUMBER, is_sortable=True),
        Column("assessment_late_minutes", "Late by promise (min)", Kind.NUMBER, is_sortable=True),
        Column("paused_minutes", "Paused (min)", Kind.NUMBER, is_sortable=True, is_shown=False),
        Column("score", "Score", Kind.NUMBER, is_sortable=True),
        Column("amount_fen", "Amount", Kind.FEN, is_sortable=True),
        Column("state", "State", Kind.CODE, choices=STATES),
        Column("version", "Version", Kind.NUMBER, is_shown=False),
        Column("technician_id", "Technician", Kind.ID, is_shown=False),
    ),
    filters=(
        Filter("kind", "order_kind", "Kind", Kind.CODE, choices=KINDS),
        Filter("service", "service", "Service", Kind.CODE, choices=SERVICES),
        Filter("area", "area_class", "Area", Kind.CODE, choices=AREAS),
        Filter("close_type", "close_type", "Closed as", Kind.CODE, choices=CLOSE_TYPES),
        Filter("state", "current_of__state", "State", Kind.CODE, choices=STATES),
        Filter("technician", "technician_id", "Technician", Kind.ID),
        Filter("grid", "grid_code", "Grid", lookup="startswith"),
        Filter("from", "finished_at", "Finished from", Kind.INSTANT, lookup="gte"),
        Filter("to", "finished_at", "Finished until", Kind.INSTANT, lookup="lte"),
        Filter("late_from", "assessment_late_minutes", "Late by at least (min)", Kind.NUMBER, lookup="gte"),
    ),
    default_sort="-finished_at",
    quick=("number",),
)

pay_lines = Listing(
    name="quality.pay_lines",
    title="Pay lines",
    rows=_line_rows,
    columns=(
        Column("occurred_at", "Posted", Kind.INSTANT, is_sortable=True),
        Column("number", "Work order", is_sortable=True),
        Column("kind", "Line", Kind.CODE, choices=LINE_KINDS),
        Column("reason_code", "Reason"),
        Column("amount_fen", "Amount", Kind.FEN, is_sortable=True),
        Column("state", "State", Kind.CODE, choices=STATES),
        Column("payee", "Payee", is_shown=False),
        Column("technician_id", "Technician", Kind.ID, is_shown=False),
    ),
    filters=(
        Filter("kind", "kind", "Line", Kind.CODE, choices=LINE_KINDS),
        Filter("state", "pay__state", "State", Kind.CODE, choices=STATES),
        Filter("reason", "reason_code", "Reason", lookup="startswith"),
        Filter("technician", "technician_id", "Technician", Kind.ID),
        Filter("payee", "payee", "Payee"),
        Filter("from", "occurred_at", "Posted from", Kind.INSTANT, lookup="gte"),
        Filter("to", "occurred_at", "Posted until", Kind.INSTANT, lookup="lte"),
    ),
    default_sort="-occurred_at",
    quick=("pay__number",),
)
