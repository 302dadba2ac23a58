"""Questions about close-outs: what was handed in, and what waits for a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Func, QuerySet, TextField, Value

from yuanxin.fieldwork.models import CloseOut
from yuanxin.fieldwork.queries.lists import CLOSE_TYPES, KINDS, SERVICES
from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.published.codes import CloseType


@dataclass(frozen=True, slots=True)
class CloseOutView:
    """A close-out 回单. reasons: why somebody had to look; decision: waiting, passed, approved or sent_back."""

    id: UUID
    work_order_id: UUID
    close_type: CloseType
    fault_cause: str
    tests: Mapping[str, str]
    checklist: Mapping[str, bool]
    materials: Mapping[str, int]
    devices: tuple[tuple[str, str], ...]
    note: str
    submitted_at: datetime
    submitted_by: str
    reasons: tuple[str, ...]
    decision: str
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    decision_note: str


def close_outs_of(work_order_id: UUID) -> list[CloseOutView]:
    """What was handed in for this order? Oldest first, one statement."""
    rows = CloseOut.objects.filter(work_order=work_order_id).order_by("submitted_at", "pk")
    return [_view(row) for row in rows]


def _view(row: CloseOut) -> CloseOutView:
    return CloseOutView(
        id=row.pk,
        work_order_id=row.work_order_id,
        close_type=CloseType(row.close_type),
        fault_cause=row.fault_cause,
        tests=row.tests,
        checklist=row.checklist,
        materials=row.materials,
        devices=tuple((move, serial) for move, serial in row.devices),
        note=row.note,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        reasons=tuple(row.reasons),
        decision=row.decision,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        decision_reason=row.decision_reason,
        decision_note=row.decision_note,
    )


def _waiting() -> QuerySet[Any]:
    return CloseOut.objects.filter(decision=CloseOut.Decision.WAITING).annotate(
        number=F("work_order__number"),
        order_kind=F("work_order__order_kind"),
        service=F("work_order__service"),
        grid_code=F("work_order__grid_code"),
        technician_name=F("work_order__technician__name"),
        why=Func(F("reasons"), Value(" "), function="array_to_string", output_field=TextField()),
    )


reviews = Listing(
    name="fieldwork.reviews",
    title="Close-outs to look at",
    rows=_waiting,
    columns=(
        Column("number", "Number"),
        Column("order_kind", "Kind", Kind.CODE, choices=KINDS),
        Column("service", "Service", Kind.CODE, choices=SERVICES),
        Column("grid_code", "Grid", is_sortable=True),
        Column("technician_name", "Technician"),
        Column("close_type", "Close type", Kind.CODE, choices=CLOSE_TYPES),
        Column("why", "Reason"),
        Column("submitted_at", "Handed in at", Kind.INSTANT, is_sortable=True),
    ),
    filters=(
        Filter("service", "service", "Service", Kind.CODE, choices=SERVICES),
        Filter("grid", "grid_code", "Grid", lookup="startswith"),
        Filter("closed_as", "close_type", "Close type", Kind.CODE, choices=CLOSE_TYPES),
        Filter("number", "number", "Number", lookup="startswith"),
    ),
    default_sort="submitted_at",
    quick=("number",),
)
