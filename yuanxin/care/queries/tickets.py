"""Reads of trouble tickets: one ticket, a customer's tickets, duplicates of a report, the thread of a ticket."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.care.models import Callback, Rating, StateChange, ThreadMessage, TroubleTicket
from yuanxin.care.queries.views import DuplicateCheck, RatingView, ThreadEntry, TicketView
from yuanxin.care.rules.duplicates import EarlierTicket, duplicates_of, repeated_fault
from yuanxin.care.rules.errors import TicketUnknown
from yuanxin.care.rules.tickets import OPEN_STATES
from yuanxin.kernel import prepared
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

DUPLICATE_TOPIC = "ticket.duplicate"
_OPEN = tuple(sorted(state.value for state in OPEN_STATES))
_EARLIER = """
SELECT id, number, opened_at, resolved_at, resolved_how, state FROM care_troubleticket
 WHERE address_id = %(address)s AND service = %(service)s AND state NOT IN ('cancelled', 'merged')
   AND (opened_at >= %(since)s OR resolved_at >= %(since)s OR state = ANY(%(open)s))
"""


def ticket(ticket_id: UUID) -> TicketView:
    """Return one ticket. Raises TicketUnknown. One statement."""
    found = TroubleTicket.objects.filter(pk=ticket_id).first()
    if found is None:
        raise TicketUnknown(ticket=str(ticket_id))
    return view_of(found)


def tickets_by_id(ids: Iterable[UUID]) -> dict[UUID, TicketView]:
    """Return the tickets of these ids that are in scope. One statement."""
    return {found.id: view_of(found) for found in TroubleTicket.objects.filter(pk__in=list(ids))}


def tickets_of(customer_id: UUID, *, limit: int = 50) -> list[TicketView]:
    """List a customer's tickets, newest first. One statement."""
    return [
        view_of(found) for found in TroubleTicket.objects.filter(customer_id=customer_id).order_by("-opened_at")[:limit]
    ]


def earlier_at(address_id: UUID, service: Service, *, since: datetime) -> list[EarlierTicket]:
    """List what happened to this service at this address: tickets still open, opened or resolved since then.

    One statement over the index of homes.
    """
    rows = prepared.run(
        _EARLIER, {"address": address_id, "service": service.value, "since": since, "open": list(_OPEN)}
    )
    return [
        EarlierTicket(id_, number, opened_at, resolved_at, how, is_open=state in _OPEN)
        for id_, number, opened_at, resolved_at, how, state in rows
    ]


def duplicates(address_id: UUID, service: Service, at: datetime) -> DuplicateCheck:
    """Say what is open at this home and whether a repair ended within the repeat window. One statement and two rules.

    Both windows come from the rulebook, topic ``ticket.duplicate``.
    """
    same = timedelta(hours=standards.parameter(DUPLICATE_TOPIC, "same_address_hours", at=at))
    again = timedelta(days=standards.parameter(DUPLICATE_TOPIC, "repeat_fault_days", at=at))
    earlier = earlier_at(address_id, service, since=at - max(same, again))
    return DuplicateCheck(duplicates_of(earlier, at=at, window=same), repeated_fault(earlier, at=at, window=again))


def repaired_before(address_id: UUID, service: Service, at: datetime) -> EarlierTicket | None:
    """Return the repair of which a fault now would be a repeat (重复报障), or None. One statement and one rule."""
    again = timedelta(days=standards.parameter(DUPLICATE_TOPIC, "repeat_fault_days", at=at))
    return repeated_fault(earlier_at(address_id, service, since=at - again), at=at, window=again)


def rating_of(ticket_id: UUID) -> RatingView | None:
    """Return the customer's own score of a ticket, None while there is none. One statement."""
    row = Rating.objects.filter(ticket_id=ticket_id).first()
    return RatingView(row.score, row.is_begged, row.rated_at) if row else None


def thread_of(ticket_id: UUID) -> list[ThreadEntry]:
    """Tell the story of a ticket in order of time: changes, notes, chases, call-backs. Three statements."""
    entries = [
        ThreadEntry(row.changed_at, "state", f"{row.before}>{row.after}", row.reason_code, row.changed_by)
        for row in StateChange.objects.filter(ticket_id=ticket_id)
    ]
    entries += [
        ThreadEntry(row.posted_at, row.kind, "", row.text, row.posted_by)
        for row in ThreadMessage.objects.filter(subject=ref("ticket", ticket_id))
    ]
    entries += [
        ThreadEntry(row.called_at, "callback", _answer(row), row.note, row.called_by)
        for row in Callback.objects.filter(ticket_id=ticket_id)
    ]
    return sorted(entries, key=lambda entry: entry.at)


def _answer(callback: Callback) -> str:
    if not callback.reached:
        return "not_reached"
    return "consistent" if callback.agrees else "inconsistent"


def view_of(row: TroubleTicket) -> TicketView:
    """Return the row as others see it."""
    return TicketView(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        address_id=row.address_id,
        service=Service(row.service),
        fault_code=row.fault_code,
        area_class=AreaClass(row.area_class),
        customer_class=CustomerClass(row.customer_class),
        grid_code=row.grid_code,
        channel=Channel(row.channel),
        note=row.note,
        state=row.state,
        opened_at=row.opened_at,
        wanted_from=row.wanted_from,
        wanted_to=row.wanted_to,
        statutory_due_at=row.statutory_due_at,
        assessment_due_at=row.assessment_due_at,
        rule_version_id=row.rule_version_id,
        repeat_of=row.repeat_of_id,
        merged_into=row.merged_into_id,
        chases=row.chases,
        work_order=row.work_order,
        resolved_at=row.resolved_at,
        resolved_how=row.resolved_how,
        closed_at=row.closed_at,
    )
