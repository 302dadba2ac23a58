"""Facts that ``messaging`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yuanxin.kernel.fact import Fact
from yuanxin.published.codes import MessageClass


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Fact):
    """The channel reports that the message arrived."""

    message_id: UUID
    message_class: MessageClass
    channel: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """The channel gave the message up."""

    message_id: UUID
    message_class: MessageClass
    channel: str
