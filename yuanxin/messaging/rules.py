"""When a message may go, in which lane, with which words, and what a receipt changes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import MessageClass, Segment, Service

LANES: tuple[MessageClass, ...] = (
    MessageClass.EMERGENCY,
    MessageClass.PROMISE,
    MessageClass.NOTICE,
    MessageClass.MARKETING,
)
"""Lanes in order of precedence; the place in this tuple is the priority, 0 first."""

SMS = "sms"
"""The channel that needs no binding."""

WAITING_CLASSES = frozenset({MessageClass.NOTICE, MessageClass.MARKETING})
"""Classes that heed quiet hours; an emergency and a promise made just now do not wait for the morning."""

CODE_WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "service": {
        Service.TV: ("电视", "TV"),
        Service.BROADBAND: ("宽带", "broadband"),
        Service.MOBILE: ("手机", "mobile"),
    },
    "segment": {
        Segment.FIELD: ("装维班", "the field crew"),
        Segment.LINE: ("线路班", "the line crew"),
        Segment.HEADEND: ("机房", "the headend"),
        Segment.PROJECT: ("工程队", "the project crew"),
        Segment.THIRD_PARTY: ("第三方单位", "a third party"),
    },
    "reason": {
        "customer": ("按您的要求改期", "you asked us to wait"),
        "resource": ("正在调配材料或线路资源", "material or a line is missing"),
        "third_party": ("需等第三方配合", "we wait for a third party"),
        "weather": ("雷雨大风, 为安全暂缓登高", "bad weather forbids work at height"),
        "power": ("现场停电", "there is a power cut on site"),
        "other": ("暂时无法施工", "the work cannot go on at the moment"),
    },
}
"""What a code means in a message, by the parameter's name: in Chinese and in English."""

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class TemplateParameterMissing(DomainError):
    """A text names a parameter that the sender did not give."""

    code = "messaging.template_parameter_missing"


class TemplateMalformed(DomainError):
    """A text holds a brace that is not a ``{parameter}``."""

    code = "messaging.template_malformed"


class TemplateLanguagesDiffer(DomainError):
    """The Chinese and the English text do not name the same parameters."""

    code = "messaging.template_languages_differ"


class ParameterUnreadable(DomainError):
    """A parameter that its name calls an instant has no offset or sense, or an amount is not a whole number."""

    code = "messaging.parameter_unreadable"


class NeverSent(DomainError):
    """A receipt came for a message that was held back."""

    code = "messaging.never_sent"


class MessageState(StrEnum):
    """Where a message stands 消息状态."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class Suppressed(StrEnum):
    """Why a message was held back 未发原因."""

    NO_CONSENT = "no_consent"
    NO_PHONE = "no_phone"
    STALE = "stale"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class QuietHours:
    """Daily hours 免打扰 in which a class is not sent, as wall time of ``zone``; equal ends mean never quiet."""

    begins: time
    ends: time
    zone: ZoneInfo

    def next_open(self, at: datetime) -> datetime:
        """Return ``at`` itself outside the quiet hours, else the instant at which they end. ``at`` is aware."""
        wall = at.astimezone(self.zone)
        clock = wall.time()
        overnight = self.begins > self.ends
        late, early = clock >= self.begins, clock < self.ends
        if not (late or early if overnight else late and early):
            return at
        day = wall.date() + timedelta(days=1) if overnight and late else wall.date()
        return datetime.combine(day, self.ends, tzinfo=self.zone).astimezone(at.tzinfo)


@dataclass(frozen=True)
class Verdict:
    """Whether and when a message goes: ``send_at`` is None when it is held back for ``reason``."""

    send_at: datetime | None
    reason: Suppressed | None = None


def priority_of(message_class: MessageClass) -> int:
    """Return the precedence of a class, 0 first."""
    return LANES.index(message_class)


def way(wanted: str, *, is_bound: bool) -> str:
    """Return the channel a message goes by: whoever is not bound to the wanted one gets it as a short message.

    is_bound: the customer follows our official account, or has our app; everybody has a number for short messages.
    """
    return wanted if is_bound else SMS


def judge(
    message_class: MessageClass,
    *,
    at: datetime,
    quiet: QuietHours | None,
    has_consent: bool,
    has_phone: bool,
    useful_until: datetime | None = None,
) -> Verdict:
    """Decide whether a message goes now, later or never.

    quiet: the hours of this class, None for a class that does not wait. Emergency ignores quiet hours and consent.
    has_consent: the customer agreed to marketing; promises and notices belong to the contract and need none.
    useful_until: after this instant the words are no longer true; a message that had to wait longer is held back.
    """
    if not has_phone:
        return Verdict(None, Suppressed.NO_PHONE)
    if message_class is MessageClass.EMERGENCY:
        return Verdict(at)
    if message_class is MessageClass.MARKETING and not has_consent:
        return Verdict(None, Suppressed.NO_CONSENT)
    send_at = at if quiet is None else quiet.next_open(at)
    if useful_until is not None and send_at > useful_until:
        return Verdict(None, Suppressed.STALE)
    return Verdict(send_at)


def wait_before_retry(tries: int, schedule: tuple[timedelta, ...]) -> timedelta | None:
    """Return how long to wait after the failed try number ``tries`` (1 is the first), None to give up."""
    return schedule[tries - 1] if tries <= len(schedule) else None


_RANK: Mapping[MessageState, int] = {
    MessageState.QUEUED: 0,
    MessageState.SENT: 1,
    MessageState.FAILED: 2,
    MessageState.DELIVERED: 3,
}


def after_receipt(state: MessageState, receipt: MessageState) -> MessageState:
    """Return the state after a receipt; receipts may come twice and in any order, the furthest one stands.

    A delivered message stays delivered when a failure comes late: the telephone has shown it.
    Raises NeverSent for a message that was held back.
    """
    if state is MessageState.SUPPRESSED:
        raise NeverSent(receipt=str(receipt))
    return max(state, receipt, key=_RANK.__getitem__)


def may_resend(state: MessageState, reason: str) -> bool:
    """Tell whether a message may be sent again: it failed, or there was no number to send it to."""
    return state is MessageState.FAILED or (state is MessageState.SUPPRESSED and reason == Suppressed.NO_PHONE)


def parameters_of(text: str) -> frozenset[str]:
    """Return the parameters that a template text names. Raises TemplateMalformed."""
    rest = PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        raise TemplateMalformed(text=text)
    return frozenset(PLACEHOLDER.findall(text))


def check_template(text_zh: str, text_en: str) -> frozenset[str]:
    """Return the parameters of a template in two languages. Raises TemplateMalformed, TemplateLanguagesDiffer."""
    chinese, english = parameters_of(text_zh), parameters_of(text_en)
    if chinese != english:
        raise TemplateLanguagesDiffer(parameters=", ".join(sorted(chinese ^ english)))
    return chinese


def render(text: str, params: Mapping[str, str | int], *, language: str, zone: ZoneInfo) -> str:
    """Return a template's text with its parameters put into words of ``language`` (zh or en).

    The name tells the kind: ``*_at``, ``*_from`` and ``*_to`` are ISO instants and shown as wall time of ``zone``,
    ``*_fen`` is an amount shown in yuan, ``service``, ``segment`` and ``reason`` are codes; all others are shown as
    they are.
    Raises TemplateParameterMissing, ParameterUnreadable. Parameters that the text does not name are ignored.
    """
    for name in sorted(parameters_of(text)):
        if name not in params:
            raise TemplateParameterMissing(parameter=name)
    return PLACEHOLDER.sub(lambda found: _words(found[1], params[found[1]], language, zone), text)


def _words(name: str, value: str | int, language: str, zone: ZoneInfo) -> str:
    if name.endswith(("_at", "_from", "_to")):
        return _instant_words(name, value, language, zone)
    if name.endswith("_fen"):
        return _yuan_words(name, value)
    known = CODE_WORDS.get(name, {})
    if pair := known.get(str(value), known.get("other")):
        return pair[0] if language == "zh" else pair[1]
    return str(value)


def _instant_words(name: str, value: str | int, language: str, zone: ZoneInfo) -> str:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        raise ParameterUnreadable(parameter=name) from None
    if instant.tzinfo is None:
        raise ParameterUnreadable(parameter=name)
    wall = instant.astimezone(zone)
    clock = wall.strftime("%H:%M")
    if name.endswith("_to"):
        return clock
    return f"{wall.month}月{wall.day}日{clock}" if language == "zh" else f"{wall.day}/{wall.month} {clock}"


def _yuan_words(name: str, value: str | int) -> str:
    if not isinstance(value, int):
        raise ParameterUnreadable(parameter=name)
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"


def back_off(first: timedelta, factor: int, times: int) -> tuple[timedelta, ...]:
    """Return the waiting times of ``times`` retries: the first, then each ``factor`` times the one before."""
    return tuple(first * factor**turn for turn in range(times))


def reminder_at(
    window_from: datetime, booked_at: datetime, *, minute_of_day: int, least: timedelta, zone: ZoneInfo
) -> datetime | None:
    """Return when to remind of an appointment: at this minute of the evening before it.

    None when it was booked so late that the confirmation itself stands shortly before the reminder.
    """
    midnight = datetime.combine(window_from.astimezone(zone).date() - timedelta(days=1), time(0), tzinfo=zone)
    remind_at = (midnight + timedelta(minutes=minute_of_day)).astimezone(window_from.tzinfo)
    return remind_at if booked_at + least <= remind_at else None


@dataclass(frozen=True)
class ArrivalTerms:
    """How an arrival is foretold: soonest after departure, a plan that counts, width of the window, rounding.

    furthest: who leaves longer than this before the planned start goes at once, and the plan says nothing.
    """

    soonest: timedelta
    furthest: timedelta
    width: timedelta
    rounding: timedelta


def arrival_window(
    departed_at: datetime, planned_from: datetime | None, terms: ArrivalTerms
) -> tuple[datetime, datetime]:
    """Return from when to when to expect a technician who leaves now.

    It begins with the planned start, never sooner than a drive takes; both ends are rounded down to whole steps, so
    that nobody is told a minute.
    """
    soonest = departed_at + terms.soonest
    is_by_plan = planned_from is not None and planned_from <= departed_at + terms.furthest
    begins = max(soonest, planned_from) if planned_from is not None and is_by_plan else soonest
    begins -= timedelta(seconds=begins.timestamp() % terms.rounding.total_seconds())
    return begins, begins + terms.width
