"""Deeds on the board: try a move, place, take off, pin, undo. Asked and answered as small JSON texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.org import api as org
from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm, DenseForm

LATEST = 4_102_444_800  # 2100-01-01 in Unix seconds: nobody plans later
DEEDS = {
    "place": gettext_noop("placing"),
    "unassign": gettext_noop("taking off"),
    "pin": gettext_noop("pinning"),
    "unpin": gettext_noop("unpinning"),
    "proposal": gettext_noop("accepting a proposal"),
}


class Instant(forms.IntegerField):
    """An instant as whole Unix seconds."""

    def __init__(self) -> None:
        super().__init__(min_value=0, max_value=LATEST)

    def clean(self, value: Any) -> datetime:
        """Return it as an aware instant."""
        return datetime.fromtimestamp(super().clean(value), UTC)


class People(forms.CharField):
    """Staff ids with commas between them."""

    def clean(self, value: Any) -> tuple[UUID, ...]:
        """Return the ids. Raises ValidationError."""
        try:
            return tuple(UUID(one) for one in str(super().clean(value)).split(",") if one)
        except ValueError:
            raise forms.ValidationError(_("These people are not known.")) from None


class TryForm(DenseForm):
    """Where a visit might go."""

    work_order_id = forms.UUIDField()
    technician_id = forms.UUIDField()
    starts_at = Instant()


class OrderForm(CommandForm):
    """One order."""

    work_order_id = forms.UUIDField()


class PlaceForm(OrderForm):
    """Where a visit goes. seen: who had it on the board when it was moved; reason: why somebody else goes."""

    technician_id = forms.UUIDField()
    starts_at = Instant()
    seen = forms.UUIDField(required=False)
    reason = forms.ChoiceField(required=False)
    mates = People(required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason"].choices = [("", ""), *choices("reassign")]

    def clean(self) -> dict[str, Any]:
        """Taking an order from somebody needs a reason: he and the customer are told."""
        cleaned = super().clean() or {}
        seen = cleaned.get("seen")
        if seen and seen != cleaned.get("technician_id") and not cleaned.get("reason"):
            self.add_error("reason", _("Say why another technician goes."))
        return cleaned


class UnassignForm(OrderForm):
    """Why a visit goes back into the pool."""

    reason = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason"].choices = choices("return")


class UndoForm(CommandForm):
    """Which deed was the last one on the page."""

    deed_id = forms.UUIDField()


@require_safe
@page("fieldwork.place")
def tried(request: HttpRequest) -> HttpResponse:
    """Tell what a move would break, in words; nothing is written."""
    form = TryForm(request.GET)
    if not form.is_valid():
        return _refused(form)
    asked = form.cleaned_data
    found = fieldwork.warnings_of(asked["work_order_id"], asked["technician_id"], asked["starts_at"], now())
    words = [{"code": one.cause, "words": code_words(one.cause, "reason")} for one in found]
    return JsonResponse({"warnings": list({one["code"]: one for one in words}.values())})


@require_POST
@page("fieldwork.place")
def place(request: HttpRequest) -> HttpResponse:
    """Put a visit into somebody's day; only an overlap and the order's own state stop it."""
    form = PlaceForm(_sent(request))
    if not form.is_valid():
        return _refused(form)
    told = form.cleaned_data
    placed = fieldwork.place(
        key=form.idempotency_key,
        at=now(),
        **{name: told[name] for name in ("work_order_id", "technician_id", "starts_at", "seen", "reason", "mates")},
    )
    words = _("%(name)s goes at %(time)s.") % {
        "name": org.staff(told["technician_id"]).name,
        "time": f"{timezone.localtime(told['starts_at']):%H:%M}",
    }
    return _done(words, [code_words(code, "reason") for code in placed.warnings])


@require_POST
@page("fieldwork.unassign")
def unassign(request: HttpRequest) -> HttpResponse:
    """Take a visit off the board, back to those that wait."""
    form = UnassignForm(_sent(request))
    if not form.is_valid():
        return _refused(form)
    told = form.cleaned_data
    fieldwork.unassign(work_order_id=told["work_order_id"], reason=told["reason"], at=now(), key=form.idempotency_key)
    return _done(_("It waits for assignment again."))


@require_POST
@page("fieldwork.pin")
def pin(request: HttpRequest) -> HttpResponse:
    """Keep a visit where it is."""
    return _pinning(request, fieldwork.pin, _("Pinned: no plan moves it."))


@require_POST
@page("fieldwork.unpin")
def unpin(request: HttpRequest) -> HttpResponse:
    """Let plans move a visit again."""
    return _pinning(request, fieldwork.unpin, _("Not pinned any more."))


def _pinning(request: HttpRequest, command: Any, words: str) -> HttpResponse:
    form = OrderForm(_sent(request))
    if not form.is_valid():
        return _refused(form)
    command(work_order_id=form.cleaned_data["work_order_id"], at=now(), key=form.idempotency_key)
    return _done(words)


@require_POST
@page("fieldwork.undo_last")
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last deed back."""
    form = UndoForm(_sent(request))
    if not form.is_valid():
        return _refused(form)
    undone = fieldwork.undo_last(at=now(), deed_id=form.cleaned_data["deed_id"], key=form.idempotency_key)
    told = {"deed": _(DEEDS.get(undone.deed, undone.deed)), "orders": _(", ").join(undone.orders)}
    return _done(_("Taken back: %(deed)s %(orders)s.") % told)


def last_deed() -> dict[str, Any] | None:
    """Return what the reader's undo would take back, in words; None when there is nothing or it is too late."""
    if not current().may("fieldwork.undo_last"):
        return None
    deeds = fieldwork.undoable(now())
    if not deeds or deeds[0].is_overtaken:
        return None
    first = deeds[0]
    return {"id": str(first.id), "words": f"{_(DEEDS.get(first.deed, first.deed))} {_(', ').join(first.numbers)}"}


def _sent(request: HttpRequest) -> dict[str, Any]:
    """Return what a script sent; anything that is no JSON object is nothing."""
    try:
        told = json.loads(request.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _done(words: str, warnings: list[str] | None = None) -> HttpResponse:
    return JsonResponse({"said": words, "warnings": warnings or [], "undo": last_deed()})


def _refused(form: forms.Form) -> HttpResponse:
    words = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return JsonResponse({"error": "form", "message": words, "field": next(iter(form.errors))}, status=422)
