"""What the board's side panel shows of the chosen order."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

Action = fieldwork.Action
TO_ASSIGN = {Action.ASSIGN, Action.REASSIGN}


def panel_context(work_order_id: UUID, at: datetime) -> dict[str, Any]:
    """Return one order with its clocks, and who could go; about twenty statements."""
    order = fieldwork.work_order(work_order_id)
    subjects = (order.cause, ref("work_order", order.id))
    clocks = standards.clocks_of_many(subjects)
    can_assign = bool(TO_ASSIGN & set(order.actions)) and current().may("fieldwork.assign")
    advice = fieldwork.advice(order.id, at) if can_assign else None
    people = {one for found in advice.candidates for one in (found.technician_id, *found.mates)} if advice else set()
    known = org.staff_many({*people, *({order.technician_id} if order.technician_id else ())})
    return {
        "order": order,
        "address": parties.address(order.address_id),
        "grid": next((unit for unit in org.units("grid") if unit.code == order.grid_code), None),
        "technician": known.get(order.technician_id) if order.technician_id else None,
        "clocks": [
            (view, standards.rule_words(view.rule_id))
            for subject in subjects
            for view in clocks.get(subject, ())
            if not view.topic.startswith("segment.")
        ],
        "advice": advice,
        "candidates": [
            {"view": found, "number": known[found.technician_id].number, "mates": [known[m].name for m in found.mates]}
            for found in (advice.candidates if advice else ())
        ],
        "can_assign": can_assign,
    }
