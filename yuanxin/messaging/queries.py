"""Reads of ``messaging``."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.kernel.time import SHANGHAI
from yuanxin.messaging import rules
from yuanxin.messaging.links import HIDDEN
from yuanxin.messaging.models import Channel, Message, SimulatorInbox, Template
from yuanxin.messaging.rules import MessageState, QuietHours
from yuanxin.published.codes import MessageClass
from yuanxin.standards import api as standards


class TemplateUnknown(NotFound):
    """There is no template of this code."""

    code = "messaging.template_unknown"


@dataclass(frozen=True)
class Words:
    """A template: its class, its channel and its text in both languages."""

    code: str
    message_class: MessageClass
    channel: str
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class InboxLine:
    """One message as a simulated telephone shows it."""

    id: UUID
    customer_id: UUID
    channel: str
    message_class: str
    phone_masked: str
    text: str
    received_at: datetime


@dataclass(frozen=True)
class MessageView:
    """One message with its state: ``reason`` says why it was held back, ``error_code`` why it failed."""

    id: UUID
    template: str
    message_class: str
    channel: str
    state: str
    reason: str
    error_code: str
    cause: str
    queued_at: datetime
    send_at: datetime
    ended_at: datetime | None
    text: str


@lru_cache(maxsize=1)
def shipped() -> dict[str, Words]:
    """Return the words that come with the program, by code; read once per process."""
    text = resources.files("yuanxin.messaging").joinpath("shipped_templates.toml").read_text("utf-8")
    return {
        code: Words(code, MessageClass(entry["message_class"]), Channel.SMS.value, entry["zh"], entry["en"])
        for code, entry in tomllib.loads(text).items()
    }


def templates() -> list[Words]:
    """Return all templates in force, by code; one statement."""
    return sorted((shipped() | _own(Template.everything.all())).values(), key=lambda words: words.code)


def words(codes: Collection[str]) -> dict[str, Words]:
    """Return the templates of these codes, headquarters' own before the shipped ones; one statement."""
    own = _own(Template.everything.filter(code__in=codes))
    return {code: shipped()[code] for code in codes if code in shipped()} | own


def sender_words(code: str) -> Words:
    """Return the words that tell a sender which parameters to give: the shipped ones, without a statement.

    Headquarters' own words of a shipped code name no others; a code of its own costs one statement.
    Raises TemplateUnknown.
    """
    return shipped()[code] if code in shipped() else template(code)


def template(code: str) -> Words:
    """Return a template by its code; one statement. Raises TemplateUnknown."""
    found = words([code])
    if code not in found:
        raise TemplateUnknown(field="template", template=code)
    return found[code]


def _own(rows: Iterable[Template]) -> dict[str, Words]:
    return {
        row.code: Words(row.code, MessageClass(row.message_class), row.channel, row.text_zh, row.text_en)
        for row in rows
    }


def inbox(customer_id: UUID | None = None, limit: int = 50) -> list[InboxLine]:
    """Return what the simulated telephones of the scope received, newest first; one indexed statement."""
    rows = SimulatorInbox.objects.order_by("-received_at")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return [
        InboxLine(row.id, row.customer_id, row.channel, row.message_class, row.phone_masked, row.text, row.received_at)
        for row in rows[:limit]
    ]


def messages_of(customer_id: UUID, limit: int = 50) -> list[MessageView]:
    """Return the messages to a customer with their words, newest first; two indexed statements."""
    return _views(Message.objects.filter(customer_id=customer_id).order_by("-queued_at")[:limit])


def messages_about(cause: str, limit: int = 50) -> list[MessageView]:
    """Return the messages that one subject caused, newest first; two indexed statements."""
    return _views(Message.objects.filter(cause=cause).order_by("-queued_at")[:limit])


def _views(rows: Iterable[Message]) -> list[MessageView]:
    found = list(rows)
    known = words({row.template for row in found})
    return [_view(row, text_of(row, known)) for row in found]


def _view(row: Message, text: str) -> MessageView:
    return MessageView(
        id=row.id,
        template=row.template,
        message_class=row.message_class,
        channel=row.channel,
        state=row.state,
        reason=row.reason,
        error_code=row.error_code,
        cause=row.cause,
        queued_at=row.queued_at,
        send_at=row.send_at,
        ended_at=row.ended_at,
        text=text,
    )


def text_of(row: Message, known: Mapping[str, Words], *, link: str = HIDDEN) -> str:
    """Return a message's text in its language; only the one who sends it puts the customer's link into it.

    Raises TemplateUnknown, TemplateParameterMissing, ParameterUnreadable.
    """
    if row.template not in known:
        raise TemplateUnknown(template=row.template)
    chosen = known[row.template]
    text = chosen.text_zh if row.language == "zh" else chosen.text_en
    params = row.params | ({"link": link} if "link" in row.params else {})
    return rules.render(text, params, language=row.language, zone=SHANGHAI)


def quiet_hours(message_class: MessageClass, at: datetime) -> QuietHours | None:
    """Return the quiet hours of a class from the rulebook, None for a class that does not wait."""
    if message_class not in rules.WAITING_CLASSES:
        return None
    begins, ends = (_minute("message.quiet_hours", f"{end}_minute_of_day", at) for end in ("from", "to"))
    return QuietHours(begins, ends, SHANGHAI)


def reminder_terms(at: datetime) -> tuple[int, timedelta]:
    """Return the minute of the evening at which we remind, and how long after the booking at least."""
    names = ("minute_of_day", "least_hours")
    minute, hours = (int(standards.parameter("message.reminder", name, at=at)) for name in names)
    return minute, timedelta(hours=hours)


def arrival_terms(at: datetime) -> rules.ArrivalTerms:
    """Return how an arrival is foretold."""
    names = ("soonest_minutes", "furthest_minutes", "width_minutes", "round_minutes")
    return rules.ArrivalTerms(
        *(timedelta(minutes=int(standards.parameter("message.arrival", name, at=at))) for name in names)
    )


def departure_useful_minutes(at: datetime) -> int:
    """Return for how many minutes the news of a departure is of use."""
    return int(standards.parameter("message.useful", "departed_minutes", at=at))


def newest_param(cause: str, templates: Collection[str], name: str) -> str:
    """Return what the newest message of these templates about a subject said; one indexed statement."""
    told = Message.objects.filter(cause=cause, template__in=templates).order_by("-queued_at", "-id").first()
    return str(told.params.get(name, "")) if told else ""


def _minute(topic: str, field: str, at: datetime) -> time:
    minutes = int(standards.parameter(topic, field, at=at))
    return time(minutes // 60 % 24, minutes % 60)


def lanes_due(at: datetime) -> list[MessageClass]:
    """Return the lanes in which a message waits to be sent, most urgent first; one indexed statement."""
    waiting = Message.objects.filter(state=MessageState.QUEUED, send_at__lte=at)
    free = waiting.filter(Q(leased_until=None) | Q(leased_until__lt=Now()))
    return [
        rules.LANES[priority] for priority in free.order_by("priority").values_list("priority", flat=True).distinct()
    ]


def retry_schedule(at: datetime) -> tuple[timedelta, ...]:
    """Return the waiting times between tries from the rulebook."""
    first_seconds, factor, times = (
        int(standards.parameter("message.retry", field, at=at)) for field in ("first_seconds", "factor", "times")
    )
    return rules.back_off(timedelta(seconds=first_seconds), factor, times)


def _choices(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, code) for code in codes)


CLASSES = _choices(member.value for member in MessageClass)
STATES = _choices(member.value for member in MessageState)

messages = Listing(
    name="messaging.messages",
    title="Messages",
    rows=Message.objects.all,
    columns=(
        Column("queued_at", "Queued", Kind.INSTANT, is_sortable=True),
        Column("template", "Template"),
        Column("message_class", "Class", Kind.CODE, choices=CLASSES),
        Column("channel", "Channel", Kind.CODE, choices=_choices(Channel.values)),
        Column("state", "State", Kind.CODE, choices=STATES),
        Column("reason", "Held back because"),
        Column("error_code", "Failed because"),
        Column("tries", "Tries", Kind.NUMBER, is_shown=False),
        Column("send_at", "Not before", Kind.INSTANT, is_shown=False),
        Column("ended_at", "Ended", Kind.INSTANT, is_shown=False),
        Column("cause", "About", is_shown=False),
    ),
    filters=(
        Filter("state", "state", "State", Kind.CODE, lookup="in", choices=STATES),
        Filter("class", "message_class", "Class", Kind.CODE, choices=CLASSES),
        Filter("template", "template", "Template"),
        Filter("cause", "cause", "About"),
        Filter("from", "queued_at", "Queued from", Kind.INSTANT, lookup="gte"),
        Filter("to", "queued_at", "Queued to", Kind.INSTANT, lookup="lte"),
    ),
    default_sort="-queued_at",
)
"""Every message of the scope, newest first; what was held back or failed says why."""
