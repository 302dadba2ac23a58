"""Driving seconds between places as a road server tells them, asked in blocks and remembered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from threading import Lock
from time import monotonic
from typing import Any

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.roads.errors import RoadsDown, RoadsUnwilling
from yuanxin.engines.routing.roads.memory import NO_WAY, UNKNOWN, Memory, cell_of, middle_of
from yuanxin.engines.routing.roads.server import Block, RoadServer

log = logging.getLogger(__name__)
LONGEST_DRIVE_S = 86_400  # a longer one is no drive between two visits of a day


class Roads:
    """One road server and what it told this process.

    wait_s: for one question. budget_s: for everything one plan asks. rest_s: for so long nobody asks a server that
    was down. most_cells: size of the memory.
    """

    def __init__(
        self, server: RoadServer, *, wait_s: float, budget_s: float, rest_s: float, most_cells: int = 4096
    ) -> None:
        self._server, self._wait_s, self._budget_s, self._rest_s = server, wait_s, budget_s, rest_s
        self._most_cells = most_cells
        self._memories: dict[int | None, Memory] = {}
        self._lock = Lock()
        self._down_until = 0.0

    def __getstate__(self) -> dict[str, Any]:
        """Let another process ask the same server; what was told stays here, a table that was read goes along."""
        return {name: value for name, value in vars(self).items() if name not in ("_lock", "_memories")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=Lock(), _memories={}, _down_until=0.0)

    @property
    def knows_hours(self) -> bool:
        """Say whether the server tells another time at another hour."""
        return self._server.knows_hours

    def seconds(self, places: Sequence[Place], hour: int | None = None) -> npt.NDArray[np.int32]:
        """Return seconds [from, to] between the cells of these places, UNKNOWN or NO_WAY where there is no answer.

        hour: of Beijing; only a server that knows hours is told.
        """
        hour = hour if self.knows_hours else None
        cells = [cell_of(place) for place in places]
        with self._lock:
            memory = self._memories.setdefault(hour, Memory(self._most_cells))
            rows = memory.rows_of(cells)
            if rows is None:
                log.warning("roads: %d cells are more than the memory holds", len(set(cells)))
                return np.full((len(cells), len(cells)), UNKNOWN, dtype=np.int32)
            self._fill(memory, dict(zip(rows, map(middle_of, cells), strict=True)), hour)
            return memory.read(rows)

    def _fill(self, memory: Memory, middles: dict[int, Place], hour: int | None) -> None:
        """Ask for what is not known yet, until the budget or the server's good will ends."""
        until = monotonic() + self._budget_s
        rows = list(middles)
        for origins, targets in self._blocks(memory, rows):
            left = until - monotonic()
            if left <= 0 or monotonic() < self._down_until:
                log.warning("roads: not asked any more, the formula answers")
                return
            try:
                told = self._server.seconds(
                    [middles[row] for row in origins],
                    [middles[row] for row in targets],
                    hour,
                    min(self._wait_s, left),
                )
            except RoadsDown as down:
                self._down_until = monotonic() + self._rest_s
                log.warning("roads: down, the formula answers: %s", down)
            except RoadsUnwilling as unwilling:
                log.warning("roads: %d x %d not told: %s", len(origins), len(targets), unwilling)
            else:
                memory.write(origins, targets, _whole(told))

    def _blocks(self, memory: Memory, rows: list[int]) -> Iterator[tuple[list[int], list[int]]]:
        """Yield blocks that cover everything unknown: first whole rows of new cells, then what is left of columns."""
        unknown = memory.read(rows) == UNKNOWN
        np.fill_diagonal(unknown, False)
        new = 2 * unknown.sum(axis=1) > len(rows)
        for chosen in (new, ~new):
            wanted = np.flatnonzero(unknown.any(axis=1) & chosen)
            for origins in self._cut(wanted):
                for targets in self._cut(np.flatnonzero(unknown[origins].any(axis=0))):
                    if unknown[np.ix_(origins, targets)].any():
                        yield [rows[one] for one in origins], [rows[one] for one in targets]

    def _cut(self, numbers: npt.NDArray[np.intp]) -> Iterator[npt.NDArray[np.intp]]:
        for start in range(0, len(numbers), self._server.block):
            yield numbers[start : start + self._server.block]


def _whole(told: Block) -> npt.NDArray[np.int32]:
    """Return whole seconds, rounded up, NO_WAY for gaps and for what is longer than a day."""
    seconds = np.array([[np.nan if cell is None else cell for cell in row] for row in told], dtype=np.float64)
    seconds = np.where(seconds <= LONGEST_DRIVE_S, np.ceil(seconds), NO_WAY)
    return seconds.astype(np.int32)
