"""Forms of the technician's steps: the check-in, and why an order waits, moves or comes back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.published.codes import Segment
from yuanxin.web.components.codes import choices, code_words, words_among
from yuanxin.web.http.forms import CommandForm

CAMERA = {"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}


class StepForm(CommandForm):
    """A step that says nothing but that it was done."""

    def told(self) -> dict[str, Any]:
        """Return what the command takes from the checked form: its fields without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class PhotoForm(StepForm):
    """A form with a photo; ``photo`` becomes its bytes, fieldwork judges what is in them."""

    photo_kind = "photo"
    photo = forms.FileField(label=_("Photo"), required=False, widget=forms.ClearableFileInput(CAMERA))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].widget.attrs["data-kind"] = self.photo_kind

    def clean_photo(self) -> bytes | None:
        """Return the file's bytes; a file that is far too large is not even read."""
        return bytes_of(self.cleaned_data.get("photo"))

    def told(self) -> dict[str, Any]:
        """Return what the command takes: the fields, and the photo's name."""
        told = super().told()
        file = self.files.get("photo") if self.files else None
        return told | {"photo_name": str(file.name)} if file else told


def bytes_of(file: Any) -> bytes | None:
    """Return what a browser sent as a file. Raises ValidationError when it is far too large."""
    if not isinstance(file, UploadedFile):
        return None
    if file.size is None or file.size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise forms.ValidationError(_("The photo is too large."))
    return file.read()


class ArriveForm(PhotoForm):
    """The check-in 到场打卡: where the phone is (WGS-84, degrees), or photo and reason when that is not the address."""

    photo_kind = "arrival"
    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    error_m = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def clean_error_m(self) -> int:
        """How far the phone may be wrong, in metres."""
        return int(self.cleaned_data.get("error_m") or 0)


class HoldForm(PhotoForm):
    """Why the order has to wait 挂起; a second person decides."""

    photo_kind = "hold"
    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    field_order = ("reason_code", "note", "photo", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "reason_code", [(code, code_words(code, "pause")) for code in fieldwork.hold_reasons(now())])


class RescheduleForm(StepForm):
    """Another window 改约, with the reason."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    window_from = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    window_to = forms.DateTimeField(
        label=_("To"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = fieldwork.reschedule_reasons(now())
        _offer(self, "reason_code", [(code, code_words(code, "reschedule")) for code in reasons])

    def told(self) -> dict[str, Any]:
        """Return what the command takes; the customer's own reasons count as his wish."""
        told = super().told()
        return told | {"wanted_by_customer": told["reason_code"] in fieldwork.customer_reasons(now())}


class HandOverForm(StepForm):
    """To which crew 转段, and why."""

    to_segment = forms.TypedChoiceField(label=_("To"), coerce=Segment)
    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = fieldwork.hand_over_reasons(now())
        _offer(self, "to_segment", choices("segment"))
        _offer(self, "reason_code", [(code, words_among(code, "hand_over")) for code in reasons])


class HandBackForm(StepForm):
    """Why the order goes back to the crew that it came from 退回."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = fieldwork.hand_back_reasons(now())
        _offer(self, "reason_code", [(code, words_among(code, "hand_over")) for code in reasons])


class ReturnForm(StepForm):
    """Why the technician gives an order back 退单."""

    reason_code = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "reason_code", choices("return"))


def _offer(form: forms.Form, name: str, offered: list[tuple[str, str]]) -> None:
    fields: dict[str, Any] = form.fields
    fields[name].choices = [("", "—"), *offered]


class DirectCallForm(CommandForm):
    """Why the customer's real number is to be shown 直拨."""

    reason_code = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "reason_code", choices("direct_call"))


class EvidenceForm(PhotoForm):
    """The picture of one line of the phone's queue."""

    def clean_photo(self) -> bytes:
        """Return the picture; without one there is nothing to keep."""
        content = super().clean_photo()
        if content is None:
            raise forms.ValidationError(_("There is no picture in it."))
        return content
