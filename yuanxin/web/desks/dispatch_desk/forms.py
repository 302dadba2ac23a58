"""Forms of the dispatch desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.errors import NotFound
from yuanxin.published.codes import Segment
from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.http.forms import CommandForm, DenseForm

LOCAL = {"type": "datetime-local", "class": "form-control"}
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"
PICTURES = forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp", "class": "form-control"})


def reasons(codes: Iterable[str], family: str) -> list[tuple[str, str]]:
    """Return codes of the rulebook as choices, in words."""
    return [(code, code_words(code, family)) for code in codes]


class BookForm(CommandForm):
    """The customer's window 预约时段; a second one needs a reason."""

    window_from = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(LOCAL, format=LOCAL_FORMAT))
    window_to = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput(LOCAL, format=LOCAL_FORMAT))
    reason_code = forms.ChoiceField(label=_("Why another window"))

    def __init__(self, *args: Any, codes: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = reasons(codes, "reschedule")
        if not codes:
            del fields["reason_code"]

    def clean(self) -> dict[str, Any]:
        """The window ends after it begins."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("window_from"), cleaned.get("window_to")
        if start and end and end <= start:
            self.add_error("window_to", _("The window must end after it begins."))
        return cleaned


@dataclass(frozen=True)
class Chosen:
    """One row of the candidates, as its button sends it."""

    technician_id: UUID
    planned_from: datetime
    mates: tuple[UUID, ...]

    @classmethod
    def read(cls, text: str) -> Chosen:
        """Return what a button sent. Raises ValueError."""
        technician, start, mates = text.split("|")
        planned_from = datetime.fromisoformat(start)
        if planned_from.tzinfo is None:
            raise ValueError(start)
        return cls(UUID(technician), planned_from, tuple(UUID(mate) for mate in mates.split(",") if mate))

    @property
    def text(self) -> str:
        """What the button sends."""
        return f"{self.technician_id}|{self.planned_from.isoformat()}|{','.join(str(mate) for mate in self.mates)}"


class AssignForm(CommandForm):
    """Who goes, and when; ``seen`` is who had the order when the page was drawn, ``together`` others of the home."""

    aliases: ClassVar[dict[str, str]] = {"technician": "choice", "planned_from": "choice"}
    choice = forms.CharField(max_length=400, error_messages={"required": _("Choose a candidate.")})
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why somebody else"), required=False)
    together = forms.TypedMultipleChoiceField(required=False, coerce=UUID)

    def __init__(self, *args: Any, homes: Iterable[UUID] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason"].choices = [("", "—"), *choices("reassign")]
        fields["together"].choices = [(str(one), str(one)) for one in homes]

    def clean_choice(self) -> Chosen:
        """Read the button."""
        try:
            return Chosen.read(self.cleaned_data["choice"])
        except ValueError:
            raise forms.ValidationError(_("Choose a candidate.")) from None

    def clean(self) -> dict[str, Any]:
        """Taking an order from somebody needs a reason: he and the customer are told."""
        cleaned = super().clean() or {}
        chosen, seen = cleaned.get("choice"), cleaned.get("seen")
        if chosen and seen and chosen.technician_id != seen and not cleaned.get("reason"):
            self.add_error("reason", _("Say why another technician goes."))
        return cleaned


class HoldForm(CommandForm):
    """Why the order waits 挂起; the company clock stands still only where its rule allows it."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Evidence"), max_length=200)
    photo = forms.FileField(label=_("Picture as evidence"), required=False, widget=PICTURES)

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = reasons(codes, "pause")


class ReasonForm(CommandForm):
    """A decision with one reason out of a family of codes."""

    family = ""
    reason_code = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = choices(self.family)


class ReturnForm(ReasonForm):
    """Why the order goes back into the pool."""

    family = "return"


class CancelForm(ReasonForm):
    """Why nobody needs to go any more 作废."""

    family = "cancel"


class MergeForm(ReasonForm):
    """Under which other order this one is carried on 合并."""

    family = "merge"
    aliases: ClassVar[dict[str, str]] = {"into_id": "number"}
    number = forms.CharField(label=_("Number of the order that stays"), max_length=20)
    field_order = ("number", "reason_code")

    def clean_number(self) -> str:
        """The other order is one of ours."""
        number: str = self.cleaned_data["number"].strip().upper()
        try:
            self.cleaned_data["into_id"] = fieldwork.work_order_by_number(number).id
        except NotFound:
            raise forms.ValidationError(_("There is no order of this number.")) from None
        return number


class HandOverForm(CommandForm):
    """To which segment the order goes 转段, and why."""

    to_segment = forms.ChoiceField(label=_("To the segment"))
    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, codes: Iterable[str], segment: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to_segment"].choices = [(code, words) for code, words in choices("segment") if code != segment]
        fields["reason_code"].choices = reasons(codes, "hand_over")

    def clean_to_segment(self) -> Segment:
        """As the code that the command takes."""
        return Segment(self.cleaned_data["to_segment"])


class HandBackForm(CommandForm):
    """Why the order returns to the segment it came from 退回."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = reasons(codes, "hand_over")


class AmendForm(CommandForm):
    """What planning must know 改单."""

    duration_minutes = forms.IntegerField(label=_("Minutes of work"), min_value=1, max_value=1440)
    crew_size = forms.IntegerField(label=_("People needed"), min_value=1, max_value=9)


class SendBackForm(CommandForm):
    """Why a close-out is not good enough 退回."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("What is to be put right"), required=False, max_length=200)

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = reasons(codes, "send_back")


class ShareForm(DenseForm):
    """To whom a selection goes: to one technician, or each to the owner of its grid."""

    to = forms.ChoiceField(label=_("To whom"))

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to"].choices = [("owners", _("Each to the owner of its grid")), *people]

    def technician_id(self) -> UUID | None:
        """Return the one technician; None for the owners."""
        to = self.cleaned_data["to"]
        return None if to == "owners" else UUID(to)


class Lines(forms.Field):
    """The rows of a preview that were accepted, as the page sent them."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[fieldwork.Choice]:
        """Read them. Raises ValidationError for what no preview of ours sends."""
        try:
            return [self._read(text) for text in value or ()]
        except (ValueError, TypeError):
            raise forms.ValidationError(_("This preview cannot be read. Please make it again.")) from None

    def _read(self, text: str) -> fieldwork.Choice:
        order, technician, start, seen = text.split("|")
        planned_from = datetime.fromisoformat(start)
        if planned_from.tzinfo is None:
            raise ValueError(start)
        return fieldwork.Choice(UUID(order), UUID(technician), planned_from, UUID(seen) if seen else None)


class AcceptForm(CommandForm):
    """The preview is accepted; ``reason`` for those that are taken from somebody."""

    line = Lines(error_messages={"required": _("Nothing of this preview can be assigned.")})
    reason = forms.ChoiceField(label=_("Why somebody else"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason"].choices = [("", "—"), *choices("reassign")]

    def clean(self) -> dict[str, Any]:
        """Taking orders from somebody needs a reason."""
        cleaned = super().clean() or {}
        is_taken = any(one.seen and one.seen != one.technician_id for one in cleaned.get("line") or ())
        if is_taken and not cleaned.get("reason"):
            self.add_error("reason", _("Say why another technician goes."))
        return cleaned
