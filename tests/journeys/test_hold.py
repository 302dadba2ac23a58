"""An approved hold 挂起 pauses the assessment clock only; the law's clock never stands still for the company."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests.make import photo
from yuanxin.kernel import acting
from yuanxin.kernel.tests import make
from yuanxin.org import api as org
from yuanxin.published.codes import ClockKind
from yuanxin.published.refs import TicketRef, ref
from yuanxin.quality import api as quality
from yuanxin.standards import api as standards
from yuanxin.supervision import api as supervision

CALL = at("2026-03-10 09:10")
STEPS = (at("2026-03-10 09:20"), at("2026-03-10 09:50"), at("2026-03-10 10:05"), at("2026-03-10 10:10"))
ASKED, APPROVED = at("2026-03-10 10:20"), at("2026-03-10 10:30")
RESUMED, DONE = at("2026-03-11 10:30"), at("2026-03-11 11:00")
LAW_DUE, PROMISE_DUE = at("2026-03-12 09:10"), at("2026-03-11 00:00")


def clocks(ticket: TicketRef) -> dict[str, standards.ClockView]:
    found = standards.clocks_of(ref("ticket", ticket.id))
    return {clock.kind: clock for clock in found if clock.topic == "fault.repair"}


@pytest.fixture
def held(city: str) -> tuple[TicketRef, UUID, UUID]:
    """A repair in which a part is missing: the technician asked for a hold, nobody has decided yet."""
    technician = story.technician()
    ticket = story.report(story.at_home(), on=CALL)
    work = story.work_of(ticket)
    story.visit(work, technician, planned=STEPS[2], steps=STEPS)
    with acting.acting_as(org.acting_for(technician)):
        fieldwork.hold(
            work_order_id=work, reason_code="resource", note="等分路器", photo=photo(), at=ASKED, key=make.key()
        )
    return ticket, work, technician


def approve(work: UUID, on: datetime = APPROVED) -> UUID:
    with story.as_role("dispatch_leader") as leader:
        fieldwork.approve_hold(work_order_id=work, at=on, key=make.key())
    story.tell_everybody()
    return leader


def resume(work: UUID, technician: UUID) -> None:
    with acting.acting_as(org.acting_for(technician)):
        fieldwork.resume(work_order_id=work, at=RESUMED, key=make.key())


def test_asking_alone_pauses_nothing(held: tuple[TicketRef, UUID, UUID]) -> None:
    ticket, _, _ = held
    assert {kind: clock.state for kind, clock in clocks(ticket).items()} == {
        ClockKind.STATUTORY: "running",
        ClockKind.ASSESSMENT: "running",
    }


def test_an_approved_hold_moves_the_promise_and_never_the_law(held: tuple[TicketRef, UUID, UUID]) -> None:
    ticket, work, technician = held
    approve(work)
    paused = clocks(ticket)
    assert (paused[ClockKind.STATUTORY].state, paused[ClockKind.ASSESSMENT].state) == ("running", "paused")
    (line,) = supervision.open_lines(APPROVED)
    assert line.held_reason == "resource"
    story.run_due_work(PROMISE_DUE + timedelta(hours=1))
    assert clocks(ticket)[ClockKind.ASSESSMENT].breached_at is None
    resume(work, technician)
    running = clocks(ticket)
    assert running[ClockKind.STATUTORY].due_at == LAW_DUE
    assert running[ClockKind.ASSESSMENT].due_at == PROMISE_DUE + (RESUMED - APPROVED)
    story.finish(work, technician, on=DONE)
    outcome = quality.outcome(work)
    assert (outcome.paused_minutes, outcome.assessment_late_minutes, outcome.statutory_late_minutes) == (1440, 0, 0)
    assert quality.pay_of(work)[0].amount_fen == quality.why(quality.pay_of(work)[0].id).calculation.total_fen


def test_every_pause_keeps_its_reason_its_evidence_and_both_people(held: tuple[TicketRef, UUID, UUID]) -> None:
    ticket, work, technician = held
    leader = approve(work)
    resume(work, technician)
    (pause,) = standards.pauses_of(ref("ticket", ticket.id))
    assert (pause.reason_code, pause.begins_at, pause.ends_at) == ("resource", APPROVED, RESUMED)
    assert (pause.asked_by, pause.approved_by) == (f"staff:{technician}", f"staff:{leader}")
    (hold,) = fieldwork.holds_of(work)
    assert pause.evidence == f"hold:{hold.id}"
    assert "hold" in {evidence.kind for evidence in fieldwork.evidence_of(work)}


def test_a_refused_hold_leaves_both_clocks_as_they_were(held: tuple[TicketRef, UUID, UUID]) -> None:
    ticket, work, technician = held
    with story.as_role("dispatch_leader"):
        fieldwork.refuse_hold(work_order_id=work, at=APPROVED, key=make.key())
    after = clocks(ticket)
    assert (after[ClockKind.STATUTORY].due_at, after[ClockKind.ASSESSMENT].due_at) == (LAW_DUE, PROMISE_DUE)
    assert standards.pauses_of(ref("ticket", ticket.id)) == []
    story.finish(work, technician, on=at("2026-03-10 11:30"))
    assert quality.outcome(work).paused_minutes == 0


def test_a_held_order_breaches_the_law_in_its_time(held: tuple[TicketRef, UUID, UUID]) -> None:
    ticket, work, technician = held
    approve(work)
    story.run_due_work(LAW_DUE + timedelta(minutes=1))
    late = clocks(ticket)
    assert late[ClockKind.STATUTORY].breached_at is not None
    assert late[ClockKind.ASSESSMENT].breached_at is None
    with acting.acting_as(org.acting_for(technician)):
        fieldwork.resume(work_order_id=work, at=LAW_DUE + timedelta(minutes=10), key=make.key())
    story.finish(work, technician, on=LAW_DUE + timedelta(minutes=60))
    outcome = quality.outcome(work)
    assert (outcome.statutory_late_minutes, outcome.assessment_late_minutes) == (60, 0)
