"""Nobody at home 空跑, and a close-out that is sent back 返工."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import State, errors
from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel import acting
from yuanxin.kernel.tests import make
from yuanxin.org import api as org
from yuanxin.published.codes import CloseType
from yuanxin.quality import api as quality

CALL = at("2026-03-10 09:10")
STEPS = (at("2026-03-10 09:20"), at("2026-03-10 09:50"), at("2026-03-10 10:05"), at("2026-03-10 10:10"))
AGAIN = (at("2026-03-10 13:10"), at("2026-03-10 13:30"), at("2026-03-10 13:50"), at("2026-03-10 13:55"))


def reported(technician: UUID, home: story.Home | None = None) -> tuple[UUID, UUID]:
    """Bring a fault to the door; return ticket and work order."""
    ticket = story.report(home or story.at_home(), on=CALL)
    work = story.work_of(ticket)
    story.visit(work, technician, planned=STEPS[2], steps=STEPS)
    return ticket.id, work


def test_nobody_at_home_is_an_empty_trip_with_photo_and_call_paid_and_no_repair(city: str) -> None:
    technician, home = story.technician(), story.at_home()
    ticket, work = reported(technician, home)
    closed: dict[str, Any] = {
        "close_type": CloseType.EMPTY_TRIP,
        "fault_cause": None,
        "signature_png": None,
        "signature_name": "",
    }
    with acting.acting_as(org.acting_for(technician)):
        with pytest.raises(errors.VisitNotExplained):
            field.close(work, at=at("2026-03-10 10:20"), **closed)
        with pytest.raises(errors.EvidenceMissing):
            field.close(work, at=at("2026-03-10 10:20"), photo=None, **closed)
        fieldwork.call_customer(work_order_id=work, at=at("2026-03-10 10:15"), key=make.key())
        field.close(work, at=at("2026-03-10 10:20"), **closed)
    outcome = quality.outcome(work)
    assert outcome.close_type == CloseType.EMPTY_TRIP
    assert outcome.amount_fen > 0
    assert care.ticket(ticket).state == care.TicketState.AWAITING_CALLBACK
    again = story.work_of(story.report(home, on=at("2026-03-11 09:10")))
    later = tuple(instant + timedelta(days=1) for instant in STEPS)
    story.visit(again, technician, planned=later[2], steps=(later[0], later[1], later[2], later[3]))
    story.finish(again, technician, on=at("2026-03-11 10:50"))
    assert quality.outcome(again).repeat_of_id is None  # nobody had repaired anything


def test_work_that_is_sent_back_is_done_again_and_paid_once(city: str) -> None:
    technician = story.technician()
    ticket, work = reported(technician)
    with acting.acting_as(org.acting_for(technician)):
        field.close(work, at=at("2026-03-10 10:50"), tests={"optical_power_dbm": "-30.5"}, key=make.key())
    assert fieldwork.work_order(work).state is State.REVIEW
    assert care.ticket(ticket).state != care.TicketState.AWAITING_CALLBACK
    with story.as_role("dispatcher"):
        fieldwork.send_back(
            work_order_id=work, reason_code="test_values_bad", note="光功率不达标", at=at("2026-03-10 11:00"),
            key=make.key(),
        )  # fmt: skip
    view = fieldwork.work_order(work)
    assert (view.state, view.technician_id) == (State.ACCEPTED, technician)
    with acting.acting_as(org.acting_for(technician)):
        fieldwork.depart(work_order_id=work, at=AGAIN[1], key=make.key())
        fieldwork.arrive(
            work_order_id=work, lng=field.TOWN_HALL.lng, lat=field.TOWN_HALL.lat, at=AGAIN[2], key=make.key()
        )
        fieldwork.start(work_order_id=work, at=AGAIN[3], key=make.key())
        field.close(work, at=at("2026-03-10 14:20"), tests={"optical_power_dbm": "-19.5"}, key=make.key())
    assert [one.decision for one in fieldwork.close_outs_of(work)] == ["sent_back", "passed"]
    assert care.ticket(ticket).state == care.TicketState.AWAITING_CALLBACK
    (line,) = quality.pay_of(work)
    assert quality.outcome(work).finished_at == at("2026-03-10 14:20")
    assert line.amount_fen > 0


def test_papers_that_are_completed_need_a_second_person_but_no_second_trip(city: str) -> None:
    technician = story.technician()
    _, work = reported(technician)
    with acting.acting_as(org.acting_for(technician)):
        field.close(work, at=at("2026-03-10 10:50"), tests={"optical_power_dbm": "-30.5"}, key=make.key())
    with story.as_role("dispatch_leader"):
        fieldwork.send_back(work_order_id=work, reason_code="photo_unclear", at=at("2026-03-10 11:00"), key=make.key())
    with acting.acting_as(org.acting_for(technician)):
        field.close(work, at=at("2026-03-10 11:10"), tests={"optical_power_dbm": "-30.5"}, key=make.key())
    with story.as_role("dispatcher"):
        fieldwork.approve_closeout(work_order_id=work, at=at("2026-03-10 11:30"), key=make.key())
    assert quality.outcome(work).finished_at == at("2026-03-10 11:10")
    assert len(fieldwork.visits_of(work)) == 1
