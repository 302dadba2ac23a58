"""What one change would let an order be served when nobody can: the engine's cheapest relaxation."""

from __future__ import annotations

from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.relaxing import Ease, cheapest_relaxation
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.parameters import POINTS_PER_MINUTE
from yuanxin.fieldwork.planning.answers import WayOutView, instant
from yuanxin.fieldwork.planning.day import Day
from yuanxin.fieldwork.planning.jobs import may

CERTIFICATE = "certificate"


def way_out(day: Day, order: WorkOrder) -> WayOutView | None:
    """Return the one change that would place the order on this day at the least price; None when no single one would.

    No statement.
    """
    job = day.problem.job_by_id.get(str(order.pk))
    draft = load(day.problem, None)
    found = cheapest_relaxation(draft, job) if job is not None and job.id not in draft.crews else None
    if found is None:
        return None
    known = day.staff.get(found.technician)
    lacks_certificate = found.kind is Ease.SKILL and found.detail == may(order.order_kind)
    return WayOutView(
        kind=CERTIFICATE if lacks_certificate else str(found.kind),
        technician_id=known.id if known else None,
        name=known.name if known else "",
        starts_at=instant(found.start),
        ends_at=instant(found.until),
        minutes=round(max(0, found.price) / POINTS_PER_MINUTE),
        detail="" if lacks_certificate else found.detail,
        overtime_minutes=-(-found.amount // 60) if found.kind is Ease.SHIFT else 0,
        amount=found.amount if found.kind in (Ease.PART, Ease.HANDS, Ease.SKILL) else 0,
    )
