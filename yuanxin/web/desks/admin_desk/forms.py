"""Forms of the administration desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yuanxin.org import api as org
from yuanxin.web.http.forms import CommandForm


class AccountForm(CommandForm):
    """A new account; without a password it signs in by WeCom only."""

    number = forms.RegexField(r"^[A-Za-z0-9-]+$", label=_("Staff number"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=40)
    unit_code = forms.ChoiceField(label=_("Unit"))
    phone = forms.RegexField(r"^1[0-9]{10}$", label=_("Mobile phone"), required=False, empty_value=None)
    password = forms.CharField(
        label=_("First password"), required=False, empty_value=None, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit_code"].choices = [(unit.code, f"{unit.code} {unit.name}") for unit in org.units()]

    def clean_password(self) -> str | None:
        """The first password keeps the rules that every password keeps."""
        password: str | None = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password


class RoleForm(CommandForm):
    """One role of the list."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = role_choices()


class ActivityForm(CommandForm):
    """Open or close the account."""

    is_active = forms.BooleanField(required=False, widget=forms.HiddenInput)


def role_choices() -> list[tuple[str, str]]:
    """Return all roles with their names in the reader's language."""
    english = get_language() == "en"
    return [(code, rule.name_en if english else rule.name_zh) for code, rule in org.known_roles().items()]
