"""Orders as jobs of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Pin
from yuanxin.fieldwork.models import PlannedVisit, WorkOrder
from yuanxin.fieldwork.rules.states import State

ON_THE_WAY = (State.EN_ROUTE, State.ARRIVED, State.WORKING)


def may(order_kind: str) -> str:
    """Return the pseudo-skill of those who hold the certificates that a kind of order needs."""
    return f"may_{order_kind}"


@dataclass(frozen=True, slots=True)
class Prices:
    """late_rate: points per second after the due instant. day_ends_at: nobody comes later on this day."""

    late_rate: int
    day_ends_at: datetime


def free_job(
    order: WorkOrder, place: Place, window: tuple[datetime, datetime] | None, now: datetime, prices: Prices
) -> Job:
    """Return an order that may go to anybody.

    Not coming today is at least as late as coming last today: that lateness is part of the value, so an order
    gains weight as its due instant nears and passes, and never becomes cheaper to leave out than to serve late.
    """
    due_at = min((due for due in (order.statutory_due_at, order.assessment_due_at) if due is not None), default=None)
    value, due = order.value, None
    if due_at is not None:
        due = int(max(due_at, now).timestamp())
        value += prices.late_rate * max(0, int(prices.day_ends_at.timestamp()) - due)
        value += order.value if due_at <= now else 0
    return Job(
        id=str(order.pk),
        place=place,
        dur=order.duration_minutes * 60,
        dur_sd=order.deviation_minutes * 60,
        value=value,
        windows=((int(window[0].timestamp()), int(window[1].timestamp())),) if window else (),
        due=due,
        late_rate=prices.late_rate,
        skills={**order.skills, may(order.order_kind): 1},
        crew=order.crew_size,
        tools=frozenset(order.tools),
        parts=order.parts,
        release=int(order.release_at.timestamp()) if order.release_at else 0,
        predecessor=str(order.predecessor_id) if _waits(order) else None,
        grid=order.grid_code,
        sla_class="statutory" if order.statutory_due_at else "promise",
    )


def _waits(order: WorkOrder) -> bool:
    return order.predecessor is not None and order.predecessor.finished_at is None


def committed_job(visit: PlannedVisit, place: Place, now: datetime) -> Job:
    """Return one person's committed visit: begun work is a fact, a future one pinned to its start, a late one to him.

    Of a crew everybody is pinned for himself; their common start is decided already.
    """
    length_s = int((visit.ends_at - visit.starts_at).total_seconds())
    start: int | None = int(visit.starts_at.timestamp())
    if visit.work_order.state in ON_THE_WAY:
        begun = min(visit.starts_at, now).timestamp()
        start = int(begun) - (1 if visit.starts_at >= now else 0)
        length_s = max(length_s, int(now.timestamp()) - start + length_s // 2)
    elif visit.starts_at < now:
        start = None
    return Job(
        id=str(visit.pk),
        place=place,
        dur=length_s,
        value=visit.work_order.value,
        pinned=Pin(str(visit.technician_id), start),
        grid=visit.work_order.grid_code,
    )
