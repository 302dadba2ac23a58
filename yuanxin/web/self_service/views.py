"""Pages of the customer's link: the order, another window, is it repaired, a score."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.messaging import api as messaging
from yuanxin.parties import api as parties
from yuanxin.web.http.language import YEAR_SECONDS
from yuanxin.web.self_service.case import Case, page_context
from yuanxin.web.self_service.doors import LANGUAGES, customer_page, page
from yuanxin.web.self_service.forms import FULL, ConfirmForm, MessageForm, RateForm, WindowForm


@require_safe
@customer_page
def order(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Show where the order stands."""
    return _order(request, case, token)


def _order(request: HttpRequest, case: Case, token: str, status: int = 200, **bound: Any) -> HttpResponse:
    forms = {"confirm_form": ConfirmForm(), "rate_form": RateForm(), "message_form": MessageForm()} | bound
    context = page_context(case, now()) | forms | {"token": token, "bound_forms": list(bound.values())}
    return page(request, "order", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def window(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Offer other windows, and book the one that the customer chooses."""
    order, at = case.order, now()
    if order is None or not case.may_move:
        return redirect("self_service:order", token)
    offers = _offers(order, at)
    reasons = fieldwork.customer_reasons(at) if order.window_from else ()
    form = WindowForm(request.POST or None, offers=offers, reasons=reasons)
    if form.is_valid() and _book(form, order, at):
        messages.success(request, _("The new time is booked."))
        return redirect("self_service:order", token)
    context = {"form": form, "case": case, "token": token, "has_offers": bool(offers)}
    return page(request, "window", context, status=422 if form.is_bound else 200)


def _offers(order: fieldwork.WorkOrderView, at: datetime) -> list[fieldwork.WindowOffer]:
    """Return the windows that can be kept and have not begun."""
    offers = fieldwork.offer_windows(
        order_kind=order.order_kind,
        service=order.service,
        address_id=order.address_id,
        area_class=order.area_class,
        grid_code=order.grid_code,
        at=at,
    )
    return [offer for offer in offers if offer.ease != FULL and offer.window_from > at]


def _book(form: WindowForm, order: fieldwork.WorkOrderView, at: datetime) -> bool:
    begins, ends = form.chosen()
    told = {"window_from": begins, "window_to": ends, "reason_code": form.cleaned_data.get("reason_code", "")}
    booked = form.attempt(
        lambda: fieldwork.book_appointment(work_order_id=order.id, at=at, key=form.idempotency_key, **told)
    )
    return booked is not None


@require_POST
@customer_page
def confirm(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Take the customer's word: it works, or it does not; both are a call-back."""
    ticket = case.ticket
    if ticket is None:
        raise messaging.LinkUnknown
    form = ConfirmForm(request.POST)
    if form.is_valid():
        told = {"agrees": form.cleaned_data["agrees"], "note": form.cleaned_data["note"]}
        done = form.attempt(
            lambda: care.record_callback(ticket_id=ticket.id, reached=True, at=now(), key=form.idempotency_key, **told)
        )
        if done:
            agreed = _("Thank you. The order is closed.")
            sorry = _("We are sorry. Somebody comes again; the repair clock starts anew.")
            messages.success(request, agreed if told["agrees"] else sorry)
            return redirect("self_service:order", token)
    return _order(request, case, token, 422, confirm_form=form)


@require_POST
@customer_page
def rate(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Keep a score from 1 to 10 and whether it was asked for."""
    ticket = case.ticket
    if ticket is None:
        raise messaging.LinkUnknown
    form = RateForm(request.POST)
    if form.is_valid():
        done = form.attempt(
            lambda: care.record_rating(
                ticket_id=ticket.id,
                score=form.cleaned_data["score"],
                begged=form.cleaned_data["begged"],
                at=now(),
                key=form.idempotency_key,
            )
        )
        if done:
            messages.success(request, _("Thank you for your score."))
            return redirect("self_service:order", token)
    return _order(request, case, token, 422, rate_form=form)


@require_POST
@customer_page
def message(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Put the customer's words into the thread of the order, where those who work on it read them."""
    form = MessageForm(request.POST)
    if form.is_valid():
        said = form.attempt(
            lambda: care.post_message(
                subject=case.thread, text=form.cleaned_data["text"], at=now(), key=form.idempotency_key
            )
        )
        if said:
            messages.success(request, _("Your message has arrived."))
            return redirect("self_service:order", token)
    return _order(request, case, token, 422, message_form=form)


@require_POST
@customer_page
def language(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """Speak the other language on these pages and in the messages to come."""
    chosen = request.POST.get("language", "")
    parties.choose_language(customer_id=case.customer_id, language=chosen, at=now())
    answer = redirect("self_service:order", token)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        LANGUAGES[chosen],
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
