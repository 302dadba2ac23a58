"""The words of messages, kept by headquarters."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError, Refused
from yuanxin.kernel.tenancy import ALL, current_scope
from yuanxin.messaging import rules
from yuanxin.messaging.models import Channel, Template
from yuanxin.published.codes import MessageClass


class HeadquartersOnly(Refused):
    """The words of messages are kept by headquarters."""

    code = "messaging.headquarters_only"


class TextEmpty(DomainError):
    """A template needs words in both languages."""

    code = "messaging.text_empty"


@command("messaging.save_template")
def save_template(
    *,
    template_code: str,
    message_class: MessageClass,
    text_zh: str,
    text_en: str,
    channel: str = Channel.SMS.value,
) -> UUID:
    """Create or change a template; both languages name the same parameters.

    Raises HeadquartersOnly, TextEmpty, TemplateMalformed, TemplateLanguagesDiffer.
    """
    if current_scope() != ALL or settings.YUANXIN_DEPLOYMENT != "HQ":
        raise HeadquartersOnly(scope=current_scope())
    for field, text in (("text_zh", text_zh), ("text_en", text_en)):
        if not text.strip():
            raise TextEmpty(field=field)
    rules.check_template(text_zh, text_en)
    row, _ = Template.objects.update_or_create(
        code=template_code,
        defaults={
            "message_class": message_class.value,
            "channel": channel,
            "text_zh": text_zh,
            "text_en": text_en,
        },
    )
    return row.pk
