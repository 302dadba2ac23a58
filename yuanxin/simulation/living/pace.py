"""How time goes while a city lives: as fast as it can in one process, or with the running clock of a demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from yuanxin.kernel import clock, jobs, runner, ticks

SWEEP_EVERY = timedelta(minutes=60)
LONGEST_NAP_S = 0.5


class Pace(Protocol):
    """Says when an event may happen, and in which time.

    coarseness: how many positions of a track become one; patience: how many looks of a desk become one.
    """

    coarseness: int
    patience: int

    def reach(self, at: datetime) -> datetime | None:
        """Come to an instant; return that of the event, which may be later. None: the city stops."""
        ...

    def living(self, at: datetime) -> AbstractContextManager[None]:
        """Let one event happen."""
        ...


BY_ITSELF = frozenset({"fieldwork.wake_plans"})
"""Sweeps that the city does without: its dispatcher computes a proposal when he looks at it."""


class Standing:
    """Nobody else is there: each event has its own instant, and reactions and sweeps run in between."""

    coarseness, patience = 30, 2

    def __init__(self) -> None:
        self._swept: datetime | None = None

    def reach(self, at: datetime) -> datetime | None:
        """Be there at once; before that, what is owed until then is done every hour."""
        if self._swept is None:
            self._swept = at
        while self._swept + SWEEP_EVERY <= at:
            self._swept += SWEEP_EVERY
            self.settle(self._swept)
        return at

    @contextmanager
    def living(self, at: datetime) -> Iterator[None]:
        """Let the clock stand at this instant."""
        with clock.standing_at(at):
            yield

    def settle(self, at: datetime) -> None:
        """Run reactions that are owed, every sweep, and the jobs that they queue."""
        with clock.standing_at(at):
            runner.drain()
            for name, tick in ticks.registry.items():
                if name not in BY_ITSELF:
                    ticks.run_tick(tick)
            jobs.run_queued()
            runner.drain()


class Running:
    """The clock of the database runs, and workers of their own do what is owed. told: set to stop the city."""

    coarseness, patience = 1, 1

    def __init__(self, rate: int, told: Event) -> None:
        self.rate, self._told = rate, told
        self.latest = timedelta(0)
        """How far the city was behind its clock at the worst, domain time."""

    def reach(self, at: datetime) -> datetime | None:
        """Sleep until the domain clock shows the instant."""
        while not self._told.is_set():
            now = clock.now()
            if now >= at:
                self.latest = max(self.latest, now - at)
                return now
            self._told.wait(min(LONGEST_NAP_S, (at - now).total_seconds() / self.rate))
        return None

    @contextmanager
    def living(self, at: datetime) -> Iterator[None]:
        """Leave the clock alone."""
        yield
