"""Checks of what an agent or a customer types in: texts, caller numbers and the wanted window (期望时段)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from yuanxin.kernel.errors import DomainError

LONGEST_NOTE = 2000  # characters; the width of the column
LONGEST_CALLER_NUMBER = 20
_CALLER_NUMBER = re.compile(r"[+0-9*#]*")
_FOREIGN_TO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class TextTooLong(DomainError):
    """A text is longer than its column. Params: length, longest."""

    code = "care.text_too_long"


class TextMissing(DomainError):
    """A text that must say something is empty."""

    code = "care.text_missing"


class TextUnreadable(DomainError):
    """A text holds control characters, such as NUL, which no keyboard writes."""

    code = "care.text_unreadable"


class CallerNumberUnreadable(DomainError):
    """A caller number holds something else than digits, blanks, +, -, /, ( and )."""

    code = "care.caller_number_unreadable"


class WindowReversed(DomainError):
    """The wanted window ends before it begins, or has only one end."""

    code = "care.window_reversed"


class WindowPast(DomainError):
    """The wanted window has already ended."""

    code = "care.window_past"


class WindowTooFar(DomainError):
    """The wanted window ends later than anybody can promise today."""

    code = "care.window_too_far"


class WindowTooLong(DomainError):
    """The wanted window is too long to be a window."""

    code = "care.window_too_long"


@dataclass(frozen=True)
class WindowLimits:
    """How far ahead a wanted window may end, and how long it may be. Source: rulebook ``appointment.limits``."""

    furthest: timedelta
    longest: timedelta


@dataclass(frozen=True)
class Window:
    """A span of time that the customer wishes for."""

    start: datetime
    end: datetime


def clean_text(text: str, *, field: str, longest: int = LONGEST_NOTE) -> str:
    """Return `text` without blanks around it. Raises TextTooLong, TextUnreadable."""
    if _FOREIGN_TO_TEXT.search(text):
        raise TextUnreadable(field=field)
    text = text.strip()
    if len(text) > longest:
        raise TextTooLong(field=field, length=str(len(text)), longest=str(longest))
    return text


def clean_caller_number(number: str) -> str:
    """Return a caller number as digits only, without +86; an empty one stays empty (unknown caller).

    Exchanges hand over numbers with blanks, dashes, a slash or the country code.
    Raises CallerNumberUnreadable.
    """
    plain = re.sub(r"[\s/()\-]", "", number)
    if not _CALLER_NUMBER.fullmatch(plain) or len(plain) > LONGEST_CALLER_NUMBER:
        raise CallerNumberUnreadable(field="caller_number")
    digits = plain.lstrip("+")
    digits = digits.removeprefix("0086") if digits.startswith("0086") else digits
    return digits.removeprefix("86") if len(digits) == 13 and digits.startswith("861") else digits


def wanted_window(start: datetime | None, end: datetime | None, *, at: datetime, limits: WindowLimits) -> Window | None:
    """Return the window that the customer wants, or None.

    Raises WindowReversed, WindowPast, WindowTooFar, WindowTooLong.
    """
    if start is None and end is None:
        return None
    if start is None or end is None or end <= start:
        raise WindowReversed(field="wanted_to")
    if end <= at:
        raise WindowPast(field="wanted_from")
    if end - at > limits.furthest:
        raise WindowTooFar(field="wanted_to", days=str(limits.furthest.days))
    if end - start > limits.longest:
        raise WindowTooLong(field="wanted_to")
    return Window(start, end)
