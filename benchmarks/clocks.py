"""A tick over 1 M running clocks with 1,000 due; what both clocks of one order cost, alone and in a batch."""

from __future__ import annotations

import importlib
import time
from datetime import timedelta
from statistics import median
from typing import Any

import django

from benchmarks.harness import Bench, Spent, timed

CLOCKS = 1_000_000
DUE = 1_000
TICKS = 7
ORDERS = 1_000
TURNS = 5
BATCH = 5_000


def run(bench: Bench) -> None:
    """Fill, tick hour by hour, start clocks; the same number of bare updates stands beside the tick."""
    bench.database("bench_clocks")
    django.setup()
    bench.require_production()
    people: Any = importlib.import_module("benchmarks.clocks_people")
    at = people.load()
    first = at + timedelta(days=30)
    people.fill(CLOCKS, DUE, first)
    bench.server.psql("ANALYZE standards_clock", "bench_clocks")
    bench.figures |= {"running_clocks": CLOCKS, "due_each_tick": DUE}
    _ticks(bench, people, first)
    _orders(bench, people, at)
    names = ("clock_states", "pauses_allowed", "no_statutory_clock_without_law", "versions_unchanged")
    bench.manage("verify", *(f"standards.{name}" for name in names))


def _ticks(bench: Bench, people: Any, first: Any) -> None:
    walls = []
    with bench.measured() as spent:
        for hour in range(TICKS):
            started = time.perf_counter()
            found = people.tick(first + timedelta(hours=hour))
            walls.append(time.perf_counter() - started)
            if found.warned + found.breached < DUE:
                raise RuntimeError(f"the tick saw {found}")
    people.update_directly(DUE)
    direct = median(timed(lambda: people.update_directly(DUE)) for _ in range(3))
    cpu = spent.cpu / TICKS
    bench.figures |= {
        "tick_wall_s": round(median(walls), 3),
        "tick_wall_worst_s": round(max(walls), 3),
        "tick_cpu_s": round(cpu, 3),
        "bare_update_wall_s": round(direct, 4),
    }
    bench.goal("tick seconds (median wall)", round(median(walls), 3), 1, better="lower", counts=bench.is_idle())
    bench.goal("tick seconds (CPU)", round(cpu, 3), 1, better="lower")


def _orders(bench: Bench, people: Any, at: Any) -> None:
    """The price of both clocks = an order's command with them, less the same command without them."""
    spent: dict[bool, list[Spent]] = {True: [], False: []}
    for turn in range(2 * TURNS + 2):
        with bench.measured() as block:
            for _ in range(ORDERS // TURNS):
                people.order(at, with_clocks=bool(turn % 2))
        if turn > 1:  # the first two warm up
            spent[bool(turn % 2)].append(block)
    with bench.measured() as many:
        people.start_batch(BATCH, at)
    own, server = (_each(spent[True], part) - _each(spent[False], part) for part in ("own", "server"))
    bench.figures |= {
        "order_without_clocks_cpu_ms": round(_each(spent[False], "cpu"), 3),
        "order_with_clocks_cpu_ms": round(_each(spent[True], "cpu"), 3),
        "clocks_own_cpu_ms": round(own, 3),
        "clocks_server_cpu_ms": round(server, 3),
    }
    bench.goal("both clocks of one order, CPU ms", round(own + server, 3), 3, better="lower")
    bench.goal("both clocks in a batch, CPU ms", round(1000 * many.cpu / BATCH, 3), 1, better="lower")


def _each(blocks: list[Spent], part: str) -> float:
    return 1000 * sum(getattr(block, part) for block in blocks) / ORDERS
