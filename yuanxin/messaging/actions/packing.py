"""Judging leased messages: which go now as parcels, which later, which never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.kernel.tenancy import scope_of
from yuanxin.messaging import links, queries, rules
from yuanxin.messaging.channels import Parcel
from yuanxin.messaging.models import Message
from yuanxin.messaging.queries import Words
from yuanxin.messaging.rules import MessageState, QuietHours, Suppressed
from yuanxin.parties import api as parties
from yuanxin.published.codes import MessageClass

MARKETING = "marketing"
"""The purpose to which a customer agrees or not."""


@dataclass
class Batch:
    """What a sender found out about the leased messages of one tenant."""

    parcels: list[Parcel] = field(default_factory=list)
    later: dict[UUID, datetime] = field(default_factory=dict)
    held_back: dict[UUID, Suppressed] = field(default_factory=dict)
    failed: dict[UUID, str] = field(default_factory=dict)
    down: dict[UUID, str] = field(default_factory=dict)
    taken: dict[UUID, MessageState] = field(default_factory=dict)


@dataclass(frozen=True)
class Knowledge:
    """What every message of a round is judged by: the instant, the words, the quiet hours per class."""

    at: datetime
    words: Mapping[str, Words]
    quiet: Mapping[MessageClass, QuietHours | None]


def pack(messages: list[Message], at: datetime) -> dict[str, Batch]:
    """Judge leased messages, sorted by city, and return one batch per tenant scope."""
    classes = {MessageClass(message.message_class) for message in messages}
    known = Knowledge(
        at,
        queries.words({message.template for message in messages}),
        {message_class: queries.quiet_hours(message_class, at) for message_class in classes},
    )
    batches: dict[str, Batch] = {}
    for tenant, group in groupby(messages, key=lambda row: scope_of(row.province_code, row.city_code)):
        batch = batches.setdefault(tenant, Batch())
        for message in group:
            _judge(message, tenant, known, batch)
    return batches


def _judge(message: Message, tenant: str, known: Knowledge, batch: Batch) -> None:
    message_class = MessageClass(message.message_class)
    phone = _phone_of(message.customer_id)
    verdict = rules.judge(
        message_class,
        at=known.at,
        quiet=known.quiet[message_class],
        has_consent=message_class is not MessageClass.MARKETING or parties.has_consent(message.customer_id, MARKETING),
        has_phone=bool(phone),
        useful_until=message.useful_until,
    )
    if verdict.reason is not None:
        batch.held_back[message.id] = verdict.reason
    elif verdict.send_at is not None and verdict.send_at > known.at:
        batch.later[message.id] = verdict.send_at
    else:
        _wrap(message, phone, tenant, known, batch)


def _phone_of(customer_id: UUID) -> str:
    try:
        return parties.phone_of(customer_id)
    except NotFound:
        return ""


def _link_of(message: Message, at: datetime) -> str:
    """Return the address that the message carries, empty when it carries none."""
    subject = str(message.params.get("link", ""))
    return links.address_of(subject, city=message.city_code, at=at) if subject else ""


def _way(message: Message, wanted: str) -> str:
    """Return the wanted channel, or SMS for a customer who never agreed to be written to by it; one statement."""
    return rules.way(wanted, is_bound=wanted == rules.SMS or parties.has_consent(message.customer_id, wanted))


def _wrap(message: Message, phone: str, tenant: str, known: Knowledge, batch: Batch) -> None:
    try:
        text = queries.text_of(message, known.words, link=_link_of(message, known.at))
    except DomainError as refused:
        batch.failed[message.id] = refused.code
        return
    channel = _way(message, known.words[message.template].channel)
    if channel != message.channel:
        message.channel = channel
        message.save(update_fields=["channel"])
    batch.parcels.append(
        Parcel(
            message_id=message.id,
            tenant=tenant,
            customer_id=message.customer_id,
            channel=channel,
            message_class=message.message_class,
            phone=phone,
            text=text,
            at=known.at,
        )
    )
