"""The week before the demo's morning, lived through the doors by the living city itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.tenancy import scope
from yuanxin.quality import api as quality
from yuanxin.simulation.living.life import Life
from yuanxin.simulation.living.pace import Standing
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import read_town
from yuanxin.simulation.seeding.organisation import CITY

POOL_FEN = 500_000_00
WEEK = timedelta(days=7)


def live_through(*, until: datetime, seed: int, say: Callable[[float], object], lasting: timedelta = WEEK) -> Tally:
    """Live the week before ``until``; return what was done and refused. say: hears the part lived, 0 to 1."""
    start = until - lasting
    with acting_as(system("seed", scope=CITY)), transaction.atomic(), scope(CITY):
        quality.fund_pool(fen=POOL_FEN, cause="decision:demo", at=start)
    pace = Standing()
    life = Life(
        read_town(start),
        start=start,
        end=until,
        seed=seed,
        pace=pace,
        say=lambda at: say((at - start) / lasting),
    )
    life.run()
    pace.settle(until)
    return life.tally
