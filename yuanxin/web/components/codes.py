"""Words for stored codes: what a person reads instead of ``no_fault`` or ``assessment``."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

FAMILIES: dict[str, dict[str, str]] = {
    "service": {
        "tv": gettext_noop("Television"),
        "broadband": gettext_noop("Broadband"),
        "mobile": gettext_noop("Mobile"),
    },
    "area": {
        "urban": gettext_noop("Urban"),
        "rural": gettext_noop("Rural"),
        "remote": gettext_noop("Remote"),
    },
    "customer": {
        "resident": gettext_noop("Resident"),
        "business": gettext_noop("Business"),
        "vip": gettext_noop("Key customer"),
    },
    "order": {
        "repair": gettext_noop("Repair"),
        "install": gettext_noop("Installation"),
        "move": gettext_noop("Move"),
        "remove": gettext_noop("Removal"),
        "patrol": gettext_noop("Patrol"),
    },
    "segment": {
        "field": gettext_noop("Field crew"),
        "line": gettext_noop("Line crew"),
        "headend": gettext_noop("Head-end"),
        "project": gettext_noop("Projects"),
        "third_party": gettext_noop("Third party"),
    },
    "channel": {
        "phone": gettext_noop("Telephone"),
        "counter": gettext_noop("Counter"),
        "wechat": gettext_noop("WeChat"),
        "app": gettext_noop("App"),
        "web": gettext_noop("Web site"),
        "regulator": gettext_noop("Regulator"),
    },
    "close": {
        "fixed": gettext_noop("Repaired"),
        "no_fault": gettext_noop("No fault found"),
        "empty_trip": gettext_noop("Nobody at home"),
        "refused_entry": gettext_noop("Entry refused"),
        "taught": gettext_noop("Showed how to use it"),
    },
    "message": {
        "emergency": gettext_noop("Emergency"),
        "promise": gettext_noop("Promise"),
        "notice": gettext_noop("Notice"),
        "marketing": gettext_noop("Offer"),
    },
    "fault": {
        "no_internet": gettext_noop("No internet"),
        "slow_speed": gettext_noop("Slow"),
        "intermittent": gettext_noop("Comes and goes"),
        "tv_fault": gettext_noop("No picture or sound"),
        "phone_fault": gettext_noop("Telephone fault"),
        "outage": gettext_noop("Everything is out"),
        "equipment": gettext_noop("Box or device broken"),
        "other": gettext_noop("Something else"),
    },
    "ticket": {
        "received": gettext_noop("Received"),
        "in_progress": gettext_noop("In progress"),
        "resolved": gettext_noop("Resolved"),
        "awaiting_callback": gettext_noop("Waits for the call-back"),
        "closed": gettext_noop("Closed"),
        "cancelled": gettext_noop("Cancelled"),
        "merged": gettext_noop("Merged"),
    },
    "pay": {
        "provisional": gettext_noop("Provisional"),
        "in_check": gettext_noop("In check"),
        "confirmed": gettext_noop("Confirmed"),
        "paid_out": gettext_noop("Paid out"),
    },
    "source": {
        "law": gettext_noop("law"),
        "order": gettext_noop("ministry order"),
        "standard": gettext_noop("standard"),
        "company": gettext_noop("company promise"),
        "assumption": gettext_noop("assumption, to be confirmed"),
    },
    "clock": {
        "statutory": gettext_noop("Statutory clock"),
        "assessment": gettext_noop("Company clock"),
    },
}
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
    return _(words) if words else str(code)


def choices(family: str) -> list[tuple[str, str]]:
    """Return (code, words) pairs for a form field, in the reader's language."""
    return [(code, _(words)) for code, words in FAMILIES[family].items()]
