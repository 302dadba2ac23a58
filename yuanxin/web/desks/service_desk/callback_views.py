"""Call-backs: who is due, and what the customer says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
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
    """Take down one call-back."""
    context = ticket_context(ticket_id)
    form = CallbackForm(request.POST or None)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("reached", "agrees", "score", "note")}
        done = form.attempt(
            lambda: care.record_callback(key=form.idempotency_key, ticket_id=ticket_id, at=now(), **told) or True
        )
        if done:
            messages.success(request, _("Call-back saved."))
            return redirect("service_desk:callbacks")
    status = 422 if form.is_bound else 200
    return render(request, "service_desk/callback.html", context | {"form": form}, status=status)


def _address(row: Any) -> str:
    return reverse("service_desk:callback", args=[row.id])
