"""Call-backs: who is due, and what the customer says."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.web.components.lists import list_response
from yuanxin.web.desks.service_desk.forms import CallbackForm
from yuanxin.web.desks.service_desk.ticket_page import ticket_context
from yuanxin.web.http.doors import page


@require_safe
@page("care.record_callback")
def callbacks(request: HttpRequest) -> HttpResponse:
    """List the finished tickets whose customer is to be called, the most urgent first."""
    return list_response(request, care.callbacks_due, "service_desk/callbacks.html", row_url=_address)


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.record_callback")
def callback(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Take down one call-back beside what the technician closed it with."""
    context = ticket_context(ticket_id)
    form = CallbackForm(request.POST or None)
    if form.is_valid() and form.attempt(lambda: _record(form, ticket_id)):
        messages.success(request, _("Call-back saved."))
        return redirect("service_desk:callbacks")
    order = context["order"]
    closed = fieldwork.close_outs_of(order.id) if order else []
    context |= {"form": form, "closed": closed[-1] if closed else None}
    return render(request, "service_desk/callback.html", context, status=422 if form.is_bound else 200)


def _record(form: CallbackForm, ticket_id: UUID) -> bool:
    """Keep the answer, and apart from it the customer's own score; a begged one is kept and does not count."""
    told, at = form.cleaned_data, now()
    with transaction.atomic():
        care.record_callback(
            key=form.idempotency_key,
            ticket_id=ticket_id,
            reached=told["reached"],
            agrees=told["agrees"],
            differs=[care.Difference(code) for code in told["differs"]],
            fee_asked=told["fee_asked"],
            score_begged=told["score_begged"],
            note=told["note"],
            at=at,
        )
        if told["score"] is not None and care.rating_of(ticket_id) is None:
            key = IdempotencyKey(str(uuid5(told["key"], "rating")))
            care.record_rating(key=key, ticket_id=ticket_id, score=told["score"], begged=told["score_begged"], at=at)
    return True


def _address(row: Any) -> str:
    return reverse("service_desk:callback", args=[row.id])
