"""What the inbox is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanxin.web.components.codes import choices
from yuanxin.web.http.forms import DenseForm


class InboxForm(DenseForm):
    """Which telephone, and which of its messages."""

    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    message_class = forms.ChoiceField(label=_("Class"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["message_class"].choices = [("", _("all")), *choices("message")]
        fields["state"].choices = [("", _("all")), *choices("message_state")]
