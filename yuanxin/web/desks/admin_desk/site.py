"""The site of all configuration pages: our sign-in, our words; contexts register, web speaks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy

from yuanxin.kernel.errors import DomainError, Refused
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.frame import frame
from yuanxin.web.components.words import error_words
from yuanxin.web.components.words_of_admin import COLUMNS, CONTEXTS, TABLES


class ConfigurationSite(admin.AdminSite):
    """Nobody signs in here past the second factor, and only our own tables are shown."""

    site_header = site_title = index_title = gettext_lazy("Configuration")
    enable_nav_sidebar = False

    def words(self, text: Any) -> str:
        """Return an English text of a context in the reader's language."""
        return gettext(str(text)) if text else ""

    def code_words(self, code: str, family: str) -> str:
        """Return a stored code in the reader's language."""
        return code_words(code, family)

    def error_words(self, error: DomainError) -> str:
        """Return what a command refused in the reader's language."""
        return error_words(error)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register tables of ours; those of other packages stay closed."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        for model in models:
            if model.__module__.startswith("yuanxin."):
                super().register(model, admin_class, **options)
                _speak(model, self._registry[model])

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send people to the one sign-in; who is signed in and still comes here lacks the role."""
        if request.user.is_authenticated:
            raise Refused(permission="page.admin")
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Ask at the one door."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Change it where the house's rules hold."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The same."""
        return redirect("account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add our frame."""
        return super().each_context(request) | frame(request)


def _speak(model: Any, page: Any) -> None:
    """Let the names of a table, of its columns and of its page's own columns be said in the reader's language."""
    options = model._meta
    singular, plural = TABLES.get(options.label_lower, (options.verbose_name, options.verbose_name_plural))
    options.verbose_name, options.verbose_name_plural = gettext_lazy(singular), gettext_lazy(plural)
    options.app_config.verbose_name = gettext_lazy(CONTEXTS.get(options.app_label, options.app_label))
    for field in options.concrete_fields:
        if name := COLUMNS.get(f"{options.label_lower}.{field.name}") or COLUMNS.get(field.name):
            field.verbose_name = gettext_lazy(name)
    for name in (*page.list_display, *page.actions, *page.fixed):
        own: Any = getattr(type(page), str(name), None)
        if isinstance(getattr(own, "short_description", None), str):
            own.short_description = gettext_lazy(own.short_description)
