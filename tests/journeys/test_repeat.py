"""The same fault within thirty days: the stricter promise, the work paid once, and the first repair's pay adjusted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.quality import api as quality

CALL = at("2026-03-10 09:10")
AGAIN = at("2026-03-20 09:10")


def repair(home: story.Home, technician: UUID, call: datetime) -> tuple[UUID, UUID]:
    """Bring a fault from the call to a call-back that agrees; return ticket and work."""
    ticket = story.report(home, on=call)
    work = story.work_of(ticket)
    steps = [call + timedelta(minutes=minutes) for minutes in (10, 40, 55, 60)]
    story.visit(work, technician, planned=steps[2], steps=(steps[0], steps[1], steps[2], steps[3]))
    story.finish(work, technician, on=call + timedelta(minutes=95))
    story.tell_everybody()
    with story.as_role("agent"):
        care.record_callback(ticket_id=ticket.id, reached=True, agrees=True, at=call + timedelta(hours=5))
    story.tell_everybody()
    return ticket.id, work


def reasons(work: UUID) -> list[str]:
    return [line.reason_code for line in quality.pay_of(work)]


def test_somebody_else_repairs_again_and_the_first_repair_keeps_its_share(city: str) -> None:
    home, first, senior = story.at_home(), story.technician(), story.technician("李师傅")
    first_ticket, first_work = repair(home, first, CALL)
    before = quality.order_pay(first_work).amount_fen
    ticket, work = repair(home, senior, AGAIN)
    assert care.ticket(ticket).repeat_of == first_ticket
    assert reasons(first_work) == ["finished", "repeated"]
    assert 0 < quality.order_pay(first_work).amount_fen < before
    assert quality.order_pay(work).amount_fen == before
    assert fieldwork.work_order(work).technician_id == senior
    assert quality.outcome(first_work).repeated_by_id == work


def test_who_comes_again_to_the_own_repair_is_not_paid_twice(city: str) -> None:
    home, technician = story.at_home(), story.technician()
    _, first_work = repair(home, technician, CALL)
    _, work = repair(home, technician, AGAIN)
    assert reasons(first_work) == ["finished"]
    assert (reasons(work), quality.order_pay(work).amount_fen) == (["finished", "repeat_fault"], 0)
    assert quality.outcome(work).is_own_repeat


def test_after_the_window_a_fault_is_a_new_one(city: str) -> None:
    home, technician = story.at_home(), story.technician()
    repair(home, technician, CALL)
    ticket, work = repair(home, technician, CALL + timedelta(days=32))
    assert care.ticket(ticket).repeat_of is None
    assert reasons(work) == ["finished"]
