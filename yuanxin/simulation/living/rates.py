"""How often what happens: the table ``rates.yaml`` and draws from it. Pure: time and dice are arguments."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from yuanxin.kernel.time import SHANGHAI
from yuanxin.published.codes import Channel, Segment, Service

_FILE = Path(__file__).with_name("rates.yaml")
HOUR = timedelta(hours=1)
HOURS_A_DAY = 24


class Kind(StrEnum):
    """What a call is about."""

    FAULT = "faults"
    COMPLAINT = "complaints"
    INFORMATION = "informations"


@dataclass(frozen=True)
class Story:
    """What an invented caller says."""

    kind: Kind
    title: str
    reason: str
    service: Service
    fault_code: str


@dataclass(frozen=True)
class Element:
    """How elements of one kind fail. per_day: of all customers together; share: of the homes below that report."""

    kind: str
    per_day: float
    share: float
    service: Service
    fault_code: str
    cause: str
    segment: Segment


@cache
def table() -> Mapping[str, Any]:
    """Return the table beside this module."""
    found: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


class Rates:
    """Draws for a city of so many customers."""

    def __init__(self, customers: int, given: Mapping[str, Any] | None = None) -> None:
        """customers: at least 1; the table's figures are scaled to it."""
        self.table = given if given is not None else table()
        self.customers = customers
        self._months: list[float] = self.table["months"]["weights"]
        self._weekdays: list[float] = self.table["weekdays"]["weights"]
        self._hours: list[float] = self.table["hours"]["weights"]

    @property
    def contacts_a_day(self) -> float:
        """Return the calls of a mean day."""
        of = self.table["contacts"]
        return float(of["per_day"] * self.customers / of["subscribers"])

    @property
    def fault_share(self) -> float:
        """Return the share of the calls that report a fault."""
        of = self.table["faults"]
        return min(1.0, of["per_day"] * self.customers / of["customers"] / self.contacts_a_day)

    def calls_an_hour(self, at: datetime) -> float:
        """Return the mean number of calls of an hour in the season, on the weekday and at the wall hour of ``at``."""
        wall = at.astimezone(SHANGHAI)
        season = self._months[wall.month - 1] * self._weekdays[wall.weekday()]
        return self.contacts_a_day * season * self._hours[wall.hour] / sum(self._hours)

    def arrivals(self, start: datetime, end: datetime, dice: random.Random) -> Iterator[datetime]:
        """Yield the instants of the calls from ``start`` to ``end``: a Poisson process, hour by hour."""
        return _poisson(start, end, dice, self.calls_an_hour)

    def story(self, dice: random.Random) -> Story:
        """Draw what one caller says."""
        draw = dice.random()
        complaints = self.share("complaints", "share")
        kind = Kind.COMPLAINT if draw < complaints else Kind.INFORMATION
        if complaints <= draw < complaints + self.fault_share:
            kind = Kind.FAULT
        told = self.table["stories"][kind.value]
        one = dice.choices(told, [line["weight"] for line in told])[0]
        return Story(kind, one["title"], one["reason"], Service(one["service"]), one.get("fault", ""))

    def channel(self, dice: random.Random) -> Channel:
        """Draw the channel of a call."""
        weights: Mapping[str, int] = self.table["channels"]["weights"]
        return Channel(dice.choices(list(weights), list(weights.values()))[0])

    def queue(self, dice: random.Random) -> str:
        """Draw the layer of the hotline that a caller dials."""
        weights: Mapping[str, int] = self.table["hotline"]["queues"]
        return str(dice.choices(list(weights), list(weights.values()))[0])

    def failures(self, start: datetime, end: datetime, dice: random.Random) -> Iterator[tuple[datetime, Element]]:
        """Yield when an element of which kind fails from ``start`` to ``end``; kind after kind."""
        scale = self.customers / self.table["network"]["customers"] / HOURS_A_DAY
        for kind, line in self.table["network"]["elements"].items():
            element = Element(
                kind=kind,
                per_day=line["per_day"],
                share=line["share"],
                service=Service(line["service"]),
                fault_code=line["fault"],
                cause=line["cause"],
                segment=Segment(line["segment"]),
            )
            for at in _poisson(start, end, dice, partial(_steady, element.per_day * scale)):
                yield at, element

    def share(self, part: str, name: str) -> float:
        """Return a share of the table, such as ``desk.chases``."""
        return float(self.table[part][name])

    def count(self, part: str, name: str) -> int:
        """Return a whole number of the table, such as ``field.plan_rounds``."""
        return int(self.table[part][name])

    def span(self, part: str, name: str) -> timedelta:
        """Return a time of the table in minutes, such as ``desk.looks_every``."""
        return timedelta(minutes=float(self.table[part][name]))

    def is_between(self, at: datetime, part: str, since: str, until: str) -> bool:
        """Tell whether the wall time of ``at`` lies between two of the table."""
        wall = at.astimezone(SHANGHAI).time()
        return time.fromisoformat(self.table[part][since]) <= wall < time.fromisoformat(self.table[part][until])


def _steady(an_hour: float, at: datetime) -> float:
    return an_hour


def _poisson(
    start: datetime, end: datetime, dice: random.Random, an_hour: Callable[[datetime], float]
) -> Iterator[datetime]:
    """Yield instants of a process whose rate is constant within each wall hour."""
    at = start
    while at < end:
        hour_ends = min(end, at.replace(minute=0, second=0, microsecond=0) + HOUR)
        rate = an_hour(at)
        wait = timedelta(hours=dice.expovariate(rate)) if rate > 0 else HOUR
        at = at + wait
        if at < hour_ends:
            yield at
        else:
            at = hour_ends  # the process has no memory: the next hour begins anew
