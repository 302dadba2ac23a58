"""Channels for stories: one that is down, one that refuses, one that only takes, one that lies about nothing."""

from __future__ import annotations

from typing import ClassVar

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
