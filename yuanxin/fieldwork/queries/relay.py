"""Reads about calls to customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Min, QuerySet

from yuanxin.fieldwork.models import CallAttempt, WorkOrder
from yuanxin.fieldwork.relay import CallEnd
from yuanxin.fieldwork.rules.states import OPEN
from yuanxin.kernel import acting
from yuanxin.kernel.errors import NotFound
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class CallView:
    """One call as the pages show it; ended_as is empty while the relay has not told."""

    id: UUID
    way: str
    reason_code: str
    called_at: datetime
    ended_as: str
    talked_seconds: int


@dataclass(frozen=True)
class Numbers:
    """The two ends of a call, in clear; never shown in a representation or a log."""

    caller: str = field(repr=False)
    callee: str = field(repr=False)


def call_attempts(work_order_id: UUID) -> list[CallView]:
    """Return the calls of one order, newest first. One statement."""
    rows = CallAttempt.objects.filter(work_order=work_order_id).order_by("-called_at", "-id")
    return [CallView(row.pk, row.way, row.reason_code, row.called_at, row.ended_as, row.talked_seconds) for row in rows]


def numbers_of(attempt_id: UUID) -> Numbers:
    """Return whom a call connects. Raises NotFound, also when one of the two has no telephone."""
    attempt = CallAttempt.objects.select_related("work_order").filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound(attempt=str(attempt_id))
    numbers = Numbers(org.phone_of(attempt.technician_id), parties.phone_of(attempt.work_order.customer_id))
    if not (numbers.caller and numbers.callee):
        raise NotFound(attempt=str(attempt_id))
    return numbers


def shown_number(attempt_id: UUID) -> str:
    """Return the customer's number of a logged direct call that the acting technician asked for.

    Raises NotFound for anything else.
    """
    mine = CallAttempt.objects.select_related("work_order").filter(pk=attempt_id, way=CallAttempt.Way.DIRECT).first()
    if mine is None or acting.current().who != ref("staff", mine.technician_id):
        raise NotFound(attempt=str(attempt_id))
    return parties.phone_of(mine.work_order.customer_id)


def calls_to_place(at: datetime) -> list[tuple[UUID, str]]:
    """Return (attempt, city) of calls that nobody has given to the relay yet, oldest first. One statement."""
    waiting = CallAttempt.objects.filter(way=CallAttempt.Way.RELAY, placed_at=None, ended_as="", called_at__lte=at)
    return list(waiting.order_by("called_at").values_list("id", "city_code")[:MOST_AT_ONCE])


def cities_without_first_contact(at: datetime) -> list[str]:
    """Name the cities with new orders whose clock of the first contact does not run yet. One statement."""
    return sorted(_new(at).values_list("city_code", flat=True).distinct())


def without_first_contact(at: datetime) -> list[WorkOrder]:
    """Return new orders in scope without that clock, oldest first, locked; at most MOST_AT_ONCE."""
    return list(_new(at).select_for_update(of=("self",), skip_locked=True).order_by("opened_at")[:MOST_AT_ONCE])


def _new(at: datetime) -> QuerySet[WorkOrder]:
    return WorkOrder.objects.filter(state__in=OPEN, opened_at__lte=at, first_contact_due_at=None)


def first_reached(ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when the customer of each order was first reached through the relay, where so. One statement."""
    reached = CallAttempt.objects.filter(work_order__in=list(ids), ended_as=CallEnd.CONNECTED)
    return dict(reached.values_list("work_order").annotate(first=Min("called_at")))
