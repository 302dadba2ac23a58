"""The port to the outside 渠道端口: what a channel must do, and which adapter stands behind each name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from yuanxin.kernel.errors import DomainError
from yuanxin.messaging.rules import MessageState


class ChannelDown(DomainError):
    """The channel did not answer; the same parcel may be handed over again."""

    code = "messaging.channel_down"


class ChannelRefused(DomainError):
    """The channel will never take this parcel."""

    code = "messaging.channel_refused"


class ChannelUnknown(DomainError):
    """No adapter is configured for this channel."""

    code = "messaging.channel_unknown"


@dataclass(frozen=True)
class Parcel:
    """One message as the outside sees it.

    message_id: the idempotency key: a channel takes the same one only once.
    tenant: scope of the message's home. phone: in clear, never shown in a representation or a log.
    """

    message_id: UUID
    tenant: str
    customer_id: UUID
    channel: str
    message_class: str
    phone: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime


class ChannelPort(Protocol):
    """An adapter. ``hand_over`` runs outside every transaction and may be called again with the same parcel."""

    def hand_over(self, parcel: Parcel) -> MessageState:
        """Return SENT when a receipt will follow, DELIVERED when it has arrived. Raises ChannelDown, ChannelRefused."""
        ...


@lru_cache(maxsize=16)
def _adapter(path: str) -> ChannelPort:
    adapter: ChannelPort = import_string(path)()
    return adapter


def channel(name: str) -> ChannelPort:
    """Return the adapter behind a channel's name. Raises ChannelUnknown."""
    adapters: Mapping[str, str] = settings.YUANXIN_MESSAGE_CHANNELS
    if name not in adapters:
        raise ChannelUnknown(channel=name)
    return _adapter(adapters[name])
