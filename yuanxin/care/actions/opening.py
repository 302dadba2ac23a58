"""Open a trouble ticket: check, promise, tell. Every other step of a ticket stands in ``tickets``."""

from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.care.actions.clocks import promise_repair
from yuanxin.care.actions.duplicates import remember, settle
from yuanxin.care.actions.hints import hint_from
from yuanxin.care.actions.triage import require_contact
from yuanxin.care.models import TroubleTicket
from yuanxin.care.rules import intake
from yuanxin.care.rules.duplicates import Decision
from yuanxin.care.rules.faults import FaultCode, fault_of
from yuanxin.inventory import api as inventory
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.insert import insert
from yuanxin.kernel.numbers import next_number
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import require_city
from yuanxin.parties import api as parties
from yuanxin.published.care import TicketOpened
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, OrderKind, Service
from yuanxin.published.refs import TicketRef, ref
from yuanxin.standards import api as standards


@command("care.open_ticket")
def open_ticket(
    *,
    customer_id: UUID,
    address_id: UUID,
    service: Service,
    fault_code: str,
    channel: Channel,
    at: datetime,
    note: str = "",
    contact_id: UUID | None = None,
    triage_id: UUID | None = None,
    duplicate_decision: Decision | None = None,
    wanted_from: datetime | None = None,
    wanted_to: datetime | None = None,
    key: IdempotencyKey | None = None,
) -> TicketRef:
    """Open a fault ticket, start its repair clocks and tell the field.

    A second fault of the same home and service within the repeat window is flagged (重复报障) and gets the promise
    of a repeat. duplicate_decision: what the agent made of earlier reports (`duplicates`); with None, as from machines,
    nobody was asked and a repeat is flagged by the rule alone. triage_id: the run of questions that led here.
    Raises DuplicateDecisionMissing, OtherFaultReasonMissing, NothingToRepeat, TriageRunUnknown, TriageRunUnfit,
    UnknownFault, the errors of a wanted window, TextTooLong, TextUnreadable, ContactUnknown and what parties says of
    unknown or closed customers, of addresses that this city does not have and of addresses of somebody else.
    """
    require_city()
    fault = fault_of(fault_code, service)
    window = _wanted(wanted_from, wanted_to, at)
    note = intake.clean_text(note, field="note")
    place = parties.served_at(customer_id, address_id)
    require_contact(contact_id)
    found, repeat = settle(duplicate_decision, address_id, service, at)
    ticket = TroubleTicket(
        number=next_number("T", at),
        customer_id=customer_id,
        address_id=address_id,
        contact_id=contact_id,
        service=service.value,
        fault_code=fault.value,
        order_kind=OrderKind.REPAIR.value,
        area_class=place.area_class.value,
        customer_class=place.customer_class.value,
        grid_code=place.grid_code,
        network_trail=inventory.trail_of(address_id, place.estate_id),
        channel=channel.value,
        note=note,
        wanted_from=window.start if window else None,
        wanted_to=window.end if window else None,
        opened_at=at,
        opened_by=acting.current().who,
        repeat_of_id=repeat.id if repeat else None,
    )
    promise_repair(ticket, at)
    insert(ticket)
    if duplicate_decision is not None:
        remember(duplicate_decision, found, ticket, at)
    hint_from(triage_id, ticket, at)
    _tell_opened(ticket, fault, service, channel, at)
    return TicketRef(ticket.id, ticket.number)


def _wanted(start: datetime | None, end: datetime | None, at: datetime) -> intake.Window | None:
    if start is None and end is None:
        return None
    days = standards.parameter("appointment.limits", "furthest_days", at=at)
    hours = standards.parameter("appointment.limits", "longest_hours", at=at)
    limits = intake.WindowLimits(timedelta(days=days), timedelta(hours=hours))
    return intake.wanted_window(start, end, at=at, limits=limits)


def _tell_opened(ticket: TroubleTicket, fault: FaultCode, service: Service, channel: Channel, at: datetime) -> None:
    tell(
        TicketOpened(
            subject=ref("ticket", ticket.id),
            at=at,
            number=ticket.number,
            customer_id=ticket.customer_id,
            address_id=ticket.address_id,
            service=service,
            fault_code=fault.value,
            order_kind=OrderKind.REPAIR,
            area_class=AreaClass(ticket.area_class),
            grid_code=ticket.grid_code,
            channel=channel,
            statutory_due_at=ticket.statutory_due_at,
            assessment_due_at=ticket.assessment_due_at,
            wanted_from=ticket.wanted_from,
            wanted_to=ticket.wanted_to,
            customer_class=CustomerClass(ticket.customer_class),
        )
    )
