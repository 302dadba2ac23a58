"""The dispatcher's board with 60 technicians and 500 orders: first paint, size of its data, CPU of the server.

The city is the generator's, planned at dawn and at work until half past ten. Measured through HTTP: the page, its data
when something happened, and its data when nothing did. With a browser: the first paint, when all rows and jobs
of the map stand, and what drawing the time line takes. ``--seconds S`` of CPU for the plan at dawn.
"""

from __future__ import annotations

import http.client
import importlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import django

from benchmarks import board_people, live_people, serving_people
from benchmarks.harness import Bench, percentile

TECHNICIANS = int(os.environ.get("YUANXIN_BENCH_TECHNICIANS", "60"))
JOBS = int(os.environ.get("YUANXIN_BENCH_JOBS", "500"))
DAWN_SECONDS = 5.0
LOOKS = 12
DATABASE = "bench_board_first_paint"
BOARD, DATA = "/dispatch/board/", "/dispatch/board/data/"
PAINTED = """() => new Promise((done) => new PerformanceObserver((seen) => {
  const paint = seen.getEntriesByName("first-contentful-paint")[0];
  if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""
DRAWN = """() => document.querySelectorAll("#board-orders tr").length > 0
  && document.querySelectorAll("#board-map .yx-pin").length > 0 ? performance.now() : 0"""
TIME_LINE = """() => {
  const began = performance.now();
  document.querySelector("[data-board-tab=gantt]").click();
  document.getElementById("board-gantt").getBoundingClientRect();
  return performance.now() - began;
}"""


def run(bench: Bench) -> None:
    """Make the day, serve it, look at it."""
    bench.database(DATABASE)
    bench.python("yuanxin.config.prepare", "files")
    django.setup()
    live_people.make(0, TECHNICIANS, JOBS)
    states = live_people.plan_and_run(bench.asked.seconds or DAWN_SECONDS, 0)
    bench.require_production()
    bench.server.psql("VACUUM ANALYZE", DATABASE)
    bench.figures |= {"technicians": TECHNICIANS, "orders": JOBS, "planned": sum(states.values())}
    (cookie,) = board_people.sessions(1)
    with serving_people.serving(bench, runners=0, workers=1) as (port, processes):
        pids = [process.pid for process in processes]
        for name, path in (("page", BOARD), ("data", DATA)):
            _asked(bench, name, port, path, cookie, pids)
        _unchanged(bench, port, cookie, pids)
        _painted(bench, port, cookie)
    bench.drop(DATABASE)


def _asked(bench: Bench, name: str, port: int, path: str, cookie: str, pids: list[int]) -> None:
    """Ask often enough, each time for a text that nobody kept; the first answers warm up and do not count."""
    for nth in range(3):
        board_people.fetch(port, f"{path}?since=warm{nth}", cookie)
    times = []
    with bench.measured(*pids) as spent:
        for nth in range(LOOKS):
            began = time.perf_counter()
            body = board_people.fetch(port, f"{path}?since={nth}", cookie)
            times.append(1000 * (time.perf_counter() - began))
    bench.figures[f"{name}_kilobytes"] = round(len(body) / 1000, 1)
    bench.figures[f"{name}_ms_p50"] = round(percentile(times, 0.5), 1)
    bench.figures[f"{name}_cpu_ms_each"] = round(1000 * (spent.server + spent.others) / LOOKS, 1)


def _unchanged(bench: Bench, port: int, cookie: str, pids: list[int]) -> None:
    """Ask as an open page does while nothing happens: the same text again is no text at all."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(tag: str) -> tuple[int, str, int]:
        line.request(
            "GET", DATA, headers={"Cookie": f"sessionid={cookie}", "X-Yuanxin-Live": "1", "If-None-Match": tag}
        )
        answer = line.getresponse()
        return answer.status, answer.headers.get("ETag", ""), len(answer.read())

    _, tag, _ = ask("")
    with bench.measured(*pids) as spent:
        answers = [ask(tag) for _ in range(LOOKS)]
    line.close()
    if any(status != 304 or size for status, _, size in answers):
        raise RuntimeError(f"an unchanged board was sent again: {answers[0]}")
    bench.figures["unchanged_cpu_ms_each"] = round(1000 * (spent.server + spent.others) / LOOKS, 1)


def _painted(bench: Bench, port: int, cookie: str) -> None:
    """First paint in a real browser when there is one; the cold start of the browser does not count."""
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
        page.goto(f"http://127.0.0.1:{port}{BOARD}")
        page.goto(f"http://127.0.0.1:{port}{BOARD}")
        paint = page.evaluate(PAINTED)
        drawn = page.wait_for_function(DRAWN).json_value()
        bench.figures["browser_paint_ms"] = round(paint)
        bench.figures["browser_list_and_map_ms"] = round(drawn)
        bench.figures["browser_time_line_ms"] = round(page.evaluate(TIME_LINE))
        bench.figures["bars"] = page.locator("#board-gantt .yx-bar").count()
        bench.figures["waiting_rows"] = page.locator("#board-orders tr").count()
        bench.goal("board: first paint ms", round(paint), 1000, better="lower", counts=bench.is_idle())
        browser.close()
