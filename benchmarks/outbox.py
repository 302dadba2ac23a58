"""Reactions per second of two outbox runners with real small writes, beside the same writes without the outbox."""

from __future__ import annotations

import importlib
import sys
import time
from itertools import pairwise
from typing import Any

import django
from django.db import connection, transaction

from benchmarks.harness import Bench, Spent

CITIES = 20
SUBJECTS = 2_000
FACTS = 12_000
DIRECT = 4_000


def run(bench: Bench) -> None:
    """Tell facts of 2,000 subjects in 20 cities, let two runners write one row for each, check every lane's order."""
    bench.database("bench_outbox")
    django.setup()
    bench.require_production()
    people: Any = importlib.import_module("benchmarks.outbox_people")
    direct = _direct(bench, people)
    people.tell_all(FACTS, SUBJECTS, CITIES)
    bench.figures["deliveries"] = FACTS
    spent = _drained(bench)
    bench.rate("reaction", FACTS, spent, goal=1500)
    bench.figures["share_of_direct_cpu"] = round((direct.cpu / DIRECT) / (spent.cpu / FACTS), 3)
    bench.goal("lanes in order", people.lanes_in_order(pairwise), SUBJECTS)
    bench.manage("verify", "kernel.outbox", role="app")


def _direct(bench: Bench, people: Any) -> Spent:
    """The limit: the same writes, batched in transactions of the same size, without facts and deliveries."""
    with bench.measured() as spent:
        people.write_directly(DIRECT, CITIES)
    bench.figures["direct_write_per_s"] = round(DIRECT / spent.wall, 1)
    bench.figures["direct_write_cpu_ms_each"] = round(1000 * spent.cpu / DIRECT, 3)
    return spent


def _drained(bench: Bench) -> Spent:
    program = "import django; django.setup(); from benchmarks import outbox_people; outbox_people.main()"
    command = (sys.executable, "-c", program)
    with bench.running(*command, role="job") as one, bench.running(*command, role="job") as two:
        while not _is_waiting(2):
            time.sleep(0.05)
            if one.poll() is not None or two.poll() is not None:
                raise RuntimeError("a runner ended")
        with bench.measured(one.pid, two.pid) as spent:
            _go()
            while _owed():
                time.sleep(0.05)
    return spent


def _is_waiting(count: int) -> bool:
    """The runners hold back behind a shared lock until both are up, so that start-up is not measured."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0] >= count)


def _go() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def _owed() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', '*', true)")
        cursor.execute("SELECT EXISTS (SELECT FROM kernel_delivery WHERE state = 'owed')")
        return bool(cursor.fetchone()[0])
