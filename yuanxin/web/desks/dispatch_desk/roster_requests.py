"""What waits for a second person: leave 请假, exemptions from the Labour Law 超时特批; and who is lent out 借调."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.web.desks.dispatch_desk.roster_forms import DecideForm, ExemptionForm, LoanForm, RecordLeaveForm
from yuanxin.web.desks.dispatch_desk.roster_page import lendable
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

_MONTH = timedelta(days=31)
DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "approve_leave": (fieldwork.approve_leave, "leave_id"),
    "refuse_leave": (fieldwork.refuse_leave, "leave_id"),
    "end_leave": (fieldwork.end_leave, "leave_id"),
    "approve_exemption": (fieldwork.approve_exemption, "exemption_id"),
    "refuse_exemption": (fieldwork.refuse_exemption, "exemption_id"),
    "end_loan": (fieldwork.end_loan, "loan_id"),
}


@require_safe
@page("page.roster")
def requests(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision, who is away and who is lent out in the month to come."""
    return _page(request, {})


@require_POST
@page("page.roster")
def decide(request: HttpRequest) -> HttpResponse:
    """Decide or end one request; the command behind asks for its own permission."""
    form = DecideForm(request.POST)
    if not form.is_valid() or form.cleaned_data["deed"] not in DEEDS:
        messages.error(request, _("The page is too old. Please try again."))
        return redirect("dispatch_desk:roster_requests")
    deed, name = DEEDS[form.cleaned_data["deed"]]
    asked = {name: form.cleaned_data["request_id"]}
    if form.attempt(lambda: _true(deed(**asked, at=now(), key=form.idempotency_key))):
        messages.success(request, _("Done."))
    else:
        messages.error(request, " ".join(str(one) for one in form.non_field_errors()))
    return redirect("dispatch_desk:roster_requests")


@require_POST
@page("fieldwork.record_leave")
def record_leave(request: HttpRequest) -> HttpResponse:
    """Write down leave that somebody asked for by telephone, and grant it."""
    form = RecordLeaveForm(request.POST, people=_people(), auto_id="leave_%s")

    def deed() -> Any:
        who = form.cleaned_data["technician_id"]
        return fieldwork.record_leave(technician_id=who, **form.asked(), at=now(), key=form.idempotency_key)

    return _done(request, form, deed, "leave_form", _("The leave is written down and granted."))


@require_POST
@page("fieldwork.lend")
def lend(request: HttpRequest) -> HttpResponse:
    """Lend somebody to another unit."""
    form = LoanForm(request.POST, people=_people(), units=lendable(), auto_id="loan_%s")
    return _done(request, form, lambda: _sent(fieldwork.lend, form), "loan_form", _("The loan is written down."))


@require_POST
@page("fieldwork.ask_exemption")
def ask_exemption(request: HttpRequest) -> HttpResponse:
    """Ask that somebody may exceed the hours of the Labour Law."""
    form = ExemptionForm(request.POST, people=_people(), auto_id="exemption_%s")
    told = _("Asked. A second person decides it.")
    return _done(request, form, lambda: _sent(fieldwork.ask_exemption, form), "exemption_form", told)


def _sent(deed: Callable[..., Any], form: CommandForm) -> Any:
    given = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    return deed(**given, at=now(), key=form.idempotency_key)


def _true(_nothing: None) -> bool:
    return True


def _done(request: HttpRequest, form: CommandForm, deed: Callable[[], Any], name: str, told: str) -> HttpResponse:
    """Run a command of a form of this page; where it is refused, the page says so at the field."""
    try:
        is_done = form.is_valid() and form.attempt(deed) is not None
    except NotFound:
        form.add_error(None, _("This unit is not one of the city's grids or crews."))
        is_done = False
    if not is_done:
        return _page(request, {name: form}, status=422)
    messages.success(request, told)
    return redirect("dispatch_desk:roster_requests")


def _page(request: HttpRequest, forms: dict[str, Any], *, status: int = 200) -> HttpResponse:
    at = now()
    today = local_day(at)
    people = _people()
    names = {UUID(key): name for key, name in people}
    waiting = fieldwork.leave_to_decide()
    granted = [one for one in fieldwork.leaves(today, today + _MONTH) if one.decision == "approved"]
    context = {
        "waiting": [_row(one, names) for one in waiting],
        "granted": [_row(one, names) for one in granted],
        "loans": [_row(one, names) for one in fieldwork.loans(today, today + _MONTH)],
        "exemptions": [_row(one, names) for one in fieldwork.exemptions(today, today + _MONTH)],
        "leave_form": RecordLeaveForm(people=people, auto_id="leave_%s", initial=_today(at)),
        "loan_form": LoanForm(people=people, units=lendable(), auto_id="loan_%s", initial=_today(at)),
        "exemption_form": ExemptionForm(people=people, auto_id="exemption_%s", initial=_today(at)),
        "me": current().who,
        **forms,
    }
    return render(request, "dispatch_desk/roster_requests.html", context, status=status)


def _row(one: Any, names: dict[UUID, str]) -> dict[str, Any]:
    """Return a request with the person's name and a form to decide it."""
    form = DecideForm(initial={"request_id": one.id}, auto_id=False)
    is_mine = current().who in (f"staff:{one.technician_id}", getattr(one, "asked_by", ""))
    return {"view": one, "name": names.get(one.technician_id, "—"), "form": form, "is_mine": is_mine}


def _today(at: datetime) -> dict[str, Any]:
    return {"from_on": local_day(at), "to_on": local_day(at)}


def _people() -> list[tuple[str, str]]:
    return [(str(one.id), f"{one.name} {one.number}") for one in org.technicians(require_city())]
