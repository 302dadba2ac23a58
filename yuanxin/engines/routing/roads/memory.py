"""What road servers told, remembered in memory by (cell, cell) and hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.place import Place

Cell: TypeAlias = tuple[int, int]
CELLS_PER_DEGREE = 2000  # a cell is about 50 m: doors in it share their drives
UNKNOWN, NO_WAY = -1, -2
_FIRST = 256


def cell_of(place: Place) -> Cell:
    """Return the cell of a place."""
    return round(place.lng * CELLS_PER_DEGREE), round(place.lat * CELLS_PER_DEGREE)


def middle_of(cell: Cell) -> Place:
    """Return the place for which a cell is asked."""
    return Place(cell[0] / CELLS_PER_DEGREE, cell[1] / CELLS_PER_DEGREE)


class Memory:
    """Seconds between up to ``most`` cells, 4 bytes a pair; a full memory forgets the cells used longest ago.

    Not safe for two threads at once: the caller holds a lock.
    """

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._where: dict[Cell, int] = {}  # in the order of their last use
        self._seconds = np.full((min(_FIRST, self._most),) * 2, UNKNOWN, dtype=np.int32)

    def rows_of(self, cells: Sequence[Cell]) -> list[int] | None:
        """Return the place of every cell, taking it in; None when there are more of them than fit."""
        if len(set(cells)) > self._most:
            return None
        for cell in cells:
            known = self._where.pop(cell, None)
            if known is not None:
                self._where[cell] = known
        for cell in cells:
            if cell not in self._where:
                self._where[cell] = self._room(len(self._where))
        return [self._where[cell] for cell in cells]

    def read(self, rows: Sequence[int]) -> npt.NDArray[np.int32]:
        """Return what is known between these, [from, to]: seconds, UNKNOWN or NO_WAY."""
        return self._seconds[np.ix_(rows, rows)]

    def write(self, origins: Sequence[int], targets: Sequence[int], told: npt.NDArray[np.int32]) -> None:
        """Keep a block."""
        self._seconds[np.ix_(origins, targets)] = told

    def _room(self, used: int) -> int:
        if used < self._most:
            if used == len(self._seconds):
                grown = np.full((min(2 * used, self._most),) * 2, UNKNOWN, dtype=np.int32)
                grown[:used, :used] = self._seconds
                self._seconds = grown
            return used
        oldest = next(iter(self._where))
        row = self._where.pop(oldest)
        self._seconds[row, :] = UNKNOWN
        self._seconds[:, row] = UNKNOWN
        return row
