"""The roster desk 排班: the table, and what changes it, always looked at before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.time import local_day
from yuanxin.web.components.lists import XLSX
from yuanxin.web.components.roster_marks import marks
from yuanxin.web.components.words import error_words
from yuanxin.web.desks.dispatch_desk.roster_excel import NotARoster, Unread, read, written
from yuanxin.web.desks.dispatch_desk.roster_forms import CellForm, FileForm, FillForm, SaveForm, line_of
from yuanxin.web.desks.dispatch_desk.roster_page import (
    Shown,
    Table,
    finding_rows,
    legend,
    shown,
    table,
    units_of,
    weekday,
)
from yuanxin.web.http.doors import page

OUTCOMES = ("created", "changed", "cleared", "refused")
ROWS_SHOWN = 300
_WEEK = timedelta(days=7)


@require_safe
@page("page.roster")
def roster(request: HttpRequest) -> HttpResponse:
    """Draw a week or a month of the roster, or send it as a workbook."""
    at = now()
    view = shown(request.GET, at)
    if request.GET.get("format") == "xlsx":
        content = written(table(view, at))
        answer = HttpResponse(content, content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="roster-{view.first}-{view.last}.xlsx"'
        return answer
    return _page(request, view, {})


@require_POST
@page("fieldwork.set_duties")
def fill(request: HttpRequest) -> HttpResponse:
    """Show what it would come to when ticked people get a shift on ticked days."""
    at = now()
    view = shown(request.POST, at)
    drawn = table(view, at)
    form = FillForm(request.POST, signs=drawn.marks)
    people, days = _ticked(request.POST, form, drawn) if form.is_valid() else ([], [])
    if form.is_valid() and not (people and days):
        form.add_error(None, _("Tick people and days first, or choose all of them."))
    if not form.is_valid():
        return _page(request, view, {"fill_form": form}, status=422)
    cells = [fieldwork.RosterCell(person, day, form.shifts()) for person in people for day in days]
    return _preview(request, view, cells)


def _ticked(posted: QueryDict, form: FillForm, drawn: Table) -> tuple[list[UUID], list[date]]:
    """Return the people and days of a selection, as far as they are shown."""
    ticked, days = set(posted.getlist("person")), set(posted.getlist("day"))
    who, when = form.cleaned_data["who"], form.cleaned_data["days"]
    people = [one.id for one in drawn.people if who == "all" or str(one.id) in ticked]
    chosen = [
        one.on
        for one in drawn.days
        if when == "all"
        or (when == "working" and one.is_working)
        or (when == "resting" and not one.is_working)
        or (when == "ticked" and one.on.isoformat() in days)
    ]
    return people, chosen


@require_POST
@page("fieldwork.set_duties")
def copy_week(request: HttpRequest) -> HttpResponse:
    """Show what it would come to when the shown days repeat those of a week before."""
    at = now()
    view = shown(request.POST, at)
    ids = {one.id for one in table(view, at).people}
    earlier = fieldwork.roster(view.first - _WEEK, view.last - _WEEK, at, people=ids)
    cells = [
        fieldwork.RosterCell(person, on + _WEEK, tuple(duty.text for duty in duties))
        for (person, on), duties in earlier.duties.items()
    ]
    if not cells:
        messages.error(request, _("Nothing is written for the week before: there is nothing to copy."))
        return redirect(reverse("dispatch_desk:roster") + view.query)
    return _preview(request, view, cells)


@require_POST
@page("fieldwork.set_duties")
def cell(request: HttpRequest) -> HttpResponse:
    """Show what it would come to when one cell changes."""
    at = now()
    view = shown(request.POST, at)
    form = CellForm(request.POST, signs=marks(at), auto_id="cell_%s")
    if not form.is_valid():
        return _page(request, view, {"cell_form": form}, status=422)
    return _preview(request, view, [form.cell()])


@require_POST
@page("fieldwork.set_duties")
def file(request: HttpRequest) -> HttpResponse:
    """Show what a workbook would change, cell by cell; nothing is written."""
    at = now()
    view = shown(request.POST, at)
    form = FileForm(request.POST, request.FILES, auto_id="file_%s")
    if not form.is_valid():
        return _page(request, view, {"file_form": form}, status=422)
    people = fieldwork.roster(view.first, view.first, at).people
    try:
        found = read(form.cleaned_data["file"].read(), list(people), marks(at))
    except NotARoster as error:
        form.add_error("file", str(error))
        return _page(request, view, {"file_form": form}, status=422)
    return _preview(request, view, found.cells, unread=found.unread)


@require_POST
@page("fieldwork.set_duties")
def save(request: HttpRequest) -> HttpResponse:
    """Write what the preview showed, all or nothing."""
    view = shown(request.POST, now())
    form = SaveForm(request.POST)
    done = form.attempt(lambda: _save(form)) if form.is_valid() else None
    if done is None:
        cells = form.cleaned_data.get("cells")
        if isinstance(cells, list):
            return _preview(request, view, cells, form=form, status=422)
        messages.error(request, _("The preview cannot be read. Please start again."))
        return redirect(reverse("dispatch_desk:roster") + view.query)
    told = {"written": done.created + done.changed + done.cleared}
    messages.success(request, _("%(written)d cells are written.") % told)
    return redirect(reverse("dispatch_desk:roster") + view.query)


def _save(form: SaveForm) -> fieldwork.RosterWritten:
    return fieldwork.set_duties(cells=form.cleaned_data["cells"], at=now(), key=form.idempotency_key)


def _preview(
    request: HttpRequest,
    view: Shown,
    cells: Sequence[fieldwork.RosterCell],
    *,
    unread: Sequence[Unread] = (),
    form: SaveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = now()
    try:
        thought = fieldwork.roster_draft(cells, at)
    except DomainError as error:
        messages.error(request, error_words(error))
        return redirect(reverse("dispatch_desk:roster") + view.query)
    names = {one.id: one.name for one in fieldwork.roster(view.first, view.first, at).people}
    rows = [one for one in thought.cells if one.outcome != "same"]
    lines = "\n".join(line_of(one.cell) for one in thought.touched)
    is_ready = bool(thought.touched) and not (thought.refused or thought.stopping or unread)
    context = {
        "view": view,
        "rows": _preview_rows(rows[:ROWS_SHOWN], names, at),
        "more": max(0, len(rows) - ROWS_SHOWN),
        "counts": {outcome: thought.count(outcome) for outcome in (*OUTCOMES, "same")},
        "unread": unread,
        "findings": finding_rows(thought.findings, names, at),
        "is_ready": is_ready,
        "is_forbidden": bool(thought.stopping),
        "save_form": form or SaveForm(initial={"cells": lines}),
    }
    return render(request, "dispatch_desk/roster_preview.html", context, status=status)


def _preview_rows(drafts: Sequence[fieldwork.CellDraft], names: dict[UUID, str], at: datetime) -> list[dict[str, Any]]:
    """Return the cells in words, what is refused first."""
    signs, templates = marks(at), fieldwork.roster_rules(at).templates
    rows = [
        {
            "name": names.get(one.cell.technician_id, ""),
            "on": one.cell.on,
            "weekday": weekday(one.cell.on),
            "before": "+".join(signs.text(fieldwork.shift_text(stint, templates)) for stint in one.before),
            "after": "+".join(signs.text(text) for text in one.cell.shifts) or "—",
            "outcome": one.outcome,
            "why": error_words(one.error) if one.error else "",
        }
        for one in drafts
    ]
    return sorted(rows, key=lambda row: row["outcome"] != "refused")


def _page(request: HttpRequest, view: Shown, forms: dict[str, Any], *, status: int = 200) -> HttpResponse:
    at = now()
    here = _here(request, forms)
    drawn = table(view, at, here=here)
    names = {one.id: one.name for one in drawn.people}
    every = fieldwork.roster(view.first, view.first, at).people
    found = fieldwork.findings_of(list(names), view.first, view.last, at) if names else []
    context = {
        "view": view,
        "table": drawn,
        "today": local_day(at),
        "units": units_of(every),
        "has_people": bool(every),
        "empty_days": [day.on for day in drawn.days if not day.is_made],
        "usual": fieldwork.usual_hours(at),
        "legend": legend(drawn.marks, at),
        "findings": finding_rows(found, names, at),
        "waiting": len(fieldwork.leave_to_decide()),
        "fill_form": FillForm(signs=drawn.marks),
        "file_form": FileForm(auto_id="file_%s"),
        **_cell_context(drawn, here),
        **forms,
    }
    return render(request, "dispatch_desk/roster.html", context, status=status)


def _here(request: HttpRequest, forms: dict[str, Any]) -> tuple[UUID, date] | None:
    """Return the cell that is open, if one is."""
    asked = request.POST if "cell_form" in forms else request.GET
    try:
        return UUID(asked.get("person", "")), date.fromisoformat(asked.get("on") or "")
    except ValueError:
        return None


def _cell_context(drawn: Table, here: tuple[UUID, date] | None) -> dict[str, Any]:
    """Return the form of the open cell with what stands in it."""
    person = next((one for one in drawn.people if here and one.id == here[0]), None)
    if here is None or person is None:
        return {}
    written = fieldwork.roster(here[1], here[1], now(), people={person.id}).duties.get(here, ())
    own = [duty.hours for duty in written if " " in duty.text]
    initial = {
        "person": here[0],
        "on": here[1],
        "shifts": [duty.shift for duty in written],
        "hours": own[0] if len(written) == 1 and own else "",
        "note": written[0].note if written else "",
    }
    form = CellForm(initial=initial, signs=drawn.marks, auto_id="cell_%s")
    return {"cell_form": form, "cell_person": person, "cell_on": here[1]}
