"""What customers are told when something happens to their order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from yuanxin.kernel.outbox import reacts_to
from yuanxin.kernel.time import SHANGHAI
from yuanxin.messaging import queries, rules
from yuanxin.messaging.actions.queueing import queue, withdraw
from yuanxin.org import api as org
from yuanxin.published.care import TicketChased, TicketOpened, TicketResolved
from yuanxin.published.codes import MessageClass
from yuanxin.published.fieldwork import (
    AppointmentBooked,
    ArrivalForetold,
    VisitDeparted,
    WorkOrderAssigned,
    WorkOrderCancelled,
    WorkOrderFinished,
    WorkOrderHandedOver,
    WorkOrderHeld,
    WorkOrderReturned,
)

REMINDER = "appointment-reminder"
FORETOLD = ("arrival-foretold", "arrival-changed")
TECHNICIAN = ("technician-assigned", "technician-changed")


@reacts_to(TicketOpened)
def promise_when_ticket_opened(fact: TicketOpened) -> None:
    """Tell the number of the ticket and by when it will be repaired, if there is a promise."""
    dues = [due for due in (fact.statutory_due_at, fact.assessment_due_at) if due is not None]
    params = {"number": fact.number, "service": fact.service.value, "link": fact.subject}
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
    """Tell the window of the visit; a moved appointment says so. A reminder of another window is held back."""
    params = {
        "number": fact.number,
        "window_from": fact.window_from.isoformat(),
        "window_to": fact.window_to.isoformat(),
        "link": _case(fact),
    }
    queue(
        template="appointment-booked" if fact.version == 1 else "appointment-moved",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.PROMISE,
        params=params,
        at=fact.at,
        cause=fact.subject,
        useful_until=fact.window_to,
    )
    withdraw(cause=fact.subject, templates=(REMINDER, *FORETOLD), at=fact.at)
    _remind(fact, params)


def _remind(fact: AppointmentBooked, params: Mapping[str, str]) -> None:
    minute_of_day, least = queries.reminder_terms(fact.at)
    remind_at = rules.reminder_at(fact.window_from, fact.at, minute_of_day=minute_of_day, least=least, zone=SHANGHAI)
    if remind_at is not None:
        queue(
            template=REMINDER,
            to_customer_id=fact.customer_id,
            message_class=MessageClass.NOTICE,
            params=params,
            at=fact.at,
            cause=fact.subject,
            not_before=remind_at,
            useful_until=fact.window_from,
        )


@reacts_to(WorkOrderAssigned)
def introduce_when_work_order_assigned(fact: WorkOrderAssigned) -> None:
    """Tell which technician will come, by staff number; another one than was told before is said to be another.

    One visit for several orders of a home is told once.
    """
    if fact.rides_along:
        return
    number = org.staff(fact.technician_id).number
    told = queries.newest_param(fact.subject, TECHNICIAN, "technician_number")
    if told == number:
        return
    withdraw(cause=fact.subject, templates=TECHNICIAN, at=fact.at)
    queue(
        template="technician-changed" if told else "technician-assigned",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.NOTICE,
        params={"number": fact.number, "technician_number": number},
        at=fact.at,
        cause=fact.subject,
        useful_until=fact.planned_to,
    )


@reacts_to(ArrivalForetold)
def narrow_when_arrival_foretold(fact: ArrivalForetold) -> None:
    """Tell the hour inside the promised window; one that waited and is no longer true is held back."""
    withdraw(cause=fact.subject, templates=FORETOLD, at=fact.at)
    queue(
        template=FORETOLD[0] if fact.times == 1 else FORETOLD[1],
        to_customer_id=fact.customer_id,
        message_class=MessageClass.NOTICE,
        params={
            "number": fact.number,
            "arrival_from": fact.arrival_from.isoformat(),
            "arrival_to": fact.arrival_to.isoformat(),
            "link": fact.cause if fact.cause.startswith("ticket:") else fact.subject,
        },
        at=fact.at,
        cause=fact.subject,
        useful_until=fact.arrival_from,
    )


@reacts_to(VisitDeparted)
def announce_when_visit_departed(fact: VisitDeparted) -> None:
    """Tell that the technician is on the way and when to expect him, once a trip; of no use for long."""
    if fact.rides_along:
        return
    begins, ends = rules.arrival_window(fact.at, fact.planned_from, queries.arrival_terms(fact.at))
    if fact.arrival_from is not None and fact.arrival_to is not None:
        begins, ends = fact.arrival_from, fact.arrival_to
    withdraw(cause=fact.subject, templates=FORETOLD, at=fact.at)
    queue(
        template="technician-departed",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.PROMISE,
        params={
            "number": fact.number,
            "technician_number": org.staff(fact.technician_id).number,
            "arrival_from": begins.isoformat(),
            "arrival_to": ends.isoformat(),
        },
        at=fact.at,
        cause=fact.subject,
        useful_until=fact.at + timedelta(minutes=queries.departure_useful_minutes(fact.at)),
    )


@reacts_to(WorkOrderHeld)
def explain_when_work_order_held(fact: WorkOrderHeld) -> None:
    """Tell why the work stands still, in plain words."""
    withdraw(cause=fact.subject, templates=(REMINDER,), at=fact.at)
    _tell(fact, "work-held", {"reason": fact.reason_code, "link": _case(fact)})


@reacts_to(WorkOrderHandedOver)
def explain_when_work_order_handed_over(fact: WorkOrderHandedOver) -> None:
    """Tell that others go on with the work."""
    _tell(fact, "work-handed-over", {"segment": fact.to_segment.value})


@reacts_to(WorkOrderCancelled)
def forget_reminder_when_work_order_cancelled(fact: WorkOrderCancelled) -> None:
    """Nobody is reminded of a visit that will not be."""
    withdraw(cause=fact.subject, templates=(REMINDER, *TECHNICIAN, *FORETOLD), at=fact.at)


@reacts_to(WorkOrderReturned)
def forget_technician_when_work_order_returned(fact: WorkOrderReturned) -> None:
    """Nobody is introduced who will not come."""
    withdraw(cause=fact.subject, templates=(*TECHNICIAN, *FORETOLD), at=fact.at)


@reacts_to(WorkOrderFinished)
def forget_reminder_when_work_order_finished(fact: WorkOrderFinished) -> None:
    """What was done early needs no reminder."""
    withdraw(cause=fact.subject, templates=(REMINDER, *TECHNICIAN, *FORETOLD), at=fact.at)


@reacts_to(TicketChased)
def answer_when_ticket_chased(fact: TicketChased) -> None:
    """Who asks where we are gets an answer at once."""
    _tell(fact, "ticket-chased", {"link": fact.subject})


@reacts_to(TicketResolved)
def ask_when_ticket_resolved(fact: TicketResolved) -> None:
    """Ask whether the repair holds; the link answers."""
    queue(
        template="ticket-resolved",
        to_customer_id=fact.customer_id,
        message_class=MessageClass.NOTICE,
        params={"number": fact.number, "link": fact.subject},
        at=fact.at,
        cause=fact.subject,
    )


def _tell(fact: WorkOrderHeld | WorkOrderHandedOver | TicketChased, template: str, params: Mapping[str, str]) -> None:
    """Queue a notice; facts told before they named the customer tell nobody."""
    if fact.customer_id is not None:
        queue(
            template=template,
            to_customer_id=fact.customer_id,
            message_class=MessageClass.NOTICE,
            params={"number": fact.number, **params},
            at=fact.at,
            cause=fact.subject,
        )


def _case(fact: AppointmentBooked | WorkOrderHeld) -> str:
    """Return whose page the customer opens: the ticket, or the work order that has none."""
    return fact.cause if fact.cause.startswith("ticket:") else fact.subject
