"""The clocks of tickets: one place that knows which arguments a promise needs."""

from collections.abc import Iterable
from datetime import datetime

from yuanxin.care.models import TroubleTicket
from yuanxin.published.codes import AreaClass, CustomerClass, Service
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

REPAIR_TOPIC = "fault.repair"
REPEAT_TOPIC = "fault.repair.again"
CALLBACK_TOPIC = "callback.after_close"


def start_clocks(
    ticket: TroubleTicket, topic: str, at: datetime, *, accepted_at: datetime | None = None
) -> standards.ClockSet:
    """Start the clocks of a topic for this ticket, by the rules of the day on which it was accepted."""
    return standards.start_clocks(
        topic=topic,
        subject=ref("ticket", ticket.id),
        service=Service(ticket.service),
        area_class=AreaClass(ticket.area_class),
        customer_class=CustomerClass(ticket.customer_class),
        at=at,
        accepted_at=accepted_at,
    )


def promise_repair(ticket: TroubleTicket, at: datetime) -> None:
    """Start the repair clocks and keep their due instants and the rulebook version on the ticket.

    A repeat is bound by the law of every repair and by the stricter promise of a repeat; the earlier instant counts.
    A ticket that comes back to work keeps the rules under which it was accepted.
    """
    topics = (REPAIR_TOPIC, REPEAT_TOPIC) if ticket.repeat_of_id else (REPAIR_TOPIC,)
    accepted_at = ticket.opened_at if ticket.opened_at != at else None
    clocks = [start_clocks(ticket, topic, at, accepted_at=accepted_at) for topic in topics]
    ticket.statutory_due_at = earliest(one.statutory_due_at for one in clocks)
    ticket.assessment_due_at = earliest(one.assessment_due_at for one in clocks)
    ticket.rule_version_id = ticket.rule_version_id or clocks[0].version_id


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the first due instant, or None when no clock runs."""
    return min((instant for instant in instants if instant is not None), default=None)
