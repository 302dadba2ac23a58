"""Coordinates of the three datums met in China: WGS-84 (chips), GCJ-02 (Amap, Tencent), BD-09 (Baidu).

Everything inside the platform is WGS-84; a datum is converted once, at the edge where a coordinate enters or leaves.
Mixing datums up moves a point in Foshan by 630 m to 1.5 km, so each stored coordinate keeps its source datum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import atan2, cos, hypot, isfinite, pi, radians, sin, sqrt

_Degrees = tuple[float, float]

# Krasovsky 1940: the ellipsoid on which the public description of GCJ-02 works.
_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
# GCJ-02 equals WGS-84 outside of this rectangle (degrees).
_SHIFTED_LNG = (72.004, 137.8347)
_SHIFTED_LAT = (0.8293, 55.8271)
# Outermost points of the territory, rounded outwards (degrees).
CHINA_LNG = (73.4, 135.1)
CHINA_LAT = (3.4, 53.6)
_BD_TURN = pi * 3000.0 / 180.0
_BD_SHIFT = (0.0065, 0.006)
_CLOSE_ENOUGH_DEG = 1e-11
_MOST_ROUNDS = 12


class Datum(StrEnum):
    """Geodetic datum of a coordinate (坐标系)."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A point; lng and lat in degrees of the given datum."""

    lng: float
    lat: float
    datum: Datum = Datum.WGS84

    def to(self, datum: Datum) -> Coordinate:
        """Return the same place in another datum; a round trip errs by less than 1 mm."""
        if datum is self.datum:
            return self
        here = (self.lng, self.lat)
        if self.datum is Datum.BD09:
            here = _solve(_bd09_of_gcj02, here)
        if self.datum is not Datum.WGS84 and datum is Datum.WGS84:
            here = _solve(_gcj02_of_wgs84, here)
        if self.datum is Datum.WGS84:
            here = _gcj02_of_wgs84(here)
        if datum is Datum.BD09:
            here = _bd09_of_gcj02(here)
        return Coordinate(*here, datum)


def is_inside_china(point: Coordinate) -> bool:
    """Tell whether the point lies in the rectangle around China; a coarse guard against swapped or foreign values."""
    if not (isfinite(point.lng) and isfinite(point.lat)):
        return False
    return CHINA_LNG[0] <= point.lng <= CHINA_LNG[1] and CHINA_LAT[0] <= point.lat <= CHINA_LAT[1]


def _gcj02_of_wgs84(point: _Degrees) -> _Degrees:
    lng, lat = point
    if not (_SHIFTED_LNG[0] <= lng <= _SHIFTED_LNG[1] and _SHIFTED_LAT[0] <= lat <= _SHIFTED_LAT[1]):
        return point
    x, y = lng - 105.0, lat - 35.0
    ripple = 20.0 * sin(6.0 * pi * x) + 20.0 * sin(2.0 * pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += 2.0 / 3.0 * (ripple + 20.0 * sin(pi * y) + 40.0 * sin(pi * y / 3.0))
    north += 2.0 / 3.0 * (160.0 * sin(pi * y / 12.0) + 320.0 * sin(pi * y / 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += 2.0 / 3.0 * (ripple + 20.0 * sin(pi * x) + 40.0 * sin(pi * x / 3.0))
    east += 2.0 / 3.0 * (150.0 * sin(pi * x / 12.0) + 300.0 * sin(pi * x / 30.0))
    flattening = 1.0 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    metres_per_degree_north = pi / 180.0 * _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / flattening**1.5
    metres_per_degree_east = pi / 180.0 * _AXIS_M / sqrt(flattening) * cos(radians(lat))
    return lng + east / metres_per_degree_east, lat + north / metres_per_degree_north


def _bd09_of_gcj02(point: _Degrees) -> _Degrees:
    lng, lat = point
    radius = hypot(lng, lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lng) + 0.000003 * cos(lng * _BD_TURN)
    return radius * cos(angle) + _BD_SHIFT[0], radius * sin(angle) + _BD_SHIFT[1]


def _solve(forward: Callable[[_Degrees], _Degrees], target: _Degrees) -> _Degrees:
    """Invert `forward`, which moves points by little and almost evenly, by fixed-point iteration (3-5 rounds)."""
    lng, lat = target
    for _ in range(_MOST_ROUNDS):
        reached = forward((lng, lat))
        miss_lng, miss_lat = target[0] - reached[0], target[1] - reached[1]
        lng, lat = lng + miss_lng, lat + miss_lat
        if abs(miss_lng) < _CLOSE_ENOUGH_DEG and abs(miss_lat) < _CLOSE_ENOUGH_DEG:
            break
    return lng, lat
