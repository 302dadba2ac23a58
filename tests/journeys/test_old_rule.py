"""An order keeps the rule under which it was accepted, though a stricter one is published meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.care import api as care
from yuanxin.kernel import acting
from yuanxin.kernel.tests import make
from yuanxin.published.codes import ClockKind, Service
from yuanxin.published.refs import TicketRef, ref
from yuanxin.quality import api as quality
from yuanxin.standards import api as standards

BOOK = "cities/gd-foshan/promises"
BEFORE, PUBLISHED, AFTER = at("2026-03-10 17:00"), at("2026-03-11 08:00"), at("2026-03-12 17:00")
TWENTY, TWELVE = timedelta(hours=20), timedelta(hours=12)


@pytest.fixture
def old_version(city: str) -> standards.VersionView:
    (version,) = [version for version in standards.versions(at=BEFORE) if version.name == BOOK]
    return version


def publish_stricter(old: standards.VersionView, *, limit: str = "12h", day: str = "2026-03-12") -> standards.Published:
    """Let one person draft the city's rulebook with a shorter limit after four o'clock, and another publish it."""
    text = standards.export(old.id).replace("limit: 20h", f"limit: {limit}")
    text = text.replace("2026-01-01", day)
    with acting.acting_as(make.acting("4406", who="staff:maker")):
        draft = standards.draft_version(text=text, file=BOOK, at=PUBLISHED)
    with acting.acting_as(make.acting("4406", who="staff:checker")):
        return standards.publish_version(version_id=draft, at=PUBLISHED)


def promise_of(ticket: TicketRef) -> standards.ClockView:
    (clock,) = [
        clock
        for clock in standards.clocks_of(ref("ticket", ticket.id))
        if (clock.topic, clock.kind, clock.stopped_at) == ("fault.repair", ClockKind.ASSESSMENT, None)
    ]
    return clock


def tv_report(on: datetime) -> TicketRef:
    return story.report(story.at_home(), on=on, service=Service.TV, fault_code="tv_fault")


def test_a_running_order_keeps_the_version_of_its_day_through_pay_and_reopening(
    old_version: standards.VersionView,
) -> None:
    ticket, technician = tv_report(BEFORE), story.technician()
    assert promise_of(ticket).due_at == BEFORE + TWENTY
    published = publish_stricter(old_version)
    kept = promise_of(ticket)
    assert (kept.due_at, kept.version_id) == (BEFORE + TWENTY, old_version.id)
    work, start = story.work_of(ticket), at("2026-03-12 17:10")
    steps = tuple(start + timedelta(minutes=minutes) for minutes in (0, 5, 20, 25))
    story.visit(work, technician, planned=steps[2], steps=(steps[0], steps[1], steps[2], steps[3]))
    story.finish(work, technician, on=at("2026-03-12 18:00"))
    outcome = quality.outcome(work)
    assert str(old_version.id) in outcome.clock_version_ids
    assert str(published.version_id) not in outcome.clock_version_ids
    assert outcome.assessment_late_minutes == (at("2026-03-12 18:00") - BEFORE - TWENTY).total_seconds() // 60
    with story.as_role("agent"):
        again = at("2026-03-12 19:00")
        care.record_callback(ticket_id=ticket.id, reached=True, agrees=False, score=None, at=again, key=make.key())
    reopened = promise_of(ticket)
    assert (reopened.due_at, reopened.version_id) == (again + TWENTY, old_version.id)
    story.tell_everybody()


def test_a_later_order_is_bound_by_the_stricter_version_from_its_day_on(old_version: standards.VersionView) -> None:
    published = publish_stricter(old_version)
    between, later = tv_report(PUBLISHED + timedelta(hours=10)), tv_report(AFTER)
    assert promise_of(between).version_id == old_version.id
    assert (promise_of(later).due_at, promise_of(later).version_id) == (AFTER + TWELVE, published.version_id)
    assert care.ticket(later.id).rule_version_id == published.version_id


def test_a_looser_version_is_refused_and_nothing_changes(old_version: standards.VersionView) -> None:
    with pytest.raises(standards.RuleLooser):
        publish_stricter(old_version, limit="60h")
    assert promise_of(tv_report(AFTER)).due_at == AFTER + TWENTY
