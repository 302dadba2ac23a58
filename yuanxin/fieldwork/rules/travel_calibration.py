"""Travel calibrated from check-ins (路程标定): which speed, parking time and hours a district's trips really show.

A trip takes ``entry + pace x distance x band of its hour``. The pace and the entry come from a ridge regression of
seconds on distance: as if some trips at the rulebook's own numbers had been driven too, so that few trips change
little. The bands come from what is left per hour, drawn to 1 in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

HOURS = 24
ROUNDS = 4  # of fit, bands and outliers in turn; they stand still after two or three
OUTLIER_DEVIATIONS = 3.5
TRIPS_OF_AN_HOUR = 8  # fewer say nothing about their hour before the fit
MAD_TO_DEVIATION = 1.4826  # of a normal distribution
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trip:
    """One drive from door to door. distance_m: great circle; seconds: from leaving to check-in; hour: local, 0-23."""

    distance_m: float
    seconds: float
    hour: int


@dataclass(frozen=True, slots=True)
class CalibrationLimits:
    """What is believed. Speeds in km/h along the great circle, parking included; bands in permille.

    least_trips: fewer change nothing. prior_trips, band_prior_trips: how many trips the rulebook's numbers weigh.
    """

    least_trips: int
    shortest_m: int
    longest_s: int
    slowest_kmh: float
    fastest_kmh: float
    prior_trips: int
    band_prior_trips: int
    band_least: int
    band_most: int


@dataclass(frozen=True, slots=True)
class TravelPrior:
    """The rulebook's own numbers: detour at least 1, road speed in km/h, entry in seconds."""

    detour: float
    speed_kmh: float
    entry_s: int

    @property
    def pace(self) -> float:
        """Seconds per metre of great circle."""
        return self.detour * 3.6 / self.speed_kmh


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the trips of a district show. speed_kmh: on the road, at the prior's detour; bands: permille, 24 or none.

    samples: trips that count; refused: trips that nobody can have driven, or far from all others; is_enough: whether
    the samples suffice, otherwise all numbers are the prior's; miss_s: median miss of the fit, seconds.
    """

    speed_kmh: float
    entry_s: int
    bands: tuple[int, ...]
    samples: int
    refused: int
    is_enough: bool
    miss_s: int


def calibrate(trips: Sequence[Trip], prior: TravelPrior, limits: CalibrationLimits) -> Calibration:
    """Return what these trips of one district show."""
    believed = [trip for trip in trips if _is_believed(trip, limits)]
    if len(believed) < max(2, limits.least_trips):
        return _nothing(prior, len(believed), len(trips) - len(believed))
    distance = np.array([trip.distance_m for trip in believed])
    seconds = np.array([trip.seconds for trip in believed], dtype=np.float64)
    hour = np.array([trip.hour for trip in believed])
    bands, missed = _rough(distance, seconds, hour)
    keep = missed <= _far(missed)
    for _ in range(ROUNDS):
        entry, pace = _line(distance[keep] * bands[hour[keep]], seconds[keep], prior, limits)
        bands = _bands(distance[keep], seconds[keep] - entry, hour[keep], pace, limits)
        missed = np.abs(seconds - entry - pace * distance * bands[hour])
        keep = missed <= _far(missed[keep])
    samples = int(keep.sum())
    if samples < max(2, limits.least_trips):
        return _nothing(prior, samples, len(trips) - samples)
    return Calibration(
        speed_kmh=round(prior.detour * 3.6 / pace, 2),
        entry_s=round(entry),
        bands=tuple(round(1000 * band) for band in bands),
        samples=samples,
        refused=len(trips) - samples,
        is_enough=True,
        miss_s=round(float(np.median(missed[keep]))),
    )


def _nothing(prior: TravelPrior, samples: int, refused: int) -> Calibration:
    return Calibration(prior.speed_kmh, prior.entry_s, (), samples, refused, is_enough=False, miss_s=0)


def _is_believed(trip: Trip, limits: CalibrationLimits) -> bool:
    if trip.distance_m < limits.shortest_m or not 0 < trip.seconds <= limits.longest_s:
        return False
    return limits.slowest_kmh <= trip.distance_m / trip.seconds * 3.6 <= limits.fastest_kmh


def _rough(x: _Floats, y: _Floats, hour: npt.NDArray[np.intp]) -> tuple[_Floats, _Floats]:
    """Return bands and misses of a rough fit that a few absurd trips cannot bend: everything in it is a median.

    Its slope is that of pairs of a shorter and a longer trip; an hour with enough trips has its own factor.
    """
    order, half = np.argsort(x, kind="stable"), len(x) // 2
    short, long = order[:half], order[-half:]
    apart = x[long] > x[short]
    slope = float(np.median((y[long] - y[short])[apart] / (x[long] - x[short])[apart])) if apart.any() else 0.0
    entry = float(np.median(y - slope * x))
    bands = np.ones(HOURS)
    if slope > 0:
        for number in np.flatnonzero(np.bincount(hour, minlength=HOURS) >= TRIPS_OF_AN_HOUR):
            in_hour = hour == number
            bands[number] = max(0.1, float(np.median((y[in_hour] - entry) / (slope * x[in_hour]))))
    missed: _Floats = np.abs(y - entry - slope * x * bands[hour])
    return bands, missed


def _line(x: _Floats, y: _Floats, prior: TravelPrior, limits: CalibrationLimits) -> tuple[float, float]:
    """Return entry (s) and pace (s/m) of the ridge: prior_trips trips on the prior's own line are put in."""
    weight = limits.prior_trips / len(x)
    spread = np.concatenate([x - x.mean(), np.sqrt(weight) * (x - x.mean())])
    middle = (y.mean() + weight * (prior.entry_s + prior.pace * x.mean())) / (1 + weight)
    rise = np.concatenate([y - y.mean(), np.sqrt(weight) * prior.pace * (x - x.mean())])
    width = float(spread @ spread)
    pace = float(spread @ rise) / width if width > 0 else prior.pace
    slowest, fastest = 3.6 / limits.slowest_kmh, 3.6 / limits.fastest_kmh
    pace = min(max(pace, fastest), slowest)
    entry = float(middle - pace * x.mean())
    if entry < 0:  # nobody parks in less than no time: all of it is driving
        entry, pace = 0.0, min(max(float(middle / x.mean()), fastest), slowest)
    return entry, pace


def _bands(x: _Floats, driven: _Floats, hour: npt.NDArray[np.intp], pace: float, limits: CalibrationLimits) -> _Floats:
    """Return the factor of each hour, drawn to 1, with a mean of 1 over all metres driven; 1 where nobody drove."""
    usual = pace * float(x.mean()) * limits.band_prior_trips
    expected = np.bincount(hour, weights=pace * x, minlength=HOURS) + usual
    shown = np.bincount(hour, weights=np.maximum(driven, 0), minlength=HOURS) + usual
    bands: _Floats = np.clip(shown / np.maximum(expected, 1e-9), limits.band_least / 1000, limits.band_most / 1000)
    mean = float((bands[hour] * x).sum() / x.sum())
    return np.where(np.bincount(hour, minlength=HOURS) > 0, bands / mean, 1.0)


def _far(missed: _Floats) -> float:
    """Return how far a trip may lie from the line: some deviations, read off the median, at least a minute."""
    return max(60.0, OUTLIER_DEVIATIONS * MAD_TO_DEVIATION * float(np.median(missed)))
