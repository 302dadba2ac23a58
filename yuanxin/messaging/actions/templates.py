"""The words of messages, kept by headquarters."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError, Refused
from yuanxin.kernel.tenancy import ALL, current_scope
from yuanxin.messaging import queries, rules
from yuanxin.messaging.models import Channel, Template
from yuanxin.published.codes import MessageClass


class HeadquartersOnly(Refused):
    """The words of messages are kept by headquarters."""

    code = "messaging.headquarters_only"


class TemplateParameterUnknown(DomainError):
    """The words name a parameter that the senders of this message do not give."""

    code = "messaging.template_parameter_unknown"


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

    Own words of a shipped code may leave parameters out, but name no others: nobody would give them.
    Raises HeadquartersOnly, TextEmpty, TemplateMalformed, TemplateLanguagesDiffer, TemplateParameterUnknown.
    """
    if current_scope() != ALL or settings.YUANXIN_DEPLOYMENT != "HQ":
        raise HeadquartersOnly(scope=current_scope())
    for field, text in (("text_zh", text_zh), ("text_en", text_en)):
        if not text.strip():
            raise TextEmpty(field=field)
    named = rules.check_template(text_zh, text_en)
    if template_code in queries.shipped():
        _refuse_unknown(named, queries.shipped()[template_code].text_zh)
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


def _refuse_unknown(named: frozenset[str], shipped_text: str) -> None:
    unknown = named - rules.parameters_of(shipped_text)
    if unknown:
        raise TemplateParameterUnknown(field="text_zh", parameters=", ".join(sorted(unknown)))
