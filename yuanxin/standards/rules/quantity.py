"""Quantities as rulebooks write them: ``48h``, ``5wd``, ``16:00``, ``1%``, ``3‰``. Exact, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from yuanxin.kernel.errors import DomainError

_LIMIT = re.compile(r"(\d{1,6})(s|min|h|d|wd)")
_MINUTE = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_RATE = re.compile(r"(\d{1,6})(?:\.(\d{1,4}))?([%‰])")
_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "wd": timedelta(days=1),
}
_PARTS = {"%": 100, "‰": 1000}


class QuantityUnreadable(DomainError):
    """The text is no limit, time of day or rate. Params: text."""

    code = "standards.quantity_unreadable"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time (时限). working_days: `amount` counts only on working days, 24 hours each."""

    amount: timedelta
    working_days: bool
    text: str

    def __str__(self) -> str:
        return self.text


def limit(text: str) -> Limit:
    """Read ``15s | 30min | 48h | 25d | 5wd``. Raises QuantityUnreadable."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise QuantityUnreadable(text=text)
    return Limit(int(found[1]) * _UNITS[found[2]], found[2] == "wd", text)


def minute(text: str) -> int:
    """Read a wall-clock time ``08:00`` to ``24:00`` as minutes of the day. Raises QuantityUnreadable."""
    found = _MINUTE.fullmatch(text)
    if found is None or (found[1] == "24" and found[2] != "00"):
        raise QuantityUnreadable(text=text)
    return int(found[1]) * 60 + int(found[2])


def rate(text: str) -> Fraction:
    """Read ``85%``, ``0.5%`` or ``3‰``. Raises QuantityUnreadable."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise QuantityUnreadable(text=text)
    decimals = found[2] or ""
    return Fraction(int(found[1] + decimals), 10 ** len(decimals) * _PARTS[found[3]])
