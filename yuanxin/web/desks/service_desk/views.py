"""The service desk: search, the customer's page, tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.inventory import api as inventory
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.messaging import api as messaging
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.lists import list_response, list_view
from yuanxin.web.components.timeline import Moment, newest_first
from yuanxin.web.desks.service_desk.hits import found
from yuanxin.web.desks.service_desk.ticket_page import ticket_context, ticket_timeline
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

CLOCKS = {"statutory_due_at": "opened_at", "assessment_due_at": "opened_at"}
OPEN_TICKETS = {"state": "received,in_progress", "sort": "assessment_due_at"}
CLOSED = {"closed", "cancelled", "merged"}


def ticket_address(row: Any) -> str:
    """Return where a row of tickets is opened."""
    return reverse("service_desk:ticket", args=[row.id])


@require_safe
@page("page.service")
def home(request: HttpRequest) -> HttpResponse:
    """One search box; without a question the open tickets."""
    asked = request.GET.get("q", "").strip()[:80]
    context: dict[str, Any] = {"q": asked, **found(asked)}
    if not asked:
        context["list"] = list_view(request, care.tickets, row_url=ticket_address, clocks=CLOCKS, defaults=OPEN_TICKETS)
    return render(request, "service_desk/home.html", context)


@require_safe
@page("page.service")
def search(request: HttpRequest) -> HttpResponse:
    """Answer htmx with the hits for what stands in the box."""
    asked = request.GET.get("q", "").strip()[:80]
    return render(request, "service_desk/hits.html", {"q": asked, **found(asked)})


@require_safe
@page("page.service")
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show one customer all round: identity masked, products, devices, open tickets, one timeline."""
    at, shown = now(), parties.customer(customer_id)
    tickets = care.tickets_of(customer_id)
    context = {
        "customer": shown,
        "addresses": parties.addresses_of(customer_id),
        "subscribers": inventory.subscribers_of(customer_id, at),
        "devices": inventory.devices_of(customer_id, at),
        "open_tickets": _with_clocks([ticket for ticket in tickets if ticket.state not in CLOSED]),
        "timeline": _story(customer_id, tickets),
    }
    return render(request, "service_desk/customer.html", context)


@dataclass(frozen=True)
class _TicketRow:
    ticket: Any
    clocks: list[Any]


def _with_clocks(tickets: list[Any]) -> list[_TicketRow]:
    clocks = standards.clocks_of_many([ref("ticket", ticket.id) for ticket in tickets])
    return [_TicketRow(ticket, clocks.get(ref("ticket", ticket.id), [])) for ticket in tickets]


def _story(customer_id: UUID, tickets: list[Any]) -> list[Moment]:
    moments = [Moment(sent.queued_at, _("Message"), sent.text) for sent in messaging.messages_of(customer_id, limit=30)]
    moments += [_contact(one) for one in care.contacts_of(customer_id, limit=30)]
    moments += [Moment(one.opened_at, _("Complaint"), one.number) for one in care.complaints_of(customer_id, limit=30)]
    for ticket in tickets[:20]:
        moments += ticket_timeline(ticket)
    return newest_first(moments)


def _contact(one: care.ContactView) -> Moment:
    reason, outcome = code_words(one.reason_code, "contact_reason"), code_words(one.outcome, "outcome")
    return Moment(one.contacted_at, code_words(one.channel), f"{reason} · {outcome} {one.note}".strip())


@require_safe
@page("page.service")
def tickets(request: HttpRequest) -> HttpResponse:
    """List fault tickets; the address holds filters, order and page."""
    template = "service_desk/tickets.html"
    return list_response(request, care.tickets, template, row_url=ticket_address, clocks=CLOCKS)


@require_safe
@page("page.service")
def ticket(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Show one ticket."""
    context = ticket_context(ticket_id)
    shown = context["ticket"]
    context |= {
        "timeline": ticket_timeline(shown),
        "may_chase": current().may("care.chase") and shown.state not in CLOSED,
        "chase_form": CommandForm(),
    }
    return render(request, "service_desk/ticket.html", context)


@require_POST
@page("care.chase")
def chase(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The customer called again about an open ticket; the same click twice is one call."""
    form = CommandForm(request.POST)
    if form.is_valid():
        care.chase(key=form.idempotency_key, ticket_id=ticket_id, at=now())
        messages.success(request, _("Chase noted."))
    else:
        messages.error(request, _("Not possible"))
    return redirect(reverse("service_desk:ticket", args=[ticket_id]))
