"""Reads of ``care``: one ticket, a customer's tickets, duplicates of a report, the thread of a ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from yuanxin.care.models import Callback, Complaint, ComplaintStep, Contact, StateChange, TicketNote, TroubleTicket
from yuanxin.care.rules.complaints import ComplaintState, ComplaintStepKind, possible_steps
from yuanxin.care.rules.duplicates import EarlierTicket, duplicates_of, repeated_fault
from yuanxin.care.rules.errors import ComplaintUnknown, TicketUnknown
from yuanxin.care.rules.tickets import OPEN_STATES
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service
from yuanxin.standards import api as standards

REPEAT_TOPIC = "fault.repeat"
_OPEN = tuple(sorted(state.value for state in OPEN_STATES))


@dataclass(frozen=True)
class TicketView:
    """A trouble ticket as others may see it; the note is the customer's own words."""

    id: UUID
    number: str
    customer_id: UUID
    address_id: UUID
    service: Service
    fault_code: str
    area_class: AreaClass
    customer_class: CustomerClass
    grid_code: str
    channel: Channel
    note: str
    state: str
    opened_at: datetime
    wanted_from: datetime | None
    wanted_to: datetime | None
    statutory_due_at: datetime | None
    assessment_due_at: datetime | None
    rule_version_id: UUID | None
    repeat_of: UUID | None
    merged_into: UUID | None
    chases: int
    work_order: str
    resolved_at: datetime | None
    resolved_how: str
    closed_at: datetime | None


@dataclass(frozen=True)
class ComplaintView:
    """A complaint with the steps that it may take next."""

    id: UUID
    number: str
    customer_id: UUID | None
    category: str
    service: Service
    channel: Channel
    external_number: str
    note: str
    state: ComplaintState
    level: int
    opened_at: datetime
    first_reply_due_at: datetime | None
    solve_due_at: datetime | None
    ended_at: datetime | None
    next_steps: tuple[ComplaintStepKind, ...]


@dataclass(frozen=True)
class ContactView:
    """One touch of a customer."""

    id: UUID
    channel: Channel
    reason_code: str
    outcome: str
    note: str
    contacted_at: datetime


@dataclass(frozen=True)
class ThreadEntry:
    """One line of a ticket's or complaint's story: what happened, when, by whom, in whose words."""

    at: datetime
    kind: str
    detail: str
    text: str
    who: str


@dataclass(frozen=True)
class DuplicateCheck:
    """What the agent is warned of before saving: open reports of the same fault, and a repair not long ago."""

    open_tickets: tuple[EarlierTicket, ...]
    repeat_of: EarlierTicket | None


def ticket(ticket_id: UUID) -> TicketView:
    """Return one ticket. Raises TicketUnknown. One statement."""
    found = TroubleTicket.objects.filter(pk=ticket_id).first()
    if found is None:
        raise TicketUnknown(ticket=str(ticket_id))
    return _view(found)


def tickets_by_id(ids: Iterable[UUID]) -> dict[UUID, TicketView]:
    """Return the tickets of these ids that are in scope. One statement."""
    return {found.id: _view(found) for found in TroubleTicket.objects.filter(pk__in=list(ids))}


def tickets_of(customer_id: UUID, *, limit: int = 50) -> list[TicketView]:
    """List a customer's tickets, newest first. One statement."""
    return [
        _view(found) for found in TroubleTicket.objects.filter(customer_id=customer_id).order_by("-opened_at")[:limit]
    ]


def complaints_of(customer_id: UUID, *, limit: int = 50) -> list[ComplaintView]:
    """List a customer's complaints, newest first. One statement."""
    rows = Complaint.objects.filter(customer_id=customer_id).order_by("-opened_at")[:limit]
    return [_complaint_view(found) for found in rows]


def contacts_of(customer_id: UUID, *, limit: int = 50) -> list[ContactView]:
    """List a customer's contacts, newest first. One statement."""
    rows = Contact.objects.filter(customer_id=customer_id).order_by("-contacted_at")[:limit]
    return [
        ContactView(row.id, Channel(row.channel), row.reason_code, row.outcome, row.note, row.contacted_at)
        for row in rows
    ]


def complaint(complaint_id: UUID) -> ComplaintView:
    """Return one complaint. Raises ComplaintUnknown. One statement."""
    found = Complaint.objects.filter(pk=complaint_id).first()
    if found is None:
        raise ComplaintUnknown(complaint=str(complaint_id))
    return _complaint_view(found)


def earlier_at(address_id: UUID, service: Service, *, since: datetime) -> list[EarlierTicket]:
    """List what happened to this service at this address: tickets still open, opened or resolved since then.

    One statement over the index of homes.
    """
    rows = (
        TroubleTicket.objects.filter(address_id=address_id, service=service.value)
        .filter(Q(opened_at__gte=since) | Q(resolved_at__gte=since) | Q(state__in=_OPEN))
        .exclude(state__in=("cancelled", "merged"))
        .values_list("id", "number", "opened_at", "resolved_at", "resolved_how", "state")
    )
    return [
        EarlierTicket(id_, number, opened_at, resolved_at, how, is_open=state in _OPEN)
        for id_, number, opened_at, resolved_at, how, state in rows
    ]


def repeat_window(at: datetime) -> timedelta:
    """Return the span within which a second fault of one home and service is a repeat, from the rulebook."""
    return timedelta(days=int(standards.parameter(REPEAT_TOPIC, "window_days", at=at)))


def duplicates(address_id: UUID, service: Service, at: datetime) -> DuplicateCheck:
    """Say what is open at this home and whether a repair ended within the repeat window. One statement."""
    window = repeat_window(at)
    earlier = earlier_at(address_id, service, since=at - window)
    return DuplicateCheck(duplicates_of(earlier, at=at, window=window), repeated_fault(earlier, at=at, window=window))


def thread_of(ticket_id: UUID) -> list[ThreadEntry]:
    """Tell the story of a ticket in order of time: changes, notes, chases, call-backs. Three statements."""
    entries = [
        ThreadEntry(row.changed_at, "state", f"{row.before}>{row.after}", row.reason_code, row.changed_by)
        for row in StateChange.objects.filter(ticket_id=ticket_id)
    ]
    entries += [
        ThreadEntry(row.written_at, row.kind, "", row.text, row.written_by)
        for row in TicketNote.objects.filter(ticket_id=ticket_id)
    ]
    entries += [
        ThreadEntry(row.called_at, "callback", _answer(row), row.note, row.called_by)
        for row in Callback.objects.filter(ticket_id=ticket_id)
    ]
    return sorted(entries, key=lambda entry: entry.at)


def steps_of(complaint_id: UUID) -> list[ThreadEntry]:
    """Tell the story of a complaint in order of time. One statement."""
    rows = ComplaintStep.objects.filter(complaint_id=complaint_id).order_by("taken_at", "id")
    return [ThreadEntry(row.taken_at, row.kind, f"{row.before}>{row.after}", row.note, row.taken_by) for row in rows]


def _answer(callback: Callback) -> str:
    if not callback.reached:
        return "not_reached"
    return "consistent" if callback.agrees else "inconsistent"


def _view(row: TroubleTicket) -> TicketView:
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


def _complaint_view(row: Complaint) -> ComplaintView:
    state = ComplaintState(row.state)
    return ComplaintView(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        category=row.category,
        service=Service(row.service),
        channel=Channel(row.channel),
        external_number=row.external_number,
        note=row.note,
        state=state,
        level=row.level,
        opened_at=row.opened_at,
        first_reply_due_at=row.first_reply_due_at,
        solve_due_at=row.solve_due_at,
        ended_at=row.ended_at,
        next_steps=possible_steps(state),
    )
