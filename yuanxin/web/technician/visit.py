"""What the page of one visit shows."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import Form
from django.utils.translation import get_language

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.visits import order_moments
from yuanxin.web.technician.closing_form import FinishForm
from yuanxin.web.technician.steps import Stage, stages


def visit_context(order: Any, wrong: dict[str, Form] | None = None) -> dict[str, Any]:
    """Return the order, its home, and every step that may still come; wrong: forms that were refused, by step."""
    steps = stages(order, wrong)
    together = fieldwork.one_visit(order)
    return {
        "order": order,
        "customer": parties.customer(order.customer_id),
        "address": parties.address(order.address_id),
        "fence": fieldwork.fence(order.area_class, now()),
        "stages": steps,
        "together": together,
        "together_size": len(together) + 1,
        "thread": thread_subject(order),
        "timeline": order_moments(order),
        "refused": _unsaid(steps, wrong or {}),
        **_closing(order, steps),
    }


def thread_subject(order: Any) -> str:
    """Return whose thread is read and written for an order: that of the ticket that asked for it, or its own."""
    return order.cause if order.cause.startswith("ticket:") else ref("work_order", order.id)


def _unsaid(steps: list[Stage], wrong: dict[str, Form]) -> list[str]:
    """Return the errors of forms that are no longer on the page; one that is there says them itself."""
    shown = {step.name for step in steps if step.is_open}
    return [
        str(error)
        for name, form in wrong.items()
        if name not in shown
        for errors in form.errors.values()
        for error in errors
    ]


def _closing(order: Any, steps: list[Stage]) -> dict[str, Any]:
    """Return the parts of the close-out: checklist with photos kept, tests with their limits, materials, causes."""
    form = next((step.form for step in steps if step.name == "finish"), None)
    if not isinstance(form, FinishForm):
        return {}
    visits = fieldwork.visits_of(order.id)
    since = visits[-1].departed_at if visits else order.opened_at
    kept = [one for one in fieldwork.evidence_of(order.id) if one.kind == "photo" and one.made_at >= since]
    stored = {item.code: sum(one.item == item.code for one in kept) for item in form.items}
    return {
        "asks_json": json.dumps(form.asks(has_called=_has_called(order.id, since))),
        "photos_plain": sum(not one.item for one in kept),
        "checks": [
            {
                "item": item,
                "field": form[f"check_{item.code}"],
                "file": f"photo_{item.code}",
                "stored": stored[item.code],
            }
            for item in form.items
        ],
        "tests": [{"limit": limit, "field": form[f"test_{limit.name}"]} for limit in form.limits],
        "device_fields": [form["installed"], form["removed"]],
        "materials": [form[f"material_{code}"] for code in form.materials],
        "causes": _causes(),
    }


def _has_called(work_order_id: UUID, since: datetime) -> bool:
    return any(call.called_at >= since for call in fieldwork.call_attempts(work_order_id))


def _causes() -> list[dict[str, Any]]:
    """Return the cause tree with words: two taps."""
    mark = ": " if get_language() == "en" else "："
    return [
        {
            "branch": code_words(f"{branch}.{next(iter(leaves))}", "cause").partition(mark)[0],
            "leaves": [
                (f"{branch}.{leaf}", code_words(f"{branch}.{leaf}", "cause").rpartition(mark)[2]) for leaf in leaves
            ],
        }
        for branch, leaves in fieldwork.CAUSES.items()
    ]
