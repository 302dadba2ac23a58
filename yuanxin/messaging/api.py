"""The door of ``messaging``."""

from yuanxin.messaging.actions.queueing import send
from yuanxin.messaging.actions.receipts import MessageUnknown, ReceiptUnreadable, record_receipt
from yuanxin.messaging.actions.resending import MessageNotFailed, resend
from yuanxin.messaging.actions.templates import HeadquartersOnly, TemplateParameterUnknown, TextEmpty, save_template
from yuanxin.messaging.channels import ChannelDown, ChannelRefused, ChannelUnknown
from yuanxin.messaging.conversations import Letter, Telephone, conversation, telephones
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
    "Letter",
    "Link",
    "LinkExpired",
    "LinkUnknown",
    "MessageNotFailed",
    "MessageState",
    "MessageUnknown",
    "MessageView",
    "NeverSent",
    "ParameterUnreadable",
    "ReceiptUnreadable",
    "Telephone",
    "TemplateLanguagesDiffer",
    "TemplateMalformed",
    "TemplateParameterMissing",
    "TemplateParameterUnknown",
    "TemplateUnknown",
    "TextEmpty",
    "Words",
    "conversation",
    "inbox",
    "messages",
    "messages_about",
    "messages_of",
    "read_token",
    "record_receipt",
    "require_open",
    "resend",
    "save_template",
    "send",
    "telephones",
    "templates",
    "token_of",
]
