"""What a call becomes, told from its events; and what a caller number is."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.care.rules.calls import (
    AgentStateUnfit,
    CallState,
    CallStep,
    Happening,
    QueueUnknown,
    caller_digits,
    chosen_condition,
    queue_of,
    story,
)
from yuanxin.care.rules.intake import CallerNumberUnreadable

NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)
ANN, BEN = UUID(int=1), UUID(int=2)


def after(seconds: int, step: CallStep, **told: object) -> Happening:
    return Happening(step, NINE + timedelta(seconds=seconds), **told)  # type: ignore[arg-type]


RING = after(0, CallStep.RING, queue="96956")
ANSWER = after(12, CallStep.ANSWER, agent_id=ANN, recording_id="rec-1")
TRANSFER = after(60, CallStep.TRANSFER, queue="10099")
TAKEN_OVER = after(75, CallStep.ANSWER, agent_id=BEN, recording_id="rec-2")
HANG_UP = after(200, CallStep.HANG_UP)
WHOLE = (RING, ANSWER, TRANSFER, TAKEN_OVER, HANG_UP)


def test_a_transfer_keeps_who_answered_first_and_how_long_the_caller_waited() -> None:
    told = story(WHOLE)
    assert (told.state, told.queue, told.agent_id, told.first_owner_id) == (CallState.ENDED, "10099", BEN, ANN)
    assert (told.waited_seconds, told.transfers, told.recording_id, told.outcome) == (12, 1, "rec-2", "")


@pytest.mark.parametrize("order", list(permutations(WHOLE)))
def test_the_order_of_arrival_is_no_matter(order: tuple[Happening, ...]) -> None:
    assert story(order) == story(WHOLE)


@given(events=st.lists(st.sampled_from(WHOLE), min_size=1, max_size=12))
def test_no_event_counts_for_nothing_and_a_dead_call_stays_dead(events: list[Happening]) -> None:
    told = story(events)
    assert told.rang_at == min(event.at for event in events)
    assert told.is_live == (told.ended_at is None)
    if HANG_UP in events:
        assert not told.is_live
        assert (told.state is CallState.ABANDONED) == (told.answered_at is None)


def test_of_two_answers_the_first_one_counts() -> None:
    assert story((RING, ANSWER, after(13, CallStep.ANSWER, agent_id=BEN))).agent_id == ANN


def test_nobody_answers_and_a_caller_lost_in_a_transfer() -> None:
    abandoned = story((RING, HANG_UP))
    assert (abandoned.state, abandoned.outcome, abandoned.waited_seconds) == (CallState.ABANDONED, "abandoned", 200)
    lost = story((RING, ANSWER, TRANSFER, HANG_UP))
    assert (lost.state, lost.outcome, lost.agent_id) == (CallState.ENDED, "dropped", None)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138/0013/8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("013800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0757-8333 1234", "075783331234"),
        ("+86 (757) 8333-1234", "075783331234"),
        ("8333 1234", "075783331234"),
        ("+86 400 810 0000", "4008100000"),
        ("96956", "96956"),
        ("+852 2345 6789", "0085223456789"),
        ("anonymous", ""),
        ("隐藏", ""),
        ("  ", ""),
    ],
)
def test_a_caller_number_in_many_dresses(typed: str, digits: str) -> None:
    assert caller_digits(typed, area_code="0757") == digits


@pytest.mark.parametrize("typed", ["13x00138000", "sip:a@b", "+", "1" * 30, "138\x000013", "张三"])
def test_what_is_no_caller_number(typed: str) -> None:
    with pytest.raises(CallerNumberUnreadable) as refused:
        caller_digits(typed)
    assert refused.value.field == "caller_number"


@given(typed=st.text(alphabet="0123456789 +-/()", max_size=24))
def test_reading_a_number_twice_changes_nothing(typed: str) -> None:
    try:
        digits = caller_digits(typed)
    except CallerNumberUnreadable:
        return
    assert not digits or set(digits) <= set("0123456789")


def test_what_an_agent_may_choose() -> None:
    assert chosen_condition("rest", "meal", reasons=["meal"]) == "rest"
    for state, reason in (("rest", ""), ("rest", "sleep"), ("ready", "meal"), ("on_call", ""), ("nap", "")):
        with pytest.raises(AgentStateUnfit):
            chosen_condition(state, reason, reasons=["meal"])


def test_an_unknown_layer() -> None:
    with pytest.raises(QueueUnknown):
        queue_of("10086")
