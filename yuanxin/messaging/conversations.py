"""Messages as the telephones of the demonstration show them: one conversation per customer.

Only for the simulator's page: it shows the links that stand in the texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from yuanxin.messaging import queries, rules
from yuanxin.messaging.models import Message, SimulatorInbox
from yuanxin.messaging.rules import MessageState
from yuanxin.parties import api as parties


@dataclass(frozen=True)
class Telephone:
    """A customer's telephone: how many messages fit what was asked for, how many of them failed, the newest."""

    customer_id: UUID
    phone_masked: str
    messages: int
    failed: int
    newest_at: datetime


@dataclass(frozen=True)
class Letter:
    """A message in a conversation. text: as the telephone shows it, or as it would have been sent."""

    id: UUID
    at: datetime
    message_class: str
    channel: str
    state: str
    reason: str
    error_code: str
    tries: int
    text: str
    is_received: bool
    may_resend: bool


def telephones(*, message_class: str = "", state: str = "", limit: int = 50) -> list[Telephone]:
    """Return the customers whom we wrote to, the newest message first; two statements over the scope's messages."""
    rows = list(
        _asked(message_class, state)
        .values("customer_id")
        .annotate(count=Count("id"), failed=Count("id", filter=Q(state=MessageState.FAILED)), newest=Max("queued_at"))
        .order_by("-newest", "customer_id")[:limit]
    )
    known = parties.customers(row["customer_id"] for row in rows)
    return [
        Telephone(
            row["customer_id"],
            known[row["customer_id"]].phone_masked if row["customer_id"] in known else "",
            row["count"],
            row["failed"],
            row["newest"],
        )
        for row in rows
    ]


def conversation(customer_id: UUID, *, message_class: str = "", state: str = "", limit: int = 50) -> list[Letter]:
    """Return what was written to a customer, oldest first; three statements."""
    rows = list(_asked(message_class, state).filter(customer_id=customer_id).order_by("-queued_at", "-id")[:limit])
    received = dict(
        SimulatorInbox.objects.filter(message_id__in=[row.id for row in rows]).values_list("message_id", "text")
    )
    words = queries.words({row.template for row in rows})
    return [
        Letter(
            id=row.id,
            at=row.ended_at or row.queued_at,
            message_class=row.message_class,
            channel=row.channel,
            state=row.state,
            reason=row.reason,
            error_code=row.error_code,
            tries=row.tries,
            text=received[row.id] if row.id in received else queries.text_of(row, words),
            is_received=row.id in received,
            may_resend=rules.may_resend(MessageState(row.state), row.reason),
        )
        for row in reversed(rows)
    ]


def _asked(message_class: str, state: str) -> QuerySet[Message]:
    rows: QuerySet[Message] = Message.objects.all()
    rows = rows.filter(message_class=message_class) if message_class else rows
    return rows.filter(state=state) if state else rows
