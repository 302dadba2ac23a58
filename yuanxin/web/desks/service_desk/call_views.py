"""Calls at the desk: the bar, answering, who calls, transfer, summing up, and the list of calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError, NotFound, Refused
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.lists import list_response
from yuanxin.web.components.words import error_words
from yuanxin.web.desks.service_desk.bar import bar as bar_context
from yuanxin.web.desks.service_desk.bar import quick_reasons
from yuanxin.web.desks.service_desk.current import agent_of
from yuanxin.web.desks.service_desk.customer_page import case_of
from yuanxin.web.desks.service_desk.forms import NewcomerForm
from yuanxin.web.desks.service_desk.hits import found
from yuanxin.web.http.doors import page
from yuanxin.web.http.live import answer_part


@require_safe
@page("care.answer_call")
def bar(request: HttpRequest) -> HttpResponse:
    """Answer the page that looks whether it rings; 304 when nothing has changed."""
    here = request.GET.get("here", "")[:300]
    context = bar_context(request, here) | {"here": here}
    return answer_part(request, render(request, "service_desk/bar.html", context).content)


@require_POST
@page("care.set_agent_state")
def set_state(request: HttpRequest) -> HttpResponse:
    """Become ready, busy, or rest."""
    told = request.POST
    state, reason = told.get("state", "")[:20], told.get("rest_reason", "")[:20] if told.get("state") == "rest" else ""
    return _done(request, lambda: care.set_agent_state(state=state, reason_code=reason, at=now()))


@require_POST
@page("care.answer_call")
def answer(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Answer, and open the page of whoever calls: the open case, the customer, a choice, or somebody new."""
    return _done(request, lambda: _answer(call_id), to=lambda: reverse("service_desk:call", args=[call_id]))


def _answer(call_id: UUID) -> None:
    care.answer_call(call_id=call_id, at=now())
    answered = care.call(call_id)
    known = callers_of(answered) if answered.customer_id is None else []
    if len(known) == 1:
        care.identify_caller(call_id=call_id, customer_id=known[0].customer_id, at=now())


def callers_of(call: care.CallView) -> list[parties.CallerView]:
    """Return whose number it is."""
    return parties.callers([call.caller_number]).get(call.caller_number, [])


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.answer_call")
def call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Open what the call is about; ask who it is when nobody knows; register somebody new."""
    speaking = care.call(call_id)
    form = NewcomerForm(request.POST or None, initial={"phone": speaking.caller_number})
    if form.is_valid():
        newcomer = form.attempt(lambda: _register(form, call_id))
        if newcomer is not None:
            messages.success(request, _("Customer %(number)s registered.") % {"number": newcomer.number})
            return redirect("service_desk:customer", newcomer.id)
    if speaking.customer_id and not form.is_bound:
        return redirect(case_of(speaking.customer_id))
    asked = request.GET.get("q", "").strip()[:80]
    context = {"call": speaking, "callers": callers_of(speaking), "form": form, "q": asked}
    context |= found(asked) | {"quick": quick_reasons()}
    return render(request, "service_desk/call.html", context, status=422 if form.is_bound else 200)


def _register(form: NewcomerForm, call_id: UUID) -> parties.CustomerRef:
    told, at = form.cleaned_data, now()
    with transaction.atomic():
        door = told["place"] and parties.add_address(estate_id=told["place"], door=told["door"], at=at)
        newcomer = parties.register_customer(
            key=form.idempotency_key,
            name=told["name"],
            phone=told["phone"],
            address_id=door or None,
            area_code=settings.YUANXIN_AREA_CODES.get(require_city(), ""),
            at=at,
        )
        care.identify_caller(call_id=call_id, customer_id=newcomer.id, at=at)
    return newcomer


@require_POST
@page("care.identify_caller")
def identify(request: HttpRequest, call_id: UUID, customer_id: UUID) -> HttpResponse:
    """Say on whose behalf the caller calls."""
    return _done(
        request,
        lambda: care.identify_caller(call_id=call_id, customer_id=customer_id, at=now()),
        to=lambda: case_of(customer_id),
    )


@require_POST
@page("care.hang_up_call")
def hang_up(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """End the call."""
    return _done(request, lambda: care.hang_up_call(call_id=call_id, at=now()))


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.transfer_call")
def transfer(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Let another layer or another agent take over; the target is ``queue:<code>`` or ``agent:<uuid>``."""
    if request.method != "POST":
        return render(request, "service_desk/transfer.html", _targets(request, care.call(call_id)))
    kind, _colon, target = request.POST.get("target", "").partition(":")
    try:
        agent_id = UUID(target) if kind == "agent" else None
    except ValueError:
        agent_id, kind = None, ""
    queue = target[:20] if kind == "queue" else ""
    return _done(request, lambda: care.transfer_call(call_id=call_id, queue=queue, agent_id=agent_id, at=now()))


def _targets(request: HttpRequest, call: care.CallView) -> dict[str, Any]:
    ready = care.ready_agents(besides=agent_of(request))
    people = org.staff_many(ready)
    return {
        "call": call,
        "layers": [(queue.value, code_words(queue, "call_queue")) for queue in care.CallQueue if queue != call.queue],
        "people": [people[one] for one in ready if one in people],
    }


@require_POST
@page("care.wrap_up")
def wrap_up(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Say what the call came to."""
    code = request.POST.get("wrap_up", "")[:20]
    return _done(request, lambda: care.wrap_up(call_id=call_id, wrap_up=code, at=now()))


@require_safe
@page("page.service")
def calls(request: HttpRequest) -> HttpResponse:
    """List calls, with the share answered in time today by layer and hour (P-01)."""
    at = now()
    zone = ZoneInfo(settings.YUANXIN_CITY_ZONE)
    midnight = datetime.combine(local_day(at), time.min, zone)
    shares = care.answer_shares(midnight, at + timedelta(seconds=1), zone=settings.YUANXIN_CITY_ZONE)
    context = {
        "shares": shares,
        "target_permille": standards.parameter("hotline.answer", "target_permille", at=at),
        "within_seconds": standards.parameter("hotline.answer", "within_seconds", at=at),
    }
    return list_response(request, care.calls, "service_desk/calls.html", context=context)


def _done(request: HttpRequest, deed: Callable[[], Any], *, to: Callable[[], str] | None = None) -> HttpResponse:
    """Run one command that a second click does not repeat, and return to the page; say a refusal at its top."""
    try:
        deed()
    except (NotFound, Refused):
        raise
    except DomainError as error:
        messages.error(request, error_words(error))
        return redirect(back_of(request))
    return redirect(to() if to else back_of(request))


def back_of(request: HttpRequest) -> str:
    """Return the page of ours from which a form came; the desk's first page when it does not say."""
    here = request.POST.get("here", "")
    return here if url_has_allowed_host_and_scheme(here, allowed_hosts=None) else reverse("service_desk:home")
