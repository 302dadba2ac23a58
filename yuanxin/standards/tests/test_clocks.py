"""Clocks in the database: promised, started, held, resumed, warned, breached, stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from yuanxin.kernel import acting
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.money import Money
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests.make import at
from yuanxin.kernel.time import SHANGHAI, CalendarYearMissing
from yuanxin.kernel.verify import verify
from yuanxin.published.codes import AreaClass, ClockKind, Segment, Service
from yuanxin.standards import api as standards
from yuanxin.standards.models import Clock, ClockMark
from yuanxin.standards.queries.promises import NONE_ZH
from yuanxin.standards.tests import make

pytestmark = pytest.mark.usefixtures("foshan", "books")


@pytest.fixture
def books(foshan: str) -> None:
    make.rulebooks()


def wall(found: standards.ClockView | None) -> str:
    return found.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if found else ""


def told(name: str) -> list[FactRecord]:
    return list(FactRecord.objects.filter(name=name).order_by("id"))


def clean() -> bool:
    return not any(finding.violations for finding in verify(_names()))


def _names() -> list[str]:
    return [
        "standards.clock_states",
        "standards.pauses_allowed",
        "standards.no_statutory_clock_without_law",
        "standards.versions_unchanged",
    ]


def tick(moment: str) -> standards.TickResult:
    with acting.acting_as(acting.system("ticker", scope=ALL)), scope(ALL):
        return standards.tick(at=at(moment))


def test_a_broadband_fault_starts_both_clocks_and_says_so() -> None:
    clocks = make.clocks(subject="ticket:1")
    assert wall(clocks.statutory) == "03-12 09:10"
    assert wall(clocks.assessment) == "03-11 00:00"
    assert clocks.rule_ids == ("T-32.urban", "P-03.urban")
    fact = told("ClocksStarted")[0]
    assert fact.subject == "ticket:1"
    assert fact.body["rule_ids"] == ["T-32.urban", "P-03.urban"]
    assert [clock.kind for clock in standards.clocks_of("ticket:1")] == ["statutory", "assessment"]
    assert clean()


def test_a_television_fault_has_no_statutory_clock_and_its_promise_says_why() -> None:
    clocks = make.clocks(service=Service.TV)
    assert clocks.statutory is None
    assert clocks.statutory_due_at is None
    assert wall(clocks.assessment) == "03-11 00:00"
    law, company = standards.promise(
        topic="fault.repair", service=Service.TV, area_class=AreaClass.URBAN, at=at(make.TUESDAY)
    ).lines
    assert (law.due_at, law.title_zh, law.rule_id) == (None, NONE_ZH, "C67-x2")
    assert (company.rule_id, company.kind, company.grade) == ("P-03.urban", "company", "D")


def test_the_promise_before_saving_names_the_clause() -> None:
    promise = standards.promise(
        topic="fault.repair", service=Service.BROADBAND, area_class=AreaClass.RURAL, at=at(make.TUESDAY)
    )
    law = promise.lines[0]
    assert (law.document, law.article, law.kind, law.grade, law.layer) == ("电信条例", "32", "law", "A", "L0")
    assert promise.due_at(ClockKind.STATUTORY) == at("2026-03-13 09:10")


def test_a_parked_clock_is_not_breached_and_stops_when_it_was_parked() -> None:
    make.clocks(subject="ticket:1")
    standards.park_clocks(subject="ticket:1", at=at("2026-03-10 23:50"))
    assert tick("2026-03-13 00:00") == standards.TickResult(warned=0, breached=0)
    assert {clock.state for clock in standards.clocks_of("ticket:1")} == {"paused"}
    standards.stop_clocks(subject="ticket:1", at=at("2026-03-13 00:01"))
    stopped = standards.clocks_of("ticket:1")
    assert {(clock.late_minutes, clock.breached_at) for clock in stopped} == {(0, None)}
    assert {clock.stopped_at for clock in stopped} == {at("2026-03-10 23:50")}
    assert [fact.body["reason_code"] for fact in told("ClocksPaused")] == ["closeout.review"]
    assert clean()


def test_an_unparked_clock_runs_as_if_it_had_never_stood_still() -> None:
    make.clocks(subject="ticket:1")
    before = [clock.due_at for clock in standards.clocks_of("ticket:1")]
    standards.park_clocks(subject="ticket:1", at=at("2026-03-10 23:50"))
    standards.resume_clocks(subject="ticket:1", at=at("2026-03-11 08:00"))
    assert {clock.state for clock in standards.clocks_of("ticket:1")} == {"paused"}
    standards.unpark_clocks(subject="ticket:1", at=at("2026-03-11 09:00"))
    assert [(clock.due_at, clock.paused_minutes) for clock in standards.clocks_of("ticket:1")] == [
        (due_at, 0) for due_at in before
    ]
    assert tick("2026-03-11 09:01").breached == 1
    assert clean()


def test_a_hand_in_that_arrives_late_lifts_the_breach_that_was_none() -> None:
    make.clocks(subject="ticket:1")
    assert tick("2026-03-11 00:01").breached == 1
    standards.park_clocks(subject="ticket:1", at=at("2026-03-10 23:50"))
    assert [clock.breached_at for clock in standards.clocks_of("ticket:1")] == [None, None]
    make.clocks(subject="ticket:2")
    tick("2026-03-11 00:01")
    standards.stop_clocks(subject="ticket:2", at=at("2026-03-11 00:05"))
    late = standards.clocks_of("ticket:2")[1]
    assert (late.late_minutes, late.breached_at) == (5, at("2026-03-11 00:01"))
    assert clean()


def test_weather_holds_the_promise_and_never_the_law() -> None:
    make.clocks(subject="ticket:1")
    held = standards.pause_clocks(
        subject="ticket:1",
        reason_code="weather",
        evidence="photo:1",
        approved_by="staff:leader",
        at=at("2026-03-10 12:00"),
    )
    assert held.statutory is None
    assert held.assessment is not None
    assert held.assessment.state == "paused"
    resumed = standards.resume_clocks(subject="ticket:1", at=at("2026-03-10 15:00"))
    assert wall(resumed.assessment) == "03-11 03:00"
    assert resumed.assessment is not None
    assert resumed.assessment.paused_minutes == 180
    assert wall(standards.clocks_of("ticket:1")[0]) == "03-12 09:10"
    assert standards.pauses_of("ticket:1")[0].approved_by == "staff:leader"
    assert [fact.body["reason_code"] for fact in told("ClocksPaused")] == ["weather"]
    assert len(told("ClocksResumed")) == 1
    assert clean()


def test_a_hold_needs_a_known_reason_evidence_and_an_approval() -> None:
    make.clocks(subject="ticket:1")
    hold = {
        "subject": "ticket:1",
        "reason_code": "weather",
        "evidence": "photo:1",
        "approved_by": "x",
        "at": at("2026-03-10 12:00"),
    }
    for change, error in (
        ({"reason_code": "lunch"}, standards.PauseNotAllowed),
        ({"evidence": " "}, standards.ApprovalMissing),
        ({"approved_by": ""}, standards.ApprovalMissing),
    ):
        with pytest.raises(error):
            standards.pause_clocks(**(hold | change))  # type: ignore[arg-type]
    assert all(clock.state == "running" for clock in standards.clocks_of("ticket:1"))


def test_holding_twice_and_resuming_twice_changes_nothing() -> None:
    make.clocks(subject="ticket:1")
    for hour in (12, 13):
        standards.pause_clocks(
            subject="ticket:1", reason_code="power", evidence="e", approved_by="a", at=at(f"2026-03-10 {hour}:00")
        )
    for hour in (14, 15):
        standards.resume_clocks(subject="ticket:1", at=at(f"2026-03-10 {hour}:00"))
    assert wall(standards.clocks_of("ticket:1")[1]) == "03-11 02:00"
    assert len(standards.pauses_of("ticket:1")) == 1


def test_the_ticker_warns_twice_breaches_once_and_then_is_quiet() -> None:
    make.clocks(subject="ticket:1")
    assert tick("2026-03-10 16:30") == standards.TickResult(0, 0)
    assert tick("2026-03-10 16:36") == standards.TickResult(1, 0)
    assert tick("2026-03-10 16:37") == standards.TickResult(0, 0)
    assert tick("2026-03-10 21:30") == standards.TickResult(1, 0)
    assert tick("2026-03-11 00:00") == standards.TickResult(0, 1)
    assert tick("2026-03-11 00:01") == standards.TickResult(0, 0)
    assert [fact.body["is_red"] for fact in told("ClockWarned")] == [False, True]
    assert [(fact.subject, fact.body["kind"]) for fact in told("ClockBreached")] == [("ticket:1", "assessment")]
    assert ClockMark.objects.filter(subject="ticket:1", kind="breached").count() == 1
    assert clean()


def test_a_clock_that_nobody_looked_at_in_time_is_breached_without_warnings() -> None:
    make.clocks(subject="ticket:1")
    assert tick("2026-03-20 00:00") == standards.TickResult(0, 2)
    assert told("ClockWarned") == []


def test_a_held_clock_is_neither_warned_nor_breached() -> None:
    make.clocks(subject="ticket:1", service=Service.TV)
    standards.pause_clocks(
        subject="ticket:1", reason_code="customer", evidence="e", approved_by="a", at=at("2026-03-10 10:00")
    )
    assert tick("2026-04-01 00:00") == standards.TickResult(0, 0)
    standards.resume_clocks(subject="ticket:1", at=at("2026-04-01 09:00"))
    assert wall(standards.clocks_of("ticket:1")[0]) == "04-01 23:00"
    assert tick("2026-04-01 22:59") == standards.TickResult(1, 0)


def test_stopping_says_how_late_each_clock_was_and_once_only() -> None:
    make.clocks(subject="ticket:1")
    stopped = standards.stop_clocks(subject="ticket:1", at=at("2026-03-11 01:30"))
    assert stopped.statutory is not None
    assert stopped.assessment is not None
    assert (stopped.statutory.late_minutes, stopped.assessment.late_minutes) == (0, 90)
    assert standards.stop_clocks(subject="ticket:1", at=at("2026-03-12 01:30")).rule_ids == ()
    fact = told("ClocksStopped")[0]
    assert (fact.body["statutory_late_minutes"], fact.body["assessment_late_minutes"]) == (0, 90)
    assert len(told("ClocksStopped")) == 1
    assert clean()


def test_a_clock_stopped_while_held_counts_the_hold() -> None:
    make.clocks(subject="ticket:1", service=Service.TV)
    standards.pause_clocks(
        subject="ticket:1", reason_code="third_party", evidence="e", approved_by="a", at=at("2026-03-10 23:00")
    )
    stopped = standards.stop_clocks(subject="ticket:1", at=at("2026-03-12 09:00"))
    assert stopped.assessment is not None
    assert (stopped.assessment.late_minutes, stopped.assessment.paused_minutes) == (0, 34 * 60)
    assert clean()


def test_one_topic_is_stopped_and_another_runs_on() -> None:
    make.clocks(subject="ticket:1")
    make.clocks(subject="ticket:1", topic="contact.first")
    standards.stop_clocks(subject="ticket:1", topic="contact.first", at=at("2026-03-10 09:20"))
    states = {clock.topic: clock.state for clock in standards.clocks_of("ticket:1")}
    assert states == {"fault.repair": "running", "contact.first": "stopped"}


def test_the_same_clock_cannot_run_twice() -> None:
    make.clocks(subject="ticket:1")
    with pytest.raises(standards.ClocksRunAlready):
        make.clocks(subject="ticket:1")


def test_many_cases_start_in_a_few_statements(django_assert_max_num_queries: object) -> None:
    requests = [
        standards.ClockRequest(
            topic="fault.repair",
            subject=f"ticket:{number}",
            service=Service.TV if number % 2 else Service.BROADBAND,
            area_class=AreaClass.RURAL,
            at=at(make.TUESDAY),
        )
        for number in range(50)
    ]
    make.clocks()  # now this process remembers the rules
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        sets = standards.start_clocks_many(requests=requests)
    assert [found.statutory is None for found in sets[:4]] == [False, True, False, True]
    assert Clock.objects.count() == 77
    assert len(standards.clocks_of_many(["ticket:0", "ticket:1"])["ticket:0"]) == 2


def test_segments_hold_the_case_one_after_the_other() -> None:
    make.clocks(subject="ticket:1")
    standards.hand_over(subject="ticket:1", segment=Segment.LINE, at=at("2026-03-10 10:10"))
    standards.hand_over(subject="ticket:1", segment=Segment.FIELD, at=at("2026-03-10 12:10"))
    minutes = standards.segment_minutes("ticket:1", until=at("2026-03-10 12:40"))
    assert minutes == {"field": 90, "line": 120}


def test_working_days_need_their_year() -> None:
    with pytest.raises(CalendarYearMissing):
        make.clocks(topic="refund.balance")
    make.calendar(2026)
    assert wall(make.clocks(topic="refund.balance").assessment) == "03-17 09:10"


def test_an_unknown_topic_is_named() -> None:
    with pytest.raises(standards.RuleUnknown):
        make.clocks(topic="fault.imagined")


def test_a_breach_of_54_hours_is_owed_by_law_and_by_promise() -> None:
    from_fees = {"monthly_fee": Money.yuan("60.00")}
    make.clocks(subject="ticket:1")
    standards.stop_clocks(subject="ticket:1", at=at("2026-03-12 15:10"))
    owed = standards.compensation_of("ticket:1", "fault.repair", bases=from_fees, at=at("2026-03-12 15:10"))
    assert [(line.rule_id, str(line.amount)) for line in owed.lines] == [
        ("T-32.urban", "6.00"),
        ("P-03.urban", "20.00"),
    ]


def test_another_city_neither_sees_nor_stops_the_clocks() -> None:
    make.clocks(subject="ticket:1")
    with scope("4401"):
        assert standards.clocks_of("ticket:1") == []
        standards.stop_clocks(subject="ticket:1", at=at("2026-03-12 15:10"))
    assert {clock.state for clock in standards.clocks_of("ticket:1")} == {"running"}


def test_marks_are_append_only() -> None:
    make.clocks(subject="ticket:1")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE standards_clockmark SET at = at + interval '1 hour'")


def test_open_clocks_are_listed_by_their_due_instant() -> None:
    make.clocks(subject="ticket:1")
    make.clocks(subject="ticket:2", at="2026-03-10 08:00")
    page = standards.open_clocks.page({"kind": "statutory"})
    assert [row.subject for row in page.rows] == ["ticket:2", "ticket:1"]
    assert page.rows[0].due_at - page.rows[0].started_at == timedelta(hours=48)
