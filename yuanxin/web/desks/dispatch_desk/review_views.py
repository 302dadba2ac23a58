"""Review of close-outs 回单审核 and holds that wait for a second person: one after the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.org import api as org
from yuanxin.web.components.lists import list_response
from yuanxin.web.desks.dispatch_desk.forms import SendBackForm
from yuanxin.web.desks.dispatch_desk.review_page import next_review, review_context
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm


def review_address(row: Any) -> str:
    """Return where a close-out is looked at."""
    return reverse("dispatch_desk:review", args=[row.work_order_id])


@require_safe
@page("page.dispatch")
def reviews(request: HttpRequest) -> HttpResponse:
    """List the close-outs that wait for a look, the oldest first."""
    return list_response(request, fieldwork.reviews, "dispatch_desk/reviews.html", row_url=review_address)


@require_safe
@page("page.dispatch")
def review(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show one close-out large enough to judge, and why somebody has to."""
    return render(request, "dispatch_desk/review.html", review_context(work_order_id, now()))


@require_POST
@page("fieldwork.approve_closeout")
def approve(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Let the close-out count; go on to the next one."""
    form = CommandForm(request.POST)

    def deed() -> bool:
        fieldwork.approve_closeout(work_order_id=work_order_id, at=now(), key=form.idempotency_key)
        return True

    if form.is_valid() and form.attempt(deed):
        return _on(request, work_order_id, _("Close-out approved."))
    return _again(request, work_order_id, form, "approve_form")


@require_POST
@page("fieldwork.send_back")
def send_back(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Send the close-out back to its technician with the reason; go on to the next one."""
    at = now()
    form = SendBackForm(request.POST, codes=fieldwork.send_back_reasons(at), auto_id="back_%s")

    def deed() -> bool:
        told = form.cleaned_data
        fieldwork.send_back(
            work_order_id=work_order_id, reason_code=told["reason_code"], note=told["note"], at=at,
            key=form.idempotency_key,
        )  # fmt: skip
        return True

    if form.is_valid() and form.attempt(deed):
        return _on(request, work_order_id, _("Sent back to the technician."))
    return _again(request, work_order_id, form, "back_form")


@require_safe
@page("page.dispatch")
def holds(request: HttpRequest) -> HttpResponse:
    """List the holds that wait for a second person, the oldest first."""
    waiting = fieldwork.holds_to_decide()
    people = org.staff_many(UUID(hold.asked_by.partition(":")[2]) for hold in waiting if hold.asked_by[:6] == "staff:")
    rows = [
        (hold, next((one.name for one in people.values() if hold.asked_by == f"staff:{one.id}"), hold.asked_by))
        for hold in waiting
    ]
    return render(request, "dispatch_desk/holds.html", {"rows": rows, "me": current().who})


def _on(request: HttpRequest, work_order_id: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    following = next_review(work_order_id)
    return redirect("dispatch_desk:review", following) if following else redirect("dispatch_desk:reviews")


def _again(request: HttpRequest, work_order_id: UUID, form: CommandForm, name: str) -> HttpResponse:
    """Say on the page what was refused; the close-out may have been decided by somebody else meanwhile."""
    context = review_context(work_order_id, now())
    if not context["may_decide"]:
        context["refused"] = [error for errors in form.errors.values() for error in errors]
    return render(request, "dispatch_desk/review.html", context | {name: form}, status=422)
