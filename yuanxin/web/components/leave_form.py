"""The form with which leave is asked for, on the desk and on the phone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.time import at_minute
from yuanxin.web.components.codes import choices
from yuanxin.web.http.forms import CommandForm

DAY = {"type": "date", "class": "form-control"}
DAY_FORMAT = "%Y-%m-%d"
TIME = {"type": "time", "class": "form-control"}
_ONE_DAY = timedelta(days=1)


class LeaveForm(CommandForm):
    """Leave for whole days, or from an hour of the first day to an hour of the last."""

    kind = forms.ChoiceField(label=_("Kind of leave"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(DAY, format=DAY_FORMAT))
    from_time = forms.TimeField(label=_("from this hour"), required=False, widget=forms.TimeInput(TIME, format="%H:%M"))
    to_on = forms.DateField(label=_("Until"), widget=forms.DateInput(DAY, format=DAY_FORMAT))
    to_time = forms.TimeField(label=_("until this hour"), required=False, widget=forms.TimeInput(TIME, format="%H:%M"))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    aliases: ClassVar[dict[str, str]] = {"starts_at": "from_on", "ends_at": "to_on"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = choices("leave")

    def asked(self) -> dict[str, Any]:
        """Return kind, span and note as the commands take them."""
        given = self.cleaned_data
        starts_at, ends_at = at_minute(given["from_on"], 0), at_minute(given["to_on"] + _ONE_DAY, 0)
        if given["from_time"]:
            starts_at = _at(given["from_on"], given["from_time"])
        if given["to_time"]:
            ends_at = _at(given["to_on"], given["to_time"])
        kind = fieldwork.LeaveKind(given["kind"])
        return {"kind": kind, "starts_at": starts_at, "ends_at": ends_at, "note": given["note"]}


def _at(day: date, time: Any) -> datetime:
    return at_minute(day, time.hour * 60 + time.minute)
