from datetime import date, timedelta

import pytest

from yuanxin.academy import rules
from yuanxin.academy.rules import Validity

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def test_the_first_and_the_last_day_count_and_the_next_does_not() -> None:
    certificate = Validity(FIRST, LAST)
    days = [FIRST - timedelta(1), FIRST, LAST, LAST + timedelta(1)]
    assert [certificate.covers(day) for day in days] == [False, True, True, False]


def test_a_certificate_without_end_counts_for_ever() -> None:
    assert Validity(FIRST).covers(date(2099, 1, 1))


def test_a_revoked_certificate_ends_that_day() -> None:
    certificate = Validity(FIRST, LAST, revoked_on=date(2026, 6, 1))
    assert certificate.covers(date(2026, 5, 31))
    assert not certificate.covers(date(2026, 6, 1))


def test_a_reversed_span_is_refused_at_its_field() -> None:
    with pytest.raises(rules.SpanReversed) as refused:
        Validity(LAST, FIRST)
    assert refused.value.field == "expires_on"


def test_what_is_missing_is_named() -> None:
    assert rules.missing(["low_voltage", "climbing"], {"climbing"}) == ("low_voltage",)
    assert rules.missing([], set()) == ()


@pytest.mark.parametrize("level", [0, 6, -1])
def test_a_level_outside_the_scale_is_refused(level: int) -> None:
    with pytest.raises(rules.LevelUnknown):
        rules.check_level(level, 5)
