"""From the caller's number to the customer's page: 200 calls at 1 M customers, beside the page's bare SQL."""

from __future__ import annotations

import importlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import django
import psycopg

from benchmarks.harness import Bench, percentile
from benchmarks.loop_people import kept_city

CUSTOMERS = int(os.environ.get("YUANXIN_BENCH_CUSTOMERS", "1000000"))
CALLS = int(os.environ.get("YUANXIN_BENCH_CALLS", "200"))
TICKETS = 3
DATABASE = "bench_agent"
MOST_QUERIES = 25


@dataclass
class Timed:
    """What one call cost: milliseconds from the answer to the page, of the page alone, and its statements."""

    whole_ms: float
    page_ms: float
    statements: int


def run(bench: Bench) -> None:
    """Give 200 customers a history, let each call, and time answer and page as the server does them."""
    bench.database(DATABASE, template=kept_city(bench, CUSTOMERS))
    os.environ |= {"YUANXIN_SIMULATORS": "1", "YUANXIN_DEMO": "1"}
    django.setup()
    importlib.import_module("benchmarks.serving_people").make_city()
    people: Any = importlib.import_module("benchmarks.agent_people")
    callers = people.histories(CALLS, CUSTOMERS, TICKETS, random.Random(11))
    bench.server.psql("ANALYZE", DATABASE)
    bench.require_production()
    bench.figures |= {"customers": CUSTOMERS, "calls": CALLS, "tickets_each": TICKETS}
    agent = people.Agent()
    for caller in callers[:10]:
        agent.call(caller)
    timed: list[Timed] = []
    with bench.measured() as spent:
        for caller in callers[10:]:
            with counting() as statements:
                whole_ms, page_ms = agent.call(caller)
            timed.append(Timed(whole_ms, page_ms, statements.of_page))
    for share in (0.5, 0.95, 0.99):
        bench.figures[f"p{share * 100:.0f}_ms"] = round(percentile([one.whole_ms for one in timed], share), 1)
    bench.figures["page_p95_ms"] = round(percentile([one.page_ms for one in timed], 0.95), 1)
    bench.figures["cpu_ms_each"] = round(1000 * spent.cpu / len(timed), 2)
    _beside(bench, agent, callers[-1])
    whole = percentile([one.whole_ms for one in timed], 0.95)
    bench.goal("p95 from number to page in ms", round(whole, 1), 300, better="lower", counts=bench.is_idle())
    bench.goal("statements of a page, at most", max(one.statements for one in timed), MOST_QUERIES, better="lower")


@dataclass
class Statements:
    """Statements since the last request began; kept with their values for the replay."""

    of_page: int = 0
    told: list[tuple[Any, Any]] | None = None


@contextmanager
def counting() -> Iterator[Statements]:
    """Count what reaches the database, past Django too."""
    counted, execute = Statements(told=[]), psycopg.Cursor.execute
    people: Any = importlib.import_module("benchmarks.agent_people")

    def told(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        if people.Agent.is_at_page:
            counted.of_page += 1
            counted.told.append((query, params))  # type: ignore[union-attr]
        return execute(self, query, params, **options)

    psycopg.Cursor.execute = told  # type: ignore[method-assign]
    try:
        yield counted
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def _beside(bench: Bench, agent: Any, caller: Any) -> None:
    """The limit: the same statements of one page, prepared, as the serving role, without any Python around them."""
    with counting() as statements:
        agent.call(caller)
    times = []
    with psycopg.connect(
        host=str(bench.server.socket_dir), port=bench.server.port, dbname=DATABASE, user="app", autocommit=False
    ) as bare:
        for _nth in range(30):
            began = time.perf_counter()
            for query, params in statements.told or []:
                cursor = bare.execute(query, params, prepare=True)
                if cursor.description:
                    cursor.fetchall()
            times.append((time.perf_counter() - began) * 1000)
            bare.rollback()
    bare_ms = percentile(times[5:], 0.5)
    bench.figures |= {
        "bare_sql_of_page_ms": round(bare_ms, 2),
        "statements_of_page": statements.of_page,
        "page_over_bare_sql": round(bench.figures["page_p95_ms"] / bare_ms, 1),
    }
