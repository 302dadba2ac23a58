"""Questions about the segments that had an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.fieldwork.models import SegmentStay, WorkOrder
from yuanxin.fieldwork.rules.segments import Stay
from yuanxin.fieldwork.rules.states import CLOSED
from yuanxin.kernel.errors import NotFound
from yuanxin.published.codes import Segment


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A stay of an order with a segment. minutes: whole ones; of an open stay only where ``at`` was given.

    reason_code, note and handed_by: of the hand-over that began it, empty for the first stay.
    """

    segment: Segment
    entered_at: datetime
    left_at: datetime | None
    minutes: int | None
    reason_code: str
    note: str
    handed_by: str


def segments_of(work_order_id: UUID, *, at: datetime | None = None) -> tuple[SegmentView, ...]:
    """Which segments had this order, oldest first? Two statements. Raises NotFound."""
    order = WorkOrder.objects.filter(pk=work_order_id).first()
    if order is None:
        raise NotFound(work_order=str(work_order_id))
    rows = list(SegmentStay.objects.filter(work_order=order).order_by("entered_at", "pk"))
    if not rows:
        rows = [SegmentStay(segment=order.segment, entered_at=order.opened_at, left_at=ended_at(order))]
    return tuple(
        SegmentView(
            segment=Segment(row.segment),
            entered_at=row.entered_at,
            left_at=row.left_at,
            minutes=_minutes(row, at),
            reason_code=row.reason_code,
            note=row.note,
            handed_by=row.handed_by,
        )
        for row in rows
    )


def ended_at(order: WorkOrder) -> datetime | None:
    """Return when the order's work ended, None while it goes on."""
    return order.finished_at or (order.state_since if order.state in CLOSED else None)


def stays_of(order: WorkOrder) -> list[Stay]:
    """Return the stays of an order that was handed over, oldest first; empty when it never was. One statement."""
    rows = SegmentStay.objects.filter(work_order=order).order_by("entered_at", "pk")
    return [Stay(Segment(row.segment), row.entered_at, row.left_at) for row in rows]


def _minutes(row: SegmentStay, at: datetime | None) -> int | None:
    end = row.left_at or at
    return None if end is None else max(end - row.entered_at, timedelta()) // timedelta(minutes=1)
