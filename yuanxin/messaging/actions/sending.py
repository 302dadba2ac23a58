"""Handing queued messages to their channels: read in one transaction, call in none, write in another.

A sender leases its rows for a while of wall time. If it dies, the lease runs out and another hands the same
parcels over again; the channel knows a parcel by the message's id and takes it once.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Coalesce

from yuanxin.kernel import acting, outbox
from yuanxin.kernel.acting import Acting
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.messaging import channels, queries, rules
from yuanxin.messaging.actions.packing import Batch, pack
from yuanxin.messaging.channels import ChannelDown
from yuanxin.messaging.models import Message
from yuanxin.messaging.rules import MessageState
from yuanxin.published.codes import MessageClass
from yuanxin.published.messaging import MessageFailed
from yuanxin.published.refs import ref

_LEASE = """
UPDATE messaging_message SET leased_until = clock_timestamp() + %(lease)s * interval '1 second'
WHERE id IN (
    SELECT id FROM messaging_message
    WHERE state = 'queued' AND priority = ANY(%(lanes)s) AND send_at <= %(at)s
      AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY priority, send_at LIMIT %(size)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def send_due(*, at: datetime, lanes: Collection[MessageClass] = rules.LANES, size: int | None = None) -> int:
    """Hand over what is due in these lanes, most urgent first; return how many messages were looked at.

    Call it outside a transaction, so that no lock is held while a channel answers.
    """
    with transaction.atomic(), scope(ALL), _acting(ALL):
        leased = _lease(at, lanes, size or settings.YUANXIN_MESSAGE_BATCH)
        batches = pack(leased, at)
    for batch in batches.values():
        _hand_over(batch)
    for tenant, batch in batches.items():
        with transaction.atomic(), scope(tenant), _acting(tenant), outbox.collecting():
            _write(batch, at)
    return len(leased)


def _acting(tenant: str) -> AbstractContextManager[Acting]:
    return acting.acting_as(acting.system("messaging", scope=tenant))


def _lease(at: datetime, lanes: Collection[MessageClass], size: int) -> list[Message]:
    wanted: dict[str, Any] = {
        "lease": settings.YUANXIN_MESSAGE_LEASE_S,
        "lanes": [rules.priority_of(lane) for lane in lanes],
        "at": at,
        "size": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEASE, wanted)
        ids = [row[0] for row in cursor.fetchall()]
    return list(Message.objects.filter(pk__in=ids).order_by("city_code", "priority", "send_at"))


def _hand_over(batch: Batch) -> None:
    for parcel in batch.parcels:
        try:
            batch.taken[parcel.message_id] = channels.channel(parcel.channel).hand_over(parcel)
        except ChannelDown as refused:
            batch.down[parcel.message_id] = refused.code
        except DomainError as refused:
            batch.failed[parcel.message_id] = refused.code


def _write(batch: Batch, at: datetime) -> None:
    """Write what happened; a receipt that came meanwhile stands when it is further on."""
    queued = Message.objects.filter(state=MessageState.QUEUED)
    for message_id, send_at in batch.later.items():
        queued.filter(pk=message_id).update(send_at=send_at, leased_until=None)
    for message_id, reason in batch.held_back.items():
        queued.filter(pk=message_id).update(
            state=MessageState.SUPPRESSED, reason=reason.value, ended_at=at, leased_until=None
        )
    taken = [message_id for message_id, state in batch.taken.items() if state is MessageState.SENT]
    queued.filter(pk__in=taken).update(state=MessageState.SENT, sent_at=at, leased_until=None)
    _deliver([message_id for message_id, state in batch.taken.items() if state is MessageState.DELIVERED], at)
    _retry(batch, at)
    _fail(batch.failed, at)


def _retry(batch: Batch, at: datetime) -> None:
    """Postpone what a channel did not answer for; after the last try of the schedule it has failed."""
    if not batch.down:
        return
    schedule = queries.retry_schedule(at)
    for message in Message.objects.filter(pk__in=batch.down, state=MessageState.QUEUED):
        error_code = batch.down[message.id]
        wait = rules.wait_before_retry(message.tries + 1, schedule)
        if wait is None:
            batch.failed[message.id] = error_code
        else:
            message.tries, message.send_at = message.tries + 1, at + wait
            message.error_code, message.leased_until = error_code, None
            message.save(update_fields=["tries", "send_at", "error_code", "leased_until"])


def _deliver(message_ids: list[UUID], at: datetime) -> None:
    rows = list(
        Message.objects.filter(pk__in=message_ids).exclude(state=MessageState.DELIVERED).select_for_update(of=("self",))
    )
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MessageState.DELIVERED, sent_at=Coalesce("sent_at", at), ended_at=at, error_code="", leased_until=None
    )


def _fail(failed: dict[UUID, str], at: datetime) -> None:
    for row in Message.objects.filter(pk__in=failed, state=MessageState.QUEUED).select_for_update(of=("self",)):
        row.state, row.error_code, row.ended_at, row.leased_until = MessageState.FAILED, failed[row.id], at, None
        row.save(update_fields=["state", "error_code", "ended_at", "leased_until"])
        tell_failed(row, at)


def tell_failed(row: Message, at: datetime) -> None:
    """Tell that a message was given up; that one arrived its own row says."""
    outbox.tell(
        MessageFailed(
            subject=ref("message", row.id),
            at=at,
            message_id=row.id,
            message_class=MessageClass(row.message_class),
            channel=row.channel,
            cause=row.cause,
        )
    )
