"""Reads of trouble tickets: one ticket, a customer's tickets, duplicates of a report, the thread of a ticket."""

from collections.abc import Iterable
from uuid import UUID

from yuanxin.care.models import Callback, Rating, StateChange, ThreadMessage, TroubleTicket
from yuanxin.care.queries.views import RatingView, ThreadEntry, TicketView
from yuanxin.care.rules.errors import TicketUnknown
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service
from yuanxin.published.refs import ref


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
