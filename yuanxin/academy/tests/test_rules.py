from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.academy import rules
from yuanxin.academy.rules import Validity

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def test_the_first_and_the_last_day_count_and_the_next_does_not():
    certificate = Validity(FIRST, LAST)
    days = [FIRST - timedelta(1), FIRST, LAST, LAST + timedelta(1)]
    assert [certificate.covers(day) for day in days] == [False, True, True, False]


def test_a_certificate_without_end_counts_for_ever():
    assert Validity(FIRST).covers(date(2099, 1, 1))


def test_a_revoked_certificate_ends_that_day():
    certificate = Validity(FIRST, LAST, revoked_on=date(2026, 6, 1))
    assert certificate.covers(date(2026, 5, 31))
    assert not certificate.covers(date(2026, 6, 1))


def test_a_reversed_span_is_refused_at_its_field():
    with pytest.raises(rules.SpanReversed) as refused:
        Validity(LAST, FIRST)
    assert refused.value.field == "expires_on"


@pytest.mark.parametrize(
    ("left_days", "crossed"), [(61, ()), (60, (60,)), (31, (60,)), (30, (30, 60)), (7, (7, 30, 60)), (-1, ())]
)
def test_thresholds_are_crossed_one_after_the_other(left_days, crossed):
    assert rules.crossed_thresholds(LAST, LAST - timedelta(left_days), (60, 30, 7)) == crossed


@given(st.integers(0, 400), st.sets(st.integers(0, 365)))
def test_a_crossed_threshold_stays_crossed_until_the_end(left_days, thresholds):
    today = set(rules.crossed_thresholds(LAST, LAST - timedelta(left_days), thresholds))
    tomorrow = set(rules.crossed_thresholds(LAST, LAST - timedelta(max(left_days - 1, 0)), thresholds))
    assert today <= tomorrow


def test_what_is_missing_is_named():
    assert rules.missing(["low_voltage", "climbing"], {"climbing"}) == ("low_voltage",)
    assert rules.missing([], set()) == ()


@pytest.mark.parametrize("level", [0, 6, -1])
def test_a_level_outside_the_scale_is_refused(level):
    with pytest.raises(rules.LevelUnknown):
        rules.check_level(level, 5)
