"""Complaints that escalate, and call-backs that are checked against the close-out."""

from datetime import timedelta
from typing import Any

import pytest

from yuanxin.care import api as care
from yuanxin.care.models import Callback
from yuanxin.care.rules import callbacks, complaints
from yuanxin.care.rules.callbacks import Practice, next_try
from yuanxin.care.tests import make
from yuanxin.kernel import verify as verifying
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.errors import Refused
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests.make import acting, at
from yuanxin.kernel.time import SHANGHAI
from yuanxin.published.codes import Channel
from yuanxin.published.refs import ComplaintRef, ref
from yuanxin.standards import api as standards
from yuanxin.standards.tests import make as make_standards

pytestmark = pytest.mark.usefixtures("rules")
MONDAY = at("2026-11-23 09:10")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BOSS = "staff:00000000-0000-7000-8000-000000000009"
K = care.ComplaintStepKind


@pytest.fixture
def rules(foshan: str) -> None:
    """The seed rulebooks bind."""
    make_standards.rulebooks()
    make_standards.calendar()


def complaint(**changes: Any) -> ComplaintRef:
    arguments: dict[str, Any] = {"category": "billing", "channel": Channel.PHONE, "at": MONDAY}
    return care.open_complaint(**(arguments | changes))


def go(opened: ComplaintRef, *steps: K, after: timedelta = HOUR, **told: Any) -> None:
    for step in steps:
        care.advance_complaint(complaint_id=opened.id, step=step, at=MONDAY + after, **told)


def told(name: str) -> list[Any]:
    return [fact.body for fact in FactRecord.objects.filter(name=name).order_by("at", "id")]


def test_every_step_is_told_with_state_and_level() -> None:
    opened = complaint()
    go(opened, K.FIRST_REPLY, K.ESCALATE)
    assert [(one["state"], one["level"]) for one in told("ComplaintMoved")] == [
        ("first_replied", 0),
        ("first_replied", 1),
    ]


def test_an_escalated_complaint_is_concluded_after_somebody_else_signed() -> None:
    opened = complaint()
    go(opened, K.FIRST_REPLY, K.CHECK, K.HANDLE, K.ESCALATE, K.ANSWER, K.CALL_BACK)
    with pytest.raises(complaints.SignOffMissing):
        go(opened, K.CONCLUDE)
    with pytest.raises(complaints.SignedByAnswerer):
        go(opened, K.SIGN_OFF)
    with acting_as(acting("4406", "care.advance_complaint", "care.sign_off_complaint", who=BOSS)):
        go(opened, K.SIGN_OFF)
    go(opened, K.CONCLUDE)
    seen = care.complaint(opened.id)
    assert (seen.state, seen.signed_by) == (care.ComplaintState.CONCLUDED, BOSS)


def test_a_case_of_a_regulator_is_signed_higher_up() -> None:
    opened = complaint(source=care.ComplaintSource.MAYOR_12345, external_number="12345-77")
    assert care.complaint(opened.id).level == 2
    go(opened, K.FIRST_REPLY, K.CHECK, K.HANDLE, K.ANSWER)
    with (
        acting_as(acting("4406", "care.advance_complaint", "care.sign_off_complaint", who=BOSS)),
        pytest.raises(Refused),
    ):
        go(opened, K.SIGN_OFF)
    with acting_as(acting("4406", "care.advance_complaint", "care.sign_off_escalated", who=BOSS)):
        go(opened, K.SIGN_OFF)
    go(opened, K.REJECT_ANSWER)
    assert care.complaint(opened.id).signed_at is None


def test_going_over_names_the_authority_its_number_and_its_deadline() -> None:
    opened = complaint()
    for wrong, error in (
        ({}, complaints.SourceMissing),
        ({"source": care.ComplaintSource.NRTA}, complaints.SourceMissing),
        (
            {"source": care.ComplaintSource.NRTA, "external_number": "1", "external_due_at": MONDAY},
            complaints.ExternalDuePast,
        ),
    ):
        with pytest.raises(error):
            go(opened, K.GO_OVER, **wrong)
    due = MONDAY + timedelta(days=5)
    go(opened, K.GO_OVER, source=care.ComplaintSource.CONSUMER_12315, external_number="315-9", external_due_at=due)
    seen = care.complaint(opened.id)
    assert (seen.level, seen.source, seen.external_number, seen.external_due_at) == (2, "12315", "315-9", due)


@pytest.mark.parametrize("step", [K.ESCALATE, K.GO_OVER, K.CONCLUDE, K.REOPEN])
def test_steps_beyond_the_everyday_ones_need_a_permission_of_their_own(step: K) -> None:
    opened = complaint()
    if step in {K.CONCLUDE, K.REOPEN}:
        go(opened, K.FIRST_REPLY, K.CHECK, K.HANDLE, K.ANSWER, K.CALL_BACK)
    if step is K.REOPEN:
        go(opened, K.CONCLUDE)
    with acting_as(acting("4406", "care.advance_complaint")), pytest.raises(Refused):
        go(opened, step, note="x")


def test_a_complaint_that_is_opened_again_has_a_reason_and_a_new_clock() -> None:
    opened = complaint()
    go(opened, K.FIRST_REPLY, K.CHECK, K.HANDLE, K.ANSWER, K.CALL_BACK, K.CONCLUDE)
    with pytest.raises(complaints.ReopenReasonMissing):
        go(opened, K.REOPEN)
    first_due = care.complaint(opened.id).solve_due_at
    go(opened, K.REOPEN, note="客户来电说没退钱", after=30 * HOUR)
    seen = care.complaint(opened.id)
    assert (seen.state, seen.ended_at) == (care.ComplaintState.HANDLING, None)
    assert seen.solve_due_at is not None
    assert first_due is not None
    assert seen.solve_due_at > first_due
    names = [name for name in verifying.registry if name.startswith("care.")]
    assert [finding for finding in verifying.verify(names) if finding.violations] == []


def missed(ticket_id: Any, moment: Any) -> None:
    care.record_callback(ticket_id=ticket_id, reached=False, agrees=None, at=moment)


def test_nobody_reached_three_times_closes_the_ticket_and_stops_its_clock() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    for hours in (4, 6, 8):
        missed(opened.id, MONDAY + hours * HOUR)
    assert care.ticket(opened.id).state == "closed"
    assert list(Callback.objects.order_by("called_at").values_list("attempt", flat=True)) == [1, 2, 3]
    open_topics = [clock.topic for clock in standards.clocks_of(ref("ticket", opened.id)) if clock.stopped_at is None]
    assert open_topics == []


def test_tries_in_a_row_or_at_night_do_not_count() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    missed(opened.id, MONDAY + 4 * HOUR)
    with pytest.raises(callbacks.CallbackTooSoon) as soon:
        missed(opened.id, MONDAY + 5 * HOUR)
    assert soon.value.params["next_time"] == "15:10"
    with pytest.raises(callbacks.CallbackOutsideHours):
        missed(opened.id, at("2026-11-23 20:30"))
    plan = care.callback_plan(opened.id, resolved_at=MONDAY, at=MONDAY + 5 * HOUR)
    assert (len(plan.tried), plan.attempts, plan.next_at) == (1, 3, at("2026-11-23 15:10"))
    care.record_callback(ticket_id=opened.id, reached=True, agrees=True, at=at("2026-11-23 20:30"))
    assert care.ticket(opened.id).state == "closed"


def test_the_next_try_waits_for_the_morning() -> None:
    practice = Practice(attempts=3, retry=2 * HOUR, from_minute=540, to_minute=1200)
    assert next_try(at("2026-11-23 19:30"), practice) == at("2026-11-24 09:00")
    assert next_try(at("2026-11-23 05:00"), practice) == at("2026-11-23 09:00")
    assert next_try(at("2026-11-23 12:00"), practice) == at("2026-11-23 14:00")


def test_a_fee_and_a_begged_score_are_told_as_suspected_red_lines() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    care.record_callback(
        ticket_id=opened.id,
        reached=True,
        agrees=True,
        differs=[care.Difference.CAUSE, care.Difference.MATERIALS],
        fee_asked=True,
        score_begged=True,
        at=MONDAY + 4 * HOUR,
    )
    assert [one["kind"] for one in told("RedLineSuspected")] == ["private_fee", "begged_score"]
    assert told("CallbackRecorded")[0]["differs"] == ["cause", "materials"]
    assert care.ticket(opened.id).state == "closed"


def test_nobody_came_opens_the_ticket_again_whatever_else_was_said() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    care.record_callback(
        ticket_id=opened.id, reached=True, agrees=True, differs=[care.Difference.VISIT], at=MONDAY + 4 * HOUR
    )
    seen = care.ticket(opened.id)
    assert seen.state == "in_progress"
    assert seen.assessment_due_at is not None
    assert seen.assessment_due_at > MONDAY + 4 * HOUR
    assert [one["kind"] for one in told("RedLineSuspected")] == ["false_close"]


def test_who_was_not_reached_reported_nothing() -> None:
    opened = make.resolved_ticket(at=MONDAY)
    with pytest.raises(callbacks.CallbackContradictory):
        care.record_callback(ticket_id=opened.id, reached=False, agrees=None, fee_asked=True, at=MONDAY + 4 * HOUR)


def test_the_list_of_call_backs_says_from_when_each_is_called_next() -> None:
    early, evening, night = (make.resolved_ticket(at=MONDAY) for _ in range(3))
    day = MONDAY.astimezone(SHANGHAI).replace(hour=0, minute=0)
    missed(early.id, day.replace(hour=14))
    missed(evening.id, day.replace(hour=19))
    rows = {row.number: (row.next_try_at.astimezone(SHANGHAI), row.tries) for row in care.callbacks_due.page({}).rows}
    assert rows[early.number] == (day.replace(hour=16), 1)
    assert rows[evening.number] == (day + timedelta(days=1, hours=9), 1)
    assert rows[night.number][1] == 0
    in_order = [row.number for row in care.callbacks_due.page({}).rows]
    assert in_order == [night.number, early.number, evening.number]
    seen = care.callbacks_due.page({"callable_at": (day + timedelta(hours=17)).isoformat()}).rows
    assert {row.number for row in seen} == {night.number, early.number}
