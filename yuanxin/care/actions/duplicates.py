"""What an agent decides about a report of a home that reported before."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from yuanxin.care.actions.tickets import chased, locked
from yuanxin.care.actions.triage import require_contact
from yuanxin.care.models import DuplicateDecision, TroubleTicket
from yuanxin.care.queries.duplicates import duplicates, repaired_before
from yuanxin.care.rules import intake
from yuanxin.care.rules.duplicates import Candidates, Decision, DecisionKind, EarlierTicket, checked_decision
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.published.codes import Service


@command("care.attach_report")
def attach_report(
    *,
    ticket_id: UUID,
    contact_id: UUID | None = None,
    note: str = "",
    at: datetime,
    key: IdempotencyKey | None = None,
) -> int:
    """Attach a second report of the same fault to the open ticket: it counts as a chase; return how often by now.

    Raises TicketUnknown, TicketEnded, ContactUnknown, TextTooLong, TextUnreadable.
    """
    note = intake.clean_text(note, field="note")
    require_contact(contact_id)
    ticket = locked(ticket_id)
    chases = chased(ticket, note, at)
    keep(Decision(DecisionKind.SAME_FAULT), None, ticket.id, [ticket.id], None, at)
    return chases


def settle(
    decision: Decision | None, address_id: UUID, service: Service, at: datetime
) -> tuple[Candidates, EarlierTicket | None]:
    """Check a decision against what is there now; return what was found and the repair that this fault repeats.

    None: nobody was asked, the rule alone finds a repeat. Two agents on one caller: the second waits here for the
    first and then sees that ticket.
    Raises DuplicateDecisionMissing, OtherFaultReasonMissing, NothingToRepeat.
    """
    if decision is None:
        return Candidates(), repaired_before(address_id, service, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"care.home:{address_id}"])
    found = duplicates(address_id, service, at)
    checked_decision(decision, found)
    return found, found.repeat_of if decision.kind is DecisionKind.REPEAT else None


def remember(decision: Decision, found: Candidates, ticket: TroubleTicket, at: datetime) -> None:
    """Keep the decision behind a new ticket, when there was something to decide or a sign of an outage."""
    if found.shown or (found.node and found.node.is_outage):
        earlier = found.repeat_of if decision.kind is DecisionKind.REPEAT else None
        keep(decision, ticket.id, earlier.id if earlier else None, [one.id for one in found.shown], found, at)


def keep(
    decision: Decision,
    ticket_id: UUID | None,
    earlier_id: UUID | None,
    shown: Sequence[UUID],
    found: Candidates | None,
    at: datetime,
) -> None:
    """Write one decision."""
    node = found.node if found else None
    DuplicateDecision(
        ticket_id=ticket_id,
        earlier_id=earlier_id,
        kind=decision.kind.value,
        reason_code=decision.reason_code,
        candidates=[str(one) for one in shown],
        node_code=node.node_code if node and node.is_outage else "",
        node_reports=node.reports if node and node.is_outage else 0,
        decided_at=at,
        decided_by=acting.current().who,
    ).save(force_insert=True)
