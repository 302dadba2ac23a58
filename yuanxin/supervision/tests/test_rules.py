from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.supervision import rules
from yuanxin.supervision.rules import Colour, Kind, NextStep, Shares, Stage

SHARES = Shares(amber_percent=50, red_percent=20)
OPENED = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DUE = OPENED + timedelta(hours=10)


def seen(at: datetime, *, due_at: datetime | None = DUE, paused_at: datetime | None = None) -> rules.Countdown:
    return rules.countdown(at=at, started_at=OPENED, due_at=due_at, paused_at=paused_at, shares=SHARES)


@pytest.mark.parametrize(
    ("minutes", "colour", "shape"),
    [
        (0, Colour.GREEN, "○"),
        (299, Colour.GREEN, "○"),
        (300, Colour.AMBER, "△"),
        (480, Colour.AMBER, "△"),
        (481, Colour.RED, "◆"),
        (600, Colour.RED, "◆"),
        (601, Colour.OVERDUE, "◆"),
    ],
)
def test_ten_hours_turn_amber_at_half_and_red_below_a_fifth(minutes: int, colour: Colour, shape: str) -> None:
    shown = seen(OPENED + timedelta(minutes=minutes))
    assert (shown.colour, shown.shape) == (colour, shape)


def test_an_overdue_clock_counts_on() -> None:
    assert seen(DUE + timedelta(minutes=35)).left == timedelta(minutes=-35)


def test_a_paused_clock_stands_still_and_is_hatched() -> None:
    shown = seen(DUE + timedelta(days=1), paused_at=OPENED + timedelta(hours=1))
    assert (shown.colour, shown.is_hatched, shown.left) == (Colour.GREEN, True, timedelta(hours=9))


def test_without_a_promise_there_is_no_colour() -> None:
    assert seen(DUE, due_at=None).colour is Colour.NONE


def test_the_tighter_clock_counts() -> None:
    assert rules.tightest(DUE, OPENED) == OPENED
    assert rules.tightest(None, DUE) == DUE
    assert rules.tightest(None, None) is None


@pytest.mark.parametrize(("amber", "red"), [(20, 50), (50, 50), (101, 20), (50, -1)])
def test_shares_out_of_order_are_refused(amber: int, red: int) -> None:
    with pytest.raises(rules.SharesUnordered):
        Shares(amber_percent=amber, red_percent=red)


def test_every_stage_before_closed_has_a_next_step_and_an_owner() -> None:
    steps = {stage: rules.next_step(stage, kind=Kind.TICKET, is_held=False) for stage in Stage}
    assert [stage for stage, step in steps.items() if step is None] == [Stage.CLOSED]


def test_held_work_waits_for_the_dispatcher_and_a_complaint_for_its_desk() -> None:
    held = rules.next_step(Stage.STARTED, kind=Kind.TICKET, is_held=True)
    complaint = rules.next_step(Stage.OPENED, kind=Kind.COMPLAINT, is_held=False)
    assert (held, complaint) == (NextStep("resume", "dispatcher"), NextStep("answer", "complaint_desk"))


FACTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(list(Stage)),
        st.dictionaries(st.sampled_from(["stage", "technician_id", "number"]), st.integers(0, 9)),
    ),
    max_size=6,
    unique_by=lambda fact: (fact[0], fact[1]),
)


@given(FACTS, st.randoms())
def test_facts_in_any_order_and_number_end_in_the_same_row(facts: list[Any], dice: Any) -> None:
    def row(order: list[Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        stamps: rules.Stamps = {}
        for minute, stage, values in order:
            at = OPENED + timedelta(minutes=minute)
            winners, stamps = rules.newer_fields(stamps, values, at=at, rank=stage)
            fields |= winners
        return fields

    shuffled = facts + facts[:2]
    dice.shuffle(shuffled)
    assert row(facts) == row(shuffled)
