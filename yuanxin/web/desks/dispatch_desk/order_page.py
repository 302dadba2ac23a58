"""What the page of one work order shows the dispatcher."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.standards import api as standards
from yuanxin.web.components.visits import order_moments
from yuanxin.web.desks.dispatch_desk.forms import LOCAL_FORMAT, AssignForm, BookForm, HoldForm, ReturnForm
from yuanxin.web.http.forms import CommandForm

TO_ASSIGN = {fieldwork.Action.ASSIGN, fieldwork.Action.REASSIGN}
TO_BOOK = {fieldwork.Action.BOOK, fieldwork.Action.RESCHEDULE}


def order_context(work_order_id: UUID, at: datetime) -> dict[str, Any]:
    """Return one work order with people, clocks, candidates, history, and the forms for what can be decided now."""
    order = fieldwork.work_order(work_order_id)
    context = {
        "order": order,
        "customer": parties.customer(order.customer_id),
        "address": parties.address(order.address_id),
        "technician": org.staff(order.technician_id) if order.technician_id else None,
        "clocks": standards.clocks_of(order.cause),
        "timeline": order_moments(order),
        "may_hold": fieldwork.Action.HOLD in order.actions,
        "may_return": fieldwork.Action.RETURN in order.actions,
        "may_resume": fieldwork.Action.RESUME in order.actions,
        "open_hold": next((hold for hold in fieldwork.holds_of(order.id) if hold.ended_at is None), None),
        "may_approve": current().may("fieldwork.approve_hold"),
        "hold_form": HoldForm(reasons=fieldwork.hold_reasons(at), auto_id="hold_%s"),
        "resume_form": CommandForm(auto_id="resume_%s"),
        "return_form": ReturnForm(auto_id="return_%s"),
    }
    return context | _dispatching(order, at) | _booking(order, at)


def _dispatching(order: Any, at: datetime) -> dict[str, Any]:
    if not TO_ASSIGN & set(order.actions):
        return {"can_assign": False}
    found = fieldwork.candidates(order.id, at)
    people = org.staff_many(candidate.technician_id for candidate in found)
    return {
        "can_assign": True,
        "candidates": [
            (candidate, people[candidate.technician_id].number, _assign_form(candidate)) for candidate in found
        ],
        "obstacles": [] if found else fieldwork.obstacles(order.id, at),
    }


def _assign_form(candidate: Any) -> AssignForm:
    planned_from = candidate.start.isoformat()
    initial = {"technician_id": candidate.technician_id, "planned_from": planned_from}
    return AssignForm(initial=initial, auto_id=f"{candidate.technician_id}_%s")


def _booking(order: Any, at: datetime) -> dict[str, Any]:
    if not TO_BOOK & set(order.actions):
        return {"can_book": False}
    offers = fieldwork.offer_windows(
        order_kind=order.order_kind,
        service=order.service,
        address_id=order.address_id,
        area_class=order.area_class,
        grid_code=order.grid_code,
        at=at,
    )
    initial = {"window_from": _local(order.window_from), "window_to": _local(order.window_to)}
    return {"can_book": True, "offers": offers, "book_form": BookForm(initial=initial)}


def _local(at: datetime | None) -> str:
    return timezone.localtime(at).strftime(LOCAL_FORMAT) if at else ""
