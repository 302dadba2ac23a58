"""What the page of one close-out shows: evidence, checklist, test values beside their limits, and why it waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.web.components.codes import code_words
from yuanxin.web.desks.dispatch_desk.forms import SendBackForm
from yuanxin.web.http.forms import CommandForm


def review_context(work_order_id: UUID, at: datetime) -> dict[str, Any]:
    """Return the newest close-out of an order with everything that was handed in; about fifteen statements."""
    order = fieldwork.work_order(work_order_id)
    handed_in = fieldwork.close_outs_of(work_order_id)
    newest = handed_in[-1] if handed_in else None
    is_own = newest is not None and newest.submitted_by == current().who
    waits = newest is not None and newest.decision == "waiting"
    return {
        "order": order,
        "close_out": newest,
        "customer": parties.customer(order.customer_id),
        "address": parties.address(order.address_id),
        "technician": org.staff(order.technician_id) if order.technician_id else None,
        "why": [reason_words(reason) for reason in newest.reasons] if newest else [],
        "pictures": fieldwork.evidence_of(work_order_id),
        "checks": _checks(order, newest, at),
        "tests": _tests(order, newest, at),
        "visit": next(iter(reversed(fieldwork.visits_of(work_order_id))), None),
        "is_own": is_own,
        "may_decide": waits and not is_own and current().may("fieldwork.approve_closeout"),
        "approve_form": CommandForm(auto_id="approve_%s"),
        "back_form": SendBackForm(codes=fieldwork.send_back_reasons(at), auto_id="back_%s"),
        "following": next_review(work_order_id),
    }


def reason_words(reason: str) -> str:
    """Return why a close-out waits: ``code`` or ``code:what``."""
    code, _, what = reason.partition(":")
    detail = next((words for family in ("test", "check") if (words := code_words(what, family)) != what), what)
    return f"{code_words(code, 'look')}: {detail}" if what else code_words(code, "look")


def next_review(work_order_id: UUID) -> UUID | None:
    """Return the next close-out that waits, another one than this."""
    rows = fieldwork.reviews.page({}).rows
    return next((row.work_order_id for row in rows if row.work_order_id != work_order_id), None)


def _checks(order: Any, handed_in: Any, at: datetime) -> list[dict[str, Any]]:
    """Return the checklist of the order with what the technician ticked."""
    done = handed_in.checklist if handed_in else {}
    return [
        {"code": item.code, "is_required": item.is_required, "is_done": bool(done.get(item.code))}
        for item in fieldwork.checklist(order.order_kind, order.service, at)
    ]


def _tests(order: Any, handed_in: Any, at: datetime) -> list[dict[str, Any]]:
    """Return the test values, each beside the limit it is judged by."""
    limits = {limit.name: limit for limit in fieldwork.test_limits(order.service, at)}
    values = handed_in.tests if handed_in else {}
    return [
        {
            "name": name,
            "value": value,
            "limit": limits.get(name),
            "is_good": f"test_out_of_limits:{name}" not in handed_in.reasons,
        }
        for name, value in values.items()
    ]
