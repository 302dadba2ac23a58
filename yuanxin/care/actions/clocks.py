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


def start_clocks(ticket: TroubleTicket, topic: str, at: datetime) -> standards.ClockSet:
    """Start the clocks of a topic for this ticket."""
    return standards.start_clocks(
        topic=topic,
        subject=ref("ticket", ticket.id),
        service=Service(ticket.service),
        area_class=AreaClass(ticket.area_class),
        customer_class=CustomerClass(ticket.customer_class),
        at=at,
    )


def promise_repair(ticket: TroubleTicket, at: datetime) -> None:
    """Start the repair clocks and keep their due instants and the rulebook version on the ticket.

    A repeat is bound by the law of every repair and by the stricter promise of a repeat; the earlier instant counts.
    """
    topics = (REPAIR_TOPIC, REPEAT_TOPIC) if ticket.repeat_of_id else (REPAIR_TOPIC,)
    clocks = [start_clocks(ticket, topic, at) for topic in topics]
    ticket.statutory_due_at = earliest(one.statutory for one in clocks)
    ticket.assessment_due_at = earliest(one.assessment for one in clocks)
    ticket.rule_version_id = ticket.rule_version_id or clocks[0].version_id


def earliest(clocks: Iterable[standards.ClockView | None]) -> datetime | None:
    """Return the first due instant, or None when none of them runs."""
    return min((clock.due_at for clock in clocks if clock is not None), default=None)
