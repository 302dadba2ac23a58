"""The story of a work order as moments of a timeline."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.org import api as org
from yuanxin.web.components.codes import code_words, words_among
from yuanxin.web.components.timeline import Moment, newest_first

REASONS = (
    "return", "pause", "close", "step_reason", "reassign", "cancel", "merge", "hand_over", "send_back", "reschedule",
)  # fmt: skip
"""The families in which the reason of a step may stand."""


def order_moments(order: Any) -> list[Moment]:
    """Return what happened on one work order, newest first."""
    steps = fieldwork.history(order.id)
    people = org.staff_many(step.technician_id for step in steps if step.technician_id)
    done = [
        Moment(
            at=step.at,
            title=code_words(step.action, "work_action"),
            detail=" · ".join(part for part in (order.number, _name(step, people), _reason(step)) if part),
        )
        for step in reversed(steps)
    ]
    return newest_first([*done, *(_sent_later(late) for late in fieldwork.offline_steps_of(order.id))])


def _sent_later(late: Any) -> Moment:
    """Return the moment at which a step came from a phone without signal, with what the phone said."""
    told = _("%(step)s: the phone says %(claimed)s, received %(received)s") % {
        "step": words_among(late.action, "phone_step"),
        "claimed": f"{localtime(late.claimed_at):%m-%d %H:%M}",
        "received": f"{localtime(late.received_at):%m-%d %H:%M}",
    }
    doubt = "" if late.taken_at == late.claimed_at else _("counts from when it was received")
    return Moment(at=late.received_at, title=_("Sent later"), detail=" · ".join(part for part in (told, doubt) if part))


def _name(step: Any, people: dict[Any, Any]) -> str:
    return str(people[step.technician_id].name) if step.technician_id in people else ""


def _reason(step: Any) -> str:
    return words_among(step.reason_code, *REASONS)
