"""The door of ``messaging``."""

from yuanxin.messaging.actions.queueing import send
from yuanxin.messaging.actions.receipts import MessageUnknown, ReceiptUnreadable, record_receipt
from yuanxin.messaging.actions.templates import HeadquartersOnly, TemplateParameterUnknown, TextEmpty, save_template
from yuanxin.messaging.channels import ChannelDown, ChannelRefused, ChannelUnknown
from yuanxin.messaging.links import Link, LinkExpired, LinkUnknown, read_token, require_open, token_of
from yuanxin.messaging.queries import (
    InboxLine,
    MessageView,
    TemplateUnknown,
    Words,
    inbox,
    messages,
    messages_about,
    messages_of,
    templates,
)
from yuanxin.messaging.rules import (
    MessageState,
    NeverSent,
    ParameterUnreadable,
    TemplateLanguagesDiffer,
    TemplateMalformed,
    TemplateParameterMissing,
)

__all__ = [
    "ChannelDown",
    "ChannelRefused",
    "ChannelUnknown",
    "HeadquartersOnly",
    "InboxLine",
    "Link",
    "LinkExpired",
    "LinkUnknown",
    "MessageState",
    "MessageUnknown",
    "MessageView",
    "NeverSent",
    "ParameterUnreadable",
    "ReceiptUnreadable",
    "TemplateLanguagesDiffer",
    "TemplateMalformed",
    "TemplateParameterMissing",
    "TemplateParameterUnknown",
    "TemplateUnknown",
    "TextEmpty",
    "Words",
    "inbox",
    "messages",
    "messages_about",
    "messages_of",
    "read_token",
    "record_receipt",
    "require_open",
    "save_template",
    "send",
    "templates",
    "token_of",
]
