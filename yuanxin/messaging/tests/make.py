"""Factories of ``messaging``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yuanxin.kernel.ids import new_id
from yuanxin.messaging import api
from yuanxin.messaging.actions.sending import send_due
from yuanxin.messaging.models import Message
from yuanxin.published.codes import MessageClass
from yuanxin.published.refs import ref

CASE = ref("ticket", new_id())
WINDOW = {"link": CASE, "window_from": "2026-11-24T02:00:00+00:00", "window_to": "2026-11-24T04:00:00+00:00"}


def message(
    *,
    at: datetime,
    to: UUID | None = None,
    message_class: MessageClass = MessageClass.PROMISE,
    template: str = "appointment-booked",
    params: Mapping[str, str | int] | None = None,
    cause: str | None = None,
    useful_until: datetime | None = None,
    language: str | None = None,
) -> UUID:
    """Queue a message to a customer who was promised a visit."""
    return api.send(
        template=template,
        to_customer_id=to or new_id(),
        message_class=message_class,
        params={"number": "W4406260000001", **WINDOW} if params is None else params,
        at=at,
        cause=cause or ref("work_order", new_id()),
        useful_until=useful_until,
        language=language,
    )


def deliver(*, at: datetime) -> int:
    """Hand over everything that is due, as the worker does; return how many messages were looked at."""
    return send_due(at=at)


def only_one() -> Message:
    """Return the one message of the scope."""
    found: Message = Message.objects.get()
    return found
