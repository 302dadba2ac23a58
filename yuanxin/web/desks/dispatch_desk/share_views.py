"""Bulk assignment 批量派单: a selection, a preview of who would get what, then the deed row by row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NothingSelected, TooManyRows
from yuanxin.kernel.tenancy import require_city
from yuanxin.org import api as org
from yuanxin.web.components.lists import selected_ids
from yuanxin.web.components.words import error_words, words_of
from yuanxin.web.desks.dispatch_desk.forms import AcceptForm, ShareForm
from yuanxin.web.http.doors import page

MOST = 60
"""Orders in one preview: each day of it is one planning run."""


@require_POST
@page("fieldwork.assign_many")
def share(request: HttpRequest) -> HttpResponse:
    """Show what would happen to the ticked orders; nothing is written."""
    try:
        ids = selected_ids(request, fieldwork.pool, most=MOST)
    except (NothingSelected, TooManyRows) as error:
        messages.error(request, error_words(error))
        return redirect("dispatch_desk:pool")
    people = [(str(one.id), f"{one.name} {one.number}") for one in org.technicians(require_city())]
    form = ShareForm(request.POST if "to" in request.POST else {"to": "owners"}, people=people)
    if not form.is_valid():
        return render(request, "dispatch_desk/share.html", {"form": form, "ids": ids, "lines": []}, status=422)
    lines = fieldwork.share_out(ids, technician_id=form.technician_id(), at=now())
    context = {
        "form": form,
        "ids": ids,
        "lines": _drawn(lines),
        "ready": sum(1 for line in lines if not line.stop),
        "accept_form": AcceptForm(auto_id="accept_%s"),
    }
    return render(request, "dispatch_desk/share.html", context)


@require_POST
@page("fieldwork.assign_many")
def accept(request: HttpRequest) -> HttpResponse:
    """Assign what the preview said, and say for every row what became of it."""
    form = AcceptForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("dispatch_desk:pool")
    chosen = form.cleaned_data["line"]
    outcomes = fieldwork.assign_many(
        choices=chosen, at=now(), reason=form.cleaned_data["reason"], key=form.idempotency_key
    )
    orders = fieldwork.work_orders_by_id(outcome.work_order_id for outcome in outcomes)
    people = org.staff_many(outcome.technician_id for outcome in outcomes)
    rows = [
        {
            "order": orders.get(outcome.work_order_id),
            "technician": people.get(outcome.technician_id),
            "is_done": outcome.is_done,
            "words": words_of(outcome.error, outcome.params) if outcome.error else "",
        }
        for outcome in outcomes
    ]
    context = {"rows": rows, "done": sum(1 for outcome in outcomes if outcome.is_done)}
    return render(request, "dispatch_desk/shared.html", context)


def _drawn(lines: list[fieldwork.ShareLine]) -> list[dict[str, Any]]:
    """Return the lines with the people's names and what their row of the form sends."""
    ids = {one for line in lines for one in (line.technician_id, line.seen) if one is not None}
    people = org.staff_many(ids)
    orders = fieldwork.work_orders_by_id(line.work_order_id for line in lines)
    return [
        {
            "view": line,
            "order": orders[line.work_order_id],
            "technician": _name(people, line.technician_id),
            "seen": _name(people, line.seen),
            "sent": f"{line.work_order_id}|{line.technician_id}|{line.starts_at.isoformat()}|{line.seen or ''}"
            if line.starts_at
            else "",
        }
        for line in lines
    ]


def _name(people: dict[UUID, org.StaffView], who: UUID | None) -> str:
    return people[who].name if who in people else ""
