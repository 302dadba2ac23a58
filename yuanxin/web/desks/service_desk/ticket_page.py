"""What the pages about one ticket show: its people, its clocks, its story from several contexts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.published.codes import ClockKind
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words, words_among
from yuanxin.web.components.promises import statutory_gap
from yuanxin.web.components.timeline import Moment, newest_first
from yuanxin.web.components.visits import order_moments

IN_THE_THREAD = {"note", "system"}
AWAITING = {"resolved", "awaiting_callback"}


def ticket_context(ticket_id: UUID) -> dict[str, Any]:
    """Return one ticket with customer, address and both clocks. Raises NotFound."""
    ticket = care.ticket(ticket_id)
    clocks = standards.clocks_of(ref("ticket", ticket.id))
    return {
        "ticket": ticket,
        "thread_subject": ref("ticket", ticket.id),
        "customer": parties.customer(ticket.customer_id),
        "address": parties.address(ticket.address_id),
        "clocks": clocks,
        "has_statutory": any(clock.kind == ClockKind.STATUTORY for clock in clocks),
        "statutory_gap": statutory_gap(ticket.service),
        "order": next(iter(reversed(fieldwork.work_orders_of(ref("ticket", ticket.id)))), None),
        "plan": care.callback_plan(ticket.id, resolved_at=ticket.resolved_at, at=now()),
        "is_open": ticket.state in {"received", "in_progress"},
        "is_resolved": ticket.state in AWAITING,
    }


def next_step(context: dict[str, Any], at: datetime) -> str:
    """Return the code of what should happen next with a ticket; the page says it in words."""
    ticket = context["ticket"]
    if context["is_resolved"]:
        plan = context["plan"]
        return "call_back_later" if plan.next_at else "call_back"
    if not context["is_open"]:
        return "ended"
    late = [due for due in (ticket.statutory_due_at, ticket.assessment_due_at) if due is not None and due < at]
    order = context["order"]
    if order is None or order.technician_id is None:
        return "assign_late" if late else "assign"
    urgent = ticket.chases >= standards.parameter("ticket.chase", "urgent_from", at=at)
    return "hurry" if late or urgent else "wait_for_visit"


def ticket_timeline(ticket: Any) -> list[Moment]:
    """Return the story of one ticket, newest first."""
    address = reverse("service_desk:ticket", args=[ticket.id])
    story = [entry for entry in care.thread_of(ticket.id) if entry.kind not in IN_THE_THREAD]
    moments = [_told(entry) for entry in reversed(story)]
    for order in fieldwork.work_orders_of(ref("ticket", ticket.id)):
        moments += order_moments(order)
    return newest_first([*moments, Moment(ticket.opened_at, _("Fault reported"), ticket.number, address)])


def _told(entry: care.ThreadEntry) -> Moment:
    after = entry.detail.rpartition(">")[2]
    words, text = code_words(after, "callback"), entry.text
    if entry.kind == "state":
        words, text = code_words(after, "ticket"), words_among(text, "close", "step_reason")
    return Moment(entry.at, code_words(entry.kind, "thread"), " · ".join(part for part in (words, text) if part))
