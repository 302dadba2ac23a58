"""Forms of the technician: the check-in, what proves the visit, and why an order waits or comes back."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.published.codes import CloseType
from yuanxin.web.components.codes import choices, words_among
from yuanxin.web.http.forms import CommandForm

CAMERA = {"accept": "image/jpeg,image/png,image/webp", "capture": "environment", "data-photo": ""}
SIGNATURE_HEAD = "data:image/png;base64"


class StepForm(CommandForm):
    """A step that says nothing but that it was done."""

    def told(self) -> dict[str, Any]:
        """Return what the command takes from the checked form: its fields without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class PhotoForm(StepForm):
    """A form with a photo; ``photo`` becomes its bytes, fieldwork judges what is in them."""

    photo = forms.FileField(label=_("Photo"), required=False, widget=forms.ClearableFileInput(CAMERA))

    def clean_photo(self) -> bytes | None:
        """Return the file's bytes; a file that is far too large is not even read."""
        file = self.cleaned_data.get("photo")
        if not isinstance(file, UploadedFile):
            return None
        if file.size is None or file.size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            raise forms.ValidationError(_("The photo is too large."))
        return file.read()

    def told(self) -> dict[str, Any]:
        """Return what the command takes: the fields, and the photo's name."""
        told = super().told()
        file = self.files.get("photo")
        return told | {"photo_name": str(file.name)} if file else told


class ArriveForm(PhotoForm):
    """The check-in 到场打卡: where the phone is (WGS-84, degrees), or photo and reason when that is not the address."""

    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    error_m = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def clean_error_m(self) -> int:
        """How far the phone may be wrong, in metres."""
        return int(self.cleaned_data.get("error_m") or 0)


class FinishForm(PhotoForm):
    """The close-out 回单."""

    close_type = forms.TypedChoiceField(label=_("Result"), coerce=CloseType)
    fault_cause = forms.TypedChoiceField(label=_("Cause"), required=False, empty_value=None)
    signature_name = forms.CharField(label=_("Name of who signs"), required=False, max_length=40)
    signature_png = forms.CharField(required=False, max_length=400_000, widget=forms.HiddenInput)
    field_order = ("close_type", "fault_cause", "photo", "signature_name", "signature_png", "key")
    aliases: ClassVar[dict[str, str]] = {"signature": "signature_png"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["close_type"].choices = choices("close")
        fields["fault_cause"].choices = [("", "—"), *choices("cause")]

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


def _unreadable() -> bytes:
    raise forms.ValidationError(_("The signature could not be read."))


class HoldForm(PhotoForm):
    """Why the order has to wait 挂起; a second person decides."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    field_order = ("reason_code", "note", "photo", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = [
            (code, words_among(code, "pause", "step_reason")) for code in fieldwork.hold_reasons(now())
        ]


class ReturnForm(StepForm):
    """Why the technician gives an order back 退单."""

    reason_code = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = choices("return")


class DirectCallForm(CommandForm):
    """Why the customer's real number is to be shown 直拨."""

    reason_code = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = choices("direct_call")
