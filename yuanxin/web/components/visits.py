"""The story of a work order as moments of a timeline."""

from __future__ import annotations

from typing import Any

from yuanxin.fieldwork import api as fieldwork
from yuanxin.org import api as org
from yuanxin.web.components.codes import code_words, words_among
from yuanxin.web.components.timeline import Moment, newest_first


def order_moments(order: Any) -> list[Moment]:
    """Return what happened on one work order, newest first."""
    steps = fieldwork.history(order.id)
    people = org.staff_many(step.technician_id for step in steps if step.technician_id)
    return newest_first(
        Moment(
            at=step.at,
            title=code_words(step.action, "work_action"),
            detail=" · ".join(part for part in (order.number, _name(step, people), _reason(step)) if part),
        )
        for step in reversed(steps)
    )


def _name(step: Any, people: dict[Any, Any]) -> str:
    return str(people[step.technician_id].name) if step.technician_id in people else ""


def _reason(step: Any) -> str:
    return words_among(step.reason_code, "return", "pause", "close", "step_reason")
