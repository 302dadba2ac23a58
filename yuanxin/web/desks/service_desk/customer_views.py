"""The customer's page: everything at once, a contact in one key, a value in clear for a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError, NotFound, Refused
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.words import error_words
from yuanxin.web.desks.service_desk.bar import QUICK, forget_slip, quick_reasons, remember_slip
from yuanxin.web.desks.service_desk.call_views import back_of
from yuanxin.web.desks.service_desk.current import current_call
from yuanxin.web.desks.service_desk.customer_page import OPEN, customer_context
from yuanxin.web.desks.service_desk.forms import LanguageForm, RevealForm
from yuanxin.web.desks.service_desk.story import KINDS
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

WITHOUT_VISIT = {"chase", "not_ours"}


@require_safe
@page("page.service")
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show one customer all round."""
    kind = request.GET.get("kind", "")
    context = customer_context(customer_id, now(), kind if kind in KINDS else "")
    speaking = current_call(request)
    context |= {
        "here": request.path,
        "speaks_of_other": speaking if speaking and speaking.customer_id != customer_id else None,
        "quick": [] if speaking else quick_reasons(),
        "quick_key": new_id(),
        "reveal_form": RevealForm(auto_id="reveal_%s"),
        "language_form": LanguageForm(auto_id="speaks_%s", initial={"language": context["customer"].language}),
    }
    return render(request, "service_desk/customer.html", context)


@require_POST
@page("parties.change_customer")
def language(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Write to a customer in another language from now on."""
    form = LanguageForm(request.POST)
    chosen = form.cleaned_data["language"] if form.is_valid() else ""
    if not chosen or not form.attempt(lambda: _speak(form, customer_id, chosen)):
        said = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(said) or _("Not possible"))
    else:
        told = {"language": code_words(chosen, "message_language")}
        messages.success(request, _("Messages to this customer are in %(language)s from now on.") % told)
    return redirect("service_desk:customer", customer_id)


def _speak(form: CommandForm, customer_id: UUID, chosen: str) -> bool:
    parties.change_customer(key=form.idempotency_key, customer_id=customer_id, language=chosen, at=now())
    return True


@require_POST
@page("care.record_contact")
def quick_contact(request: HttpRequest) -> HttpResponse:
    """Save a contact without ticket in one key; a chase of the one open ticket hurries it at once."""
    form = CommandForm({"key": request.POST.get("key", "")})
    reason, customer_id = request.POST.get("reason_code", ""), _customer_of(request)
    is_fit = form.is_valid() and reason in QUICK
    if not (is_fit and form.attempt(lambda: bool(_save(request, form, reason, customer_id)))):
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("Not possible"))
        return redirect(back_of(request))
    if reason == "chase" and customer_id:
        return redirect(_chased(request, form, customer_id))
    messages.success(request, _("Contact saved: %(reason)s.") % {"reason": code_words(reason, "contact_reason")})
    return redirect(back_of(request))


def _customer_of(request: HttpRequest) -> UUID | None:
    """Return the customer of the form, else of the call; a text that is no id is nobody."""
    try:
        return UUID(request.POST["customer_id"])
    except (KeyError, ValueError):
        speaking = current_call(request)
        return speaking.customer_id if speaking else None


def _save(request: HttpRequest, form: CommandForm, reason: str, customer_id: UUID | None) -> UUID:
    speaking = current_call(request)
    outcome = care.Outcome.NO_VISIT if reason in WITHOUT_VISIT else care.Outcome.INFORMATION
    contact_id = care.record_contact(
        key=form.idempotency_key,
        channel=Channel.PHONE,
        reason_code=reason,
        outcome=outcome.value,
        caller_number=speaking.caller_number if speaking else "",
        customer_id=customer_id,
        call_id=speaking.id if speaking else None,
        at=now(),
    )
    remember_slip(request, contact_id, reason, now())
    return contact_id


def _chased(request: HttpRequest, form: CommandForm, customer_id: UUID) -> str:
    """Hurry the one open ticket and lead to it; with none or several the customer's page shows which."""
    waiting = [ticket for ticket in care.tickets_of(customer_id) if ticket.state in OPEN]
    if len(waiting) != 1:
        said = _("Contact saved. Choose the ticket to hurry.") if waiting else _("Contact saved: no ticket is open.")
        messages.success(request, said)
        return reverse("service_desk:customer", args=[customer_id])
    key = IdempotencyKey(str(uuid5(form.cleaned_data["key"], "chase")))
    with transaction.atomic():
        care.chase(key=key, ticket_id=waiting[0].id, at=now())
    messages.success(request, _("Ticket %(number)s is hurried.") % {"number": waiting[0].number})
    return reverse("service_desk:ticket", args=[waiting[0].id])


@require_POST
@page("care.take_back_contact")
def take_back(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Take a slip of the finger back."""
    try:
        care.take_back_contact(contact_id=contact_id, at=now())
    except (NotFound, Refused):
        raise
    except DomainError as error:
        messages.error(request, error_words(error))
    else:
        forget_slip(request)
        messages.success(request, _("Taken back."))
    return redirect(back_of(request))


@require_POST
@page("parties.reveal")
def reveal(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show one personal value in clear; who saw it and why is kept."""
    form = RevealForm(request.POST, auto_id="reveal_%s")
    context: dict[str, Any] = {"form": form, "customer": parties.customer(customer_id)}
    if form.is_valid():
        told = form.cleaned_data
        try:
            value = parties.reveal(customer_id=customer_id, field=told["field"], reason=told["reason"], at=now())
        except (NotFound, Refused):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error_words(error))
        else:
            context |= {"value": value or "—", "label": code_words(told["field"], "personal_field")}
    answer = render(request, "service_desk/revealed.html", context, status=200 if "value" in context else 422)
    answer["Cache-Control"] = "no-store"
    return answer
