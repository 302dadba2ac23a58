"""Questions before anybody drives: one step at a time, what the system knows beside them, the result kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.inventory import api as inventory
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.published.codes import Service
from yuanxin.web.components.lists import list_response
from yuanxin.web.desks.service_desk.current import current_call
from yuanxin.web.desks.service_desk.forms import TreeForm
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm


@dataclass(frozen=True)
class Choice:
    """One answer on the page: its key, its words, where it leads."""

    number: int
    words: str
    url: str


def said(words: Any) -> str:
    """Return a sentence of a tree in the reader's language."""
    return str(words.en if get_language() == "en" else words.zh)


@require_safe
@page("care.record_triage")
def triage(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Ask the next question; htmx gets the part, others a page with it."""
    context = {"customer": parties.customer(customer_id), **triage_context(request.GET, customer_id, now())}
    part = getattr(request, "htmx", False)
    return render(request, "service_desk/triage.html" if part else "service_desk/triage_page.html", context)


@require_POST
@page("care.record_triage")
def finish(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Keep the result: a fault goes on to its ticket, anything else ends here."""
    form, told = CommandForm(request.POST), request.POST
    run_id = form.attempt(lambda: _record(request, form, customer_id)) if form.is_valid() else None
    if run_id is None:
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("Not possible"))
        return redirect("service_desk:report", customer_id)
    if care.triage_run(run_id).result.kind is care.ResultKind.FAULT:
        address = reverse("service_desk:report", args=[customer_id])
        return redirect(f"{address}?{urlencode({'triage': run_id, 'address_id': told.get('address_id', '')})}")
    messages.success(request, _("Saved without a visit."))
    return redirect("service_desk:customer", customer_id)


@require_safe
@page("page.service")
def runs(request: HttpRequest) -> HttpResponse:
    """List what triage ended in; solved on the telephone counts."""
    return list_response(request, care.triage_runs, "service_desk/triage_runs.html")


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.save_triage_tree")
def tree(request: HttpRequest) -> HttpResponse:
    """Show the questions of a service as text; headquarters saves a new version of them."""
    service = _service(request.GET.get("service", ""), list(Service))
    form = TreeForm(request.POST or None, initial={"text": care.triage_text(service, now())})
    if form.is_valid():
        version = form.attempt(
            lambda: care.save_triage_tree(key=form.idempotency_key, text=form.cleaned_data["text"], at=now())
        )
        if version:
            messages.success(request, _("Version %(version)s saved.") % {"version": version})
            return redirect(f"{reverse('service_desk:triage_tree')}?{urlencode({'service': service.value})}")
    context = {"form": form, "services": list(Service), "service": service, "tree": care.triage(service, now())}
    return render(request, "service_desk/triage_tree.html", context, status=422 if form.is_bound else 200)


def triage_context(told: Any, customer_id: UUID, at: datetime) -> dict[str, Any]:
    """Return the question that is due, its answers and the facts beside it."""
    services = services_of(customer_id, at)
    service = _service(str(told.get("service", "")), services)
    path, version = str(told.get("path", "")), str(told.get("version", ""))
    asked = care.triage_version(service, version) if version else care.triage(service, at)
    try:
        position = care.walk(asked, path)
    except care.TriagePathUnknown:
        raise Http404 from None
    address_id = _address(told, customer_id)
    kept = {"service": service.value, "version": asked.version, "address_id": str(address_id or "")}
    return {
        "triage_service": service,
        "triage_services": services,
        "question": said(position.question.words) if position.question else "",
        "hint": said(position.question.hint) if position.question else "",
        "choices": _choices(position, path, kept, customer_id),
        "trail": [(said(step.question.words), said(step.answer.words)) for step in position.steps],
        "result": position.result,
        "result_words": said(position.result.words) if position.result else "",
        "path": path,
        "kept": kept,
        "triage_key": CommandForm()["key"].value(),
        "facts": triage_facts(customer_id, address_id, service, at),
    }


def services_of(customer_id: UUID, at: datetime) -> list[Service]:
    """Return what this customer has; for somebody without products every service."""
    had = [subscriber.service for subscriber in inventory.subscribers_of(customer_id, at)]
    return [service for service in Service if service in had] or list(Service)


def triage_facts(customer_id: UUID, address_id: UUID | None, service: Service, at: datetime) -> dict[str, Any]:
    """Return what the system knows about this line: its state, its devices, the last repair, others under its node."""
    lines = [one for one in inventory.subscribers_of(customer_id, at) if one.service == service]
    mine = {one.id for one in lines}
    repaired = [one for one in care.tickets_of(customer_id) if one.service == service and one.resolved_at]
    return {
        "lines": lines,
        "devices": [one for one in inventory.devices_of(customer_id, at) if one.subscriber_id in mine],
        "last_repair": max(repaired, key=lambda one: one.resolved_at or one.opened_at, default=None),
        "node": care.duplicates(address_id, service, at).node if address_id else None,
    }


def _record(request: HttpRequest, form: CommandForm, customer_id: UUID) -> UUID:
    told, speaking = request.POST, current_call(request)
    return care.record_triage(
        key=form.idempotency_key,
        service=_service(told.get("service", ""), list(Service)),
        version=told.get("version", ""),
        path=told.get("answers", ""),
        customer_id=customer_id,
        address_id=_address(told, customer_id),
        call_id=speaking.id if speaking else None,
        at=now(),
    )


def _choices(position: care.Position, path: str, kept: dict[str, str], customer_id: UUID) -> list[Choice]:
    address = reverse("service_desk:triage", args=[customer_id])
    answers = position.question.answers if position.question else ()
    return [
        Choice(
            number,
            said(answer.words),
            f"{address}?{urlencode({**kept, 'path': f'{path}.{number}'.lstrip('.')})}",
        )
        for number, answer in enumerate(answers, 1)
    ]


def _service(code: str, services: list[Service]) -> Service:
    return next((service for service in Service if service.value == code), services[0])


def _address(told: Any, customer_id: UUID) -> UUID | None:
    """Return the asked address when it is one of the customer's, else the main one."""
    known = [address.id for address in parties.addresses_of(customer_id)]
    asked = str(told.get("address_id", ""))
    return next((one for one in known if str(one) == asked), known[0] if known else None)
