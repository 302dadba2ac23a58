"""Headquarters' own words, in the back office."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from yuanxin.kernel.admin import CommandModelAdmin, SpokenChoices
from yuanxin.messaging.actions.templates import save_template
from yuanxin.messaging.models import Template
from yuanxin.published.codes import MessageClass


@admin.register(Template)
class TemplateAdmin(CommandModelAdmin):
    """Templates that replace the shipped ones."""

    adds = changes = "messaging.save_template"
    is_national = True
    fixed = ("code",)
    families = {"message_class": "message", "channel": "message_channel"}
    list_display = ("code", "class_words", "channel_words", "text_zh")
    list_filter = (("message_class", SpokenChoices), ("channel", SpokenChoices))
    search_fields = ("code", "text_zh", "text_en")

    @admin.display(description="Class", ordering="message_class")
    def class_words(self, obj: Template) -> str:
        """Return the class in words."""
        return self.code_words("message_class", obj.message_class)

    @admin.display(description="Channel", ordering="channel")
    def channel_words(self, obj: Template) -> str:
        """Return the channel in words."""
        return self.code_words("channel", obj.channel)

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
