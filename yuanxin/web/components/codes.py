"""Words for stored codes: what a person reads instead of ``no_fault`` or ``assessment``."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from yuanxin.web.components import words_of_care, words_of_codes, words_of_control, words_of_roster

FAMILIES = words_of_codes.FAMILIES | words_of_care.FAMILIES | words_of_control.FAMILIES | words_of_roster.FAMILIES
_BY_ENUM = {
    "Service": "service",
    "AreaClass": "area",
    "CustomerClass": "customer",
    "OrderKind": "order",
    "Segment": "segment",
    "Channel": "channel",
    "CloseType": "close",
    "MessageClass": "message",
    "ClockKind": "clock",
}


def code_words(code: Any, family: str = "") -> str:
    """Return the words of a code; an unknown code stands for itself."""
    if code is None or code == "":
        return ""
    if isinstance(code, Enum):
        family = family or _BY_ENUM.get(type(code).__name__, "")
        code = code.value
    words = FAMILIES.get(family, {}).get(str(code))
    if words:
        return _(words)
    order, dot, service = str(code).partition(".")
    if dot and order in FAMILIES["order"] and service in FAMILIES["service"]:
        return f"{_(FAMILIES['order'][order])} · {_(FAMILIES['service'][service])}"
    return str(code)


def words_among(code: str, *families: str) -> str:
    """Return the words of a code in the first of the families that knows it; an unknown code stands for itself."""
    return code_words(code, next((family for family in families if code in FAMILIES[family]), ""))


def choices(family: str) -> list[tuple[str, str]]:
    """Return (code, words) pairs for a form field, in the reader's language."""
    return [(code, _(words)) for code, words in FAMILIES[family].items()]
