"""Rules of customer care as small stories."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.care.rules import callbacks, complaints, duplicates, intake, tickets
from yuanxin.care.rules.complaints import ComplaintState, ComplaintStepKind, EscalationLevel
from yuanxin.care.rules.tickets import FINAL_STATES, TicketState, TicketStep

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
MONTH = timedelta(days=30)


def test_a_ticket_goes_from_intake_to_its_close() -> None:
    state = TicketState.RECEIVED
    for step in (TicketStep.BEGIN, TicketStep.RESOLVE, TicketStep.AWAIT_CALLBACK, TicketStep.CLOSE):
        state = tickets.next_state(state, step)
    assert state is TicketState.CLOSED


def test_a_customer_who_disagrees_gets_the_ticket_back_to_work() -> None:
    assert tickets.next_state(TicketState.AWAITING_CALLBACK, TicketStep.REOPEN) is TicketState.IN_PROGRESS


@given(st.sampled_from(sorted(FINAL_STATES)), st.sampled_from(list(TicketStep)))
def test_nothing_leads_out_of_a_final_state(state: TicketState, step: TicketStep) -> None:
    with pytest.raises(tickets.TicketStepRefused):
        tickets.next_state(state, step)


def test_a_complaint_goes_through_all_seven_stations() -> None:
    state = ComplaintState.RECEIVED
    for step in ("first_reply", "check", "handle", "answer", "call_back", "conclude"):
        state = complaints.next_state(state, ComplaintStepKind(step))
    assert state is ComplaintState.CONCLUDED


def test_an_answer_needs_a_check_before_it() -> None:
    with pytest.raises(complaints.ComplaintStepRefused):
        complaints.next_state(ComplaintState.RECEIVED, ComplaintStepKind.ANSWER)


@given(st.sampled_from(complaints.OPEN_STATES))
def test_every_open_complaint_can_be_escalated_withdrawn_or_found_a_duplicate(state: ComplaintState) -> None:
    steps = complaints.possible_steps(state)
    assert {ComplaintStepKind.ESCALATE, ComplaintStepKind.WITHDRAW, ComplaintStepKind.MARK_DUPLICATE} <= set(steps)
    assert complaints.next_state(state, ComplaintStepKind.ESCALATE) is state


@given(st.lists(st.sampled_from(list(ComplaintStepKind))))
def test_escalation_never_falls(steps: list[ComplaintStepKind]) -> None:
    level = EscalationLevel.NONE
    for step in steps:
        after = complaints.next_level(level, step)
        assert after >= level
        level = after


def test_a_customer_who_agrees_closes_the_ticket() -> None:
    meaning = callbacks.meaning_of(reached=True, agrees=True, score=9)
    assert meaning.closes_ticket
    assert meaning.outcome is callbacks.CallbackOutcome.CONSISTENT


def test_a_customer_who_disagrees_re_opens_it_whatever_the_score() -> None:
    meaning = callbacks.meaning_of(reached=True, agrees=False, score=10)
    assert meaning.reopens_ticket
    assert not meaning.closes_ticket


def test_nobody_reached_says_nothing_about_the_work() -> None:
    meaning = callbacks.meaning_of(reached=False, agrees=None, score=None)
    assert not meaning.closes_ticket
    assert not meaning.reopens_ticket


@pytest.mark.parametrize(("reached", "agrees", "score"), [(False, True, None), (False, None, 5), (True, None, None)])
def test_a_contradictory_call_back_is_refused(reached: bool, agrees: bool | None, score: int | None) -> None:
    with pytest.raises(callbacks.CallbackContradictory):
        callbacks.meaning_of(reached=reached, agrees=agrees, score=score)


@pytest.mark.parametrize("score", [0, -1, 11])
def test_a_score_outside_one_to_ten_is_refused(score: int) -> None:
    with pytest.raises(callbacks.ScoreOutOfRange):
        callbacks.meaning_of(reached=True, agrees=True, score=score)


def test_a_begged_score_is_kept_but_not_counted() -> None:
    assert not callbacks.counts_for_satisfaction(score=10, begged=True)
    assert callbacks.counts_for_satisfaction(score=2, begged=False)


def earlier(
    *, days_ago: float, resolved_days_ago: float | None = None, close_type: str = "fixed"
) -> duplicates.EarlierTicket:
    resolved = None if resolved_days_ago is None else NOON - timedelta(days=resolved_days_ago)
    return duplicates.EarlierTicket(
        uuid4(), "T1", NOON - timedelta(days=days_ago), resolved, close_type, is_open=resolved is None
    )


def test_a_second_report_of_an_open_fault_is_a_duplicate() -> None:
    first = earlier(days_ago=1)
    assert duplicates.duplicates_of([first], at=NOON, window=timedelta(days=3)) == (first,)
    assert duplicates.duplicates_of([first], at=NOON, window=timedelta(hours=3)) == ()


def test_a_fault_soon_after_a_repair_is_a_repeat() -> None:
    repaired = earlier(days_ago=20, resolved_days_ago=19)
    assert duplicates.repeated_fault([repaired], at=NOON, window=MONTH) == repaired
    assert duplicates.repeated_fault([repaired], at=NOON + MONTH, window=MONTH) is None


@pytest.mark.parametrize("close_type", ["empty_trip", "refused_entry", "no_fault", "taught"])
def test_a_visit_that_repaired_nothing_makes_no_repeat(close_type: str) -> None:
    visited = earlier(days_ago=20, resolved_days_ago=19, close_type=close_type)
    assert duplicates.repeated_fault([visited], at=NOON, window=MONTH) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("0757/8328 1234", "075783281234"),
        ("(0757) 83281234", "075783281234"),
        ("", ""),
    ],
)
def test_a_caller_number_is_kept_as_digits(typed: str, kept: str) -> None:
    assert intake.clean_caller_number(typed) == kept


@pytest.mark.parametrize("typed", ["abc", "1" * 21, "138\x00", "<script>"])
def test_a_caller_number_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(intake.CallerNumberUnreadable):
        intake.clean_caller_number(typed)


def test_texts_are_bounded_and_readable() -> None:
    assert intake.clean_text("  没信号\n已重启  ", field="note") == "没信号\n已重启"
    with pytest.raises(intake.TextUnreadable):
        intake.clean_text("no\x00signal", field="note")
    with pytest.raises(intake.TextTooLong):
        intake.clean_text("长" * 2001, field="note")


def test_a_wanted_window_is_whole_forward_and_not_over() -> None:
    hour = timedelta(hours=1)
    limits = intake.WindowLimits(furthest=90 * 24 * hour, longest=24 * hour)
    assert intake.wanted_window(None, None, at=NOON, limits=limits) is None
    assert intake.wanted_window(NOON + hour, NOON + 3 * hour, at=NOON, limits=limits) is not None
    for start, end in ((NOON + hour, NOON), (NOON + hour, None), (None, NOON + hour)):
        with pytest.raises(intake.WindowReversed):
            intake.wanted_window(start, end, at=NOON, limits=limits)
    with pytest.raises(intake.WindowPast):
        intake.wanted_window(NOON - 3 * hour, NOON - hour, at=NOON, limits=limits)
    end_of_time = datetime.max.replace(tzinfo=UTC)
    with pytest.raises(intake.WindowTooFar):
        intake.wanted_window(end_of_time - hour, end_of_time, at=NOON, limits=limits)
    with pytest.raises(intake.WindowTooLong):
        intake.wanted_window(datetime.min.replace(tzinfo=UTC), NOON + hour, at=NOON, limits=limits)
