"""My roster 我的排班: my month, and asking for leave."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.time import local_day
from yuanxin.web.components.leave_form import LeaveForm
from yuanxin.web.components.roster_marks import marks, remarks
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm
from yuanxin.web.technician.frame import phone
from yuanxin.web.technician.steps import myself

FARTHEST_DAYS = 1100
_DAY = timedelta(days=1)


class WithdrawForm(CommandForm):
    """Take one's own request back."""

    leave_id = forms.UUIDField(widget=forms.HiddenInput)


@require_safe
@page("page.technician")
def roster(request: HttpRequest) -> HttpResponse:
    """Show my month: duties, leave, loans."""
    return _page(request, LeaveForm(initial=_today(now())))


@require_POST
@page("fieldwork.ask_leave")
def ask_leave(request: HttpRequest) -> HttpResponse:
    """Ask for leave for myself; the crew leader decides."""
    form = LeaveForm(request.POST)
    if form.is_valid() and form.attempt(lambda: _ask(form)):
        messages.success(request, _("Asked. The crew leader decides it."))
        return redirect("technician:roster")
    return _page(request, form, status=422)


def _ask(form: LeaveForm) -> Any:
    return fieldwork.ask_leave(**form.asked(), at=now(), key=form.idempotency_key)


@require_POST
@page("fieldwork.withdraw_leave")
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take my request back before anybody has decided it."""
    form = WithdrawForm(request.POST)
    if form.is_valid() and form.attempt(lambda: _withdraw(form)):
        messages.success(request, _("Your request is taken back."))
    else:
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
    return redirect("technician:roster")


def _withdraw(form: WithdrawForm) -> bool:
    fieldwork.withdraw_leave(leave_id=form.cleaned_data["leave_id"], at=now(), key=form.idempotency_key)
    return True


def _page(request: HttpRequest, form: LeaveForm, *, status: int = 200) -> HttpResponse:
    at, me = now(), myself()
    first = _month(request.GET.get("from", ""), local_day(at))
    last = (first + timedelta(days=31)).replace(day=1) - _DAY
    found = fieldwork.roster(first, last, at, people={me})
    asked = fieldwork.leave_of(me, first)
    rows = _days(found, at)
    context = {
        "past": [row for row in rows if row["is_past"]],
        "days": [row for row in rows if not row["is_past"]],
        "is_made": any(day.is_made for day in found.days),
        "usual": fieldwork.usual_hours(at),
        "first": first,
        "before": (first - _DAY).isoformat(),
        "after": (last + _DAY).isoformat(),
        "asked": [(one, WithdrawForm(initial={"leave_id": one.id}, auto_id=False)) for one in asked],
        "leave_form": form,
    }
    return render(request, "technician/roster.html", phone(request) | context, status=status)


def _days(found: fieldwork.RosterView, at: datetime) -> list[dict[str, Any]]:
    """Return my days in words, in the order of time."""
    signs, today = marks(at), local_day(at)
    rows = []
    for day in found.days:
        mine = [duty for (_person, on), cell in found.duties.items() if on == day.on for duty in cell]
        leaves = [one for one in found.leaves if day.on in one.days]
        loan = next((one for one in found.loans if one.from_on <= day.on <= one.to_on), None)
        rows.append(
            {
                "day": day,
                "is_today": day.on == today,
                "is_past": day.on < today,
                "duties": [(signs.name(duty.shift), duty) for duty in mine],
                "remarks": remarks(leaves, loan),
            }
        )
    return rows


def _month(text: str, today: date) -> date:
    """Return the first day of the asked month, this month when nobody can read it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return (day if abs((day - today).days) <= FARTHEST_DAYS else today).replace(day=1)


def _today(at: datetime) -> dict[str, Any]:
    return {"from_on": local_day(at), "to_on": local_day(at)}
