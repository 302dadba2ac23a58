"""Fault reports through HTTP at 1 M customers: rate, share of pgbench replaying one report's SQL, backlog."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

from benchmarks import loop_people, serving_people
from benchmarks.harness import ROOT, Bench, percentile, tree_cpu

CUSTOMERS = int(os.environ.get("YUANXIN_BENCH_CUSTOMERS", "1000000"))
REPORTS = int(os.environ.get("YUANXIN_BENCH_REPORTS", "6000"))
WARM = 300
CLIENTS = 16
DATABASE = "bench_loop"


def run(bench: Bench) -> None:
    """Serve a copy of the kept city, send distinct customers' reports from 16 clients, replay one report's SQL."""
    template = loop_people.kept_city(bench, CUSTOMERS)
    bench.database(DATABASE, template=template)
    django.setup()
    token = serving_people.make_city()
    bench.require_production()
    bench.figures |= {"customers": CUSTOMERS, "reports": REPORTS, "clients": CLIENTS}
    todo = serving_people.reports(bench, REPORTS + WARM + 1)
    with serving_people.serving(bench) as (port, processes):
        _clients(port, token, todo[:WARM])
        _drained(bench)
        web, *runners = (process.pid for process in processes)
        before = tree_cpu(web)
        with bench.measured(web, *runners) as spent:
            answers = _clients(port, token, todo[WARM:-1])
            last = time.monotonic()
            _drained(bench)
        backlog = time.monotonic() - last
        web_cpu = tree_cpu(web) - before
        spent.wall, spent.own = spent.wall - backlog, 0.0  # this process only waits, and clients do not count
    bench.rate("fault report", len(answers["tickets"]), spent, goal=250)
    parts = {"web": web_cpu, "outbox": spent.others - web_cpu, "postgresql": spent.server}
    bench.figures |= {f"cpu_ms_{name}": round(1000 * seconds / REPORTS, 3) for name, seconds in parts.items()}
    bench.manage("verify", role="app")
    print("verify: all invariants hold")
    _beside_pgbench(bench, token, todo[-1], REPORTS / spent.wall, spent.cpu / REPORTS)
    for share in (0.5, 0.95, 0.99):
        bench.figures[f"p{share * 100:.0f}_ms"] = round(percentile(answers["milliseconds"], share), 1)
    bench.goal("p99 ms", bench.figures["p99_ms"], 150, better="lower", counts=bench.is_idle())
    bench.goal("errors", len(answers["errors"]), 0, better="lower")
    bench.goal("backlog drained in s", round(backlog, 2), 5, better="lower")
    for error in answers["errors"][:3]:
        print(error)
    bench.drop(DATABASE)


def _clients(port: int, token: str, todo: list[serving_people.Report]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.json"
        path.write_text(json.dumps([asdict(report) for report in todo]), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.serving_people", str(port), token, str(path), str(CLIENTS)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def _drained(bench: Bench) -> None:
    while bench.server.psql("SELECT count(*) FROM kernel_delivery WHERE state = 'owed'", DATABASE) != "0":
        time.sleep(0.1)


def _beside_pgbench(bench: Bench, token: str, report: serving_people.Report, rate: float, cpu_each: float) -> None:
    """pgbench replays the SQL of one report, recorded here, with as many clients at the same moment."""
    script = loop_people.record(bench, DATABASE, token, report)
    limit = loop_people.replay(bench, DATABASE, script, clients=CLIENTS, seconds=10)
    bench.figures["pgbench_per_s"] = round(limit.rate, 1)
    bench.figures["pgbench_cpu_ms_each"] = round(1000 * limit.cpu_each, 3)
    wall, cpu = rate / limit.rate, limit.cpu_each / cpu_each
    bench.figures |= {"share_of_pgbench_wall": round(wall, 3), "share_of_pgbench_cpu": round(cpu, 3)}
    bench.goal("share of pgbench", round(max(wall, cpu), 3), 0.2)
