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
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards
from yuanxin.web.components.visits import order_moments
from yuanxin.web.desks.dispatch_desk.deeds import deeds_of
from yuanxin.web.desks.dispatch_desk.forms import LOCAL_FORMAT, AssignForm, BookForm, Chosen
from yuanxin.web.http.forms import CommandForm

Action = fieldwork.Action
TO_ASSIGN = {Action.ASSIGN, Action.REASSIGN}
TO_BOOK = {Action.BOOK, Action.RESCHEDULE}


def order_context(work_order_id: UUID, at: datetime) -> dict[str, Any]:
    """Return one work order with people, clocks, candidates, history, and the forms for what can be decided now."""
    order = fieldwork.work_order(work_order_id)
    home = fieldwork.same_home(order)
    holds = fieldwork.holds_of(order.id)
    people = _people(order, holds)
    segments = fieldwork.segments_of(order.id, at=at)
    context = {
        "order": order,
        "arrival": fieldwork.arrival(order.id, at),
        "customer": parties.customer(order.customer_id),
        "address": parties.address(order.address_id),
        "technician": people.get(order.technician_id),
        "grid": next((unit for unit in org.units("grid") if unit.code == order.grid_code), None),
        "clocks": _clocks(order),
        "timeline": order_moments(order),
        "thread_subject": order.cause if order.cause.startswith("ticket:") else ref("work_order", order.id),
        "home": home,
        "home_size": len(home) + 1,
        "pictures": [one for one in fieldwork.evidence_of(order.id) if one.kind != "signature"],
        "hold": _open_hold(holds, people),
        "resume_form": CommandForm(auto_id="resume_%s"),
        "may_resume": Action.RESUME in order.actions and current().may("fieldwork.resume"),
        "segments": segments,
        "deeds": deeds_of(order, at, came_from_elsewhere=len(segments) > 1),
    }
    return context | _dispatching(order, home, at) | _booking(order, at)


def _people(order: Any, holds: list[Any]) -> dict[Any, Any]:
    """Return technician and those who asked for a hold, by id; one statement."""
    asked = {UUID(hold.asked_by.partition(":")[2]) for hold in holds if hold.asked_by.startswith("staff:")}
    return org.staff_many({*asked, *({order.technician_id} if order.technician_id else ())})


def _clocks(order: Any) -> list[tuple[Any, Any]]:
    """Return the cause's clocks and the order's own, such as the first contact's, each with the words of its rule.

    Segments have their own lines on the page.
    """
    subjects = (order.cause, ref("work_order", order.id))
    found = standards.clocks_of_many(subjects)
    shown = [view for subject in subjects for view in found.get(subject, ()) if not view.topic.startswith("segment.")]
    return [(view, standards.rule_words(view.rule_id)) for view in shown]


def _open_hold(holds: list[Any], people: dict[Any, Any]) -> dict[str, Any] | None:
    """Return the hold that stands, who asked for it, and whether the reader may decide it."""
    found = next((hold for hold in holds if hold.ended_at is None), None)
    if found is None:
        return None
    asked_by = people.get(UUID(found.asked_by.partition(":")[2])) if found.asked_by.startswith("staff:") else None
    return {
        "view": found,
        "asked_by": asked_by.name if asked_by else found.asked_by,
        "is_own": found.asked_by == current().who,
        "may_decide": current().may("fieldwork.approve_hold"),
    }


def _dispatching(order: Any, home: list[Any], at: datetime) -> dict[str, Any]:
    may = current().may("fieldwork.assign_together")
    if not TO_ASSIGN & set(order.actions) or not may:
        return {"can_assign": False}
    told = fieldwork.advice(order.id, at)
    people = org.staff_many({one for found in told.candidates for one in (found.technician_id, *found.mates)})
    return {
        "can_assign": True,
        "advice": told,
        "candidates": [
            {
                "view": found,
                "number": people[found.technician_id].number,
                "mates": [people[mate].name for mate in found.mates],
                "choice": Chosen(found.technician_id, found.start, found.mates).text,
                "is_same": found.technician_id == order.technician_id,
            }
            for found in told.candidates
        ],
        "together": [one for one in home if Action.ASSIGN in one.actions and one.crew_size == 1],
        "assign_form": AssignForm(initial={"seen": order.technician_id}, auto_id="assign_%s"),
    }


def _booking(order: Any, at: datetime) -> dict[str, Any]:
    if not TO_BOOK & set(order.actions) or not current().may("fieldwork.book_appointment"):
        return {"can_book": False}
    offers = fieldwork.offer_windows(
        order_kind=order.order_kind,
        service=order.service,
        address_id=order.address_id,
        area_class=order.area_class,
        grid_code=order.grid_code,
        at=at,
    )
    return {"can_book": True, "offers": offers, "book_form": book_form(order, at)}


def book_form(order: Any, at: datetime, data: Any = None) -> BookForm:
    """Return the form for a window; where one is promised already it asks why it moves."""
    initial = {"window_from": _local(order.window_from), "window_to": _local(order.window_to)}
    codes = fieldwork.reschedule_reasons(at) if order.window_from else ()
    return BookForm(data, initial=initial, codes=codes)


def _local(at: datetime | None) -> str:
    return timezone.localtime(at).strftime(LOCAL_FORMAT) if at else ""
