"""Take a fault: the promise stands on the page before anything is saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.inventory import api as inventory
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, OrderKind, Service
from yuanxin.standards import api as standards
from yuanxin.web.components.promises import statutory_gap
from yuanxin.web.components.words import error_words
from yuanxin.web.desks.service_desk.current import current_contact_id
from yuanxin.web.desks.service_desk.forms import ReportForm, window_choices
from yuanxin.web.http.doors import page

REPAIR = "fault.repair"


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.open_ticket")
def report(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show the form with its promise; save it as a ticket."""
    customer, addresses = parties.customer(customer_id), parties.addresses_of(customer_id)
    form = _form(request.POST or None, customer_id, addresses)
    if form.is_valid():
        ticket = form.attempt(lambda: _open(request, form, customer_id))
        if ticket is not None:
            messages.success(request, _("Ticket %(number)s saved.") % {"number": ticket.number})
            return redirect("service_desk:ticket", ticket.id)
    return render(
        request,
        "service_desk/report.html",
        {"form": form, "customer": customer},
        status=422 if form.is_bound else 200,
    )


def _open(request: HttpRequest, form: ReportForm, customer_id: UUID) -> Any:
    told = form.cleaned_data
    return care.open_ticket(
        key=form.idempotency_key,
        customer_id=customer_id,
        address_id=UUID(told["address_id"]),
        service=Service(told["service"]),
        fault_code=told["fault_code"],
        note=told["note"],
        channel=Channel(told["channel"]),
        contact_id=current_contact_id(request, customer_id),
        wanted_from=told["wanted_from"],
        wanted_to=told["wanted_to"],
        at=now(),
    )


@require_safe
@page("care.open_ticket")
def promise(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Answer htmx with what we would promise for this service at this address now, and with likely twins."""
    customer = parties.customer(customer_id)
    form = _form(request.GET, customer_id, parties.addresses_of(customer_id))
    form.is_valid()
    address_id, service = form.cleaned_data.get("address_id"), form.cleaned_data.get("service")
    context = _promised(customer, UUID(address_id), Service(service), now()) if address_id and service else {}
    return render(
        request, "service_desk/promise.html", context | {"faults": form["fault_code"], "window": form["window"]}
    )


def _offers(address: parties.AddressView, service: Service, at: datetime) -> list[fieldwork.WindowOffer]:
    """Return the windows that the field can keep at this address."""
    return fieldwork.offer_windows(
        order_kind=OrderKind.REPAIR,
        service=service,
        address_id=address.id,
        area_class=AreaClass(address.area_class),
        grid_code=address.grid_code,
        at=at,
    )


def _form(told: Any, customer_id: UUID, addresses: list[parties.AddressView]) -> ReportForm:
    """Return the form for what this customer has; for somebody without products every service is offered."""
    had = [subscriber.service for subscriber in inventory.subscribers_of(customer_id, now())]
    services = [service for service in Service if service in had] or list(Service)
    return ReportForm(told, addresses=[(str(one.id), one.text) for one in addresses], services=services)


def _promised(customer: parties.CustomerView, address_id: UUID, service: Service, at: datetime) -> dict[str, Any]:
    address = parties.address(address_id)
    try:
        given = standards.promise(
            topic=REPAIR,
            service=service,
            area_class=AreaClass(address.area_class),
            customer_class=CustomerClass(customer.class_),
            at=at,
        )
    except DomainError as error:
        return {"refusal": error_words(error)}
    return {
        "lines": given.lines,
        "has_statutory": any(line.clock == "statutory" and line.due_at for line in given.lines),
        "statutory_gap": statutory_gap(service),
        "earlier": care.duplicates(address_id, service, at),
        "windows": window_choices(_offers(address, service, at)),
    }
