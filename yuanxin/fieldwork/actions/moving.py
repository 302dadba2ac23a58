"""Visits given back and settled anew: what placing, accepting a proposal and undoing have in common.

Of many visits all are given back before the first is settled, so that two technicians may swap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.assignment import commit_crew, tell_assigned, to_pool
from yuanxin.fieldwork.actions.steps import change_of, require_later, step
from yuanxin.fieldwork.models import PlannedVisit, Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import TechnicianBusy
from yuanxin.fieldwork.rules.states import WITH_TECHNICIAN, Action, State
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.insert import insert

MOVE = "move"  # another time for the same people: the order's state stays
MOVABLE = (State.PENDING, *WITH_TECHNICIAN)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a locked order is wanted. crew: the leader first, empty for the pool."""

    order: WorkOrder
    crew: tuple[UUID, ...]
    starts_at: datetime | None = None
    pinned: bool = False

    @property
    def ends_at(self) -> datetime | None:
        """When the work is planned to end."""
        return self.starts_at + timedelta(minutes=self.order.duration_minutes) if self.starts_at else None


def settle(wish: Wish, at: datetime, *, reason: str) -> None:
    """Give a locked order its people and time; what was committed before is given back. Raises TechnicianBusy."""
    order = wish.order
    if not wish.crew or wish.starts_at is None:
        to_pool(order, reason, at)
        order.save()
        return
    plans.release(order, at)
    if order.state != State.PENDING and order.technician_id == wish.crew[0]:
        _move(order, wish, at, reason)
        return
    action = Action.ASSIGN if order.state == State.PENDING else Action.REASSIGN
    Visit.objects.filter(work_order=order, ended_at=None).update(ended_at=at, outcome=str(action))
    order.technician_id = wish.crew[0]
    step(order, action, at, reason_code=reason)
    commit_crew(order, wish.crew, wish.starts_at, at, pinned=wish.pinned)


def _move(order: WorkOrder, wish: Wish, at: datetime, reason: str) -> None:
    """Keep the state and the technician, who took the order already, and change the time."""
    require_later(order, at)
    insert(change_of(order, MOVE, order.state, at, reason_code=reason))
    for member in wish.crew:
        plans.commit(order, member, _start(wish), at, leads=member == wish.crew[0], pinned=wish.pinned)
    tell_assigned(order, at)


def _start(wish: Wish) -> datetime:
    if wish.starts_at is None:
        raise TechnicianBusy(technician=str(wish.crew[0]), field="planned_from")
    return wish.starts_at


def settle_all(wishes: Sequence[Wish], at: datetime, *, reason: str) -> dict[UUID, DomainError]:
    """Settle many locked orders at once, each whole or not at all; return what refused the others, by order.

    What would overlap is found before anything is written; the database has the last word.
    """
    refused = clashes(wishes)
    while True:
        left = [wish for wish in wishes if wish.order.pk not in refused]
        try:
            with transaction.atomic():
                for wish in left:
                    plans.release(wish.order, at)
                for wish in left:
                    _settle_or_name(wish, at, reason)
        except _Stopped as stopped:
            refused[stopped.order] = stopped.error
            for wish in wishes:
                wish.order.refresh_from_db()
            continue
        return refused


class _Stopped(Exception):
    """One wish stops the others of its savepoint."""

    def __init__(self, order: UUID, error: DomainError) -> None:
        super().__init__(order)
        self.order, self.error = order, error


def _settle_or_name(wish: Wish, at: datetime, reason: str) -> None:
    try:
        settle(wish, at, reason=reason)
    except DomainError as error:
        raise _Stopped(wish.order.pk, error) from error


def clashes(wishes: Sequence[Wish]) -> dict[UUID, DomainError]:
    """Return the wishes that overlap with what stays committed, or with an earlier wish; two statements.

    A wish left out keeps its old time, which may stop another one: asked again until nothing changes.
    """
    people = {member for wish in wishes for member in wish.crew}
    orders = {wish.order.pk for wish in wishes}
    others: dict[UUID, list[tuple[datetime, datetime]]] = {}
    own: dict[UUID, list[PlannedVisit]] = {}
    for visit in PlannedVisit.objects.filter(technician__in=people, released_at=None):
        if visit.work_order_id in orders:
            own.setdefault(visit.work_order_id, []).append(visit)
        else:
            others.setdefault(visit.technician_id, []).append((visit.starts_at, visit.ends_at))
    refused: dict[UUID, DomainError] = {}
    while True:
        found = _first_clash(wishes, refused, others)
        if found is None:
            return refused
        refused[found.order.pk] = TechnicianBusy(technician=str(found.crew[0]), field="planned_from")
        for visit in own.get(found.order.pk, ()):
            others.setdefault(visit.technician_id, []).append((visit.starts_at, visit.ends_at))


def _first_clash(
    wishes: Sequence[Wish],
    refused: Mapping[UUID, DomainError],
    others: Mapping[UUID, Sequence[tuple[datetime, datetime]]],
) -> Wish | None:
    taken = {person: list(spans) for person, spans in others.items()}
    for wish in wishes:
        if wish.order.pk in refused or wish.starts_at is None or wish.ends_at is None:
            continue
        for member in wish.crew:
            spans = taken.setdefault(member, [])
            if any(begins < wish.ends_at and wish.starts_at < ends for begins, ends in spans):
                return wish
            spans.append((wish.starts_at, wish.ends_at))
    return None
