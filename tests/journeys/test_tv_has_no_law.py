"""A television fault: no verified law binds it, the screen says so, and nothing of the law of telephones leaks in."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import codec
from yuanxin.messaging import api as messaging
from yuanxin.published.codes import AreaClass, ClockKind, Service
from yuanxin.published.refs import TicketRef, ref
from yuanxin.quality import api as quality
from yuanxin.standards import api as standards
from yuanxin.supervision import api as supervision

CALL = at("2026-03-10 09:10")
DONE = at("2026-03-13 10:00")
LAW = "电信条例"


def tv_fault(home: story.Home) -> TicketRef:
    return story.report(home, on=CALL, service=Service.TV, fault_code="tv_fault")


def repaired(ticket: TicketRef) -> UUID:
    """Repair it three days later, when every number of the law of telephones would have passed."""
    technician, work = story.technician(), story.work_of(ticket)
    steps = [DONE - timedelta(minutes=minutes) for minutes in (60, 50, 30, 25)]
    story.visit(work, technician, planned=steps[2], steps=(steps[0], steps[1], steps[2], steps[3]))
    story.finish(work, technician, on=DONE)
    return work


@pytest.mark.parametrize("area_class", list(AreaClass))
def test_the_promise_line_says_that_there_is_no_verified_limit(city: str, area_class: AreaClass) -> None:
    shown = standards.promise(topic="fault.repair", service=Service.TV, area_class=area_class, at=CALL)
    law = shown.lines[0]
    assert (law.clock, law.due_at, law.title_zh) == (ClockKind.STATUTORY, None, "尚无已核实的法定时限")
    assert law.title_en == "No verified statutory limit yet"
    assert all(
        line.clock == ClockKind.ASSESSMENT and line.kind in {"company", "assumption"} for line in shown.lines[1:]
    )
    assert LAW not in repr(shown)
    assert shown.due_at(ClockKind.ASSESSMENT) is not None


def test_no_statutory_clock_runs_warns_breaches_or_is_assessed(city: str) -> None:
    home = story.at_home()
    ticket = tv_fault(home)
    subject = ref("ticket", ticket.id)
    for hours in (20, 49, 72):
        story.run_due_work(CALL + timedelta(hours=hours))
    assert [clock.kind for clock in standards.clocks_of(subject)] == [ClockKind.ASSESSMENT]
    (line,) = supervision.open_lines(CALL + timedelta(hours=72))
    assert (line.statutory_due_at, line.colour) == (None, "overdue")
    work = repaired(ticket)
    assert care.ticket(ticket.id).statutory_due_at is None
    assert fieldwork.work_order(work).statutory_due_at is None
    outcome = quality.outcome(work)
    assert (outcome.statutory_due_at, outcome.statutory_late_minutes) == (None, None)
    assert outcome.assessment_late_minutes == (DONE - at("2026-03-11 00:00")).total_seconds() // 60
    assert not any(rule.startswith("T-32") for rule in outcome.clock_rule_ids)


def test_compensation_and_pay_of_a_late_tv_repair_are_the_companys_own(city: str) -> None:
    ticket = tv_fault(story.at_home())
    work = repaired(ticket)
    (line,) = quality.pay_of(work)
    assert LAW not in repr(codec.to_json(quality.Why, quality.why(line.id)))
    words = [standards.rule_words(rule) for rule in quality.outcome(work).clock_rule_ids]
    assert {word.kind for word in words} <= {"company", "assumption"}


def test_the_customers_message_names_no_law(city: str) -> None:
    home = story.at_home()
    tv_fault(home)
    story.run_due_work(CALL)
    (line,) = messaging.inbox(home.customer_id)
    assert "电视" in line.text
    assert LAW not in line.text


def test_the_same_fault_of_broadband_has_the_law(city: str) -> None:
    ticket = story.report(story.at_home(), on=CALL)
    kinds = {clock.kind: clock for clock in standards.clocks_of(ref("ticket", ticket.id))}
    assert kinds[ClockKind.STATUTORY].due_at == CALL + timedelta(hours=48)
    assert standards.rule_words(kinds[ClockKind.STATUTORY].rule_id).document == LAW


def due_for(service: Service, area_class: AreaClass, on: datetime) -> datetime | None:
    shown = standards.promise(topic="fault.repair", service=service, area_class=area_class, at=on)
    return shown.due_at(ClockKind.STATUTORY)


def test_town_and_country_differ_only_for_whom_the_law_speaks_of(city: str) -> None:
    hours = {area: due_for(Service.MOBILE, area, CALL) for area in AreaClass}
    assert hours == {
        AreaClass.URBAN: CALL + timedelta(hours=48),
        AreaClass.RURAL: CALL + timedelta(hours=72),
        AreaClass.REMOTE: CALL + timedelta(hours=72),
    }
    assert {due_for(Service.TV, area, CALL) for area in AreaClass} == {None}
