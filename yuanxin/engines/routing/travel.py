"""Travel times. An engine asks a ``Travel``; the offline default is a formula."""

from dataclasses import dataclass
from math import ceil
from typing import Protocol

from yuanxin.engines.routing.errors import ImpossibleSpeed
from yuanxin.engines.routing.place import Place, distance_m


class Travel(Protocol):
    """Anything that says how long a drive takes."""

    def seconds(self, origin: Place, destination: Place) -> int:
        """Return the seconds from leaving ``origin`` to standing at the door of ``destination``."""
        ...


@dataclass(frozen=True, slots=True)
class GreatCircleTravel:
    """Great circle x detour / speed, plus parking and entry at every new place.

    detour: road length over straight line, at least 1. speed_kmh: above 0. entry_s: seconds, at least 0.
    The three numbers come from the rulebook and are meant to be calibrated per district from check-ins.
    Raises ImpossibleSpeed.
    """

    detour: float
    speed_kmh: float
    entry_s: int

    def __post_init__(self) -> None:
        if not (self.detour >= 1 and self.speed_kmh > 0 and self.entry_s >= 0):
            raise ImpossibleSpeed(detour=self.detour, speed_kmh=self.speed_kmh, entry_s=self.entry_s)

    def seconds(self, origin: Place, destination: Place) -> int:
        """Return whole seconds, rounded up; 0 between equal places."""
        if origin == destination:
            return 0
        return ceil(distance_m(origin, destination) * self.detour * 3.6 / self.speed_kmh) + self.entry_s
