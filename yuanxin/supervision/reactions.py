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
    TicketChased,
    TicketClosed,
    TicketOpened,
    TicketResolved,
)
from yuanxin.published.codes import ClockKind
from yuanxin.published.fieldwork import (
    AppointmentBooked,
    CloseoutSentBack,
    CloseoutSubmitted,
    VisitArrived,
    VisitDeparted,
    VisitStarted,
    WorkOrderAccepted,
    WorkOrderAssigned,
    WorkOrderCancelled,
    WorkOrderCreated,
    WorkOrderFinished,
    WorkOrderHandedOver,
    WorkOrderHeld,
    WorkOrderResumed,
    WorkOrderReturned,
)
from yuanxin.published.standards import ClocksPaused, ClocksResumed, ClocksStarted, ClocksStopped
from yuanxin.standards import api as standards
from yuanxin.supervision.actions import note
from yuanxin.supervision.rules import Stage

REPAIR = "fault.repair"
REPAIR_TOPICS = frozenset({REPAIR, "fault.repair.again"})
STARTED_TOPICS = frozenset({"callback.after_close", "complaint.solve", "install.finish"})
STOPPED_TOPICS = frozenset({"complaint.solve", "install.finish"})
NO_CLOCK: dict[str, Any] = {
    "clock_topic": "",
    "statutory_due_at": None,
    "assessment_due_at": None,
    "statutory_paused_at": None,
    "assessment_paused_at": None,
}
PAUSED, RESUMED, STOPPED = 1, 2, 3
CLOCK_STARTED = Stage.RESOLVED + 1
"""A call-back's clock starts at the instant at which the repair's ends: the start wins."""


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


def _is_no_tickets(fact: WorkOrderCreated | WorkOrderFinished) -> bool:
    """Tell whether no ticket asked for this work, so that its own facts move the row."""
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


@reacts_to(WorkOrderCreated, when=_is_no_tickets)
def show_when_work_order_created(fact: WorkOrderCreated) -> None:
    """Work that no ticket asked for has a row of its own."""
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


@reacts_to(WorkOrderHandedOver)
def move_when_work_order_handed_over(fact: WorkOrderHandedOver) -> None:
    """Another segment has the work: it lies in that pool and belongs to nobody."""
    gone = {"technician_id": None, "planned_from": None, "held_reason": ""}
    _at_stage(fact.cause, fact, Stage.RETURNED, segment=fact.to_segment.value, **gone)


@reacts_to(CloseoutSubmitted)
def move_when_closeout_submitted(fact: CloseoutSubmitted) -> None:
    """Somebody looks at the close-out before it counts."""
    _at_stage(fact.cause, fact, Stage.REVIEW, technician_id=fact.technician_id)


@reacts_to(CloseoutSentBack)
def move_when_closeout_sent_back(fact: CloseoutSentBack) -> None:
    """The technician completes the work again."""
    _at_stage(fact.cause, fact, Stage.SENT_BACK, technician_id=fact.technician_id)


@reacts_to(TicketChased)
def count_when_ticket_chased(fact: TicketChased) -> None:
    """The customer asks where we are; the count only grows."""
    note(subject=fact.subject, at=fact.at, rank=fact.chases, values={"chases": fact.chases})


@reacts_to(WorkOrderCancelled)
def move_when_work_order_cancelled(fact: WorkOrderCancelled) -> None:
    """The work will not be done; a row of its own ends, a ticket waits for its agent."""
    ends = fact.cause == fact.subject
    _at_stage(fact.cause, fact, Stage.CLOSED if ends else Stage.CANCELLED, technician_id=None, held_reason="")


@reacts_to(WorkOrderFinished, when=_is_no_tickets)
def move_when_work_order_finished(fact: WorkOrderFinished) -> None:
    """Work that no ticket asked for is done; for a ticket its own fact tells it."""
    _at_stage(fact.cause, fact, Stage.CLOSED, technician_id=fact.technician_id, **NO_CLOCK)


@reacts_to(TicketResolved)
def move_when_ticket_resolved(fact: TicketResolved) -> None:
    """The fault is repaired and its clock ended; the call-back is next."""
    _at_stage(fact.subject, fact, Stage.RESOLVED, held_reason="", **NO_CLOCK)


@reacts_to(CallbackRecorded, when=lambda fact: fact.agrees is not None)
def move_when_callback_recorded(fact: CallbackRecorded) -> None:
    """A customer who agrees leaves only the closing; one who does not brings the ticket back with a new clock."""
    if fact.agrees:
        _at_stage(fact.ticket, fact, Stage.CALLED_BACK)
        return
    again = [
        clock
        for clock in standards.clocks_of(fact.ticket)
        if clock.topic in REPAIR_TOPICS and clock.started_at == fact.at
    ]
    dues = {kind: min((clock.due_at for clock in again if clock.kind is kind), default=None) for kind in ClockKind}
    note(
        subject=fact.ticket,
        at=fact.at,
        rank=Stage.CALLED_BACK.value,
        values={
            "stage": Stage.OPENED.code,
            "technician_id": None,
            **_clock(REPAIR, fact.at, dues[ClockKind.STATUTORY], dues[ClockKind.ASSESSMENT]),
        },
    )


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


@reacts_to(ClocksStarted, when=lambda fact: fact.topic in STARTED_TOPICS)
def show_clock_when_clocks_started(fact: ClocksStarted) -> None:
    """A clock of a shown topic runs; a repair's own comes with the ticket."""
    clock = _clock(fact.topic, fact.at, fact.statutory_due_at, fact.assessment_due_at)
    note(subject=fact.subject, at=fact.at, rank=CLOCK_STARTED, values=clock)


def _is_no_segments(fact: ClocksPaused | ClocksResumed) -> bool:
    """Tell whether these are the clocks of what the customer asked for; a work order's own are between its segments."""
    return not fact.subject.startswith("work_order:")


@reacts_to(ClocksPaused, when=_is_no_segments)
def hatch_when_clocks_paused(fact: ClocksPaused) -> None:
    """Clocks stand still."""
    values = {f"{ClockKind(kind).value}_paused_at": fact.at for kind in fact.kinds}
    note(subject=fact.subject, at=fact.at, rank=PAUSED, values=values)


@reacts_to(ClocksResumed, when=_is_no_segments)
def show_clock_when_clocks_resumed(fact: ClocksResumed) -> None:
    """Clocks run again, with new ends for those that stood still."""
    dues = {"statutory_due_at": fact.statutory_due_at, "assessment_due_at": fact.assessment_due_at}
    values: dict[str, Any] = {name: due_at for name, due_at in dues.items() if due_at is not None}
    values |= {"statutory_paused_at": None, "assessment_paused_at": None}
    note(subject=fact.subject, at=fact.at, rank=RESUMED, values=values)


@reacts_to(ClocksStopped, when=lambda fact: fact.topic in STOPPED_TOPICS)
def clear_clock_when_clocks_stopped(fact: ClocksStopped) -> None:
    """A clock ended whose subject goes on; a repair's and a call-back's end with their ticket's own facts."""
    note(subject=fact.subject, at=fact.at, rank=STOPPED, values=NO_CLOCK)
