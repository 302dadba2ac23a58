"""The sign-in form. Whatever is wrong, the answer is the same words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanxin.web.accounts import lockout


class SignInForm(forms.Form):
    """Login name and password; ``user`` is set when they are right."""

    login = forms.CharField(
        label=_("Staff number or phone"),
        max_length=32,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        self.user: Any = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Check the lock, then the password; count the failure or forget the old ones."""
        cleaned = super().clean() or {}
        login, password = cleaned.get("login"), cleaned.get("password")
        if not login or not password:
            return cleaned
        address, at = get_adapter(self.request).get_client_ip(self.request), timezone.now()
        if not lockout.is_locked(login, address, at=at):
            self.user = authenticate(self.request, login=login, password=password)
            if self.user is not None:
                lockout.forget_failures(login, address)
                return cleaned
            lockout.remember_failure(login, address, at=at)
        raise forms.ValidationError(_("Sign-in failed. After five failures please wait 15 minutes."))
