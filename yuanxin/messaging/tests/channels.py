"""Channels for stories: one that is down, one that refuses, one that only takes, one that watches."""

from __future__ import annotations

from typing import ClassVar

from django.db import connection

from yuanxin.messaging.channels import ChannelDown, ChannelRefused, Parcel
from yuanxin.messaging.rules import MessageState


class Down:
    """Never answers."""

    def hand_over(self, parcel: Parcel) -> MessageState:
        raise ChannelDown(channel=parcel.channel)


class Refusing:
    """Takes nothing."""

    def hand_over(self, parcel: Parcel) -> MessageState:
        raise ChannelRefused(channel=parcel.channel)


class Taking:
    """Takes everything and reports later."""

    parcels: ClassVar[list[Parcel]] = []

    def hand_over(self, parcel: Parcel) -> MessageState:
        self.parcels.append(parcel)
        return MessageState.SENT


class Watching:
    """Delivers, and notes whether the sender held a transaction open meanwhile."""

    seen: ClassVar[list[tuple[str, bool]]] = []

    def hand_over(self, parcel: Parcel) -> MessageState:
        self.seen.append((parcel.message_class, connection.in_atomic_block))
        return MessageState.DELIVERED
