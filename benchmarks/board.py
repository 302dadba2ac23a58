"""Control room and dispatch pool with 2,000 open orders: first paint, and an event shown to 100 watching browsers."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from benchmarks import board_people, serving_people
from benchmarks.harness import ROOT, Bench, percentile

ORDERS = int(os.environ.get("YUANXIN_BENCH_ORDERS", "2000"))
WATCHERS = int(os.environ.get("YUANXIN_BENCH_WATCHERS", "100"))
EVENTS = 5
LOOKS = 12
DATABASE = "bench_board"
PAGES = {"control room": "/control/", "dispatch pool": "/dispatch/"}
PARTS = {
    "control room": ("/control/top/", "/control/", "/control/ticker/"),
    "dispatch pool": ("/dispatch/tabs/", "/dispatch/"),
}
"""What an open page fetches again when the version moved."""

PAINTED = """() => new Promise((done) => new PerformanceObserver((seen) => {
  const paint = seen.getEntriesByName("first-contentful-paint")[0];
  if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


@dataclass(frozen=True)
class _Served:
    port: int
    token: str
    cookies: list[str]
    pids: list[int]


def run(bench: Bench) -> None:
    """Serve a city with so many open orders; open both boards; let everybody watch while something happens."""
    bench.database(DATABASE)
    bench.python("yuanxin.config.prepare", "files")
    bench.python("benchmarks.city_people", str(ORDERS + 200))
    django.setup()
    token = serving_people.make_city()
    bench.require_production()
    bench.figures |= {"open_orders": ORDERS, "watchers": WATCHERS}
    todo = serving_people.reports(bench, ORDERS + 4 * EVENTS + 2)
    cookies = board_people.sessions(WATCHERS)
    with serving_people.serving(bench) as (port, processes):
        _open_orders(bench, port, token, todo[:ORDERS])
        pids = [process.pid for process in processes]
        _first_paint(bench, port, cookies[0], pids)
        fresh = iter(todo[ORDERS:])
        for name, parts in PARTS.items():
            _watched(bench, _Served(port, token, cookies, pids), name, parts, fresh)
        _painted(bench, port, cookies[0])
    bench.drop(DATABASE)


def _open_orders(bench: Bench, port: int, token: str, todo: list[serving_people.Report]) -> None:
    """Report the faults through HTTP, as agents' machines do, until boards and pool know all of them."""
    sent = serving_people.send_all(port, token, todo, clients=4)
    if sent.errors:
        raise RuntimeError(sent.errors[0])
    while bench.server.psql("SELECT count(*) FROM kernel_delivery WHERE state = 'owed'", DATABASE) != "0":
        time.sleep(0.2)
    bench.server.psql("VACUUM ANALYZE", DATABASE)
    bench.figures["on_the_board"] = _total(bench)


def _total(bench: Bench) -> int:
    return int(bench.server.psql("SELECT count(*) FROM supervision_boardrow WHERE is_open", DATABASE))


def _first_paint(bench: Bench, port: int, cookie: str, pids: list[int]) -> None:
    """Ask for each page again and again; beside it the sign-in page, the cheapest page of the same server."""
    for name, path in {**PAGES, "sign-in page": "/accounts/login/"}.items():
        who = cookie if name in PAGES else ""  # who is signed in would be led on from the sign-in page
        board_people.fetch(port, path, who)
        times = []
        with bench.measured(*pids) as spent:
            for _ in range(LOOKS):
                began = time.perf_counter()
                board_people.fetch(port, path, who)
                times.append((time.perf_counter() - began) * 1000)
        short = name.replace(" ", "_").replace("-", "_")
        bench.figures[f"{short}_server_ms_p50"] = round(percentile(times, 0.5), 1)
        bench.figures[f"{short}_server_ms_worst"] = round(max(times), 1)
        bench.figures[f"{short}_cpu_ms_each"] = round(1000 * (spent.server + spent.others) / LOOKS, 1)
        if name in PAGES:
            bench.goal(f"{name}: server ms", round(percentile(times, 0.5), 1), 1000, better="lower")


def _watched(bench: Bench, here: _Served, name: str, parts: tuple[str, ...], fresh: Iterator[Any]) -> None:
    """Let all watch as live.js does, report one fault at a time, and wait until each has the new parts.

    The parts must hold the new number of open orders. Beside it: as many clients get an empty answer, all at once.
    """
    watch = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.board_people", str(here.port), json.dumps(parts), json.dumps(here.cookies)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    stdin, stdout = watch.stdin, watch.stdout
    if stdin is None or stdout is None:
        raise RuntimeError("no pipes")
    try:
        with bench.measured(*here.pids) as quiet:
            _tell(stdin, stdout, "ready")
            time.sleep(5)
        every, total = list[float](), _total(bench)
        with bench.measured(*here.pids) as busy:
            for _ in range(EVENTS):
                began = time.time()
                sent = serving_people.send_all(here.port, here.token, [next(fresh)], clients=1)
                if sent.errors:
                    raise RuntimeError(sent.errors[0])
                total += 1
                told = json.loads(_tell(stdin, stdout, json.dumps({"began": began, "expects": f"{total}<"})))
                every += told["seconds"]
                if told["missing"]:
                    raise RuntimeError(f"{told['missing']} watchers never saw {total} orders")
        limit = json.loads(_tell(stdin, stdout, "limit"))
    finally:
        stdin.close()
        watch.wait(timeout=60)
    short = name.replace(" ", "_")
    bench.figures[f"{short}_quiet_cpu_share"] = round((quiet.server + quiet.others) / quiet.wall, 3)
    bench.figures[f"{short}_event_cpu_s_each"] = round((busy.server + busy.others) / EVENTS, 2)
    for share in (0.5, 0.95, 1.0):
        bench.figures[f"{short}_update_s_p{share * 100:.0f}"] = round(percentile(every, share), 2)
    bench.figures[f"{short}_limit_empty_answer_to_all_s"] = round(limit["seconds"], 2)
    bench.goal(f"{name}: update at all, s", round(max(every), 2), 2, better="lower", counts=bench.is_idle())


def _tell(stdin: Any, stdout: Any, line: str) -> str:
    stdin.write(line + "\n")
    stdin.flush()
    answer = stdout.readline()
    if not answer:
        raise RuntimeError("the watchers ended")
    return str(answer)


def _painted(bench: Bench, port: int, cookie: str) -> None:
    """First contentful paint in a real browser, when there is one; the cold start of the browser does not count."""
    chromium = shutil.which("chromium")
    try:
        player: Any = importlib.import_module("playwright.sync_api")
    except ImportError:
        chromium = None
    if not chromium:
        bench.figures["browser_paint"] = "no browser here"
        return
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with player.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(Path(chromium)), args=arguments)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/accounts/login/")
        for name, path in PAGES.items():
            page.goto(f"http://127.0.0.1:{port}{path}")
            page.goto(f"http://127.0.0.1:{port}{path}")
            paint = page.evaluate(PAINTED)
            bench.figures[f"{name.replace(' ', '_')}_browser_paint_ms"] = round(paint)
            bench.goal(f"{name}: first paint ms", round(paint), 1000, better="lower", counts=bench.is_idle())
        browser.close()
