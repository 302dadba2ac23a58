"""The service desk's own journeys: a complaint, a fault solved on the phone, a report merged, a message pasted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys import story
from tests.journeys.story import as_role, at
from yuanxin.care import api as care
from yuanxin.care.tests import make as care_make
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.errors import Refused
from yuanxin.kernel.tests import make
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel, Service
from yuanxin.published.refs import ref, ref_id
from yuanxin.standards import api as standards
from yuanxin.supervision import api as supervision

CALL = at("2026-03-10 09:10")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
K = care.ComplaintStepKind
TOLD: dict[str, Any] = {"service": Service.BROADBAND, "fault_code": "no_internet", "channel": Channel.PHONE}


def test_a_complaint_that_went_to_12345_is_answered_signed_and_concluded(city: str) -> None:
    home = story.at_home()
    with as_role("agent"):
        opened = care.open_complaint(
            category="billing", channel=Channel.PHONE, customer_id=home.customer_id, at=CALL, key=make.key()
        )
        care.advance_complaint(complaint_id=opened.id, step=K.FIRST_REPLY, at=CALL + HOUR, key=make.key())
        care.advance_complaint(
            complaint_id=opened.id,
            step=K.GO_OVER,
            source=care.ComplaintSource.MAYOR_12345,
            external_number="FS-77",
            external_due_at=CALL + 72 * HOUR,
            at=CALL + 2 * HOUR,
            key=make.key(),
        )
        for step in (K.CHECK, K.HANDLE, K.ANSWER, K.CALL_BACK):
            care.advance_complaint(complaint_id=opened.id, step=step, at=CALL + 3 * HOUR, key=make.key())
        with pytest.raises(Refused):
            care.advance_complaint(complaint_id=opened.id, step=K.CONCLUDE, at=CALL + 4 * HOUR, key=make.key())
    with as_role("complaint_officer"), pytest.raises(Refused):
        care.advance_complaint(complaint_id=opened.id, step=K.SIGN_OFF, at=CALL + 4 * HOUR, key=make.key())
    with as_role("city_supervisor"):
        care.advance_complaint(complaint_id=opened.id, step=K.SIGN_OFF, at=CALL + 5 * HOUR, key=make.key())
    with as_role("complaint_officer"):
        care.advance_complaint(complaint_id=opened.id, step=K.CONCLUDE, at=CALL + 6 * HOUR, key=make.key())
    story.run_due_work(CALL + 7 * HOUR)
    clocks = standards.clocks_of(ref("complaint", opened.id))
    assert all(clock.stopped_at is not None for clock in clocks)


def test_a_fault_solved_by_questions_sends_nobody(city: str) -> None:
    home = story.at_home()
    with as_role("agent"):
        tree = care.triage(Service.TV, CALL)
        run = care.record_triage(
            service=Service.TV,
            version=tree.version,
            path=care_make.path_to(tree, care.ResultKind.SOLVED),
            customer_id=home.customer_id,
            address_id=home.address_id,
            at=CALL,
            key=make.key(),
        )
    story.run_due_work(CALL + HOUR)
    assert care.tickets_of(home.customer_id) == []
    assert fieldwork.work_orders_at(home.address_id, since=CALL) == []
    assert [contact.outcome for contact in care.contacts_of(home.customer_id)] == ["no_visit"]
    counted = care.triage_results(CALL, CALL + HOUR)
    assert counted == {("tv", "solved", care.triage_run(run).result.code): 1}


def test_a_fault_solved_while_the_customer_is_on_the_line_leaves_nothing_open(city: str) -> None:
    ticket = story.report(story.at_home(), on=CALL)
    with as_role("agent"):
        care.solve_on_phone(ticket_id=ticket.id, at=CALL + 10 * SECOND, key=make.key())
    story.run_due_work(CALL + HOUR)
    assert care.ticket(ticket.id).state == care.TicketState.CLOSED
    [order] = fieldwork.work_orders_of(ref("ticket", ticket.id))
    assert order.state is fieldwork.State.VOID
    assert supervision.open_lines(CALL + HOUR) == []


def test_two_reports_of_one_fault_become_one_visit(city: str) -> None:
    home = story.at_home()
    place: dict[str, Any] = {"customer_id": home.customer_id, "address_id": home.address_id}
    first = story.report(home, on=CALL)
    with as_role("agent"):
        other = care.Decision(care.DecisionKind.OTHER_FAULT, "other_room")
        second = care.open_ticket(
            **place,
            **TOLD,
            duplicate_decision=other,
            at=CALL + 20 * SECOND,
            key=make.key(),
        )
        care.merge_duplicate(ticket_id=second.id, into_id=first.id, at=CALL + HOUR, key=make.key())
        care.attach_report(ticket_id=first.id, note="第三次来电", at=CALL + 2 * HOUR, key=make.key())
    story.run_due_work(CALL + 3 * HOUR)
    orders = {one: fieldwork.work_orders_of(ref("ticket", one.id)) for one in (first, second)}
    assert [order.state for order in orders[first]] == [fieldwork.State.PENDING]
    assert [order.state for order in orders[second]] == [fieldwork.State.VOID]
    assert care.ticket(first.id).chases == 1
    assert [message.kind for message in care.thread(ref("ticket", first.id))] == ["system", "chase"]


def test_a_pasted_message_finds_its_home_and_becomes_a_ticket(city: str) -> None:
    home = story.at_home()
    known = parties.address(home.address_id).text
    read = care.read_message(f"{known}没信号，电视全部黑屏 +86 138-0013-8000")
    assert read.phones == ("13800138000",)
    found = [hit.subject for asked in care.ways_to_ask(read.address) for hit in parties.find(asked).hits]
    assert home.customer_id in {ref_id(one, "customer") for one in found if one.startswith("customer:")}
    assert (read.service, read.fault) == (Service.TV, care.FaultCode.TV_FAULT)
    assert read.service is not None
    assert read.fault is not None
    with as_role("agent"):
        opened = care.open_ticket(
            customer_id=home.customer_id,
            address_id=home.address_id,
            service=read.service,
            fault_code=read.fault,
            channel=Channel.WECHAT,
            note=read.text,
            duplicate_decision=care.Decision(care.DecisionKind.NONE_SEEN),
            at=CALL,
            key=make.key(),
        )
    assert fieldwork.work_orders_of(ref("ticket", opened.id))
