"""Orders as jobs of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Pin, Promise, Technician
from yuanxin.engines.routing.travel import Travel
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.rules.states import OPEN, State

AHEAD = (*OPEN, State.HELD)
ON_THE_WAY = (State.EN_ROUTE, State.ARRIVED, State.WORKING)


def may(order_kind: str) -> str:
    """Return the pseudo-skill of those who hold the certificates that a kind of order needs."""
    return f"may_{order_kind}"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One person's committed time with what planning must know of its order; ``id`` is the planned visit's."""

    id: UUID
    technician_id: UUID
    starts_at: datetime
    ends_at: datetime
    work_order_id: UUID
    address_id: UUID
    value: int
    grid_code: str
    state: str

    @property
    def is_ahead(self) -> bool:
        """Whether somebody still has to go, or is at it: what was finished needs no place in a plan any more."""
        return self.state in AHEAD


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


def committed_job(visit: Commitment, place: Place, now: datetime) -> Job:
    """Return one person's committed visit: begun work is a fact, a future one pinned to its start, a late one to him.

    Of a crew everybody is pinned for himself; their common start is decided already.
    """
    person, told = str(visit.technician_id), int(visit.starts_at.timestamp())
    length_s = int((visit.ends_at - visit.starts_at).total_seconds())
    start: int | None = told
    if visit.state in ON_THE_WAY:
        begun = min(visit.starts_at, now).timestamp()
        start = int(begun) - (1 if visit.starts_at >= now else 0)
        length_s = max(length_s, int(now.timestamp()) - start + length_s // 2)
    elif visit.starts_at < now:
        start = None
    return Job(
        id=str(visit.id),
        place=place,
        dur=length_s,
        value=visit.value,
        pinned=Pin(person, start),
        promised=None if start is not None else Promise(person, told, told),
        grid=visit.grid_code,
    )


def keepable(technicians: Sequence[Technician], committed: Sequence[Job], travel: Travel, now: int) -> list[Job]:
    """Return the committed jobs so that an engine can keep all of them: who is behind time comes later, nothing falls.

    A visit whose start its technician can no longer reach stays his and begins at its start or as soon after it as he
    can; without this the engine would believe him free. Instants are Unix seconds.
    """
    people = {one.id: one for one in technicians}
    free_at = {one.id: max(now, one.start, one.busy_until or 0) for one in technicians}
    places = {one.id: one.position_now or one.home for one in technicians}
    kept = []
    for job in sorted(committed, key=lambda one: _start(one, now)):
        person = people.get(job.pinned.technician) if job.pinned else None
        if person is None:
            kept.append(job)
            continue
        start, clock = _start(job, now), free_at[person.id]
        if start >= now and job.pinned and job.pinned.start is not None:
            clock += travel.seconds(places[person.id], job.place, clock)
            if clock > start:
                last = max(start, person.end + person.overtime_max)
                told = Promise(person.id, start, now)
                job = replace(job, pinned=Pin(person.id), promised=told, windows=((start, last),))
        kept.append(job)
        free_at[person.id], places[person.id] = max(clock, start) + job.dur, job.place
    return kept


def _start(job: Job, now: int) -> int:
    return job.pinned.start if job.pinned and job.pinned.start is not None else now
