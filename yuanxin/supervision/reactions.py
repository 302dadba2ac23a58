"""What the board learns from the facts of those who do the work.

A fact about a work order is noted at its cause, so that a ticket and its work share one row.
Where two facts of one transaction say the same (a ticket and its repair clock, a ticket and its work order),
only one of them is noted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yuanxin.kernel.fact import Fact
from yuanxin.kernel.outbox import reacts_to
from yuanxin.published.care import (
    CallbackRecorded,
    ComplaintClosed,
    ComplaintOpened,
    TicketCancelled,
    TicketClosed,
    TicketOpened,
    TicketResolved,
)
from yuanxin.published.codes import ClockKind
from yuanxin.published.fieldwork import (
    AppointmentBooked,
    VisitArrived,
    VisitDeparted,
    VisitStarted,
    WorkOrderAccepted,
    WorkOrderAssigned,
    WorkOrderCancelled,
    WorkOrderCreated,
    WorkOrderFinished,
    WorkOrderHeld,
    WorkOrderResumed,
    WorkOrderReturned,
)
from yuanxin.published.standards import ClocksPaused, ClocksResumed, ClocksStarted, ClocksStopped
from yuanxin.supervision.actions import note
from yuanxin.supervision.rules import Stage

REPAIR = "fault.repair"
SHOWN_TOPICS = frozenset({REPAIR, "callback.after_close", "complaint.solve", "install.finish"})
NO_CLOCK: dict[str, Any] = {
    "clock_topic": "",
    "statutory_due_at": None,
    "assessment_due_at": None,
    "statutory_paused_at": None,
    "assessment_paused_at": None,
}
PAUSED, RESUMED, STOPPED, STARTED = 1, 2, 3, 4


def _clock(topic: str, started_at: datetime, statutory: datetime | None, assessment: datetime | None) -> dict[str, Any]:
    return {
        **NO_CLOCK,
        "clock_topic": topic,
        "clock_started_at": started_at,
        "statutory_due_at": statutory,
        "assessment_due_at": assessment,
    }


def _at_stage(subject: str, fact: Fact, stage: Stage, **values: Any) -> None:
    note(subject=subject, at=fact.at, rank=stage.value, values={"stage": stage.code, **values})


def _asks_itself(fact: WorkOrderCreated | WorkOrderFinished) -> bool:
    """Tell whether nothing else on the board asked for this work, so that its own facts move the row."""
    return not fact.cause.startswith("ticket:")


@reacts_to(TicketOpened)
def show_when_ticket_opened(fact: TicketOpened) -> None:
    """A ticket runs, and so does its repair clock."""
    note(
        subject=fact.subject,
        at=fact.at,
        rank=Stage.OPENED.value,
        is_first=True,
        values={
            "stage": Stage.OPENED.code,
            "number": fact.number,
            "service": fact.service.value,
            "order_kind": fact.order_kind.value,
            "grid_code": fact.grid_code,
            "opened_at": fact.at,
            **_clock(REPAIR, fact.at, fact.statutory_due_at, fact.assessment_due_at),
        },
    )


@reacts_to(ComplaintOpened)
def show_when_complaint_opened(fact: ComplaintOpened) -> None:
    """A complaint runs; its clocks come with their own fact."""
    note(
        subject=fact.subject,
        at=fact.at,
        rank=Stage.OPENED.value,
        is_first=True,
        values={"stage": Stage.OPENED.code, "number": fact.number, "opened_at": fact.at},
    )


@reacts_to(WorkOrderCreated)
def show_when_work_order_created(fact: WorkOrderCreated) -> None:
    """Work that no ticket asked for has a row of its own."""
    if not _asks_itself(fact):
        return
    note(
        subject=fact.cause,
        at=fact.at,
        rank=Stage.POOLED.value,
        is_first=True,
        values={
            "stage": Stage.POOLED.code,
            "number": fact.number,
            "service": fact.service.value,
            "order_kind": fact.order_kind.value,
            "grid_code": fact.grid_code,
            "opened_at": fact.at,
            "work_order": fact.subject,
            "work_order_number": fact.number,
            **_clock(f"{fact.order_kind}.due", fact.at, None, fact.due_at),
        },
    )


@reacts_to(AppointmentBooked)
def show_window_when_appointment_booked(fact: AppointmentBooked) -> None:
    """The customer was promised a window; the stage stays, since a window may move at any time."""
    values = {
        "work_order": fact.subject,
        "work_order_number": fact.number,
        "window_from": fact.window_from,
        "window_to": fact.window_to,
    }
    note(subject=fact.cause, at=fact.at, rank=fact.version, values=values)


@reacts_to(WorkOrderAssigned)
def show_person_when_work_order_assigned(fact: WorkOrderAssigned) -> None:
    """A person has the next step."""
    _at_stage(
        fact.cause,
        fact,
        Stage.ASSIGNED,
        work_order=fact.subject,
        work_order_number=fact.number,
        technician_id=fact.technician_id,
        planned_from=fact.planned_from,
    )


@reacts_to(WorkOrderAccepted)
def move_when_work_order_accepted(fact: WorkOrderAccepted) -> None:
    """The person took it."""
    _at_stage(fact.cause, fact, Stage.ACCEPTED, technician_id=fact.technician_id)


@reacts_to(VisitDeparted)
def move_when_visit_departed(fact: VisitDeparted) -> None:
    """The person is on the way."""
    _at_stage(fact.cause, fact, Stage.DEPARTED, technician_id=fact.technician_id)


@reacts_to(VisitArrived)
def move_when_visit_arrived(fact: VisitArrived) -> None:
    """The person is there."""
    _at_stage(fact.cause, fact, Stage.ARRIVED, technician_id=fact.technician_id)


@reacts_to(VisitStarted)
def move_when_visit_started(fact: VisitStarted) -> None:
    """The work goes on."""
    _at_stage(fact.cause, fact, Stage.STARTED, technician_id=fact.technician_id)


@reacts_to(WorkOrderHeld)
def show_hold_when_work_order_held(fact: WorkOrderHeld) -> None:
    """The work stands still; its stage stays."""
    note(subject=fact.cause, at=fact.at, rank=PAUSED, values={"held_reason": fact.reason_code})


@reacts_to(WorkOrderResumed)
def end_hold_when_work_order_resumed(fact: WorkOrderResumed) -> None:
    """The work goes on where it stood."""
    note(subject=fact.cause, at=fact.at, rank=RESUMED, values={"held_reason": ""})


@reacts_to(WorkOrderReturned)
def move_when_work_order_returned(fact: WorkOrderReturned) -> None:
    """The work lies in the pool again and belongs to nobody."""
    _at_stage(fact.cause, fact, Stage.RETURNED, technician_id=None, planned_from=None, held_reason="")


@reacts_to(WorkOrderCancelled)
def move_when_work_order_cancelled(fact: WorkOrderCancelled) -> None:
    """The work will not be done; a row of its own ends, a ticket waits for its agent."""
    ends = fact.cause == fact.subject
    _at_stage(fact.cause, fact, Stage.CLOSED if ends else Stage.CANCELLED, technician_id=None, held_reason="")


@reacts_to(WorkOrderFinished)
def move_when_work_order_finished(fact: WorkOrderFinished) -> None:
    """Work that no ticket asked for is done; for a ticket its own fact tells it."""
    if _asks_itself(fact):
        _at_stage(fact.cause, fact, Stage.CLOSED, technician_id=fact.technician_id, **NO_CLOCK)


@reacts_to(TicketResolved)
def move_when_ticket_resolved(fact: TicketResolved) -> None:
    """The fault is repaired; the call-back is next."""
    _at_stage(fact.subject, fact, Stage.RESOLVED, held_reason="")


@reacts_to(CallbackRecorded)
def move_when_callback_recorded(fact: CallbackRecorded) -> None:
    """A customer who agrees leaves only the closing; otherwise the call-back stays next."""
    if fact.agrees:
        _at_stage(fact.ticket, fact, Stage.CALLED_BACK)


@reacts_to(TicketClosed)
def clear_when_ticket_closed(fact: TicketClosed) -> None:
    """The ticket leaves the board."""
    _at_stage(fact.subject, fact, Stage.CLOSED, **NO_CLOCK)


@reacts_to(TicketCancelled)
def clear_when_ticket_cancelled(fact: TicketCancelled) -> None:
    """The ticket leaves the board."""
    _at_stage(fact.subject, fact, Stage.CLOSED, **NO_CLOCK)


@reacts_to(ComplaintClosed)
def clear_when_complaint_closed(fact: ComplaintClosed) -> None:
    """The complaint leaves the board."""
    _at_stage(fact.subject, fact, Stage.CLOSED, **NO_CLOCK)


@reacts_to(ClocksStarted)
def show_clock_when_clocks_started(fact: ClocksStarted) -> None:
    """A clock of a shown topic runs; the repair's own came with the ticket."""
    if fact.topic in SHOWN_TOPICS and fact.topic != REPAIR:
        clock = _clock(fact.topic, fact.at, fact.statutory_due_at, fact.assessment_due_at)
        note(subject=fact.subject, at=fact.at, rank=STARTED, values=clock)


@reacts_to(ClocksPaused)
def hatch_when_clocks_paused(fact: ClocksPaused) -> None:
    """Clocks stand still."""
    values = {f"{ClockKind(kind).value}_paused_at": fact.at for kind in fact.kinds}
    note(subject=fact.subject, at=fact.at, rank=PAUSED, values=values)


@reacts_to(ClocksResumed)
def show_clock_when_clocks_resumed(fact: ClocksResumed) -> None:
    """Clocks run again, with new ends."""
    note(
        subject=fact.subject,
        at=fact.at,
        rank=RESUMED,
        values={
            "statutory_due_at": fact.statutory_due_at,
            "assessment_due_at": fact.assessment_due_at,
            "statutory_paused_at": None,
            "assessment_paused_at": None,
        },
    )


@reacts_to(ClocksStopped)
def clear_clock_when_clocks_stopped(fact: ClocksStopped) -> None:
    """A clock of a shown topic ended; one that starts at the same instant is shown instead."""
    if fact.topic in SHOWN_TOPICS:
        note(subject=fact.subject, at=fact.at, rank=STOPPED, values=NO_CLOCK)
