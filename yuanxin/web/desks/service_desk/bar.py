"""The agent's telephone bar: where the agent stands, what rings, who is on the line, the reasons in one key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.kernel.ids import new_id
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words
from yuanxin.web.desks.service_desk.current import agent_here

QUICK = ("question", "balance", "price", "chase", "not_ours", "other")
"""Reasons of contacts without a ticket, in the order of their digits 1 to 6."""
WRAP_UP_KEYS = {"informed": "i", "solved": "y", "ticket": "n", "complaint": "p", "follow_up": "f", "no_voice": "v"}
SHOWN_CALLERS = 3
SLIP = "yuanxin.slip"
QUESTIONS = ("/report/", "/triage/")


@dataclass(frozen=True)
class KeyedCode:
    """A code with its words and the key that presses its button."""

    code: str
    words: str
    key: str


@dataclass(frozen=True)
class Ringing:
    """A call that rings, and who that may be."""

    call: care.CallView
    callers: list[parties.CallerView]
    more: int


@dataclass(frozen=True)
class Slip:
    """A contact that was saved just now and may still be taken back."""

    contact_id: UUID
    reason_code: str
    at: datetime


def quick_reasons() -> list[KeyedCode]:
    """Return the strip of reasons, each with its digit."""
    return [KeyedCode(code, code_words(code, "contact_reason"), str(key)) for key, code in enumerate(QUICK, 1)]


def bar(request: HttpRequest, here: str, customer: parties.CustomerView | None = None) -> dict[str, Any]:
    """Return what the bar shows: two statements between calls, three while it rings, two to five during a call.

    here: the page around it; where questions have the digits, the strip has none. customer: whom the page has read.
    """
    me, at = agent_here(request), now()
    context: dict[str, Any] = {
        "agent": me,
        "agent_key": new_id(),
        "has_digits": not here.partition("?")[0].endswith(QUESTIONS),
        "slip": _slip(request, at),
        "rest_reasons": [(code, code_words(code, "rest_reason")) for code in care.rest_reasons(at)],
    }
    return context | (_speaking(me, me.call, customer) if me.call else _ringing(me))


def _ringing(me: care.AgentView) -> dict[str, Any]:
    calls = care.ringing_for(me.staff_id)
    known = parties.callers(call.caller_number for call in calls)
    found = [(call, known.get(call.caller_number, [])) for call in calls]
    return {
        "ringing": [
            Ringing(call, callers[:SHOWN_CALLERS], max(len(callers) - SHOWN_CALLERS, 0)) for call, callers in found
        ]
    }


def _speaking(me: care.AgentView, call: care.CallView, customer: parties.CustomerView | None) -> dict[str, Any]:
    is_live = me.state == "on_call"
    others = care.also_about(
        caller_number=call.caller_number if is_live else "", customer_id=call.customer_id, besides=me.staff_id
    )
    if call.customer_id and (customer is None or customer.id != call.customer_id):
        customer = parties.customers([call.customer_id]).get(call.customer_id)
    return {
        "speaking": call,
        "is_live": is_live,
        "caller": customer if call.customer_id else None,
        "quick": quick_reasons(),
        "wrap_ups": [KeyedCode(code, code_words(code, "wrap_up"), key) for code, key in WRAP_UP_KEYS.items()],
        "others": list(org.staff_many(other.agent_id for other in others if other.agent_id).values()) if others else [],
    }


def remember_slip(request: HttpRequest, contact_id: UUID, reason_code: str, at: datetime) -> None:
    """Keep in the session what the agent saved last, so that the bar can offer to take it back."""
    request.session[SLIP] = [str(contact_id), reason_code, at.isoformat()]


def forget_slip(request: HttpRequest) -> None:
    """Offer it no longer."""
    request.session.pop(SLIP, None)


def _slip(request: HttpRequest, at: datetime) -> Slip | None:
    kept = request.session.get(SLIP)
    if not kept:
        return None
    slip = Slip(UUID(kept[0]), kept[1], datetime.fromisoformat(kept[2]))
    seconds: int = standards.parameter("hotline.work", "undo_seconds", at=at)
    return slip if at - slip.at <= timedelta(seconds=seconds) else None
