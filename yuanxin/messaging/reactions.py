"""What customers are told when something happens to their order."""

from __future__ import annotations

from datetime import datetime, timedelta

from yuanxin.kernel.outbox import reacts_to
from yuanxin.messaging.actions.queueing import queue
from yuanxin.org import api as org
from yuanxin.published.care import TicketOpened, TicketResolved
from yuanxin.published.codes import MessageClass
from yuanxin.published.fieldwork import AppointmentBooked, VisitDeparted, WorkOrderAssigned
from yuanxin.standards import api as standards


@reacts_to(TicketOpened)
def promise_when_ticket_opened(fact: TicketOpened) -> None:
    """Tell the number of the ticket and by when it will be repaired, if there is a promise."""
    dues = [due for due in (fact.statutory_due_at, fact.assessment_due_at) if due is not None]
    params = {"number": fact.number, "service": fact.service.value}
    if dues:
        params["due_at"] = min(dues).isoformat()
    queue(
        template="ticket-opened" if dues else "ticket-opened-without-term",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.PROMISE,
        params=params,
        at=fact.at,
        cause=fact.subject,
    )


@reacts_to(AppointmentBooked)
def confirm_when_appointment_booked(fact: AppointmentBooked) -> None:
    """Tell the window of the visit; a moved appointment says so."""
    queue(
        template="appointment-booked" if fact.version == 1 else "appointment-moved",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.PROMISE,
        params={"number": fact.number, **_window(fact.window_from, fact.window_to)},
        at=fact.at,
        cause=fact.subject,
        useful_until=fact.window_to,
    )


@reacts_to(WorkOrderAssigned)
def introduce_when_work_order_assigned(fact: WorkOrderAssigned) -> None:
    """Tell which technician will come, by staff number."""
    queue(
        template="technician-assigned",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.NOTICE,
        params={"number": fact.number, "technician_number": org.staff(fact.technician_id).number},
        at=fact.at,
        cause=fact.subject,
        useful_until=fact.planned_to,
    )


@reacts_to(VisitDeparted)
def announce_when_visit_departed(fact: VisitDeparted) -> None:
    """Tell that the technician is on the way; of no use for long."""
    minutes = int(standards.parameter("message.useful", "departed_minutes", at=fact.at))
    queue(
        template="technician-departed",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.PROMISE,
        params={"number": fact.number, "technician_number": org.staff(fact.technician_id).number},
        at=fact.at,
        cause=fact.subject,
        useful_until=fact.at + timedelta(minutes=minutes),
    )


@reacts_to(TicketResolved)
def ask_when_ticket_resolved(fact: TicketResolved) -> None:
    """Ask whether the repair holds."""
    queue(
        template="ticket-resolved",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.NOTICE,
        params={"number": fact.number},
        at=fact.at,
        cause=fact.subject,
    )


def _window(window_from: datetime, window_to: datetime) -> dict[str, str]:
    return {"window_from": window_from.isoformat(), "window_to": window_to.isoformat()}
