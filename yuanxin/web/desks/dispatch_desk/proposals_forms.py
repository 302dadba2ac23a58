"""Forms of other plans: what to plan, which changes to take over, why not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from yuanxin.web.components.codes import choices
from yuanxin.web.http.forms import CommandForm


class ScopeForm(CommandForm):
    """Which part of the city is planned."""

    scope = forms.ChoiceField(label=_("Plan for"), required=False)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["scope"].choices = list(units)


class AcceptPlanForm(CommandForm):
    """All changes, or those that are ticked 采纳."""

    what = forms.ChoiceField(choices=[("all", "all"), ("ticked", "ticked")])
    change = forms.TypedMultipleChoiceField(required=False, coerce=UUID)

    def __init__(self, *args: Any, known: Iterable[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["change"].choices = [(str(one), str(one)) for one in known]

    def clean(self) -> dict[str, Any]:
        """Part of a plan is at least one visit."""
        cleaned = super().clean() or {}
        if cleaned.get("what") == "ticked" and not cleaned.get("change"):
            self.add_error(None, _("Tick at least one visit."))
        return cleaned

    @property
    def chosen(self) -> list[UUID] | None:
        """The ticked changes, None for all of them."""
        return list(self.cleaned_data["change"]) if self.cleaned_data["what"] == "ticked" else None


class RefusePlanForm(CommandForm):
    """Why everything stays as it is 不采纳."""

    reason = forms.ChoiceField(label=_("Why not"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason"].choices = choices("plan_refuse")
