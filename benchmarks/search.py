"""The one search box at 1 M customers: 200 queries of seven kinds, half of them common, as the serving role."""

from __future__ import annotations

import hashlib
import importlib
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psycopg
from django.db import connection, transaction

from benchmarks.harness import Bench, percentile, timed

CUSTOMERS = int(os.environ.get("YUANXIN_BENCH_CUSTOMERS", "1000000"))
QUERIES = 200
SCOPES = ("4406", "44", "*")
_WORDS = "王伟,李娜,张静,陈,李,王 8000,刘 0001,zw,ln,ch,0000,8888,6666,1234,138,13800,花园,小区,建设,汇信,华府"
COMMON = (*_WORDS.split(","), "陈 花园", "王伟 花园", "张 小区 0001", "STB000", "lwm")


def run(bench: Bench) -> None:
    """Load the city once (kept by the hash of its recipe), then time every query and check what it finds."""
    people = _city(bench)
    bench.require_production()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        bench.figures |= {"customers": CUSTOMERS, "role": cursor.fetchone()[0], "queries": QUERIES}
    dice = random.Random(7)
    search: Any = importlib.import_module("yuanxin.parties.api").search
    queries = [_common(dice) if nth % 2 else _rare(dice, people, nth // 2 % 7) for nth in range(QUERIES)]
    for text, _ in queries[:20]:
        _ask(search, text, "4406")
    slow: list[tuple[float, str]] = []
    lost: list[str] = []
    with bench.measured() as spent:
        for nth, (text, must_find) in enumerate(queries):
            began = time.perf_counter()
            answer = _ask(search, text, SCOPES[nth // 2 % len(SCOPES)])
            slow.append(((time.perf_counter() - began) * 1000, text))
            if must_find and not answer:
                lost.append(text)
    times = [milliseconds for milliseconds, _ in slow]
    for share in (0.5, 0.95, 0.99):
        bench.figures[f"p{share * 100:.0f}_ms"] = round(percentile(times, share), 1)
    bench.figures["worst"] = "; ".join(f"{ms:.0f} ms {text}" for ms, text in sorted(slow, reverse=True)[:3])
    bench.figures["cpu_ms_each"] = round(1000 * spent.cpu / QUERIES, 2)
    _beside(bench)
    bench.goal("p95 of a search in ms", round(percentile(times, 0.95), 1), 300, better="lower")
    sure = sum(must_find for _, must_find in queries)
    bench.figures["without_an_answer"] = "; ".join(lost) or "none"
    bench.goal("rare queries answered, share", (sure - len(lost)) / sure, 1.0)


def _city(bench: Bench) -> Any:
    recipe = (
        Path(__file__).with_name("city_people.py").read_bytes(),
        bench.server.psql("SHOW server_version_num").encode(),
    )
    name = f"bench_city_{CUSTOMERS}_{hashlib.sha256(b''.join(recipe)).hexdigest()[:8]}"
    is_full = bench.exists(name) and bench.server.psql("SELECT count(*) FROM parties_customer", name) == str(CUSTOMERS)
    if is_full:
        bench.use(name)
        bench.manage("migrate", role="owner")
    else:
        bench.database(name)
    django.setup()
    people: Any = importlib.import_module("benchmarks.city_people")
    if not is_full:
        with bench.measured() as spent:
            people.populate(CUSTOMERS)
        bench.figures["loading_cpu_ms_each"] = round(1000 * spent.cpu / CUSTOMERS, 3)
        bench.server.psql("VACUUM ANALYZE", name)
    return people


def _ask(search: Callable[[str], list[Any]], text: str, scope: str) -> list[Any]:
    tenancy: Any = importlib.import_module("yuanxin.kernel.tenancy")
    with transaction.atomic(), tenancy.scope(scope):
        return search(text)


def _common(dice: random.Random) -> tuple[str, bool]:
    return dice.choice(COMMON), False


def _rare(dice: random.Random, people: Any, kind: int) -> tuple[str, bool]:
    """Return a query of one of the seven kinds that must find somebody."""
    nth = dice.randrange(CUSTOMERS)
    phone, place = people.phone(nth), people.estate_name(nth // people.DOORS)
    boxed = nth - nth % people.BOX_EVERY
    texts = (phone, phone[-4:], next(people.names(dice)), "", f"{place}{people.door(nth)}", people.serial(boxed), "")
    if kind == 3:
        names: Any = importlib.import_module("yuanxin.parties.rules.names")
        return names.initials_of(next(people.names(dice))), False
    if kind == 6:
        return f"{place} {phone[-4:]}", True
    return texts[kind], kind != 2


def _beside(bench: Bench) -> None:
    """The plain way and the physical limit: a scan with LIKE past the policy, and one row by its key."""
    database = os.environ["YUANXIN_DATABASE"]
    with psycopg.connect(
        host=str(bench.server.socket_dir), port=bench.server.port, dbname=database, user="postgres"
    ) as plain:
        statement = "SELECT count(*) FROM parties_customer WHERE name LIKE '%陈大文%'"
        scan = min(timed(lambda: plain.execute(statement).fetchall()) for _ in range(3))
        row = plain.execute("SELECT id FROM parties_customer LIMIT 1").fetchone()
        key = min(
            timed(lambda: plain.execute("SELECT 1 FROM parties_customer WHERE id = %s", row).fetchall())
            for _ in range(9)
        )
    bench.figures |= {"like_scan_without_policy_ms": round(scan * 1000, 1), "one_row_by_key_ms": round(key * 1000, 3)}
