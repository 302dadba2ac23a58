"""Record that somebody contacted us."""

from datetime import datetime
from uuid import UUID

from yuanxin.care.models import Call, Contact
from yuanxin.care.rules import intake
from yuanxin.care.rules.calls import CallUnknown
from yuanxin.care.rules.contacts import checked_reason, outcome_of
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import require_city
from yuanxin.parties import api as parties
from yuanxin.published.care import ContactRecorded
from yuanxin.published.codes import Channel
from yuanxin.published.refs import ref


@command("care.record_contact")
def record_contact(
    *,
    channel: Channel,
    reason_code: str,
    outcome: str,
    at: datetime,
    caller_number: str = "",
    customer_id: UUID | None = None,
    note: str = "",
    call_id: UUID | None = None,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Record one contact and return its id; most contacts need no ticket.

    call_id: the call of the hotline in which it came.
    Raises UnknownOutcome, ReasonUnreadable, CallerNumberUnreadable, TextTooLong, TextUnreadable, CallUnknown and what
    parties says of an unknown customer.
    """
    require_city()
    if customer_id is not None:
        parties.customer(customer_id)
    if call_id is not None and not Call.objects.filter(pk=call_id).exists():
        raise CallUnknown(call=str(call_id))
    contact = Contact(
        channel=channel.value,
        caller_number=intake.clean_caller_number(caller_number),
        customer_id=customer_id,
        reason_code=checked_reason(reason_code),
        outcome=outcome_of(outcome).value,
        note=intake.clean_text(note, field="note"),
        call_id=call_id,
        contacted_at=at,
        recorded_by=acting.current().who,
    )
    contact.save(force_insert=True)
    tell(
        ContactRecorded(
            subject=ref("contact", contact.id),
            at=at,
            channel=channel,
            reason_code=contact.reason_code,
            outcome=contact.outcome,
            customer_id=customer_id,
        )
    )
    return contact.id
