"""Steps of a ticket after its opening. Every action locks the ticket's row first, so its facts keep their order."""

from datetime import datetime
from uuid import UUID

from yuanxin.care.actions.clocks import CALLBACK_TOPIC, start_clocks
from yuanxin.care.actions.thread import write
from yuanxin.care.actions.triage import link_run
from yuanxin.care.models import StateChange, TroubleTicket
from yuanxin.care.rules import intake
from yuanxin.care.rules.contacts import checked_reason
from yuanxin.care.rules.errors import MergedIntoItself, TicketEnded, TicketUnknown
from yuanxin.care.rules.thread import MessageKind
from yuanxin.care.rules.tickets import FINAL_STATES, OPEN_STATES, TicketState, TicketStep, may, next_state
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.care import TicketCancelled, TicketChased, TicketClosed, TicketResolved
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

SOLVED_ON_PHONE = "phone"


def locked(ticket_id: UUID, *, field: str = "ticket_id") -> TroubleTicket:
    """Return the ticket with its row locked until the commit. Raises TicketUnknown."""
    ticket: TroubleTicket | None = TroubleTicket.objects.select_for_update(of=("self",)).filter(pk=ticket_id).first()
    if ticket is None:
        raise TicketUnknown(field=field, ticket=str(ticket_id))
    return ticket


def take(ticket: TroubleTicket, *steps: TicketStep, at: datetime, reason_code: str = "") -> list[StateChange]:
    """Walk the steps, keep each as a change. The caller holds the row lock and saves the ticket.

    Raises TicketStepRefused at the first step that does not fit; nothing is written then.
    """
    changes: list[StateChange] = []
    for step in steps:
        before = TicketState(ticket.state)
        after = next_state(before, step, ticket=str(ticket.id))
        ticket.state = after.value
        changes.append(
            StateChange(
                ticket=ticket,
                before=before.value,
                after=after.value,
                reason_code=reason_code,
                changed_at=at,
                changed_by=acting.current().who,
            )
        )
    StateChange.objects.bulk_create(changes)
    return changes


@command("care.begin_ticket")
def begin_ticket(*, ticket_id: UUID, at: datetime) -> None:
    """Note that somebody works on the ticket; does nothing when it is past that. Raises TicketUnknown."""
    ticket = locked(ticket_id)
    if ticket.state == TicketState.RECEIVED.value:
        take(ticket, TicketStep.BEGIN, at=at)
        ticket.save(update_fields=["state"])


@command("care.resolve_ticket")
def resolve_ticket(*, ticket_id: UUID, work_order: str, close_type: str, at: datetime) -> None:
    """Resolve a ticket whose visit is finished: the repair clocks stop, the call-back clock starts.

    Does nothing when the ticket is no longer open (told twice, or cancelled meanwhile). Raises TicketUnknown.
    """
    ticket = locked(ticket_id)
    if not may(TicketState(ticket.state), TicketStep.RESOLVE):
        return
    ticket.work_order, ticket.resolved_how, ticket.resolved_at = work_order, close_type, at
    take(ticket, TicketStep.RESOLVE, TicketStep.AWAIT_CALLBACK, at=at, reason_code=close_type)
    ticket.save(update_fields=["state", "work_order", "resolved_how", "resolved_at"])
    subject = ref("ticket", ticket.id)
    standards.stop_clocks(subject=subject, at=at)
    start_clocks(ticket, CALLBACK_TOPIC, at)
    _tell_resolved(ticket, work_order, at)


@command("care.solve_on_phone")
def solve_on_phone(
    *,
    ticket_id: UUID,
    note: str = "",
    triage_id: UUID | None = None,
    at: datetime,
    key: IdempotencyKey | None = None,
) -> None:
    """Close a ticket that was solved on the phone; the customer is on the line, so nobody calls back.

    triage_id: the run of questions that solved it.
    Raises TriageRunUnknown, TriageRunUnfit, TicketUnknown, TicketStepRefused, TextTooLong, TextUnreadable.
    """
    note = intake.clean_text(note, field="note")
    ticket = locked(ticket_id)
    ticket.resolved_how, ticket.resolved_at, ticket.closed_at = SOLVED_ON_PHONE, at, at
    take(ticket, TicketStep.RESOLVE, TicketStep.CLOSE, at=at, reason_code=SOLVED_ON_PHONE)
    ticket.save(update_fields=["state", "resolved_how", "resolved_at", "closed_at"])
    link_run(triage_id, ticket)
    if note:
        write(ref("ticket", ticket.id), MessageKind.NOTE, note, at)
    standards.stop_clocks(subject=ref("ticket", ticket.id), at=at)
    _tell_resolved(ticket, None, at)
    tell(TicketClosed(subject=ref("ticket", ticket.id), at=at, number=ticket.number))


@command("care.cancel_ticket")
def cancel_ticket(*, ticket_id: UUID, reason_code: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Withdraw an open ticket; its clocks end. Raises TicketUnknown, TicketStepRefused, ReasonUnreadable."""
    checked_reason(reason_code)
    ticket = locked(ticket_id)
    take(ticket, TicketStep.CANCEL, at=at, reason_code=reason_code)
    ticket.closed_at = at
    ticket.save(update_fields=["state", "closed_at"])
    _end(ticket, reason_code, at)


@command("care.merge_duplicate")
def merge_duplicate(*, ticket_id: UUID, into_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Merge an open ticket into another open one (合并); its own clocks and its visit end.

    Both rows are locked in the order of their ids. Raises TicketUnknown, MergedIntoItself, TicketStepRefused.
    """
    if ticket_id == into_id:
        raise MergedIntoItself(field="into_id", ticket=str(ticket_id), into=str(into_id))
    rows = {one: locked(one) for one in sorted((ticket_id, into_id))}
    ticket, into = rows[ticket_id], rows[into_id]
    if TicketState(into.state) not in OPEN_STATES:
        raise MergedIntoItself(field="into_id", ticket=str(ticket_id), into=str(into_id))
    take(ticket, TicketStep.MERGE, at=at, reason_code="merged")
    ticket.merged_into, ticket.closed_at = into, at
    ticket.save(update_fields=["state", "merged_into", "closed_at"])
    write(ref("ticket", into.id), MessageKind.SYSTEM, f"merged_from {ticket.number}", at)
    _end(ticket, "merged", at)


@command("care.chase")
def chase(*, ticket_id: UUID, note: str = "", at: datetime, key: IdempotencyKey | None = None) -> int:
    """Note that the customer asks where we are (催单) and return how often that happened.

    Raises TicketUnknown, TicketEnded, TextTooLong, TextUnreadable.
    """
    note = intake.clean_text(note, field="note")
    ticket = locked(ticket_id)
    return chased(ticket, note, at)


def chased(ticket: TroubleTicket, note: str, at: datetime) -> int:
    """Count one chase of a ticket whose row the caller has locked. Raises TicketEnded."""
    if TicketState(ticket.state) in FINAL_STATES:
        raise TicketEnded(ticket=str(ticket.id), state=ticket.state)
    ticket.chases += 1
    ticket.save(update_fields=["chases"])
    subject = ref("ticket", ticket.id)
    write(subject, MessageKind.CHASE, note, at)
    tell(
        TicketChased(
            subject=subject,
            at=at,
            number=ticket.number,
            work_order=ticket.work_order or None,
            chases=ticket.chases,
            customer_id=ticket.customer_id,
        )
    )
    return ticket.chases


def _end(ticket: TroubleTicket, reason_code: str, at: datetime) -> None:
    subject = ref("ticket", ticket.id)
    standards.stop_clocks(subject=subject, at=at)
    tell(TicketCancelled(subject=subject, at=at, number=ticket.number, reason_code=reason_code))


def _tell_resolved(ticket: TroubleTicket, work_order: str | None, at: datetime) -> None:
    tell(
        TicketResolved(
            subject=ref("ticket", ticket.id),
            at=at,
            number=ticket.number,
            customer_id=ticket.customer_id,
            work_order=work_order,
        )
    )
