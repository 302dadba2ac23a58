"""The close-out 回单: result, cause, checklist, test values, materials, serials, signature."""

from __future__ import annotations

import base64
import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.published.codes import CloseType, OrderKind, Service
from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.technician.forms import PhotoForm

SIGNATURE_HEAD = "data:image/png;base64"
NOBODY_THERE = (CloseType.EMPTY_TRIP, CloseType.REFUSED_ENTRY)
CONTROL = {"class": "form-control"}  # fields that a kind of order adds
ANSWERS = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


class FinishForm(PhotoForm):
    """The close-out of one order; its checklist, test values and materials are those of the order's kind.

    A queued close-out comes without its photos and signature: they were sent before, each for itself.
    """

    close_type = forms.TypedChoiceField(label=gettext_lazy("Result"), coerce=CloseType, widget=forms.RadioSelect)
    fault_cause = forms.TypedChoiceField(
        label=gettext_lazy("Cause"), required=False, empty_value=None, widget=forms.RadioSelect
    )
    installed = forms.CharField(label=gettext_lazy("Serials installed"), required=False, max_length=600)
    removed = forms.CharField(label=gettext_lazy("Serials taken back"), required=False, max_length=600)
    signature_name = forms.CharField(label=gettext_lazy("Name of who signs"), required=False, max_length=40)
    signature_png = forms.CharField(required=False, max_length=400_000, widget=forms.HiddenInput)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)
    aliases: ClassVar[dict[str, str]] = {"signature": "signature_png", "devices": "installed"}

    def __init__(self, *args: Any, kind: OrderKind, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.kind_of_order, at = kind, now()
        fields["close_type"].choices = choices("close")
        fields["fault_cause"].choices = choices("cause")
        self.items = fieldwork.checklist(kind, service, at)
        self.limits = fieldwork.test_limits(service, at)
        self.materials = fieldwork.materials(at)
        for item in self.items:
            fields[f"check_{item.code}"] = forms.ChoiceField(
                label=code_words(item.code, "check"), choices=ANSWERS, required=False, widget=forms.RadioSelect
            )
            fields[f"photo_{item.code}"] = forms.FileField(required=False)
        for limit in self.limits:
            fields[f"test_{limit.name}"] = forms.CharField(
                label=code_words(limit.name, "test"), required=False, max_length=40, widget=forms.TextInput(CONTROL)
            )
        for code in self.materials:
            fields[f"material_{code}"] = forms.IntegerField(
                label=code_words(code, "material"),
                required=False,
                min_value=0,
                max_value=30_000,
                widget=forms.NumberInput(CONTROL),
            )

    def clean_signature_png(self) -> bytes | None:
        """Return the drawn signature as PNG."""
        text = self.cleaned_data.get("signature_png") or ""
        if not text:
            return None
        head, comma, body = text.partition(",")
        try:
            return base64.b64decode(body, validate=True) if head == SIGNATURE_HEAD and comma else _unreadable()
        except ValueError:  # not base64, or not even ASCII
            return _unreadable()

    def told(self) -> dict[str, Any]:
        """Return what the command takes."""
        told, file = self.cleaned_data, self.files.get("photo") if self.files else None
        plain = {
            name: told[name]
            for name in ("close_type", "fault_cause", "photo", "signature_name", "signature_png", "note")
        }
        checked = None if told["close_type"] in NOBODY_THERE else self._begun("check_", lambda one: one == "yes")
        return plain | {
            "photo_name": str(file.name) if file else "photo.jpg",
            "checklist": checked,
            "tests": self._begun("test_", str.strip),
            "materials": self._begun("material_", int),
            "devices": self._devices(),
        }

    def _begun(self, prefix: str, read: Any) -> dict[str, Any]:
        """Return the answers of fields whose name begins so, by what follows; unanswered ones are left out."""
        return {
            name.removeprefix(prefix): read(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value not in (None, "")
        }

    def _devices(self) -> tuple[fieldwork.DeviceMove, ...]:
        return tuple(
            fieldwork.DeviceMove(serial, move)
            for move in ("installed", "removed")
            for serial in re.split(r"[\s,，、;；]+", self.cleaned_data.get(move) or "")
            if serial
        )

    def asks(self, *, has_called: bool) -> dict[str, dict[str, bool]]:
        """Return what each result asks for, so that a phone without signal can say what is missing.

        has_called: a call to the customer from this visit is known; nobody at home needs one, or a word.
        """
        return {
            str(one): {
                "signature": one not in NOBODY_THERE,
                "work": one not in NOBODY_THERE,
                "note": one in NOBODY_THERE and not (has_called and one is CloseType.EMPTY_TRIP),
                "cause": self.kind_of_order is OrderKind.REPAIR and one is CloseType.FIXED,
            }
            for one in CloseType
        }


def _unreadable() -> bytes:
    raise forms.ValidationError(_("The signature could not be read."))
