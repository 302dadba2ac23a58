"""Calls of the technician to the customer: through the relay, and past it when it failed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm
from yuanxin.web.technician.forms import DirectCallForm
from yuanxin.web.technician.frame import phone
from yuanxin.web.technician.steps import own_order


@require_safe
@page("fieldwork.call_customer")
def calls(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show the calls of one order with the button for the next; as a fragment for htmx, else as a page."""
    return _shown(request, work_order_id)


@require_POST
@page("fieldwork.call_customer")
def call(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Let the relay ring me and then the customer."""
    order, form = own_order(work_order_id), CommandForm(request.POST)
    if form.is_valid():
        attempt = form.attempt(
            lambda: fieldwork.call_customer(key=form.idempotency_key, work_order_id=order.id, at=now())
        )
        if attempt is not None:
            return redirect("technician:calls", order.id)
    return _shown(request, work_order_id, form=form)


@require_POST
@page("fieldwork.call_directly")
def call_directly(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show the customer's number, which is logged with the reason."""
    order, form = own_order(work_order_id), DirectCallForm(request.POST, auto_id="direct_%s")
    if form.is_valid():
        attempt = form.attempt(
            lambda: fieldwork.call_directly(
                key=form.idempotency_key,
                work_order_id=order.id,
                reason_code=form.cleaned_data["reason_code"],
                at=now(),
            )
        )
        if attempt is not None:
            told = {"order": order, "number": fieldwork.shown_number(attempt)}
            return render(request, "technician/number.html", phone(request) | told)
    return _shown(request, work_order_id, direct_form=form)


def _shown(
    request: HttpRequest,
    work_order_id: UUID,
    *,
    form: CommandForm | None = None,
    direct_form: DirectCallForm | None = None,
) -> HttpResponse:
    order, made = own_order(work_order_id), fieldwork.call_attempts(work_order_id)
    clocks, has_errors = standards.clocks_of(ref("work_order", work_order_id)), bool(form or direct_form)
    context = phone(request) | {
        "order": order,
        "calls": made,
        "first_contact": next((one for one in clocks if one.topic == "contact.first"), None),
        "is_ringing": bool(made) and made[0].way == "relay" and not made[0].ended_as,
        "has_failed": any(one.ended_as == fieldwork.CallEnd.FAILED for one in made),
        "call_form": form or CommandForm(auto_id="call_%s"),
        "direct_form": direct_form or DirectCallForm(auto_id="direct_%s"),
    }
    template = "technician/call.html" if getattr(request, "htmx", False) else "technician/calls.html"
    return render(request, template, context, status=422 if has_errors else 200)
