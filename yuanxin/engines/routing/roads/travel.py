"""Travel by a road server; where it has no believable answer the formula stands in, and the plan is marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.roads.memory import cell_of
from yuanxin.engines.routing.roads.roads import Roads
from yuanxin.engines.routing.travel import Travel, distances_m, drive_seconds

FASTEST_M_PER_S = 45.0  # along the great circle: nothing on a road is faster
SLOWEST_M_PER_S = 0.3  # the same, beyond the first kilometre: whoever walks is faster
FIRST_M = 1000.0


class RoadTravel:
    """Driving times of a road server for the places of one problem.

    Implements Travel. formula: gives parking, hours (unless the server knows them) and every number that the server
    does not tell, or tells so that nobody can drive it. Two places in one cell of the memory, some 50 m, are beyond
    a map's knowledge and always the formula's. estimated: some number came from the formula for want of an answer;
    true or false once the first number was asked.
    """

    def __init__(self, roads: Roads, formula: Travel, places: Sequence[Place] = (), hour: int | None = None) -> None:
        self._roads, self._formula, self._hour = roads, formula, hour
        self._places = list(dict.fromkeys(places))
        self._row: dict[Place, int] = {}
        self._table: npt.NDArray[np.int32] = np.zeros((0, 0), dtype=np.int32)
        self.estimated = False

    @property
    def entry_s(self) -> int:
        """Parking and the way to the door, seconds."""
        return self._formula.entry_s

    @property
    def bands(self) -> tuple[int, ...]:
        """The formula's hours, none when the server knows them itself."""
        return () if self._roads.knows_hours else self._formula.bands

    def table(self, places: Sequence[Place]) -> npt.NDArray[np.int32]:
        """Return driving seconds [from, to] before band and entry; 0 between equal places and only there."""
        told, formula, metres = (
            self._roads.seconds(places, self._hour),
            self._formula.table(places),
            distances_m(places),
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            speed = metres / told
        is_drivable = (told > 0) & (speed <= FASTEST_M_PER_S) & ((metres <= FIRST_M) | (speed >= SLOWEST_M_PER_S))
        told = np.where(is_drivable, told, formula)
        lacking = ~is_drivable & (formula > 0) & ~_in_one_cell(places)
        self.estimated = self.estimated or bool(lacking.any())
        answer: npt.NDArray[np.int32] = np.where(formula == 0, 0, told).astype(np.int32)
        return answer

    def seconds(self, origin: Place, destination: Place, leave: int | None = None) -> int:
        """Return the seconds from leaving ``origin`` to the door of ``destination``; the first call asks for all."""
        if not (origin in self._row and destination in self._row):
            self._learn(origin, destination)
        driving = int(self._table[self._row[origin], self._row[destination]])
        return drive_seconds(driving, self.bands, self.entry_s, leave)

    def _learn(self, *more: Place) -> None:
        self._places = list(dict.fromkeys((*self._places, *more)))
        self._table = self.table(self._places)
        self._row = {place: number for number, place in enumerate(self._places)}


def _in_one_cell(places: Sequence[Place]) -> npt.NDArray[np.bool_]:
    cells = np.array([cell_of(place) for place in places], dtype=np.int64).reshape(-1, 2)
    together: npt.NDArray[np.bool_] = (cells[:, None, :] == cells[None, :, :]).all(axis=2)
    return together
