"""The technician's phone: today's list, one visit with its next step, what was earned and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.quality import api as quality
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm
from yuanxin.web.technician.forms import ArriveForm, FinishForm, ReturnForm
from yuanxin.web.technician.steps import myself, own_order, visit_context


@require_safe
@page("page.technician")
def today(request: HttpRequest) -> HttpResponse:
    """List today's visits in the order of the plan."""
    at, me = now(), myself()
    items = fieldwork.today(me, at)
    context = {
        "items": items,
        "addresses": parties.addresses([item.address_id for item in items]),
        "earned_fen": quality.earned(me, localdate(at)).total.fen,
    }
    return render(request, "technician/today.html", context)


@require_safe
@page("page.technician")
def earned(request: HttpRequest) -> HttpResponse:
    """Show what today's visits earned, each with its calculation."""
    day = quality.earned(myself(), localdate(now()))
    reasons = [quality.why(line.id) for line in day.lines]
    return render(request, "technician/earned.html", {"total_fen": day.total.fen, "reasons": reasons})


@require_safe
@page("page.technician")
def visit(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show one visit and the button for its next step."""
    return render(request, "technician/visit.html", visit_context(own_order(work_order_id)))


@require_POST
@page("fieldwork.accept")
def accept(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """I take it."""
    return _step(request, work_order_id, fieldwork.accept)


@require_POST
@page("fieldwork.depart")
def depart(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """I am on the way."""
    return _step(request, work_order_id, fieldwork.depart)


@require_POST
@page("fieldwork.arrive")
def arrive(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """I am there; the browser's position comes along, or a photo and the reason why it is another place."""
    order, form = own_order(work_order_id), ArriveForm(request.POST, request.FILES)
    if form.is_valid() and form.attempt(lambda: _done(fieldwork.arrive, form, order.id, **form.told())):
        return redirect("technician:visit", order.id)
    return render(request, "technician/visit.html", visit_context(order, form), status=422)


@require_POST
@page("fieldwork.start")
def start(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """I begin the work."""
    return _step(request, work_order_id, fieldwork.start)


@require_POST
@page("fieldwork.finish")
def finish(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Close out with result, photo and signature; ticket, clocks and pay follow in the same transaction."""
    order = own_order(work_order_id)
    form = FinishForm(request.POST, request.FILES, auto_id="finish_%s")
    if form.is_valid() and form.attempt(lambda: _done(fieldwork.finish, form, order.id, **form.told())):
        messages.success(request, _("Finished. What it earned stands under “Earned today”."))
        return redirect("technician:today")
    return render(request, "technician/visit.html", visit_context(order, finish_form=form), status=422)


@require_POST
@page("fieldwork.return_order")
def give_back(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Give an order back to the dispatcher, with the reason."""
    order, form = own_order(work_order_id), ReturnForm(request.POST, auto_id="return_%s")
    if form.is_valid() and form.attempt(
        lambda: _done(fieldwork.return_order, form, order.id, reason_code=form.cleaned_data["reason_code"])
    ):
        return redirect("technician:today")
    return render(request, "technician/visit.html", visit_context(order, return_form=form), status=422)


def _step(request: HttpRequest, work_order_id: UUID, command: Callable[..., Any], **told: Any) -> HttpResponse:
    order, form = own_order(work_order_id), CommandForm(request.POST)
    if form.is_valid() and form.attempt(lambda: _done(command, form, order.id, **told)):
        return redirect("technician:visit", order.id)
    return render(request, "technician/visit.html", visit_context(order, form), status=422)


def _done(command: Callable[..., Any], form: CommandForm, work_order_id: UUID, **told: Any) -> bool:
    command(key=form.idempotency_key, work_order_id=work_order_id, at=now(), **told)
    return True
