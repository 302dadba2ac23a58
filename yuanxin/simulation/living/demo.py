"""Let the city of a running demo live: one at a time, with the clock of its database running at some speed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction

from yuanxin.kernel import clock
from yuanxin.kernel.errors import Conflict
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.time import local
from yuanxin.simulation.living.life import Life
from yuanxin.simulation.living.pace import Running
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import NotADemo, read_town

_LOCK = 4_406_0060  # an advisory lock of the database: one city lives in it
_BACKLOG = "SELECT count(*) FROM kernel_delivery WHERE state = 'owed'"
_PARKED = "SELECT count(*) FROM kernel_delivery WHERE state = 'parked'"


class CityLives(Conflict):
    """The city of this database lives already."""

    code = "simulation.city_lives"


@dataclass(frozen=True)
class Wish:
    """How the city shall live. hours: domain hours; spared: numbers 工号 of accounts that people play."""

    speed: int
    hours: float
    seed: int
    spared: frozenset[str] = frozenset()


def live(wish: Wish, *, told: Event, say: Callable[[str], object]) -> Tally:
    """Live until the hours are over or somebody told us to stop; then the clock goes at its own speed again.

    Raises NotADemo, CityLives, SpeedRefused.
    """
    if not settings.YUANXIN_DEMO:
        raise NotADemo(missing="YUANXIN_DEMO")
    with _alone():
        start = clock.now()
        town = read_town(start, spared=wish.spared)
        pace = Running(wish.speed, told)
        life = Life(
            town,
            start=start,
            end=start + timedelta(hours=wish.hours),
            seed=wish.seed,
            pace=pace,
            say=lambda at: say(_line(at, life.tally, pace)),
        )
        clock.set_clock(at=start, rate=wish.speed)
        try:
            life.run()
        finally:
            clock.set_clock(at=clock.now(), rate=1)
    return life.tally


def _line(at: datetime, tally: Tally, pace: Running) -> str:
    """Say where the city is, and whether the workers keep up with it."""
    calls = sum(count for name, count in tally.done.items() if name.startswith("call:"))
    owed, parked = backlog()
    behind = round(pace.latest.total_seconds())
    return (
        f"{local(at):%m-%d %H:%M} calls {calls}, visits {tally.done['arrive']}, finished {tally.done['finish']}, "
        f"refused {sum(tally.refused.values())}; owed {owed}, parked {parked}; behind its clock at most {behind} s"
    )


def backlog() -> tuple[int, int]:
    """Return how many deliveries are owed and how many are parked, in the whole country."""
    with transaction.atomic(), scope(ALL), connection.cursor() as cursor:
        cursor.execute(_BACKLOG)
        owed: int = cursor.fetchone()[0]
        cursor.execute(_PARKED)
        return owed, cursor.fetchone()[0]


@contextmanager
def _alone() -> Iterator[None]:
    """Keep every other living city away, by a connection of its own. Raises CityLives."""
    place: dict[str, Any] = settings.DATABASES["default"]
    with psycopg.connect(
        host=place["HOST"] or None,
        port=place["PORT"] or None,
        user=place["USER"],
        password=place["PASSWORD"] or None,
        dbname=place["NAME"],
        autocommit=True,
    ) as keeper:
        row = keeper.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
        if row is None or not row[0]:
            raise CityLives
        yield
