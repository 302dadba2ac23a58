"""A broadband fault in town, from the call to the confirmed pay, through every door of the loop."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import acting
from yuanxin.kernel.tests import make
from yuanxin.ledger import api as ledger
from yuanxin.messaging import api as messaging
from yuanxin.org import api as org
from yuanxin.published.codes import AreaClass, Channel, ClockKind, Service
from yuanxin.published.refs import TicketRef, ref
from yuanxin.quality import api as quality
from yuanxin.standards import api as standards
from yuanxin.supervision import api as supervision

LINK = re.compile(r"http\S+/c/\S+")
CALL = at("2026-03-10 09:10")
STEPS = (at("2026-03-10 09:20"), at("2026-03-10 09:50"), at("2026-03-10 10:05"), at("2026-03-10 10:10"))
DONE = at("2026-03-10 10:45")
CALLED_BACK = at("2026-03-10 15:00")


def book(work: UUID, first: datetime, last: datetime) -> None:
    with story.as_role("agent"):
        fieldwork.book_appointment(
            work_order_id=work, window_from=first, window_to=last, at=CALL + timedelta(minutes=2), key=make.key()
        )


def repair(home: story.Home, technician: UUID) -> tuple[TicketRef, UUID]:
    """Bring a fault from the call to the close-out."""
    ticket = story.report(home, on=CALL)
    work = story.work_of(ticket)
    book(work, at("2026-03-10 10:00"), at("2026-03-10 12:00"))
    story.visit(work, technician, planned=at("2026-03-10 10:00"), steps=STEPS)
    story.finish(work, technician, on=DONE)
    return ticket, work


def call_back(ticket: TicketRef, *, agrees: bool, score: int | None, on: datetime) -> None:
    with story.as_role("agent"):
        care.record_callback(ticket_id=ticket.id, reached=True, agrees=agrees, score=score, at=on, key=make.key())
    story.tell_everybody()


def owed_to(technician: UUID) -> int:
    return ledger.balance(ledger.AccountKey("pay.technician", owner=f"staff:{technician}")).fen


def test_the_promise_shown_is_the_promise_kept_by_both_clocks(city: str) -> None:
    shown = standards.promise(topic="fault.repair", service=Service.BROADBAND, area_class=AreaClass.URBAN, at=CALL)
    law, company = shown.lines
    assert (law.document, law.article, law.due_at) == ("电信条例", "32", at("2026-03-12 09:10"))
    assert (company.rule_id, company.due_at) == ("P-03.urban", at("2026-03-11 00:00"))
    ticket, _ = repair(story.at_home(), story.technician())
    clocks = {
        clock.kind: clock for clock in standards.clocks_of(ref("ticket", ticket.id)) if clock.topic == "fault.repair"
    }
    assert clocks[ClockKind.STATUTORY].due_at == law.due_at
    assert clocks[ClockKind.ASSESSMENT].due_at == company.due_at
    assert {(clock.state, clock.stopped_at, clock.late_minutes) for clock in clocks.values()} == {("stopped", DONE, 0)}


def test_every_station_leaves_its_trace_and_the_board_is_cleared(city: str) -> None:
    technician = story.technician()
    ticket, work = repair(story.at_home(), technician)
    story.tell_everybody()
    (line,) = supervision.open_lines(DONE)
    assert (line.number, line.stage, line.clock_topic) == (ticket.number, "resolved", "callback.after_close")
    call_back(ticket, agrees=True, score=10, on=CALLED_BACK)
    assert care.ticket(ticket.id).state == care.TicketState.CLOSED
    assert supervision.open_lines(CALLED_BACK) == []
    assert {clock.state for clock in standards.clocks_of(ref("ticket", ticket.id))} == {"stopped"}
    assert [step.to_state for step in fieldwork.history(work)] == [
        "pending", "pending", "offered", "accepted", "booked", "en_route", "arrived", "working", "review", "finished",
        "callback_due", "called_back", "archived",
    ]  # fmt: skip
    photo, signature = fieldwork.evidence_of(work)
    assert (photo.kind, signature.kind, signature.signed_by) == ("photo", "signature", "陈大文")
    outcome = quality.outcome(work)
    assert (outcome.opened_at, outcome.arrived_at, outcome.finished_at) == (CALL, STEPS[2], DONE)
    assert (outcome.technician_id, outcome.is_appointment_kept) == (technician, True)


def test_the_customers_telephone_tells_the_same_story(city: str) -> None:
    home, technician = story.at_home(), story.technician()
    ticket, work = repair(home, technician)
    story.tell_everybody()
    story.run_due_work(DONE)
    number, staff_number = fieldwork.work_order(work).number, org.staff(technician).number
    texts = sorted(LINK.sub("<link>", line.text) for line in messaging.inbox(home.customer_id))
    assert texts == sorted(
        [
            f"【圆心】您的宽带报障已受理, 单号{ticket.number}。我们承诺在3月11日00:00前修复。进度查询: <link>",
            f"【圆心】{number}: 已为您预约3月10日10:00-12:00上门, 请留人在家。改约: <link>",
            f"【圆心】{number}: 将由工号{staff_number}的师傅为您服务, 上门时请核对工号。",
            f"【圆心】{number}: 工号{staff_number}的师傅已出发, 预计3月10日10:00-10:30到达。师傅不会私下收费。",
            f"【圆心】{ticket.number}已处理完毕。请点击确认是否修好并评价: <link> 也可等我们电话回访。",
        ]
    )


def test_pay_is_posted_with_the_close_out_explained_and_confirmed(city: str) -> None:
    technician = story.technician()
    with story.as_role("billing_officer"):
        quality.fund_pool(fen=100_000, cause="decision:2026-03", at=CALL, key=make.key())
    ticket, work = repair(story.at_home(), technician)
    (line,) = quality.pay_of(work)
    price = standards.parameter("pay.piece", "repair_fen", at=DONE)
    why = quality.why(line.id)
    assert line.state is quality.PayState.PROVISIONAL
    assert why.calculation.total_fen == line.amount_fen == owed_to(technician)
    assert why.calculation.steps[0].fen == price
    assert sum(step.fen for step in why.calculation.steps) == line.amount_fen
    assert quality.pool_balance().fen == 100_000 - line.amount_fen
    call_back(ticket, agrees=True, score=10, on=CALLED_BACK)
    for days in (1, 2, 8):
        story.run_due_work(DONE + timedelta(days=days))
    assert quality.order_pay(work).state is quality.PayState.CONFIRMED
    with story.as_role("billing_officer"):
        quality.pay_out(work_order=work, at=DONE + timedelta(days=9), key=make.key())
    assert owed_to(technician) == 0


def come_again(ticket: TicketRef, technician: UUID) -> UUID:
    """Let a technician do the work that follows a repair with which the customer disagreed."""
    _, again = fieldwork.work_orders_of(ref("ticket", ticket.id))
    evening = [CALLED_BACK + timedelta(minutes=minutes) for minutes in (10, 20, 40, 45)]
    story.visit(again.id, technician, planned=evening[2], steps=(evening[0], evening[1], evening[2], evening[3]))
    story.finish(again.id, technician, on=at("2026-03-10 16:30"))
    return again.id


def test_a_customer_who_disagrees_gets_a_second_visit_and_the_first_pay_is_adjusted(city: str) -> None:
    technician, second = story.technician(), story.technician("李师傅")
    ticket, work = repair(story.at_home(), technician)
    before = owed_to(technician)
    call_back(ticket, agrees=False, score=None, on=CALLED_BACK)
    assert care.ticket(ticket.id).state == care.TicketState.IN_PROGRESS
    assert [line.reason_code for line in quality.pay_of(work)] == ["finished", "callback.mismatch"]
    adjusted = owed_to(technician)
    assert 0 <= adjusted < before
    (line,) = supervision.open_lines(CALLED_BACK)
    assert (line.technician_id, line.next_step, line.clock_topic) == (None, "assign", "fault.repair")
    again = come_again(ticket, second)
    assert fieldwork.work_order(again).due_at == line.due_at
    call_back(ticket, agrees=True, score=8, on=at("2026-03-10 18:00"))
    assert care.ticket(ticket.id).state == care.TicketState.CLOSED
    assert supervision.open_lines(at("2026-03-10 18:00")) == []
    assert (owed_to(technician), owed_to(second)) == (adjusted, before)


def test_who_comes_again_to_his_own_bad_repair_does_it_unpaid(city: str) -> None:
    technician = story.technician()
    ticket, _ = repair(story.at_home(), technician)
    call_back(ticket, agrees=False, score=None, on=CALLED_BACK)
    adjusted = owed_to(technician)
    again = come_again(ticket, technician)
    call_back(ticket, agrees=True, score=8, on=at("2026-03-10 18:00"))
    assert quality.outcome(again).is_own_repeat
    assert owed_to(technician) == adjusted


def test_every_retry_of_the_loop_changes_nothing(city: str) -> None:
    home, technician = story.at_home(), story.technician()
    key = make.key()
    first, second = (
        care.open_ticket(
            customer_id=home.customer_id,
            address_id=home.address_id,
            service=Service.BROADBAND,
            fault_code="no_internet",
            channel=Channel.PHONE,
            at=when,
            key=key,
        )
        for when in (CALL, CALL + timedelta(seconds=5))
    )
    assert first == second
    work = story.work_of(first)
    story.visit(work, technician, planned=at("2026-03-10 10:00"), steps=STEPS)
    key = make.key()
    for when in (DONE, DONE + timedelta(seconds=5)):
        with acting.acting_as(org.acting_for(technician)):
            story.close_out(work, on=when, key=key)
    assert len(quality.pay_of(work)) == 1
    story.tell_everybody()
    story.run_due_work(DONE)
    story.run_due_work(DONE)
    assert len(messaging.inbox(home.customer_id)) == 4
