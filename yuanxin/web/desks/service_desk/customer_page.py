"""What the page of one customer shows all round, from many contexts, in a bounded number of statements."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from yuanxin.care import api as care
from yuanxin.inventory import api as inventory
from yuanxin.kernel.ids import new_id
from yuanxin.messaging import api as messaging
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words
from yuanxin.web.desks.service_desk.next_step import Situation, next_step
from yuanxin.web.desks.service_desk.story import Known, kinds_of, story_of

MARKETING = "marketing"
OPEN, AWAITING = {"received", "in_progress"}, {"resolved", "awaiting_callback"}
CLOSED = {"closed", "cancelled", "merged"}
COMPLAINTS_OVER = {"concluded", "duplicate", "withdrawn"}
TOLD_TICKETS, TOLD = 20, 30


def customer_context(customer_id: UUID, at: datetime, kind: str = "") -> dict[str, Any]:
    """Return the page's context. kind: of moments to show, "" for all. At most 20 statements, whatever the customer."""
    home = parties.household(customer_id, purpose=MARKETING)
    tickets, complaints = care.tickets_of(customer_id), care.complaints_of(customer_id, limit=TOLD)
    known = Known(
        tickets=tickets[:TOLD_TICKETS],
        complaints=complaints,
        calls=care.calls_of(customer_id, limit=TOLD),
        contacts=care.contacts_of(customer_id, limit=TOLD),
        messages=messaging.messages_of(customer_id, limit=TOLD),
    )
    moments = story_of(known)
    return {
        "customer": home.customer,
        "addresses": home.addresses,
        "grid_names": org.unit_names(address.grid_code for address in home.addresses),
        "subscribers": inventory.subscribers_of(customer_id, at),
        "devices": inventory.devices_of(customer_id, at),
        "contacts": home.contacts,
        "open_tickets": with_clocks([ticket for ticket in tickets if ticket.state not in CLOSED]),
        "chased": [ticket for ticket in tickets if ticket.state in OPEN],
        "timeline": [moment for moment in moments if not kind or moment.kind == kind],
        "kinds": [(code, code_words(code, "moment"), count) for code, count in kinds_of(moments)],
        "kind": kind,
        "next_step": next_step(_situation(home, tickets, complaints, at)),
    }


def _situation(
    home: parties.HouseholdView,
    tickets: list[care.TicketView],
    complaints: list[care.ComplaintView],
    at: datetime,
) -> Situation:
    days: int = standards.parameter("ticket.duplicate", "repeat_fault_days", at=at)
    since = at - timedelta(days=days)
    withdrawn = {"cancelled", "merged"}
    recent = Counter(one.service for one in tickets if one.opened_at >= since and one.state not in withdrawn)
    waiting = [ticket for ticket in tickets if ticket.state in OPEN]
    return Situation(
        open_tickets=len(waiting),
        late_tickets=sum(1 for ticket in waiting if ticket.assessment_due_at and ticket.assessment_due_at < at),
        awaiting_callback=sum(1 for ticket in tickets if ticket.state in AWAITING),
        open_complaints=sum(1 for one in complaints if one.state not in COMPLAINTS_OVER),
        faults=max(recent.values(), default=0),
        has_phone=bool(home.customer.phone_masked),
        has_address=bool(home.addresses),
        has_consent=home.has_consent,
    )


def with_clocks(tickets: list[care.TicketView]) -> list[dict[str, Any]]:
    """Return tickets with their clocks; one statement."""
    clocks = standards.clocks_of_many([ref("ticket", ticket.id) for ticket in tickets])
    return [
        {"ticket": ticket, "clocks": clocks.get(ref("ticket", ticket.id), []), "key": new_id()} for ticket in tickets
    ]


def case_of(customer_id: UUID) -> str:
    """Return where a call of this customer leads: to the one open ticket, else to the customer's page."""
    waiting = [ticket for ticket in care.tickets_of(customer_id) if ticket.state in OPEN]
    if len(waiting) == 1:
        return reverse("service_desk:ticket", args=[waiting[0].id])
    return reverse("service_desk:customer", args=[customer_id])
