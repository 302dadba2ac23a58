"""A cut fibre: the field crew hands the order to the line crew (转段) and gets it back; each has its own clock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import acting
from yuanxin.kernel.tests import make
from yuanxin.org import api as org
from yuanxin.published.codes import Segment
from yuanxin.published.refs import TicketRef, ref
from yuanxin.quality import api as quality
from yuanxin.standards import api as standards
from yuanxin.supervision import api as supervision

CALL = at("2026-03-10 09:10")
STEPS = (at("2026-03-10 09:20"), at("2026-03-10 09:50"), at("2026-03-10 10:05"), at("2026-03-10 10:10"))
TO_LINE, TO_FIELD = at("2026-03-10 10:30"), at("2026-03-10 23:30")
NEXT_DAY = (at("2026-03-11 08:10"), at("2026-03-11 08:30"), at("2026-03-11 08:50"), at("2026-03-11 08:55"))
DONE = at("2026-03-11 09:20")


def clocks(subject: str) -> dict[tuple[str, str], standards.ClockView]:
    return {(clock.topic, clock.kind): clock for clock in standards.clocks_of(subject)}


def repair_clocks(ticket: TicketRef) -> dict[str, str]:
    found = clocks(ref("ticket", ticket.id))
    return {kind: clock.state for (topic, kind), clock in found.items() if topic == "fault.repair"}


def repaired_by_line_crew(work: UUID) -> None:
    """The line crew takes the order from its own pool, works, and hands it back."""
    liner = story.technician("线路班", line=3)
    story.visit(work, liner, planned=at("2026-03-10 14:00"), steps=(at("2026-03-10 10:40"), *_line_steps()))
    with acting.acting_as(org.acting_for(liner)):
        fieldwork.hand_back(work_order_id=work, reason_code="segment_done", at=TO_FIELD, key=make.key())


def _line_steps() -> tuple[datetime, datetime, datetime]:
    return at("2026-03-10 13:30"), at("2026-03-10 14:00"), at("2026-03-10 14:05")


def test_a_cut_fibre_goes_to_the_line_crew_and_back_while_the_customers_clocks_run_on(city: str) -> None:
    technician, home = story.technician(), story.at_home()
    ticket = story.report(home, on=CALL)
    work = story.work_of(ticket)
    story.visit(work, technician, planned=STEPS[2], steps=STEPS)
    with acting.acting_as(org.acting_for(technician)):
        fieldwork.hand_over(
            work_order_id=work, to_segment=Segment.LINE, reason_code="fibre_cut", at=TO_LINE, key=make.key()
        )
    assert set(repair_clocks(ticket).values()) == {"running"}
    own = clocks(ref("work_order", work))
    assert own["segment.line", "assessment"].state == "running"
    repaired_by_line_crew(work)
    assert clocks(ref("work_order", work))["segment.line", "assessment"].late_minutes == 60  # twelve hours are its own
    assert set(repair_clocks(ticket).values()) == {"running"}
    story.visit(work, technician, planned=NEXT_DAY[2], steps=NEXT_DAY)
    story.finish(work, technician, on=DONE)
    assert set(repair_clocks(ticket).values()) == {"stopped"}
    assert [(stay.segment, stay.minutes) for stay in fieldwork.segments_of(work)] == [
        (Segment.FIELD, 80),
        (Segment.LINE, 780),
        (Segment.FIELD, 590),
    ]
    assert standards.segment_minutes(ref("ticket", ticket.id), until=DONE) == {"field": 670, "line": 780}


def test_the_technician_does_not_pay_for_the_time_of_the_line_crew(city: str) -> None:
    technician, home = story.technician(), story.at_home()
    ticket = story.report(home, on=CALL)
    work = story.work_of(ticket)
    story.visit(work, technician, planned=STEPS[2], steps=STEPS)
    with story.as_role("dispatcher"):
        fieldwork.hand_over(
            work_order_id=work, to_segment=Segment.LINE, reason_code="fibre_cut", at=TO_LINE, key=make.key()
        )
    repaired_by_line_crew(work)
    story.visit(work, technician, planned=NEXT_DAY[2], steps=NEXT_DAY)
    story.finish(work, technician, on=DONE)
    outcome = quality.outcome(work)
    assert outcome.assessment_late_minutes == 560  # the customer waited past midnight
    (line,) = quality.pay_of(work)
    timeliness = next(step for step in quality.why(line.id).calculation.steps if step.code == "timeliness")
    assert timeliness.fen == 0


def test_a_hold_at_the_line_crew_stops_its_clock_and_leaves_one_line_on_the_board(city: str) -> None:
    ticket = story.report(story.at_home(), on=CALL)
    work = story.work_of(ticket)
    with story.as_role("dispatcher"):
        fieldwork.hand_over(
            work_order_id=work, to_segment=Segment.LINE, reason_code="fibre_cut", at=TO_LINE, key=make.key()
        )
        fieldwork.hold(work_order_id=work, reason_code="weather", at=at("2026-03-10 10:40"), key=make.key())
    with story.as_role("dispatch_leader"):
        fieldwork.approve_hold(work_order_id=work, at=at("2026-03-10 10:45"), key=make.key())
    story.tell_everybody()
    assert clocks(ref("work_order", work))["segment.line", "assessment"].state == "paused"
    (line,) = supervision.open_lines(at("2026-03-10 10:50"))
    assert line.held_reason == "weather"
