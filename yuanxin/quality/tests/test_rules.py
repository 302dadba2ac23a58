"""Laws and stories of the pay calculation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.quality.rules import states
from yuanxin.quality.rules.pay import Correction, Evidence, Finding, Inputs, Work, calculate, is_night
from yuanxin.quality.rules.terms import (
    LateStep,
    Night,
    Rating,
    SchemeContradicts,
    SchemeIncomplete,
    Terms,
    read_terms,
    read_windows,
)
from yuanxin.quality.tests import make

NATIONAL = Path(__file__).parents[3] / "rulebooks" / "national"
SEEDS = [entry for file in sorted(NATIONAL.glob("*.yaml")) for entry in yaml.safe_load(file.read_text())["entries"]]
PERCENT = st.integers(min_value=0, max_value=100)
FEN = st.integers(min_value=0, max_value=100_000)


patient = hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.too_slow])  # of a busy machine


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    """Any scheme that does not contradict itself."""
    limits = sorted(draw(st.sets(st.integers(1, 20_000), max_size=5)))
    factors = sorted(draw(st.lists(PERCENT, min_size=len(limits) + 1, max_size=len(limits) + 1)), reverse=True)
    usual = draw(st.integers(80, 120))
    floor = draw(st.integers(0, 2000))
    return make.terms(
        price_fen=draw(FEN),
        close_percent=draw(PERCENT),
        late_steps=tuple(
            LateStep(up_to_minutes=limit, factor_percent=factor) for limit, factor in zip(limits, factors, strict=False)
        ),
        later_percent=factors[-1],
        rating=Rating(
            window_days=90,
            sample_min=draw(st.integers(2, 50)),
            praised_from_score=draw(st.integers(8, 10)),
            praised_percent=usual + draw(st.integers(0, 20)),
            usual_percent=usual,
        ),
        area_fen=draw(FEN),
        disputed_percent=draw(PERCENT),
        monthly_cap_fen=draw(FEN),
        repeat_percent=draw(PERCENT),
        floor_fen=floor,
        cap_fen=floor + draw(FEN),
    )


ANY_WORK = st.builds(
    Work,
    order_kind=st.sampled_from(OrderKind),
    service=st.sampled_from(Service),
    area_class=st.sampled_from(AreaClass),
    close_type=st.sampled_from(CloseType),
    segment=st.sampled_from(Segment),
    late_minutes=st.none() | st.integers(0, 30_000),
    started_minute=st.integers(0, 1439),
    is_holiday=st.booleans(),
)
ANY_EVIDENCE = st.integers(0, 100).flatmap(
    lambda count: st.builds(
        Evidence,
        is_mismatch=st.booleans(),
        rating_count=st.just(count),
        rating_sum=st.integers(count, count * 10),
        is_repeat=st.booleans(),
        deducted_before_fen=FEN,
        corrections=st.lists(
            st.builds(Correction, reason_code=st.sampled_from(["red_line", "award"]), fen=st.integers(-9999, 9999)),
            max_size=4,
        ).map(tuple),
        findings=st.lists(st.builds(Finding, code=st.just("photo_missing"), percent=PERCENT), max_size=3).map(tuple),
        is_repeated=st.booleans(),
    )
)


def terms_of(given_inputs: Inputs) -> Terms:
    """Return the terms, which these inputs always have."""
    assert given_inputs.terms is not None
    return given_inputs.terms


ANY_INPUTS = st.builds(Inputs, terms=any_terms(), work=ANY_WORK, evidence=ANY_EVIDENCE)


@patient
@given(ANY_INPUTS)
def test_steps_sum_to_a_total_between_floor_and_cap(given_inputs: Inputs) -> None:
    answer = calculate(given_inputs)
    is_unpaid_repeat = given_inputs.evidence.is_repeat and given_inputs.work.segment is Segment.FIELD
    floor = 0 if is_unpaid_repeat else terms_of(given_inputs).floor_fen
    assert sum(step.fen for step in answer.steps) == answer.total_fen
    assert floor <= answer.total_fen <= terms_of(given_inputs).cap_fen
    assert calculate(given_inputs) == answer


@patient
@given(ANY_INPUTS, st.integers(0, 30_000), st.integers(0, 30_000))
def test_later_work_never_earns_more(given_inputs: Inputs, first: int, second: int) -> None:
    early, late = sorted((first, second))
    amounts = [
        calculate(replace(given_inputs, work=replace(given_inputs.work, late_minutes=minutes))).total_fen
        for minutes in (early, late)
    ]
    assert amounts[0] >= amounts[1]


@patient
@given(ANY_INPUTS)
def test_deductions_of_a_month_stay_under_the_cap(given_inputs: Inputs) -> None:
    left = max(0, terms_of(given_inputs).monthly_cap_fen - given_inputs.evidence.deducted_before_fen)
    assert 0 <= calculate(given_inputs).deducted_fen <= left


@patient
@given(ANY_INPUTS, st.integers(1, 30_000))
def test_a_fault_of_the_network_costs_the_technician_nothing(given_inputs: Inputs, late: int) -> None:
    network = replace(given_inputs.work, segment=Segment.LINE)
    free = Evidence(corrections=given_inputs.evidence.corrections, deducted_before_fen=0)
    best = calculate(replace(given_inputs, work=replace(network, late_minutes=0), evidence=free))
    blamed = replace(free, is_mismatch=True, is_repeat=True, rating_count=60, rating_sum=60)
    worst = calculate(replace(given_inputs, work=replace(network, late_minutes=late), evidence=blamed))
    assert worst.total_fen >= best.total_fen


@patient
@given(ANY_INPUTS, st.integers(1, 9999))
def test_an_overturned_correction_leaves_the_amount_as_it_was(given_inputs: Inputs, fen: int) -> None:
    evidence = given_inputs.evidence
    wrong_then_right = (Correction(reason_code="c1", fen=-fen), Correction(reason_code="c1", fen=fen))
    both = replace(evidence, corrections=evidence.corrections + wrong_then_right)
    assert calculate(replace(given_inputs, evidence=both)).total_fen == calculate(given_inputs).total_fen


@pytest.mark.parametrize(("late", "earned"), [(0, 2000), (None, 2000), (240, 1500), (241, 1000), (9999, 300)])
def test_lateness_costs_by_the_scheme_down_to_the_floor(late: int | None, earned: int) -> None:
    assert calculate(make.inputs(late_minutes=late)).total_fen == earned


def test_a_holiday_night_in_the_mountains_is_the_piece_and_three_allowances() -> None:
    answer = calculate(make.inputs(started_minute=23 * 60, is_holiday=True, area_class=AreaClass.REMOTE))
    assert answer.total_fen == 2000 + 1000 + 500 + 2000
    assert [step.code for step in answer.steps] == [
        "item", "close", "timeliness", "quality", "night", "remote", "holiday",
    ]  # fmt: skip


@pytest.mark.parametrize("close_type", [each for each in CloseType if each is not CloseType.FIXED])
def test_a_trip_without_a_fault_is_paid(close_type: CloseType) -> None:
    answer = calculate(make.inputs(close_type=close_type, scheme=make.terms(close_percent=50)))
    assert answer.total_fen == 1000
    assert [step.note for step in answer.steps][1] == close_type


def test_low_scores_cost_nothing_and_thirty_high_ones_earn_more() -> None:
    assert calculate(make.inputs(evidence=Evidence(rating_count=1, rating_sum=1))).total_fen == 2000
    assert calculate(make.inputs(evidence=Evidence(rating_count=40, rating_sum=40))).total_fen == 2000
    assert calculate(make.inputs(evidence=Evidence(rating_count=29, rating_sum=290))).total_fen == 2000
    assert calculate(make.inputs(evidence=Evidence(rating_count=30, rating_sum=270))).total_fen == 2200


def test_a_denied_repair_costs_half_the_piece_until_the_monthly_cap() -> None:
    assert calculate(make.inputs(evidence=Evidence(is_mismatch=True))).total_fen == 1000
    nearly = Evidence(is_mismatch=True, deducted_before_fen=29_600)
    answer = calculate(make.inputs(evidence=nearly))
    assert (answer.total_fen, answer.deducted_fen) == (1600, 400)
    assert [step.note for step in answer.steps][-1] == "monthly_cap"


def test_a_repeat_visit_earns_its_allowances_only() -> None:
    evidence = Evidence(is_repeat=True)
    assert calculate(make.inputs(evidence=evidence)).total_fen == 0
    assert calculate(make.inputs(evidence=evidence, started_minute=0)).total_fen == 1000


def test_work_without_a_price_is_recorded_with_nothing_and_says_so() -> None:
    answer = calculate(make.inputs(scheme=make.terms(price_fen=None), order_kind=OrderKind.PATROL))
    assert answer.total_fen == 0
    assert answer.steps[0].note == "unpriced"


@pytest.mark.parametrize(("minute", "expected"), [(1319, False), (1320, True), (0, True), (359, True), (360, False)])
def test_night_runs_over_midnight(minute: int, expected: bool) -> None:
    assert is_night(Night(amount_fen=1, from_minute=1320, to_minute=360), minute) is expected


@pytest.mark.parametrize(
    "changes",
    [
        {"later_percent": 80},
        {"on_time_percent": 70},
        {"disputed_percent": 101},
        {"cap_fen": 299},
        {"price_fen": -1},
        {"rating": Rating(window_days=9, sample_min=1, praised_from_score=9, praised_percent=110, usual_percent=100)},
        {"late_steps": (LateStep(up_to_minutes=9, factor_percent=50), LateStep(up_to_minutes=9, factor_percent=50))},
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SchemeContradicts):
        make.terms(**changes)


def from_yaml(topic: str, name: str) -> Any:
    """Look a number up in the national seeds, as the rulebook would answer."""
    for entry in SEEDS:
        if entry["topic"] == topic and name in entry["measure"].get("values", {}):
            return entry["measure"]["values"][name]
    return None


@pytest.mark.parametrize("kind", OrderKind)
@pytest.mark.parametrize("area", AreaClass)
@pytest.mark.parametrize("close_type", CloseType)
def test_the_national_seeds_hold_a_whole_scheme(kind: OrderKind, area: AreaClass, close_type: CloseType) -> None:
    terms = read_terms(from_yaml, versions=("seed",), kind=kind, close_type=close_type, area=area)
    assert calculate(make.inputs(scheme=terms, order_kind=kind, close_type=close_type, area_class=area)).total_fen > 0
    assert read_windows(from_yaml).adjust_within_days >= terms.repeat_days


def test_a_scheme_without_a_number_says_which() -> None:
    with pytest.raises(SchemeIncomplete) as refused:
        read_windows(lambda topic, name: None)
    assert refused.value.params == {"topic": "pay.windows", "parameter": "check_after_hours"}


def test_pay_goes_from_provisional_to_paid_out_and_never_back() -> None:
    way = [states.PayState.PROVISIONAL, states.PayState.IN_CHECK, states.PayState.CONFIRMED, states.PayState.PAID_OUT]
    for now, wanted in pairwise(way):
        assert states.require_step(now, wanted) is wanted
    for wanted in way:
        with pytest.raises(states.PayStateRefused):
            states.require_step(states.PayState.PAID_OUT, wanted)


def test_a_fault_on_the_thirtieth_day_repeats_the_repair_and_on_the_thirty_first_not() -> None:
    repaired = datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert states.is_repeat(repaired, repaired + timedelta(days=30), 30)
    assert not states.is_repeat(repaired, repaired + timedelta(days=30, minutes=1), 30)
    assert not states.is_repeat(repaired, repaired - timedelta(minutes=1), 30)
