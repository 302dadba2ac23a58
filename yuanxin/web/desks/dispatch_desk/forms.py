"""Forms of the dispatch desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.http.forms import CommandForm

LOCAL = {"type": "datetime-local", "class": "form-control"}
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"


class BookForm(CommandForm):
    """The customer's window 预约时段."""

    window_from = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(LOCAL, format=LOCAL_FORMAT))
    window_to = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput(LOCAL, format=LOCAL_FORMAT))

    def clean(self) -> dict[str, Any]:
        """The window ends after it begins."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("window_from"), cleaned.get("window_to")
        if start and end and end <= start:
            self.add_error("window_to", _("The window must end after it begins."))
        return cleaned


class AssignForm(CommandForm):
    """Who goes, and when."""

    technician_id = forms.UUIDField(widget=forms.HiddenInput)
    planned_from = forms.DateTimeField(label=_("Planned from"), widget=forms.HiddenInput)


class HoldForm(CommandForm):
    """Why the order waits 挂起; the company clock stands still only where its rule allows it."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Evidence"), max_length=200)

    def __init__(self, *args: Any, reasons: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = [(code, code_words(code, "pause")) for code in reasons]


class ReturnForm(CommandForm):
    """Why the order goes back into the pool."""

    reason_code = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = choices("return")
