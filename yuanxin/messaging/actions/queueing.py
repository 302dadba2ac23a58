"""Putting a message into its lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yuanxin.kernel.commands import command
from yuanxin.kernel.insert import insert_once
from yuanxin.messaging import queries, rules
from yuanxin.messaging.models import Message
from yuanxin.published.codes import MessageClass


@command("messaging.send")
def send(
    *,
    template: str,
    to_customer_id: UUID,
    message_class: MessageClass,
    params: Mapping[str, str | int],
    at: datetime,
    cause: str,
    useful_until: datetime | None = None,
    language: str = "zh",
) -> UUID:
    """Queue a message to a customer and return its id; the same cause at the same instant queues it once.

    params: ids, numbers, codes and ISO instants only. The words are tried at once, so a missing parameter is
    refused here and not at night. Quiet hours, consent and the telephone number are asked at sending.
    useful_until: after this instant the message is held back rather than sent late.
    Raises TemplateUnknown, TemplateParameterMissing, ParameterUnreadable.
    """
    return queue(
        template=template,
        to_customer_id=to_customer_id,
        message_class=message_class,
        params=params,
        at=at,
        cause=cause,
        useful_until=useful_until,
        language=language,
    )


def queue(
    *,
    template: str,
    to_customer_id: UUID,
    message_class: MessageClass,
    params: Mapping[str, str | int],
    at: datetime,
    cause: str,
    useful_until: datetime | None = None,
    language: str = "zh",
) -> UUID:
    """Do what ``send`` does, in one statement, for reactions: the runner's savepoint and the system's word suffice."""
    chosen = queries.sender_words(template)
    message = Message(
        template=chosen.code,
        customer_id=to_customer_id,
        message_class=message_class.value,
        priority=rules.priority_of(message_class),
        channel=chosen.channel,
        language=language,
        params=dict(params),
        cause=cause,
        queued_at=at,
        send_at=at,
        useful_until=useful_until,
    )
    queries.text_of(message, {chosen.code: chosen})
    insert_once(message)
    return message.id
