"""What ``care`` does when others tell something."""

from yuanxin.care.actions import tickets
from yuanxin.kernel.outbox import reacts_to
from yuanxin.published.fieldwork import WorkOrderAccepted, WorkOrderFinished
from yuanxin.published.refs import ref_id


@reacts_to(WorkOrderFinished, within=True)
def resolve_ticket_when_work_order_finished(fact: WorkOrderFinished) -> None:
    """A finished visit and the end of its repair clocks must never diverge."""
    if fact.cause.startswith("ticket:"):
        tickets.resolve_ticket(
            ticket_id=ref_id(fact.cause, "ticket"),
            work_order=fact.subject,
            close_type=fact.close_type.value,
            at=fact.finished_at,
        )


@reacts_to(WorkOrderAccepted)
def begin_ticket_when_work_order_accepted(fact: WorkOrderAccepted) -> None:
    """A technician has taken the work: the ticket is being worked on."""
    if fact.cause.startswith("ticket:"):
        tickets.begin_ticket(ticket_id=ref_id(fact.cause, "ticket"), at=fact.at)
