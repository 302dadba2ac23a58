"""Take in complaints and lead them, step by step, to their conclusion."""

from datetime import datetime
from uuid import UUID

from yuanxin.care.actions.clocks import earliest
from yuanxin.care.models import Complaint, ComplaintStep, TroubleTicket
from yuanxin.care.rules import intake
from yuanxin.care.rules.complaints import (
    OPEN_STATES,
    ComplaintState,
    ComplaintStepKind,
    EscalationLevel,
    next_level,
    next_state,
)
from yuanxin.care.rules.contacts import checked_reason
from yuanxin.care.rules.errors import ComplaintUnknown, TicketUnknown
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.numbers import next_number
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import require_city
from yuanxin.parties import api as parties
from yuanxin.published.care import ComplaintClosed, ComplaintOpened
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service
from yuanxin.published.refs import ComplaintRef, ref
from yuanxin.standards import api as standards

FIRST_REPLY_TOPIC = "complaint.first_reply"
SOLVE_TOPIC = "complaint.solve"
LONGEST_EXTERNAL_NUMBER = 40


@command("care.open_complaint")
def open_complaint(
    *,
    category: str,
    channel: Channel,
    at: datetime,
    customer_id: UUID | None = None,
    service: Service = Service.TV,
    ticket_id: UUID | None = None,
    external_number: str = "",
    note: str = "",
    key: IdempotencyKey | None = None,
) -> ComplaintRef:
    """Take in a complaint, known customer or not, and start its clocks; a regulator's case is 越级 from the start.

    Raises ReasonUnreadable, TextTooLong, TextUnreadable, TicketUnknown and what parties says of unknown customers.
    """
    require_city()
    customer_class = CustomerClass.RESIDENT
    if customer_id is not None:
        customer_class = CustomerClass(parties.customer(customer_id).class_)
    if ticket_id is not None and not TroubleTicket.objects.filter(pk=ticket_id).exists():
        raise TicketUnknown(field="ticket_id", ticket=str(ticket_id))
    level = EscalationLevel.REGULATOR if channel is Channel.REGULATOR else EscalationLevel.NONE
    complaint = Complaint(
        number=next_number("TS", at),
        customer_id=customer_id,
        ticket_id=ticket_id,
        category=checked_reason(category, field="category"),
        service=service.value,
        channel=channel.value,
        customer_class=customer_class.value,
        external_number=intake.clean_text(external_number, field="external_number", longest=LONGEST_EXTERNAL_NUMBER),
        note=intake.clean_text(note, field="note"),
        level=level.value,
        opened_at=at,
        opened_by=acting.current().who,
    )
    complaint.first_reply_due_at = _start(FIRST_REPLY_TOPIC, complaint, at)
    complaint.solve_due_at = _start(SOLVE_TOPIC, complaint, at)
    complaint.save(force_insert=True)
    tell(
        ComplaintOpened(
            subject=ref("complaint", complaint.id),
            at=at,
            number=complaint.number,
            customer_id=customer_id,
            category=complaint.category,
            channel=channel,
        )
    )
    return ComplaintRef(complaint.id, complaint.number)


@command("care.advance_complaint")
def advance_complaint(
    *, complaint_id: UUID, step: ComplaintStepKind, note: str = "", at: datetime, key: IdempotencyKey | None = None
) -> str:
    """Take one step of a complaint and return the state after it.

    The first reply and the answer stop their clocks; a rejected answer starts the solving clock anew; the end stops
    whatever runs. Raises ComplaintUnknown, ComplaintStepRefused, TextTooLong, TextUnreadable.
    """
    note = intake.clean_text(note, field="note")
    complaint = _locked(complaint_id)
    before = ComplaintState(complaint.state)
    after = next_state(before, step, complaint=str(complaint_id))
    ComplaintStep(
        complaint=complaint,
        kind=step.value,
        before=before.value,
        after=after.value,
        note=note,
        taken_at=at,
        taken_by=acting.current().who,
    ).save(force_insert=True)
    complaint.state = after.value
    complaint.level = next_level(EscalationLevel(complaint.level), step).value
    _keep_time(complaint, step, after, at)
    complaint.save(update_fields=["state", "level", "first_replied_at", "answered_at", "ended_at", "solve_due_at"])
    return after.value


def _locked(complaint_id: UUID) -> Complaint:
    rows = Complaint.objects.select_for_update(of=("self",)).filter(pk=complaint_id)
    complaint: Complaint | None = rows.first()
    if complaint is None:
        raise ComplaintUnknown(field="complaint_id", complaint=str(complaint_id))
    return complaint


def _keep_time(complaint: Complaint, step: ComplaintStepKind, after: ComplaintState, at: datetime) -> None:
    subject = ref("complaint", complaint.id)
    if step is ComplaintStepKind.FIRST_REPLY:
        complaint.first_replied_at = at
        standards.stop_clocks(subject=subject, topic=FIRST_REPLY_TOPIC, at=at)
    elif step is ComplaintStepKind.ANSWER:
        complaint.answered_at = at
        standards.stop_clocks(subject=subject, topic=SOLVE_TOPIC, at=at)
    elif step is ComplaintStepKind.REJECT_ANSWER:
        complaint.answered_at = None
        complaint.solve_due_at = _start(SOLVE_TOPIC, complaint, at)
    if after not in OPEN_STATES:
        complaint.ended_at = at
        standards.stop_clocks(subject=subject, at=at)
        tell(ComplaintClosed(subject=subject, at=at, number=complaint.number))


def _start(topic: str, complaint: Complaint, at: datetime) -> datetime | None:
    """Start the clocks of a topic and return the earlier of their due instants."""
    clocks = standards.start_clocks(
        topic=topic,
        subject=ref("complaint", complaint.id),
        service=Service(complaint.service),
        area_class=AreaClass.URBAN,  # the promise on complaints is the same everywhere
        customer_class=CustomerClass(complaint.customer_class),
        at=at,
    )
    return earliest((clocks.statutory_due_at, clocks.assessment_due_at))
