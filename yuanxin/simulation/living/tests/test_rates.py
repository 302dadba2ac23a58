"""How often somebody calls and something fails."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from yuanxin.published.codes import Channel
from yuanxin.simulation.living.rates import Kind, Rates

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC) - timedelta(hours=8)
WEEK = timedelta(days=7)


def test_a_city_of_60000_calls_about_178_times_a_day_and_reports_85_faults() -> None:
    rates = Rates(60_000)
    assert round(rates.contacts_a_day) == 178
    assert rates.contacts_a_day * rates.fault_share == pytest.approx(85)


def test_a_week_brings_as_many_calls_as_the_rates_say_and_the_same_seed_the_same_calls() -> None:
    rates = Rates(60_000)
    first = list(rates.arrivals(MONDAY, MONDAY + WEEK, random.Random(1)))
    assert first == sorted(first)
    assert first == list(rates.arrivals(MONDAY, MONDAY + WEEK, random.Random(1)))
    assert all(MONDAY <= at < MONDAY + WEEK for at in first)
    assert 1050 < len(first) < 1450


def test_the_evening_is_busier_than_the_night_and_july_than_november() -> None:
    rates = Rates(60_000)
    evening, night = MONDAY + timedelta(hours=20), MONDAY + timedelta(hours=3)
    assert rates.calls_an_hour(evening) > 50 * rates.calls_an_hour(night)
    assert rates.calls_an_hour(evening.replace(month=7, day=6)) > rates.calls_an_hour(evening)


def test_stories_fit_their_kind() -> None:
    rates, dice = Rates(60_000), random.Random(2)
    told = [rates.story(dice) for _ in range(400)]
    assert {story.kind for story in told} == set(Kind)
    assert all(bool(story.fault_code) is (story.kind is Kind.FAULT) for story in told)
    assert {rates.channel(dice) for _ in range(200)} <= set(Channel)


def test_elements_fail_about_once_a_day_and_more_often_in_a_larger_city() -> None:
    small = list(Rates(60_000).failures(MONDAY, MONDAY + WEEK, random.Random(3)))
    large = list(Rates(600_000).failures(MONDAY, MONDAY + WEEK, random.Random(3)))
    assert 2 <= len(small) <= 14
    assert len(large) > 4 * len(small)
    assert {element.kind for _, element in large} == {"amplifier", "optical_node", "olt"}
