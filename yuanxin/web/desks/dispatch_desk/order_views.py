"""One work order: its page, its pictures, and every decision on it."""

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
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NotFound
from yuanxin.web.components.visits import order_moments
from yuanxin.web.desks.dispatch_desk.deeds import deed
from yuanxin.web.desks.dispatch_desk.forms import AssignForm
from yuanxin.web.desks.dispatch_desk.order_page import book_form, order_context
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

HOLDS, HOLDS_LIST = "holds", "dispatch_desk:holds"
SHOWN_WHEN = {"assign_form": "can_assign", "book_form": "can_book", "resume_form": "hold"}
"""Which part of the page shows a form: what its command refuses is said there, or at the top when the part is gone."""


@require_safe
@page("page.dispatch")
def order(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show one order: clocks, candidates with reasons, appointment, decisions."""
    in_flow = request.GET.get("flow") == HOLDS
    return render(request, "dispatch_desk/order.html", {**order_context(work_order_id, now()), "in_flow": in_flow})


@require_safe
@page("page.dispatch")
def picture(request: HttpRequest, work_order_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Send one picture of this order."""
    fieldwork.work_order(work_order_id)
    if evidence_id not in {one.id for one in fieldwork.evidence_of(work_order_id)}:
        raise NotFound(evidence=str(evidence_id))
    content, content_type = fieldwork.picture(evidence_id)
    return HttpResponse(content, content_type=content_type, headers={"Cache-Control": "private, max-age=86400"})


@require_POST
@page("fieldwork.book_appointment")
def book(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Agree a window with the customer; another one than before needs a reason."""
    form = book_form(fieldwork.work_order(work_order_id), now(), request.POST)
    return _decide(request, work_order_id, form, "book_form", fieldwork.book_appointment)


@require_POST
@page("fieldwork.assign_together")
def assign(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Send this technician, with other orders of the home in one trip; from another one it is a reassignment."""
    home = fieldwork.same_home(fieldwork.work_order(work_order_id))
    form = AssignForm(request.POST, homes=[one.id for one in home])

    def send(*, key: Any, work_order_id: UUID, at: Any, **told: Any) -> None:
        chosen = told["choice"]
        fieldwork.assign_together(
            work_order_ids=[work_order_id, *told["together"]], technician_id=chosen.technician_id,
            planned_from=chosen.planned_from, mates=chosen.mates, seen=told["seen"], reason=told["reason"],
            at=at, key=key,
        )  # fmt: skip

    return _decide(request, work_order_id, form, "assign_form", send)


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
@page("fieldwork.hold")
def hold(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Put the order on hold, with reason and evidence."""

    def ask(*, photo: Any, **told: Any) -> None:
        given = {"photo": photo.read(), "photo_name": photo.name} if photo else {}
        fieldwork.hold(**told, **given)

    return _do(request, work_order_id, "hold", ask)


@require_POST
@page("fieldwork.hand_over")
def hand_over(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Give the order to another segment."""
    return _do(request, work_order_id, "hand_over", fieldwork.hand_over)


@require_POST
@page("fieldwork.hand_back")
def hand_back(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Give the order back to the segment it came from."""
    return _do(request, work_order_id, "hand_back", fieldwork.hand_back)


@require_POST
@page("fieldwork.amend")
def amend(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Correct what planning must know."""
    return _do(request, work_order_id, "amend", fieldwork.amend)


@require_POST
@page("fieldwork.return_order")
def give_back(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Take the order from its technician, back into the pool."""
    return _do(request, work_order_id, "return", fieldwork.return_order)


@require_POST
@page("fieldwork.merge")
def merge(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Carry the order on under another one."""

    def join(*, number: str, **told: Any) -> None:
        fieldwork.merge(**told)

    return _do(request, work_order_id, "merge", join)


@require_POST
@page("fieldwork.cancel")
def cancel(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Call the order off."""
    return _do(request, work_order_id, "cancel", fieldwork.cancel)


def _do(request: HttpRequest, work_order_id: UUID, name: str, command: Callable[..., Any]) -> HttpResponse:
    """Run a deed of the page with its form."""
    known = fieldwork.work_order(work_order_id)
    form = deed(name).form_of(known, now(), (request.POST, request.FILES))
    return _decide(request, work_order_id, form, name, command)


def _decide(
    request: HttpRequest, work_order_id: UUID, form: CommandForm, name: str, command: Callable[..., Any]
) -> HttpResponse:
    if form.is_valid() and form.attempt(lambda: _done(command, form, work_order_id)):
        messages.success(request, _("Saved."))
        return redirect(_following(request, work_order_id))
    context = order_context(work_order_id, now())
    errors = [error for errors in form.errors.values() for error in errors]
    if name in SHOWN_WHEN and context.get(SHOWN_WHEN[name]):
        context[name] = form
    elif not _put_back(context["deeds"], name, form):  # the page was stale: its form is gone, its answer is not
        context["refused"] = errors
    if context.get("assign_form") is form or "refused" in context:
        context["refused"] = [*context.get("refused", ()), *_what_happened(context["order"])]
    return render(request, "dispatch_desk/order.html", context, status=422)


def _following(request: HttpRequest, work_order_id: UUID) -> str:
    """Return where to go on: to the same order, or to the next hold for somebody who goes through them."""
    if request.POST.get("flow") != HOLDS:
        return reverse("dispatch_desk:order", args=[work_order_id])
    waiting = [one.work_order_id for one in fieldwork.holds_to_decide() if one.asked_by != current().who]
    return reverse("dispatch_desk:order", args=waiting[:1]) + f"?flow={HOLDS}" if waiting else reverse(HOLDS_LIST)


def _put_back(deeds: list[Any], name: str, form: CommandForm) -> bool:
    """Let the page show the form of a deed as it was sent; say whether the page still has it."""
    for place, one in enumerate(deeds):
        if one.name == name:
            deeds[place] = one.with_form(form)
            return True
    return False


def _what_happened(found: Any) -> list[str]:
    """Return the last step of the order, for somebody whose page was older."""
    return [f"{moment.title} · {moment.detail}" for moment in order_moments(found)[:1]]


def _done(command: Callable[..., Any], form: CommandForm, work_order_id: UUID) -> bool:
    told = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    command(key=form.idempotency_key, work_order_id=work_order_id, at=now(), **told)
    return True
