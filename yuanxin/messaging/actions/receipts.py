"""What a channel reports later."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.messaging import rules
from yuanxin.messaging.actions.sending import tell_failed
from yuanxin.messaging.models import Message
from yuanxin.messaging.rules import MessageState


class MessageUnknown(NotFound):
    """There is no such message."""

    code = "messaging.message_unknown"


class ReceiptUnreadable(DomainError):
    """A receipt says neither sent, delivered nor failed."""

    code = "messaging.receipt_unreadable"


@command("messaging.record_receipt")
def record_receipt(*, message_id: UUID, receipt: str, at: datetime, error_code: str = "") -> str:
    """Take a channel's receipt (sent, delivered, failed) and return the message's state after it.

    Receipts may come twice and in any order; the furthest one stands.
    Raises MessageUnknown, ReceiptUnreadable, NeverSent.
    """
    if receipt not in {MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED}:
        raise ReceiptUnreadable(field="receipt", receipt=receipt[:20])
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise MessageUnknown(message=str(message_id))
    before = MessageState(row.state)
    after = rules.after_receipt(before, MessageState(receipt))
    if after is not before:
        row.state = after.value
        row.sent_at = row.sent_at or at
        if after is not MessageState.SENT:
            row.ended_at = at
            row.error_code = error_code if after is MessageState.FAILED else ""
        if after is MessageState.FAILED:
            tell_failed(row, at)
        row.leased_until = None
        row.save(update_fields=["state", "sent_at", "ended_at", "error_code", "leased_until"])
    return str(row.state)
