"""Kinds of certificates and what work needs them, in the back office."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from yuanxin.academy.actions import save_certificate_kind, save_need
from yuanxin.academy.models import CertificateKind, Need
from yuanxin.kernel.admin import CommandModelAdmin


@admin.register(CertificateKind)
class CertificateKindAdmin(CommandModelAdmin):
    """Kinds of certificates; headquarters keeps them."""

    adds = changes = "academy.save_certificate_kind"
    is_national = True
    fixed = ("code",)
    list_display = ("code", "name_zh")
    search_fields = ("code", "name_zh", "name_en")

    def save_model(self, request: HttpRequest, obj: CertificateKind, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        """Go through the action."""
        obj.pk = save_certificate_kind(certificate_code=obj.code, name_zh=obj.name_zh, name_en=obj.name_en)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show headquarters' rows in every scope."""
        return CertificateKind.everything.all()


@admin.register(Need)
class NeedAdmin(CommandModelAdmin):
    """What work needs which certificate; headquarters keeps it."""

    adds = "academy.save_need"
    is_national = True
    list_display = ("work", "certificate")
    list_filter = ("work",)

    def save_model(self, request: HttpRequest, obj: Need, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        """Go through the action."""
        obj.pk = save_need(work=obj.work, certificate_code=obj.certificate.code)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show headquarters' rows in every scope."""
        return Need.everything.select_related("certificate")
