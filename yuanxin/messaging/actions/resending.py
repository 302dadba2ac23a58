"""Sending again what failed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import Conflict
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.messaging import rules
from yuanxin.messaging.actions.receipts import MessageUnknown
from yuanxin.messaging.models import Message
from yuanxin.messaging.rules import MessageState


class MessageNotFailed(Conflict):
    """Only a message that failed, or found no telephone number, is sent again."""

    code = "messaging.not_failed"


@command("messaging.resend")
def resend(*, message_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Put a failed message back into its lane with all its tries; number, consent and hours are asked anew.

    Raises MessageUnknown, MessageNotFailed.
    """
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise MessageUnknown(message=str(message_id))
    if not rules.may_resend(MessageState(row.state), row.reason):
        raise MessageNotFailed(state=row.state)
    row.state, row.reason, row.error_code = MessageState.QUEUED, "", ""
    row.tries, row.send_at, row.sent_at, row.ended_at, row.leased_until = 0, at, None, None, None
    row.save()
