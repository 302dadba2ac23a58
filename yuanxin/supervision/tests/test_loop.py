"""One repair through every context, seen from the control room and from the customer's telephone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from yuanxin.care import api as care
from yuanxin.care.tests import make as care_make
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as fieldwork_make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel import acting, runner
from yuanxin.messaging import api as messaging
from yuanxin.published.refs import TicketRef, ref
from yuanxin.supervision import api as supervision


@pytest.fixture
def city(foshan: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    settings.MEDIA_ROOT = str(tmp_path)
    fieldwork_make.rulebooks()
    yield foshan
    assert supervision.parked() == []


def the_line(subject: str, after: float) -> supervision.BoardLine:
    runner.drain()
    (line,) = [line for line in supervision.open_lines(minutes(after)) if line.subject == subject]
    return line


def the_work(subject: str) -> UUID:
    (order,) = [order for order in fieldwork.work_orders_of(subject) if order.finished_at is None]
    return order.id


def templates_about(*subjects: str) -> list[str]:
    views = [view for subject in subjects for view in messaging.messages_about(subject)]
    return [view.template for view in sorted(views, key=lambda view: view.queued_at)]


def repair(opened: TicketRef) -> tuple[str, UUID]:
    """Let a technician do the work of a ticket, from the assignment to the close-out."""
    ticket = ref("ticket", opened.id)
    who = fieldwork_make.technician()
    work = the_work(ticket)
    fieldwork.assign(work_order_id=work, technician_id=who, planned_from=minutes(60), at=minutes(2))
    line = the_line(ticket, 2)
    assert (line.stage, line.technician_id, line.next_step) == ("assigned", who, "accept")
    with acting.acting_as(fieldwork_make.as_staff(who)):
        fieldwork.accept(work_order_id=work, at=minutes(5))
        fieldwork.depart(work_order_id=work, at=minutes(45))
        assert the_line(ticket, 45).next_step == "arrive"
        town_hall = fieldwork_make.TOWN_HALL
        fieldwork.arrive(work_order_id=work, at=minutes(60), lng=town_hall.lng, lat=town_hall.lat)
        fieldwork.start(work_order_id=work, at=minutes(65))
        assert the_line(ticket, 65).owner == "technician"
        fieldwork_make.close(work, after=100)
    return ticket, work


def test_a_repair_is_seen_from_the_call_to_the_closed_ticket(city: str) -> None:
    opened = care_make.ticket(at=MORNING)
    ticket = ref("ticket", opened.id)
    first = the_line(ticket, 0)
    assert (first.number, first.stage, first.colour, first.next_step) == (opened.number, "opened", "green", "assign")
    assert first.statutory_due_at is not None
    repair(opened)
    line = the_line(ticket, 100)
    assert (line.stage, line.next_step, line.clock_topic) == ("resolved", "call_back", "callback.after_close")
    care.record_callback(ticket_id=opened.id, reached=True, agrees=True, score=9, at=minutes(300))
    runner.drain()
    assert supervision.open_lines(minutes(300)) == []
    assert supervision.board(minutes(300)).all.total == 0


def test_the_customer_hears_of_every_step(city: str) -> None:
    opened = care_make.ticket(at=MORNING)
    ticket, work = repair(opened)
    runner.drain()
    heard = templates_about(ticket, ref("work_order", work))
    assert heard == ["ticket-opened", "technician-assigned", "technician-departed", "ticket-resolved"]


def test_a_customer_who_disagrees_is_back_on_the_board_with_a_repair_clock(city: str) -> None:
    opened = care_make.ticket(at=MORNING)
    ticket, _ = repair(opened)
    care.record_callback(ticket_id=opened.id, reached=True, agrees=False, score=None, at=minutes(300))
    line = the_line(ticket, 300)
    assert (line.stage, line.clock_topic, line.owner) == ("opened", "fault.repair", "dispatcher")
    assert line.statutory_due_at is not None
    assert line.statutory_due_at > minutes(300)


def test_the_ticker_tells_the_day(city: str) -> None:
    repair(care_make.ticket(at=MORNING))
    assert {"TicketOpened", "WorkOrderAssigned", "VisitDeparted", "VisitArrived", "WorkOrderFinished"} <= {
        line.name for line in supervision.ticker()
    }
