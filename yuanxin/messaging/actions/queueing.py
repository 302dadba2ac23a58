"""Putting a message into its lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yuanxin.kernel.commands import command
from yuanxin.kernel.insert import insert_once
from yuanxin.messaging import queries, rules
from yuanxin.messaging.models import Message
from yuanxin.messaging.rules import MessageState, Suppressed
from yuanxin.parties import api as parties
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
    language: str | None = None,
    not_before: datetime | None = None,
) -> UUID:
    """Queue a message to a customer and return its id; the same cause at the same instant queues it once.

    params: ids, numbers, codes and ISO instants only. The words are tried at once, so a missing parameter is
    refused here and not at night. Quiet hours, consent and the telephone number are asked at sending.
    useful_until: after this instant the message is held back rather than sent late. not_before: it waits until then.
    language: zh or en; without one the customer's own. params["link"]: the subject whose page the customer may open.
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
        not_before=not_before,
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
    language: str | None = None,
    not_before: datetime | None = None,
) -> UUID:
    """Do what ``send`` does, in two statements, for reactions: the runner's savepoint and the system's word suffice."""
    chosen = queries.sender_words(template)
    message = Message(
        template=chosen.code,
        customer_id=to_customer_id,
        message_class=message_class.value,
        priority=rules.priority_of(message_class),
        channel=chosen.channel,
        language=language or parties.language_of(to_customer_id),
        params=dict(params),
        cause=cause,
        queued_at=at,
        send_at=max(at, not_before or at),
        useful_until=useful_until,
    )
    queries.text_of(message, {chosen.code: chosen})
    insert_once(message)
    return message.id


def withdraw(*, cause: str, templates: tuple[str, ...], at: datetime) -> int:
    """Hold back what waits about a subject and is no longer true; return how many. One statement, for reactions.

    A message that a sender has already in hand may still go.
    """
    waiting = Message.objects.filter(cause=cause, template__in=templates, state=MessageState.QUEUED)
    return waiting.update(state=MessageState.SUPPRESSED, reason=Suppressed.SUPERSEDED, ended_at=at, leased_until=None)
