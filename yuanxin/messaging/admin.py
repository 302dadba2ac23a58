"""Headquarters' own words, in the back office."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from yuanxin.messaging.actions.templates import save_template
from yuanxin.messaging.models import Template
from yuanxin.published.codes import MessageClass


@admin.register(Template)
class TemplateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Templates that replace the shipped ones."""

    list_display = ("code", "message_class", "channel", "text_zh")
    list_filter = ("message_class", "channel")
    search_fields = ("code", "text_zh", "text_en")

    def save_model(self, request: HttpRequest, obj: Template, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        """Go through the action, which checks both languages."""
        obj.pk = save_template(
            template_code=obj.code,
            message_class=MessageClass(obj.message_class),
            channel=obj.channel,
            text_zh=obj.text_zh,
            text_en=obj.text_en,
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show headquarters' rows in every scope."""
        return Template.everything.all()
