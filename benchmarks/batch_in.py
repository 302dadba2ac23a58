"""Positions and heartbeats by the batch through HTTP, rows per second beside COPY into a bare table."""

from __future__ import annotations

import importlib
import os
import time
from typing import Any

import django

from benchmarks import batch_in_people, serving_people
from benchmarks.harness import Bench, Spent

ROWS = int(os.environ.get("YUANXIN_BENCH_ROWS", "400000"))
PER_REQUEST = 5_000
CLIENTS = 4
GOAL = 20_000
DATABASE = "bench_batch_in"


def run(bench: Bench) -> None:
    """Serve a city of technicians on their way and of boxes; send both kinds of batches; COPY the same positions."""
    bench.database(DATABASE)
    django.setup()
    serving_people.make_city(technicians=batch_in_people.TECHNICIANS)
    people = batch_in_people.populate()
    bench.require_production()
    bench.figures |= {"rows": ROWS, "rows_per_request": PER_REQUEST, "clients": CLIENTS}
    with serving_people.serving(bench, runners=0) as (port, processes):
        for kind, door, made in (
            ("position", "/api/positions", batch_in_people.positions),
            ("heartbeat", "/api/heartbeats", batch_in_people.heartbeats),
        ):
            bodies = [made(people, nth, PER_REQUEST) for nth in range(ROWS // PER_REQUEST + CLIENTS)]
            batch_in_people.send_all(port, door, people.token, bodies[:CLIENTS], CLIENTS)
            spent, taken, errors = _sent(bench, port, door, people.token, bodies[CLIENTS:], processes[0].pid)
            bench.rate(f"{kind} rows", ROWS, spent, goal=GOAL)
            bench.goal(f"{kind} errors", errors, 0, better="lower")
            bench.goal(f"{kind} rows taken", taken, ROWS)
            bench.figures[f"{kind}_cpu_us_each"] = round(1e6 * spent.cpu / ROWS, 2)
    _beside_copy(bench, people)
    bench.manage("verify", "kernel.policies", "kernel.partitions")
    bench.drop(DATABASE)


def _sent(bench: Bench, port: int, door: str, token: str, bodies: list[bytes], web: int) -> tuple[Spent, int, int]:
    """Send the bodies; the clients' own CPU does not count."""
    with bench.measured(web) as spent:
        answers = batch_in_people.send_all(port, door, token, bodies, CLIENTS)
    spent.own = 0.0
    return spent, sum(one.get("taken", 0) for one in answers), sum("taken" not in one for one in answers)


def _beside_copy(bench: Bench, people: batch_in_people.People) -> None:
    """The limit: COPY of as many rows into a table of the same shape and indexes, without policies or checks."""
    psycopg: Any = importlib.import_module("psycopg")
    bench.server.psql("CREATE TABLE bare (LIKE fieldwork_position INCLUDING INDEXES INCLUDING DEFAULTS)", DATABASE)
    rows = batch_in_people.rows(people, ROWS)
    with bench.measured() as spent, psycopg.connect(bench.server.url(DATABASE, user="postgres")) as connection:
        started = time.monotonic()
        with connection.cursor() as cursor, cursor.copy(f"COPY bare ({batch_in_people.COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
        took = time.monotonic() - started
    bench.server.psql("DROP TABLE bare", DATABASE)
    bench.figures["copy_rows_per_s"] = round(ROWS / took, 1)
    bench.figures["copy_cpu_us_each"] = round(1e6 * spent.cpu / ROWS, 2)
    bench.figures["position_share_of_copy_cpu"] = round(
        bench.figures["copy_cpu_us_each"] / bench.figures["position_cpu_us_each"], 3
    )
