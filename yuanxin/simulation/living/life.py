"""The whole city, from one instant to another, at one pace."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from yuanxin.kernel.time import local
from yuanxin.simulation.living.crew import LivingCrew
from yuanxin.simulation.living.hotline import Hotline
from yuanxin.simulation.living.network import Network
from yuanxin.simulation.living.office import Office
from yuanxin.simulation.living.pace import Pace
from yuanxin.simulation.living.rates import Rates
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import Town
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.timeline import Event, Timeline

DAY = timedelta(days=1)


class Life:
    """One stretch of the city's life. tally: what was done and refused so far."""

    def __init__(
        self,
        town: Town,
        *,
        start: datetime,
        end: datetime,
        seed: int,
        pace: Pace,
        say: Callable[[datetime], object],
        rates: Rates | None = None,
        rings_from: datetime | None = None,
    ) -> None:
        """seed: of all draws. say: hears the instant once a domain hour. rates: for a city of another size.

        rings_from: from when on telephone calls go through the exchange; earlier ones are only taken down.
        """
        self._start, self._end, self._seed, self._pace, self._say = start, end, seed, pace, say
        self._rates = rates or Rates(len(town.customers))
        self.tally = Tally()
        self._timeline = Timeline(end)
        dice = Dice(seed)
        parts = (self._timeline, town, self._rates, self.tally)
        self._office = Office(*parts, dice, Hotline(self._rates, since=rings_from or start))
        self._crew = LivingCrew(*parts, dice)
        self._network = Network(*parts, self._office, seed=seed)

    def run(self) -> None:
        """Live until the end, or until the pace says that the city stops."""
        self._begin_stretch(self._start)
        self._every(self._rates.span("field", "dispatch_every"), self._dispatch)
        self._every(self._rates.span("desk", "looks_every") * self._pace.patience, self._look)
        self._every(self._rates.span("field", "positions_every") * self._pace.coarseness, self._crew.report_positions)
        self._timeline.at(self._start, self._crew.look)
        hour = None
        for due, event in self._timeline.take():
            at = self._pace.reach(due)
            if at is None:
                return
            if local(at).hour != hour:
                hour = local(at).hour
                self._say(at)
            with self._pace.living(at), self.tally.trying("events"):
                event(at)
        self._pace.reach(self._end)

    def leave_open(self) -> None:
        """At the end, leave something that waits for a decision."""
        self._office.leave_open(self._end)

    def _begin_stretch(self, at: datetime) -> None:
        """Draw the calls and failures of the coming day."""
        until = min(at + DAY, self._end)
        throws = random.Random(f"stretch{self._seed}:{at.isoformat()}")
        for called_at in self._rates.arrivals(at, until, throws):
            self._timeline.at(called_at, self._office.take_call)
        for failed_at, element in self._rates.failures(at, until, throws):
            self._timeline.at(failed_at, self._network.failure_of(element))
        self._timeline.at(until, self._begin_stretch)

    def _every(self, span: timedelta, event: Event) -> None:
        def turn(at: datetime) -> None:
            self._timeline.at(at + span, turn)
            event(at)

        self._timeline.at(self._start + span, turn)

    def _dispatch(self, at: datetime) -> None:
        if self._rates.is_between(at, "field", "works_from", "works_to"):
            self._office.dispatch(at)
        self._crew.look(at)

    def _look(self, at: datetime) -> None:
        if self._rates.is_between(at, "desk", "from", "to"):
            self._network.look(at)
            self._office.look(at)
