"""What field service does when it hears of something; each reaction calls one action."""

from __future__ import annotations

from yuanxin.fieldwork.actions import changing, chases, concluding, events, opening, relay
from yuanxin.kernel.outbox import reacts_to
from yuanxin.published.care import CallbackRecorded, TicketCancelled, TicketChased, TicketOpened, TicketResolved
from yuanxin.published.fieldwork import (
    TechnicianAway,
    VisitArrived,
    WorkOrderCancelled,
    WorkOrderCreated,
    WorkOrderHeld,
)
from yuanxin.published.refs import ref_id

SOLVED_ON_PHONE = "solved_on_phone"


@reacts_to(TicketOpened, within=True)
def create_work_order_when_ticket_opened(fact: TicketOpened) -> None:
    """No ticket without its work order: both are there or neither."""
    opening.open_for_ticket(ticket=fact)


@reacts_to(TicketCancelled)
def cancel_work_order_when_ticket_cancelled(fact: TicketCancelled) -> None:
    """Nobody drives for a withdrawn ticket."""
    changing.cancel_for_cause(cause=fact.subject, reason_code=fact.reason_code, at=fact.at)


@reacts_to(TicketResolved)
def cancel_work_order_when_ticket_solved_without_visit(fact: TicketResolved) -> None:
    """Nobody drives for a fault that was solved on the phone."""
    if fact.work_order is None:
        changing.cancel_for_cause(cause=fact.subject, reason_code=SOLVED_ON_PHONE, at=fact.at)


@reacts_to(TicketChased)
def note_chase_when_ticket_chased(fact: TicketChased) -> None:
    """The dispatcher sees in the pool who has asked, and how often."""
    chases.note_chase(cause=fact.subject, chases=fact.chases)


@reacts_to(CallbackRecorded)
def confirm_callback_when_recorded(fact: CallbackRecorded) -> None:
    """A call-back ends the order's life."""
    if fact.work_order:
        concluding.confirm_callback(
            work_order_id=ref_id(fact.work_order, "work_order"), reached=fact.reached, agrees=fact.agrees, at=fact.at
        )


@reacts_to(VisitArrived)
def end_first_contact_when_arrived(fact: VisitArrived) -> None:
    """Whoever stands at the door has met the customer's home; nobody has to call first any more."""
    relay.end_first_contact(work_order_id=ref_id(fact.subject, "work_order"), at=fact.at)


@reacts_to(WorkOrderCancelled)
def end_first_contact_when_cancelled(fact: WorkOrderCancelled) -> None:
    """Nobody calls for work that will not be done."""
    relay.end_first_contact(work_order_id=ref_id(fact.subject, "work_order"), at=fact.at)


@reacts_to(WorkOrderCancelled)
def propose_when_cancelled(fact: WorkOrderCancelled) -> None:
    """Time that came free today is looked at again."""
    events.repair_when_cancelled(work_order_id=ref_id(fact.subject, "work_order"), at=fact.at)


@reacts_to(WorkOrderCreated, when=lambda fact: fact.due_at is not None)
def propose_when_urgent(fact: WorkOrderCreated) -> None:
    """An urgent order may be worth moving others."""
    events.repair_when_urgent(work_order_id=ref_id(fact.subject, "work_order"), due_at=fact.due_at, at=fact.at)


@reacts_to(WorkOrderHeld)
def propose_when_part_missing(fact: WorkOrderHeld) -> None:
    """A visit that falls out for want of a part leaves time to its technician."""
    events.repair_when_held(work_order_id=ref_id(fact.subject, "work_order"), reason_code=fact.reason_code, at=fact.at)


@reacts_to(TechnicianAway)
def propose_when_away(fact: TechnicianAway) -> None:
    """Whoever waits for somebody on leave gets another technician."""
    events.repair_when_away(
        technician_id=fact.technician_id, starts_at=fact.starts_at, ends_at=fact.ends_at, at=fact.at
    )
