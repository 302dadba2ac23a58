"""How a caller watches a run and ends it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands. total: points of the best plan so far; seconds: CPU time used; rounds: plans tried."""

    total: int
    seconds: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What ends a run besides its CPU seconds, and who hears of it.

    wall_seconds: by the clock on the wall. rounds: so many rounds and no more; with it, and enough seconds, the same
    seed gives the same plan on every machine. cancelled: asked about ten times a second. progress: told as often.
    """

    wall_seconds: float | None = None
    rounds: int | None = None
    cancelled: Callable[[], bool] | None = None
    progress: Callable[[Progress], None] | None = None


UNWATCHED = Watch()
