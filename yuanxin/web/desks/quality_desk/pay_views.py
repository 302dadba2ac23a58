"""Pay of one order: why it is what it is, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.kernel.clock import now
from yuanxin.org import api as org
from yuanxin.quality import api as quality
from yuanxin.web.desks.quality_desk.forms import CorrectForm
from yuanxin.web.desks.quality_desk.views import payee_words
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm


@require_safe
@page("page.quality")
def pay(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show what one order earned, line by line, each with its stored calculation."""
    return _page(request, work_order_id)


def _page(request: HttpRequest, work_order_id: UUID, status: int = 200, **bound: Any) -> HttpResponse:
    shown = quality.order_pay(work_order_id)
    context = {
        "pay": shown,
        "payee": payee_words(shown.payee),
        "technician": org.staff(shown.technician_id),
        "reasons": [quality.why(line.id) for line in quality.pay_of(work_order_id)],
        "has_inspection": quality.has_inspection(work_order_id),
        "step_form": CommandForm(),
        "correct_form": CorrectForm(),
    }
    return render(request, "quality_desk/pay.html", context | bound, status=status)


@require_POST
@page("quality.confirm_pay")
def confirm(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Confirm pay that was checked."""

    def deed(form: CommandForm) -> bool:
        quality.confirm_pay(work_order=work_order_id, at=now(), key=form.idempotency_key)
        return True

    return _decide(request, work_order_id, deed, _("Confirmed."))


@require_POST
@page("quality.pay_out")
def pay_out(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Hand confirmed pay to payroll."""

    def deed(form: CommandForm) -> bool:
        quality.pay_out(work_order=work_order_id, at=now(), key=form.idempotency_key)
        return True

    return _decide(request, work_order_id, deed, _("Handed to payroll."))


@require_POST
@page("quality.correct_pay")
def correct(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Add or take an amount by a person's decision."""
    form = CorrectForm(request.POST)
    if form.is_valid():
        told = {"reason_code": form.cleaned_data["reason_code"], "fen": form.fen}
        done = form.attempt(
            lambda: (
                quality.correct_pay(work_order=work_order_id, at=now(), key=form.idempotency_key, **told) is not None
            )
        )
        if done:
            messages.success(request, _("The correction is posted."))
            return redirect("quality_desk:pay", work_order_id)
    return _page(request, work_order_id, 422, correct_form=form)


def _decide(request: HttpRequest, work_order_id: UUID, deed: Callable[[CommandForm], bool], words: str) -> HttpResponse:
    form = CommandForm(request.POST)
    if form.is_valid() and form.attempt(lambda: deed(form)):
        messages.success(request, words)
        return redirect("quality_desk:pay", work_order_id)
    return _page(request, work_order_id, 422, step_form=form)
