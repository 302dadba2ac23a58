"""Points on the map. Always WGS-84 inside; other datums are converted at the edge of the product."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

from yuanxin.engines.routing.errors import PlaceOutsideChina

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
CHINA_LNG = (73.4, 135.1)
CHINA_LAT = (3.8, 53.6)


@dataclass(frozen=True, slots=True)
class Place:
    """A point, degrees of WGS-84. Raises PlaceOutsideChina."""

    lng: float
    lat: float

    def __post_init__(self) -> None:
        inside = CHINA_LNG[0] <= self.lng <= CHINA_LNG[1] and CHINA_LAT[0] <= self.lat <= CHINA_LAT[1]
        if not (isfinite(self.lng) and isfinite(self.lat) and inside):
            raise PlaceOutsideChina(lng=self.lng, lat=self.lat)


def distance_m(a: Place, b: Place) -> float:
    """Return the great-circle distance in metres (haversine)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat, half_lng = (lat_b - lat_a) / 2, radians(b.lng - a.lng) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
