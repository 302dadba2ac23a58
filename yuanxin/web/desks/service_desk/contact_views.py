"""Contacts that need no visit: a question answered, a complaint taken, a fault solved on the telephone."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel
from yuanxin.web.desks.service_desk.forms import ContactForm
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

COMPLAINT_CLOCKS = {"first_reply_due_at": "opened_at", "solve_due_at": "opened_at"}


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.record_contact")
def contact(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Take down a contact; as a complaint it starts the complaint's clocks."""
    customer = parties.customer(customer_id)
    form = ContactForm(request.POST or None)
    if form.is_valid() and form.attempt(lambda: _take(form, customer_id)):
        messages.success(request, _("Contact saved."))
        return redirect("service_desk:customer", customer_id)
    status = 422 if form.is_bound else 200
    return render(request, "service_desk/contact.html", {"form": form, "customer": customer}, status=status)


def _take(form: ContactForm, customer_id: UUID) -> bool:
    told, at = form.cleaned_data, now()
    channel, key = Channel(told["channel"]), told["key"]
    with transaction.atomic():
        care.record_contact(
            key=IdempotencyKey(str(key)),
            channel=channel,
            reason_code=told["reason_code"],
            outcome=told["outcome"],
            customer_id=customer_id,
            note=told["note"],
            at=at,
        )
        if told["outcome"] == care.Outcome.COMPLAINT:
            care.open_complaint(
                key=IdempotencyKey(str(uuid5(key, "complaint"))),
                category=told["reason_code"],
                channel=channel,
                customer_id=customer_id,
                note=told["note"],
                at=at,
            )
    return True


@require_POST
@page("care.solve_on_phone")
def solve_on_phone(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """Close a ticket that was solved while the customer is on the line; nobody drives."""
    form = CommandForm(request.POST)
    if form.is_valid() and form.attempt(lambda: _solve(form, ticket_id)):
        messages.success(request, _("Solved on the telephone."))
    else:
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("Not possible"))
    return redirect("service_desk:ticket", ticket_id)


def _solve(form: CommandForm, ticket_id: UUID) -> bool:
    care.solve_on_phone(key=form.idempotency_key, ticket_id=ticket_id, at=now())
    return True
