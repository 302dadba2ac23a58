"""The end of the day 日清: every open order has a next step and a name, and a leader signs for the grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import current_scope
from yuanxin.kernel.time import at_minute, local_day
from yuanxin.org import api as org
from yuanxin.supervision import api as supervision
from yuanxin.web.components.cells import grid_names
from yuanxin.web.components.lists import asked, excel_response, list_response, selected_ids
from yuanxin.web.desks.control_room.figures import order_address
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

NO_GRID = "none"
WHO = ("technician", "crew_leader", "dispatcher", "dispatch_leader", "agent", "complaint_officer")


class NameForm(CommandForm):
    """Who does the next step of the ticked orders, and until when."""

    person_id = forms.TypedChoiceField(label=gettext_lazy("Who does the next step"), coerce=UUID)
    until = forms.DateTimeField(
        label=gettext_lazy("Until when"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = people()  # type: ignore[attr-defined]


class SignForm(CommandForm):
    """The signature for a grid."""

    unit_code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    remark = forms.CharField(
        label=gettext_lazy("Remark"), required=False, max_length=300, widget=forms.Textarea({"rows": 2})
    )


@dataclass(frozen=True)
class UnitRow:
    """One grid of today's list: what is open and unsettled, and who signed."""

    code: str
    name: str
    open_orders: int
    missing: int
    signed: supervision.SignOff | None
    signer: str
    url: str
    is_here: bool


@require_safe
@page("page.control_room")
def day(request: HttpRequest) -> HttpResponse:
    """List every open order with its next step, name, instant and reason; those without one on top."""
    if request.GET.get("format"):
        return excel_response(supervision.day_list, {k: v for k, v in asked(request).items() if k != "format"})
    return _page(request, NameForm(initial={"until": _tomorrow()}), SignForm())


@require_POST
@page("supervision.name_next_steps")
def name(request: HttpRequest) -> HttpResponse:
    """Name who does the next step of the ticked orders."""
    form = NameForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        done = form.attempt(
            lambda: supervision.name_next_steps(
                row_ids=selected_ids(request, supervision.day_list),
                person_id=told["person_id"],
                until=told["until"],
                at=now(),
                key=form.idempotency_key,
            )
        )
        if done is not None:
            messages.success(request, _("%(count)d orders have a name and an instant now.") % {"count": done})
            return redirect(f"{reverse('control_room:day')}?{request.POST.get('matching', '')}")
    return _page(request, form, SignForm(), status=422)


@require_POST
@page("supervision.sign_day")
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the open orders of a grid."""
    form = SignForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        signed = form.attempt(
            lambda: supervision.sign_day(
                unit_code=told["unit_code"], remark=told["remark"], at=now(), key=form.idempotency_key
            )
        )
        if signed is not None:
            messages.success(request, _("Signed. What was signed stays as it is now."))
            return redirect("control_room:signed", sign_off_id=signed)
    return _page(request, NameForm(initial={"until": _tomorrow()}), form, status=422)


@require_safe
@page("page.control_room")
def signed(request: HttpRequest, sign_off_id: UUID) -> HttpResponse:
    """Show what was signed, line by line, as it stood then."""
    found = supervision.sign_off(sign_off_id)
    lines = supervision.sign_off_lines(sign_off_id)
    ids = {UUID(line["person_id"]) for line in lines if line["person_id"]}
    names = {str(id_): one.name for id_, one in org.staff_many(ids).items()} if ids else {}
    shown = [
        {**line, "person": names.get(line["person_id"] or "", "—"), "until": _instant(line["until"])} for line in lines
    ]
    context = {"sign_off": found, "lines": shown, "signer": _signer(found.signed_by), "unit": _unit(found.unit_code)}
    return render(request, "control_room/signed.html", context)


def people() -> list[tuple[str, str]]:
    """Return who can have a next step: the people of the city who work on orders, by number."""
    found = {one.id: one for role in WHO for one in org.with_role(role, current_scope())}
    return [("", "—"), *((str(id_), f"{one.number} {one.name}") for id_, one in found.items())]


def _page(request: HttpRequest, name_form: NameForm, sign_form: SignForm, *, status: int = 200) -> HttpResponse:
    here = request.GET.get("grid")
    code = sign_form.data.get("unit_code") if sign_form.is_bound else "" if here == NO_GRID else here or None
    units = _units(code)
    unit = next((one for one in units if one.is_here), None)
    if unit and not sign_form.is_bound:
        sign_form.initial["unit_code"] = unit.code
    context = {
        "units": units,
        "unit": unit,
        "name_form": name_form,
        "sign_form": sign_form,
        "at": now(),
        "may_sign": current().may("supervision.sign_day"),
        "may_name": current().may("supervision.name_next_steps"),
    }
    answer = list_response(
        request, supervision.day_list, "control_room/day.html", context, row_url=order_address, has_bulk=True
    )
    answer.status_code = status
    return answer


def _units(here: str | None) -> list[UnitRow]:
    signatures, names = supervision.sign_offs(local_day(now())), grid_names()
    path = reverse("control_room:day")
    return [
        UnitRow(
            code=one.unit_code,
            name=names.get(one.unit_code, one.unit_code) or _("no grid"),
            open_orders=one.open_orders,
            missing=one.missing,
            signed=(mine := signatures.get(one.unit_code)),
            signer=_signer(mine.signed_by) if mine else "",
            url=f"{path}?{urlencode({'grid': one.unit_code or NO_GRID})}",
            is_here=here is not None and here == one.unit_code,
        )
        for one in supervision.units_today()
    ]


def _signer(who: str) -> str:
    kind, _colon, id_ = who.partition(":")
    if kind != "staff":
        return _("the platform")
    try:
        return org.staff(UUID(id_)).name
    except (DomainError, ValueError):
        return "—"


def _unit(code: str) -> str:
    return grid_names().get(code, code) or _("no grid")


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _tomorrow() -> datetime:
    return at_minute(local_day(now()), 24 * 60 + 10 * 60)
