"""Forms of the customer's link; they work without a script on the oldest telephone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from yuanxin.web.components.codes import code_words
from yuanxin.web.components.templatetags.yuanxin import hour
from yuanxin.web.http.forms import CommandForm

FULL = "full"


class WindowForm(CommandForm):
    """Another window 改约, among those that the field can keep."""

    window = forms.ChoiceField(label=_("Choose a time"), widget=forms.RadioSelect)

    reason_code = forms.ChoiceField(label=_("Why another time?"))

    def __init__(self, *args: Any, offers: Iterable[Any], reasons: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = [(code, code_words(code, "reschedule")) for code in reasons]
        if not fields["reason_code"].choices:  # the first window moves nothing
            del fields["reason_code"]
        fields["window"].choices = [_choice(offer) for offer in offers]
        fields["window"].error_messages["required"] = _("Please choose a time.")

    def chosen(self) -> tuple[datetime, datetime]:
        """Return both ends of the chosen window."""
        begins, _slash, ends = self.cleaned_data["window"].partition("/")
        first, last = parse_datetime(begins), parse_datetime(ends)
        if first is None or last is None:
            raise ValueError(self.cleaned_data["window"])  # the choices are ours
        return first, last


def _choice(offer: Any) -> tuple[str, str]:
    value = f"{offer.window_from.isoformat()}/{offer.window_to.isoformat()}"
    day = localtime(offer.window_from)
    named = f"{date_format(day, 'MONTH_DAY_FORMAT')} {date_format(day, 'D')}"  # as people say it, with the weekday
    return value, f"{named} {hour(offer.window_from)}–{hour(offer.window_to)} {code_words(offer.ease, 'ease')}"


class ConfirmForm(CommandForm):
    """Is it repaired? 回访: the answer is the button."""

    agrees = forms.TypedChoiceField(
        choices=[("yes", _("Yes, it works")), ("no", _("No, the fault is still there"))],
        coerce=lambda told: told == "yes",
        error_messages={"required": _("Please tell us whether it works.")},
    )
    note = forms.CharField(label=_("What is still wrong? (if anything)"), max_length=200, required=False)


class MessageForm(CommandForm):
    """A word to those who work on the order 留言."""

    text = forms.CharField(
        label=_("Message to us"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please write something.")},
    )


class RateForm(CommandForm):
    """One tap 评价: the score is the button."""

    begged = forms.BooleanField(label=_("The technician asked me for a high score"), required=False)
    score = forms.TypedChoiceField(
        choices=[(str(score), str(score)) for score in range(1, 11)],
        coerce=int,
        error_messages={"required": _("Please tap a score.")},
    )
