"""The dispatch desk: the pool, one order with its candidates, and what the dispatcher decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.web.components.lists import list_response
from yuanxin.web.desks.dispatch_desk.forms import AssignForm, BookForm, HoldForm, ReturnForm
from yuanxin.web.desks.dispatch_desk.order_page import order_context
from yuanxin.web.desks.dispatch_desk.pool_page import pool_context
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

SHOWN_WHEN = {
    "assign_form": "can_assign",
    "book_form": "can_book",
    "hold_form": "may_hold",
    "resume_form": "open_hold",
    "return_form": "may_return",
}
"""Which part of the page shows a form: what its command refuses is said there, or at the top when the part is gone."""


@require_safe
@page("page.dispatch")
def pool(request: HttpRequest) -> HttpResponse:
    """List the work orders that wait, the most urgent first."""
    if request.GET.get("format"):
        return list_response(request, fieldwork.pool, "dispatch_desk/pool.html")
    return render(request, "dispatch_desk/pool.html", {"auto_form": CommandForm(), **pool_context(request)})


@require_safe
@page("page.dispatch")
def rows(request: HttpRequest) -> HttpResponse:
    """Draw tabs and rows again, for the page that is open."""
    return render(request, "dispatch_desk/rows.html", pool_context(request))


@require_POST
@page("fieldwork.auto_dispatch")
def auto_dispatch(request: HttpRequest) -> HttpResponse:
    """Let the engine assign what it can; what stays has its reason on its own page."""
    result = fieldwork.auto_dispatch(at=now())
    told = {"assigned": len(result.assigned), "unserved": len(result.unserved)}
    messages.success(request, _("%(assigned)d assigned, %(unserved)d stay in the pool.") % told)
    return redirect("dispatch_desk:pool")


@require_safe
@page("page.dispatch")
def order(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show one order: clocks, candidates with reasons, appointment, decisions."""
    return render(request, "dispatch_desk/order.html", order_context(work_order_id, now()))


@require_POST
@page("fieldwork.book_appointment")
def book(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Agree a window with the customer."""
    form = BookForm(request.POST)
    return _decide(request, work_order_id, form, "book_form", fieldwork.book_appointment)


@require_POST
@page("fieldwork.assign")
def assign(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Send this technician; from another one it is a reassignment."""
    command = fieldwork.assign
    if fieldwork.work_order(work_order_id).technician_id is not None:
        command = fieldwork.reassign
    return _decide(request, work_order_id, AssignForm(request.POST), "assign_form", command)


@require_POST
@page("fieldwork.hold")
def hold(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Put the order on hold, with reason and evidence."""
    return _decide(
        request,
        work_order_id,
        HoldForm(request.POST, reasons=fieldwork.hold_reasons(now())),
        "hold_form",
        fieldwork.hold,
    )


@require_POST
@page("fieldwork.approve_hold")
def approve_hold(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Approve somebody else's hold: from now on the clocks stand still as far as their rules allow."""
    return _decide(request, work_order_id, CommandForm(request.POST), "resume_form", fieldwork.approve_hold)


@require_POST
@page("fieldwork.refuse_hold")
def refuse_hold(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Refuse a hold: no clock ever stood still."""
    return _decide(request, work_order_id, CommandForm(request.POST), "resume_form", fieldwork.refuse_hold)


@require_POST
@page("fieldwork.resume")
def resume(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """End the hold."""
    return _decide(request, work_order_id, CommandForm(request.POST), "resume_form", fieldwork.resume)


@require_POST
@page("fieldwork.return_order")
def give_back(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Take the order from its technician, back into the pool."""
    return _decide(request, work_order_id, ReturnForm(request.POST), "return_form", fieldwork.return_order)


def _decide(
    request: HttpRequest, work_order_id: UUID, form: CommandForm, name: str, command: Callable[..., Any]
) -> HttpResponse:
    if form.is_valid() and form.attempt(lambda: _done(command, form, work_order_id)):
        messages.success(request, _("Saved."))
        return redirect(reverse("dispatch_desk:order", args=[work_order_id]))
    context = order_context(work_order_id, now())
    if not context.get(SHOWN_WHEN[name]):  # the page was stale: its form is gone, its answer is not
        context["refused"] = [error for errors in form.errors.values() for error in errors]
    context |= {name: form}
    return render(request, "dispatch_desk/order.html", context, status=422)


def _done(command: Callable[..., Any], form: CommandForm, work_order_id: UUID) -> bool:
    told = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    command(key=form.idempotency_key, work_order_id=work_order_id, at=now(), **told)
    return True
