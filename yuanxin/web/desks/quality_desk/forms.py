"""Forms of the quality desk."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.http.forms import CommandForm, DenseForm


class InspectForm(CommandForm):
    """What the inspector found 质检; nothing ticked means good."""

    findings = forms.MultipleChoiceField(
        label=_("Findings"), required=False, widget=forms.CheckboxSelectMultiple({"class": ""})
    )
    note = forms.CharField(label=_("Words to the technician"), max_length=200, required=False)

    def __init__(self, *args: Any, shares: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["findings"].choices = [
            (code, f"{code_words(code, 'finding')} (−{percent} %)") for code, percent in shares.items()
        ]


class CorrectForm(CommandForm):
    """An amount that a person adds or takes 人工调整, with its reason."""

    aliases = {"fen": "yuan"}  # noqa: RUF012 - as declared by CommandForm
    reason_code = forms.ChoiceField(label=_("Reason"))
    yuan = forms.DecimalField(
        label=_("Yuan (with a minus to take)"),
        min_value=Decimal("-300"),
        max_value=Decimal("300"),
        decimal_places=2,
        max_digits=6,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason_code"].choices = choices("pay_correction")

    @property
    def fen(self) -> int:
        """The amount in fen, exactly."""
        return int(self.cleaned_data["yuan"] * 100)


class StatementForm(DenseForm):
    """Which month, and whose."""

    month = forms.DateField(
        label=_("Month"), required=False, input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"}, "%Y-%m")
    )
    payee = forms.CharField(label=_("Contractor"), max_length=50, required=False)
