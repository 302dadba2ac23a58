"""The service desk: search, the customer's page, tickets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.web.components.lists import list_response, list_view
from yuanxin.web.desks.service_desk.forms import WithdrawForm
from yuanxin.web.desks.service_desk.hits import found
from yuanxin.web.desks.service_desk.ticket_page import next_step, ticket_context, ticket_timeline
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

CLOCKS = {"statutory_due_at": "opened_at", "assessment_due_at": "opened_at"}
OPEN_TICKETS = {"state": "received,in_progress", "sort": "assessment_due_at"}
OPEN = {"received", "in_progress"}
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
    only = [hit.url for hit in context["hits"] if hit.url]
    if request.GET.get("go") and len(only) == 1:
        return redirect(only[0])
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
        "next_step": next_step(context, now()),
        "withdraw_form": WithdrawForm(auto_id="withdraw_%s"),
        "others": _others(shown) if context["is_open"] else [],
        "triage_runs": care.triage_of(ticket_id),
        "may_chase": current().may("care.chase") and shown.state not in CLOSED,
        "chase_form": CommandForm(),
    }
    return render(request, "service_desk/ticket.html", context)


def _others(shown: Any) -> list[Any]:
    """Return the other open tickets of this home, into which this one may be merged."""
    mine = care.tickets_of(shown.customer_id)
    return [one for one in mine if one.id != shown.id and one.state in OPEN and one.address_id == shown.address_id]


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
