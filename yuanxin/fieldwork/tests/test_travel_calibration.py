"""Calibration finds the speed that was driven, believes no nonsense, and says when it knows little."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.fieldwork.rules.travel_calibration import Calibration, CalibrationLimits, TravelPrior, Trip, calibrate

PRIOR = TravelPrior(detour=1.35, speed_kmh=20.0, entry_s=300)
LIMITS = CalibrationLimits(
    least_trips=30,
    shortest_m=300,
    longest_s=7200,
    slowest_kmh=1,
    fastest_kmh=80,
    prior_trips=5,
    band_prior_trips=10,
    band_least=500,
    band_most=2500,
)


def drive(speed_kmh: float, entry_s: float, distance_m: float, band: float = 1.0) -> float:
    """Seconds of a drive at a road speed."""
    return entry_s + distance_m * PRIOR.detour * 3.6 / speed_kmh * band


def trips(
    count: int, speed_kmh: float, entry_s: float, *, seed: int = 1, noise_s: float = 40, rush: float = 1.0
) -> list[Trip]:
    """Trips at a known speed with noise; rush: factor of the hours 8 and 17."""
    dice = random.Random(seed)
    made = []
    for _ in range(count):
        hour, metres = dice.randrange(8, 18), dice.uniform(500, 6000)
        band = rush if hour in (8, 17) else 1.0
        made.append(Trip(metres, max(1, drive(speed_kmh, entry_s, metres, band) + dice.gauss(0, noise_s)), hour))
    return made


def predicted(found: Calibration, metres: float) -> float:
    """Seconds that the calibration says for an ordinary hour."""
    return drive(found.speed_kmh, found.entry_s, metres)


@given(
    speed=st.floats(8, 50),
    entry=st.integers(60, 600),
    seed=st.integers(0, 10_000),
    count=st.integers(120, 300),
    nonsense=st.floats(0, 0.15),
)
def test_a_known_speed_is_found_again_in_noise_and_nonsense(
    speed: float, entry: int, seed: int, count: int, nonsense: float
) -> None:
    dice = random.Random(seed)
    driven = trips(count, speed, entry, seed=seed)
    for number in range(round(nonsense * count)):
        driven[number] = Trip(dice.uniform(1, 60_000), dice.choice([0, 5, 3600, 90_000]), dice.randrange(24))
    found = calibrate(driven, PRIOR, LIMITS)
    assert found.is_enough
    for metres in (1000, 3000, 6000):
        assert predicted(found, metres) == pytest.approx(drive(speed, entry, metres), rel=0.12, abs=45)


def test_the_rush_hour_is_seen_in_its_own_hours_only() -> None:
    found = calibrate(trips(600, 20, 240, rush=1.6), PRIOR, LIMITS)
    usual = sum(found.bands[hour] for hour in range(9, 17)) / 8
    assert found.bands[8] / usual == pytest.approx(1.6, abs=0.2)
    assert found.bands[17] / usual == pytest.approx(1.6, abs=0.2)
    assert found.bands[3] == 1000  # nobody drove at three


def test_too_few_trips_change_nothing_and_say_so() -> None:
    found = calibrate(trips(29, 40, 60), PRIOR, LIMITS)
    assert (found.is_enough, found.samples) == (False, 29)
    assert (found.speed_kmh, found.entry_s, found.bands) == (PRIOR.speed_kmh, PRIOR.entry_s, ())


def test_nothing_is_no_error() -> None:
    assert calibrate([], PRIOR, LIMITS) == Calibration(20.0, 300, (), 0, 0, is_enough=False, miss_s=0)


def test_trips_that_nobody_can_have_driven_are_counted_and_left_out() -> None:
    impossible = [Trip(5000, 30, 9), Trip(5000, -60, 9), Trip(100, 400, 9), Trip(3000, 20_000, 9)]
    found = calibrate([*trips(100, 25, 200), *impossible], PRIOR, LIMITS)
    assert found.samples + found.refused == 104
    assert found.refused >= 4
    assert found.speed_kmh == pytest.approx(25, rel=0.06)


def test_trips_of_one_length_only_keep_a_possible_speed() -> None:
    found = calibrate([Trip(2000, 700, 9)] * 50, PRIOR, LIMITS)
    assert found.is_enough
    assert predicted(found, 2000) == pytest.approx(700, rel=0.05)
    assert 1 < found.speed_kmh < 150


def test_nobody_parks_in_less_than_no_time() -> None:
    found = calibrate([Trip(metres, metres * 0.2 - 300, 9) for metres in range(2500, 6000, 50)], PRIOR, LIMITS)
    assert found.entry_s == 0
