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
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service
from yuanxin.standards import api as standards
from yuanxin.web.components.promises import statutory_gap
from yuanxin.web.components.words import error_words
from yuanxin.web.desks.service_desk.current import current_contact_id
from yuanxin.web.desks.service_desk.forms import ReportForm
from yuanxin.web.desks.service_desk.triage_views import said, services_of, triage_context
from yuanxin.web.desks.service_desk.windows import picker
from yuanxin.web.http.doors import page

REPAIR = "fault.repair"


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.open_ticket")
def report(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show the form with its promise and the questions before a visit; save it as a ticket."""
    customer, addresses = parties.customer(customer_id), parties.addresses_of(customer_id)
    told = request.POST or request.GET
    run = _run(told.get("triage_id") or told.get("triage", ""), customer_id)
    form = _form(request.POST or None, customer_id, addresses, initial=_initial(request.GET, run))
    if form.is_valid():
        saved = form.attempt(lambda: _save(request, form, customer_id))
        if saved is not None:
            return redirect("service_desk:ticket", saved)
    context = {"form": form, "customer": customer, "earlier": _earlier(form) if form.is_bound else None, "run": run}
    if run is None:
        context |= triage_context(told, customer_id, now())
    else:
        context["run_words"] = said(run.result.words)
    return render(request, "service_desk/report.html", context, status=422 if form.is_bound else 200)


def _save(request: HttpRequest, form: ReportForm, customer_id: UUID) -> UUID:
    """Attach the report to the open ticket, or open a new one; return the ticket."""
    told, decision, at = form.cleaned_data, form.decided(), now()
    address_id, service = UUID(told["address_id"]), Service(told["service"])
    contact_id = current_contact_id(request, customer_id)
    if decision.kind is care.DecisionKind.SAME_FAULT:
        open_tickets = care.duplicates(address_id, service, at).open_tickets
        if open_tickets:
            first = open_tickets[0]
            care.attach_report(
                key=form.idempotency_key, ticket_id=first.id, contact_id=contact_id, note=told["note"], at=at
            )
            messages.success(request, _("Attached to %(number)s as a chase.") % {"number": first.number})
            return first.id
    ticket = care.open_ticket(
        key=form.idempotency_key,
        customer_id=customer_id,
        address_id=address_id,
        service=service,
        fault_code=told["fault_code"],
        note=told["note"],
        channel=Channel(told["channel"]),
        contact_id=contact_id,
        triage_id=told["triage_id"],
        duplicate_decision=decision,
        wanted_from=told["wanted_from"],
        wanted_to=told["wanted_to"],
        at=at,
    )
    messages.success(request, _("Ticket %(number)s saved.") % {"number": ticket.number})
    return ticket.id


def _run(asked: str, customer_id: UUID) -> care.TriageRunView | None:
    """Return the run of questions that led here, when it is this customer's."""
    try:
        run = care.triage_run(UUID(asked))
    except (ValueError, NotFound):
        return None
    return run if run.customer_id == customer_id else None


def _initial(told: Any, run: care.TriageRunView | None) -> dict[str, Any]:
    """Return what is known before anybody typed: from the address of the page, and from the questions."""
    initial = {name: told[name] for name in ("address_id", "service", "fault_code", "channel") if told.get(name)}
    if run is not None:
        initial |= {"service": run.service.value, "fault_code": run.result.fault_code, "triage_id": run.id}
    return initial


def _earlier(form: ReportForm) -> care.Candidates | None:
    address_id, service = form.cleaned_data.get("address_id"), form.cleaned_data.get("service")
    return care.duplicates(UUID(address_id), Service(service), now()) if address_id and service else None


@require_safe
@page("care.open_ticket")
def promise(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Answer htmx with what we would promise for this service at this address now, and with likely twins."""
    customer = parties.customer(customer_id)
    form = _form(request.GET, customer_id, parties.addresses_of(customer_id))
    form.is_valid()
    address_id, service = form.cleaned_data.get("address_id"), form.cleaned_data.get("service")
    context: dict[str, Any] = {"faults": form["fault_code"], "form": form, "decides": True}
    if address_id and service:
        at, address = now(), parties.address(UUID(address_id))
        context |= _promised(customer, address, Service(service), at)
        wish, chosen = form.cleaned_data.get("wish", ""), str(form["window"].value() or "")
        context["windows"] = picker(address, Service(service), wish, chosen, at)
    return render(request, "service_desk/promise.html", context)


def report_form(customer_id: UUID, initial: dict[str, Any]) -> ReportForm:
    """Return the form filled with what is known before anybody typed."""
    return _form(None, customer_id, parties.addresses_of(customer_id), initial)


def _form(
    told: Any, customer_id: UUID, addresses: list[parties.AddressView], initial: dict[str, Any] | None = None
) -> ReportForm:
    """Return the form for what this customer has; for somebody without products every service is offered."""
    return ReportForm(
        told,
        addresses=[(str(one.id), one.text) for one in addresses],
        services=services_of(customer_id, now()),
        initial=initial,
    )


def _promised(
    customer: parties.CustomerView, address: parties.AddressView, service: Service, at: datetime
) -> dict[str, Any]:
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
        "earlier": care.duplicates(address.id, service, at),
    }
