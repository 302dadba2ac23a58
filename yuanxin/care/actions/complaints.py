"""Take in complaints and lead them, step by step, to their conclusion."""

from datetime import datetime
from uuid import UUID

from yuanxin.care.actions.clocks import earliest
from yuanxin.care.models import Complaint, ComplaintStep, TroubleTicket
from yuanxin.care.rules import intake
from yuanxin.care.rules.complaints import (
    OPEN_STATES,
    ComplaintSource,
    ComplaintState,
    ComplaintStepKind,
    EscalationLevel,
    ExternalDuePast,
    ReopenReasonMissing,
    SignedByAnswerer,
    SourceMissing,
    next_level,
    next_state,
    permission_of,
    require_signed,
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
from yuanxin.published.care import ComplaintClosed, ComplaintMoved, ComplaintOpened
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service
from yuanxin.published.refs import ComplaintRef, ref
from yuanxin.standards import api as standards

FIRST_REPLY_TOPIC = "complaint.first_reply"
SOLVE_TOPIC = "complaint.solve"
LONGEST_EXTERNAL_NUMBER = 40
OURS = frozenset({ComplaintSource.OWN, ComplaintSource.MANAGER})
MOVED = (
    "state", "level", "source", "external_number", "external_due_at", "first_replied_at", "answered_at", "answered_by",
    "signed_at", "signed_by", "ended_at", "solve_due_at",
)  # fmt: skip


@command("care.open_complaint")
def open_complaint(
    *,
    category: str,
    channel: Channel,
    at: datetime,
    customer_id: UUID | None = None,
    service: Service = Service.TV,
    ticket_id: UUID | None = None,
    source: ComplaintSource = ComplaintSource.OWN,
    external_number: str = "",
    external_due_at: datetime | None = None,
    note: str = "",
    key: IdempotencyKey | None = None,
) -> ComplaintRef:
    """Take in a complaint, known customer or not, and start its clocks; a regulator's case is 越级 from the start.

    source, external_number, external_due_at: who sent it, under which number and deadline.
    Raises ReasonUnreadable, SourceMissing, ExternalDuePast, TextTooLong, TextUnreadable, TicketUnknown and what parties
    says of unknown customers.
    """
    require_city()
    customer_class = CustomerClass(parties.customer(customer_id).class_) if customer_id else CustomerClass.RESIDENT
    if ticket_id is not None and not TroubleTicket.objects.filter(pk=ticket_id).exists():
        raise TicketUnknown(field="ticket_id", ticket=str(ticket_id))
    external_number = intake.clean_text(external_number, field="external_number", longest=LONGEST_EXTERNAL_NUMBER)
    _check_source(source, external_number, external_due_at, at)
    complaint = Complaint(
        number=next_number("TS", at),
        customer_id=customer_id,
        ticket_id=ticket_id,
        category=checked_reason(category, field="category"),
        service=service.value,
        channel=channel.value,
        customer_class=customer_class.value,
        source=source.value,
        external_number=external_number,
        external_due_at=external_due_at,
        note=intake.clean_text(note, field="note"),
        level=_first_level(channel, source).value,
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
    *,
    complaint_id: UUID,
    step: ComplaintStepKind,
    note: str = "",
    source: ComplaintSource = ComplaintSource.OWN,
    external_number: str = "",
    external_due_at: datetime | None = None,
    at: datetime,
    key: IdempotencyKey | None = None,
) -> str:
    """Take one step of a complaint and return the state after it.

    The first reply and the answer stop their clocks; a rejected answer and a re-opening start the solving clock anew;
    the end stops whatever runs. Escalating, going over, signing, concluding and re-opening each need a permission of
    their own; going over also needs who took it over and under which number.
    Raises ComplaintUnknown, ComplaintStepRefused, SourceMissing, ExternalDuePast, SignOffMissing, SignedByAnswerer,
    ReopenReasonMissing, TextTooLong, TextUnreadable, Refused.
    """
    note = intake.clean_text(note, field="note")
    number = intake.clean_text(external_number, field="external_number", longest=LONGEST_EXTERNAL_NUMBER)
    complaint = _locked(complaint_id)
    before, level = ComplaintState(complaint.state), EscalationLevel(complaint.level)
    after = next_state(before, step, complaint=str(complaint_id))
    if permission := permission_of(step, level):
        acting.current().require(permission)
    if step is ComplaintStepKind.GO_OVER:
        _take_over(complaint, source, number, external_due_at, at)
    _check_step(complaint, step, level, note)
    ComplaintStep(
        complaint=complaint,
        kind=step.value,
        before=before.value,
        after=after.value,
        note=note,
        taken_at=at,
        taken_by=acting.current().who,
    ).save(force_insert=True)
    complaint.state, complaint.level = after.value, next_level(level, step).value
    _keep_time(complaint, step, after, at)
    complaint.save(update_fields=list(MOVED))
    subject = ref("complaint", complaint.id)
    tell(ComplaintMoved(subject=subject, at=at, number=complaint.number, state=after.value, level=int(complaint.level)))
    return after.value


def _first_level(channel: Channel, source: ComplaintSource) -> EscalationLevel:
    is_over = channel is Channel.REGULATOR or source not in OURS
    return EscalationLevel.REGULATOR if is_over else EscalationLevel.NONE


def _check_source(source: ComplaintSource, number: str, due_at: datetime | None, at: datetime) -> None:
    if source not in OURS and not number:
        raise SourceMissing(field="external_number")
    if due_at is not None and due_at <= at:
        raise ExternalDuePast(field="external_due_at")


def _take_over(
    complaint: Complaint, source: ComplaintSource, number: str, due_at: datetime | None, at: datetime
) -> None:
    if source in OURS:
        raise SourceMissing(field="source")
    _check_source(source, number, due_at, at)
    complaint.source, complaint.external_number, complaint.external_due_at = source.value, number, due_at


def _check_step(complaint: Complaint, step: ComplaintStepKind, level: EscalationLevel, note: str) -> None:
    if step is ComplaintStepKind.CONCLUDE:
        require_signed(level, signed=complaint.signed_at is not None)
    if step is ComplaintStepKind.SIGN_OFF and complaint.answered_by == acting.current().who:
        raise SignedByAnswerer
    if step is ComplaintStepKind.REOPEN and not note:
        raise ReopenReasonMissing(field="note")


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
        complaint.answered_at, complaint.answered_by = at, acting.current().who
        standards.stop_clocks(subject=subject, topic=SOLVE_TOPIC, at=at)
    elif step is ComplaintStepKind.SIGN_OFF:
        complaint.signed_at, complaint.signed_by = at, acting.current().who
    elif step in {ComplaintStepKind.REJECT_ANSWER, ComplaintStepKind.REOPEN}:
        complaint.answered_at, complaint.answered_by, complaint.ended_at = None, "", None
        complaint.signed_at, complaint.signed_by = None, ""
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
