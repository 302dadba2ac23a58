"""Steps of a ticket at the desk beyond report and call-back: withdraw it, merge it into another one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.web.desks.service_desk.forms import MergeForm, WithdrawForm
from yuanxin.web.http.doors import page


@require_POST
@page("care.cancel_ticket")
def withdraw(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """The customer takes the report back, or it was taken by mistake."""
    form = WithdrawForm(request.POST)
    done = form.is_valid() and form.attempt(
        lambda: (
            care.cancel_ticket(
                key=form.idempotency_key, ticket_id=ticket_id, reason_code=form.cleaned_data["reason_code"], at=now()
            )
            or True
        )
    )
    return _back(request, form, ticket_id, _("Ticket withdrawn.") if done else "")


@require_POST
@page("care.merge_duplicate")
def merge(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Merge this ticket into another open one of the same home."""
    form = MergeForm(request.POST)
    done = form.is_valid() and form.attempt(
        lambda: (
            care.merge_duplicate(
                key=form.idempotency_key, ticket_id=ticket_id, into_id=form.cleaned_data["into_id"], at=now()
            )
            or True
        )
    )
    return _back(request, form, ticket_id, _("Ticket merged.") if done else "")


def _back(request: HttpRequest, form: Any, ticket_id: UUID, said: str) -> HttpResponse:
    if said:
        messages.success(request, said)
    else:
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, wrong or _("Not possible"))
    return redirect("service_desk:ticket", ticket_id)
