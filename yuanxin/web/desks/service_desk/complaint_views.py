"""Complaints: take one in, see one whole, take its next step."""

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
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NotFound
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel, ClockKind, Service
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.lists import list_response
from yuanxin.web.components.promises import statutory_gap
from yuanxin.web.components.templatetags.thread import staff_number
from yuanxin.web.components.timeline import Moment, newest_first
from yuanxin.web.desks.service_desk.forms import ComplaintForm, ComplaintStepForm
from yuanxin.web.http.doors import page

CLOCKS = {"first_reply_due_at": "opened_at", "solve_due_at": "opened_at", "external_due_at": "opened_at"}


@require_safe
@page("page.service")
def complaints(request: HttpRequest) -> HttpResponse:
    """List complaints with their clocks, filtered as one likes."""
    template = "service_desk/complaints.html"
    return list_response(request, care.complaints, template, row_url=complaint_address, clocks=CLOCKS)


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.open_complaint")
def new_complaint(request: HttpRequest) -> HttpResponse:
    """Take a complaint in; the customer comes with the address of the page, or nobody is known."""
    customer = _customer(request.GET.get("customer", ""))
    form = ComplaintForm(request.POST or None, initial={"channel": Channel.PHONE.value, "source": "own"})
    if form.is_valid():
        opened = form.attempt(lambda: _open(form, customer))
        if opened is not None:
            messages.success(request, _("Complaint %(number)s saved.") % {"number": opened.number})
            return redirect("service_desk:complaint", opened.id)
    status = 422 if form.is_bound else 200
    return render(request, "service_desk/complaint_new.html", {"form": form, "customer": customer}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page("page.service")
def complaint(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Show one complaint with both clocks and its story; take its next step."""
    shown = care.complaint(complaint_id)
    steps = _steps(shown)
    form = ComplaintStepForm(request.POST or None, steps=steps)
    if request.method == "POST":
        current().require("care.advance_complaint")
    if form.is_valid() and form.attempt(lambda: bool(_advance(form, complaint_id))):
        messages.success(request, _("Step saved."))
        return redirect("service_desk:complaint", complaint_id)
    context = complaint_context(shown) | {"form": form if steps else None}
    return render(request, "service_desk/complaint.html", context, status=422 if form.is_bound else 200)


@require_safe
@page("page.service")
def letter(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Show the answer as a letter to print."""
    return render(request, "service_desk/complaint_letter.html", complaint_context(care.complaint(complaint_id)))


def complaint_address(row: Any) -> str:
    """Return where a row of complaints is opened."""
    return reverse("service_desk:complaint", args=[row.id])


def complaint_context(shown: care.ComplaintView) -> dict[str, Any]:
    """Return what the pages about one complaint show."""
    clocks = standards.clocks_of(ref("complaint", shown.id))
    story = care.steps_of(shown.id)
    answers = [entry.text for entry in story if entry.kind == care.ComplaintStepKind.ANSWER]
    return {
        "complaint": shown,
        "customer": parties.customer(shown.customer_id) if shown.customer_id else None,
        "ticket": care.ticket(shown.ticket_id) if shown.ticket_id else None,
        "clocks": clocks,
        "has_statutory": any(clock.kind == ClockKind.STATUTORY for clock in clocks),
        "statutory_gap": statutory_gap(shown.service),
        "timeline": newest_first(
            [*(_told(entry) for entry in reversed(story)), Moment(shown.opened_at, _("Complaint taken in"), shown.note)]
        ),
        "answer": answers[-1] if answers else "",
    }


def _told(entry: care.ThreadEntry) -> Moment:
    detail = " · ".join(part for part in (staff_number(entry.who), entry.text) if part)
    return Moment(entry.at, code_words(entry.kind, "complaint_step"), detail)


def _steps(shown: care.ComplaintView) -> list[str]:
    """Return the steps that the state allows and the reader may take; the way on stands first."""
    who, level = current(), care.EscalationLevel(shown.level)
    if not who.may("care.advance_complaint"):
        return []
    needed = {step: care.permission_of(step, level) for step in shown.next_steps}
    return [step.value for step, permission in needed.items() if not permission or who.may(permission)]


def _open(form: ComplaintForm, customer: parties.CustomerView | None) -> Any:
    told = form.cleaned_data
    return care.open_complaint(
        key=form.idempotency_key,
        category=told["category"],
        channel=Channel(told["channel"]),
        service=Service(told["service"]),
        customer_id=customer.id if customer else None,
        source=care.ComplaintSource(told["source"]),
        external_number=told["external_number"],
        external_due_at=told["external_due_at"],
        note=told["note"],
        at=now(),
    )


def _advance(form: ComplaintStepForm, complaint_id: UUID) -> str:
    told = form.cleaned_data
    return care.advance_complaint(
        key=form.idempotency_key,
        complaint_id=complaint_id,
        step=care.ComplaintStepKind(told["step"]),
        note=told["note"],
        source=care.ComplaintSource(told.get("source") or "own"),
        external_number=told.get("external_number", ""),
        external_due_at=told.get("external_due_at"),
        at=now(),
    )


def _customer(asked: str) -> parties.CustomerView | None:
    if not asked:
        return None
    try:
        return parties.customer(UUID(asked))
    except ValueError:
        raise NotFound(customer=asked[:40]) from None
