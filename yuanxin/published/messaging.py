"""Facts that ``messaging`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yuanxin.kernel.fact import Fact
from yuanxin.published.codes import MessageClass


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """The channel gave the message up. cause: the subject it was about."""

    message_id: UUID
    message_class: MessageClass
    channel: str
    cause: str = ""
