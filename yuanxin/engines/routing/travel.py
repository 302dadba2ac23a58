"""Travel times. An engine asks a ``Travel``; the offline default is a formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Protocol

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.errors import ImpossibleSpeed
from yuanxin.engines.routing.place import EARTH_RADIUS_M, Place, distance_m
from yuanxin.kernel.time import SHANGHAI

HOURS = 24


class Travel(Protocol):
    """Anything that says how long a drive takes.

    A drive between different places takes ``ceil(table x band / 1000) + entry_s`` seconds, where the band belongs to
    the hour in Beijing at which it begins. entry_s: parking and the way to the door, seconds. bands: 24 factors in
    permille, or none. estimated: the times come from a formula although a map was asked for.
    """

    @property
    def entry_s(self) -> int: ...

    @property
    def bands(self) -> tuple[int, ...]: ...

    @property
    def estimated(self) -> bool: ...

    def table(self, places: Sequence[Place]) -> npt.NDArray[np.int32]:
        """Return driving seconds [from, to] before band and entry; 0 between equal places and only there."""
        ...

    def seconds(self, origin: Place, destination: Place, leave: int | None = None) -> int:
        """Return the seconds from leaving ``origin`` (at Unix second ``leave``) to the door of ``destination``."""
        ...


def drive_seconds(driving: int, bands: Sequence[int], entry_s: int, leave: int | None) -> int:
    """Return the whole drive for a cell of the table; without ``leave`` the bands count as 1000."""
    if driving == 0:
        return 0
    band = bands[_hour(leave)] if bands and leave is not None else 1000
    return -(-driving * band // 1000) + entry_s


def _hour(leave: int) -> int:
    return datetime.fromtimestamp(leave, SHANGHAI).hour


@dataclass(frozen=True, slots=True)
class GreatCircleTravel:
    """Great circle x detour / speed, plus parking and entry at every new place.

    detour: road length over straight line, at least 1. speed_kmh: above 0. entry_s: seconds, at least 0.
    The numbers come from the rulebook and are meant to be calibrated per district from check-ins.
    Raises ImpossibleSpeed.
    """

    detour: float
    speed_kmh: float
    entry_s: int
    bands: tuple[int, ...] = ()
    estimated: bool = False

    def __post_init__(self) -> None:
        bands_ok = not self.bands or (len(self.bands) == HOURS and min(self.bands) > 0)
        if not (self.detour >= 1 and self.speed_kmh > 0 and self.entry_s >= 0 and bands_ok):
            raise ImpossibleSpeed(detour=self.detour, speed_kmh=self.speed_kmh, entry_s=self.entry_s)

    def table(self, places: Sequence[Place]) -> npt.NDArray[np.int32]:
        """Return driving seconds between all places, rounded up."""
        metres = distances_m(places)
        return np.ceil(metres * (self.detour * 3.6 / self.speed_kmh)).astype(np.int32)

    def seconds(self, origin: Place, destination: Place, leave: int | None = None) -> int:
        """Return whole seconds, rounded up; 0 between equal places."""
        if origin == destination:
            return 0
        driving = ceil(distance_m(origin, destination) * (self.detour * 3.6 / self.speed_kmh))
        return drive_seconds(driving, self.bands, self.entry_s, leave)


@dataclass(frozen=True, slots=True)
class DistrictTravel:
    """Great circle x detour / speed, where every district has its own speed.

    A drive goes half its way at the speed of either end, so its speed is the harmonic mean of the two.
    detour: at least 1. speeds_kmh: by district code, above 0. where: district code of the places that have one;
    any other place counts with ``usual_kmh``. entry_s: seconds, at least 0. Raises ImpossibleSpeed.
    """

    detour: float
    usual_kmh: float
    entry_s: int
    speeds_kmh: Mapping[str, float] = field(default_factory=dict)
    where: Mapping[Place, str] = field(default_factory=dict)
    bands: tuple[int, ...] = ()
    estimated: bool = False

    def __post_init__(self) -> None:
        bands_ok = not self.bands or (len(self.bands) == HOURS and min(self.bands) > 0)
        slowest = min(self.usual_kmh, *self.speeds_kmh.values()) if self.speeds_kmh else self.usual_kmh
        if not (self.detour >= 1 and slowest > 0 and self.entry_s >= 0 and bands_ok):
            raise ImpossibleSpeed(detour=self.detour, speed_kmh=slowest, entry_s=self.entry_s)

    def table(self, places: Sequence[Place]) -> npt.NDArray[np.int32]:
        """Return driving seconds between all places, rounded up."""
        half = np.array([self._half_pace(place) for place in places], dtype=np.float64)
        return np.ceil(distances_m(places) * (half[:, None] + half[None, :])).astype(np.int32)

    def seconds(self, origin: Place, destination: Place, leave: int | None = None) -> int:
        """Return whole seconds, rounded up; 0 between equal places."""
        if origin == destination:
            return 0
        driving = ceil(distance_m(origin, destination) * (self._half_pace(origin) + self._half_pace(destination)))
        return drive_seconds(driving, self.bands, self.entry_s, leave)

    def _half_pace(self, place: Place) -> float:
        """Half the seconds that a metre of great circle takes at the speed of this place."""
        return self.detour * 1.8 / self.speeds_kmh.get(self.where.get(place, ""), self.usual_kmh)


def distances_m(places: Sequence[Place]) -> npt.NDArray[np.float64]:
    """Return the great-circle distances in metres, shape [n, n]; 0 between equal places.

    By the chord through the earth, which for many places is faster than haversines and as exact.
    """
    lng = np.radians(np.array([place.lng for place in places], dtype=np.float64))
    lat = np.radians(np.array([place.lat for place in places], dtype=np.float64))
    flat = np.cos(lat)
    chord_2 = np.zeros((len(places), len(places)))
    for axis in (flat * np.cos(lng), flat * np.sin(lng), np.sin(lat)):
        apart = axis[:, None] - axis[None, :]
        chord_2 += apart * apart
    half: npt.NDArray[np.float64] = np.minimum(np.sqrt(chord_2) / 2, 1.0)
    metres: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(half)
    return metres
