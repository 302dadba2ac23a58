"""The simulated channel: writes an inbox that a page shows, once per message."""

from __future__ import annotations

from django.db import transaction

from yuanxin.kernel.tenancy import scope
from yuanxin.messaging.channels import ChannelRefused, Parcel
from yuanxin.messaging.models import SimulatorInbox
from yuanxin.messaging.rules import MessageState
from yuanxin.parties import api as parties

UNKNOWN_NUMBERS = "404"
"""Numbers with this ending are unknown to the simulated network, so that a failed message can be seen."""


class SimulatorChannel:
    """Takes every parcel and delivers at once, except to numbers that do not exist."""

    def hand_over(self, parcel: Parcel) -> MessageState:
        """Put the parcel into the inbox; a second time changes nothing. Raises ChannelRefused."""
        if parcel.phone.endswith(UNKNOWN_NUMBERS):
            raise ChannelRefused(channel=parcel.channel)
        with transaction.atomic(), scope(parcel.tenant):
            SimulatorInbox.objects.bulk_create(
                [
                    SimulatorInbox(
                        message_id=parcel.message_id,
                        customer_id=parcel.customer_id,
                        channel=parcel.channel,
                        message_class=parcel.message_class,
                        phone_masked=parties.mask_phone(parcel.phone),
                        text=parcel.text,
                        received_at=parcel.at,
                    )
                ],
                ignore_conflicts=True,
            )
        return MessageState.DELIVERED
