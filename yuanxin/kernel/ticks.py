"""Ticks: set-based sweeps of due-at columns, run again and again by ``run_ticker`` in the scope of headquarters."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from psycopg import Error

from yuanxin.kernel import acting, clock
from yuanxin.kernel.patience import AWAY
from yuanxin.kernel.tenancy import ALL, scope

log = logging.getLogger(__name__)
Sweep = Callable[[datetime], Any]


@dataclass(frozen=True)
class Tick:
    """A registered sweep; seconds are wall seconds between two runs."""

    name: str
    seconds: float
    sweep: Sweep


registry: dict[str, Tick] = {}


def every(*, seconds: float) -> Callable[[Sweep], Sweep]:
    """Register a sweep; it gets the domain instant and runs in one transaction."""

    def register(sweep: Sweep) -> Sweep:
        name = f"{sweep.__module__.split('.')[1]}.{sweep.__name__}"
        registry[name] = Tick(name, seconds, sweep)
        return sweep

    return register


def run_tick(tick: Tick) -> None:
    """Run one sweep now."""
    with acting.acting_as(acting.system("ticker", scope=ALL)), transaction.atomic(), scope(ALL):
        tick.sweep(clock.now())


def run_forever(should_stop: Callable[[], bool]) -> None:
    """Run every sweep in its turn; one that fails is logged and tried again at its next turn.

    Raises what ``patience.AWAY`` names when the database is away.
    """
    due = dict.fromkeys(registry, 0.0)
    while not should_stop():
        for name, tick in registry.items():
            if due[name] <= time.monotonic():
                due[name] = time.monotonic() + tick.seconds
                try:
                    run_tick(tick)
                except AWAY:
                    raise
                except (DatabaseError, Error):
                    log.exception("tick %s failed", name)
        time.sleep(0.2)
