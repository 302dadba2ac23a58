"""A district's day, 60 technicians and 500 jobs, over seeds: our engine beside PyVRP, VROOM and OR-Tools at equal CPU.

The others are given the instants from which a start is late as hard ends of the windows, and their plans are brought
under the same hard rules on top of their CPU seconds (breaks placed, what does not fit put elsewhere). VROOM runs at
exploration level 1 with the limit as its own time limit, and without any limit at levels 0 and 1, to show how far it
goes. All plans are judged by ``checker.violations`` and priced by ``evaluate``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

from benchmarks.harness import Bench
from benchmarks.routing_people import (
    Judged,
    adapters_code,
    fingerprint,
    head,
    installed,
    judge,
    kept,
    line,
    terms,
    warm_up,
)
from yuanxin.engines.routing.engine import DEFAULT, PEERS, Engine, engine
from yuanxin.engines.routing.generators import technician_day
from yuanxin.engines.routing.problem import Problem

NEEDS_DATABASE = False
SEEDS = 10
SECONDS = 5.0
BEYOND = "vroom level 1 no limit"  # takes more CPU seconds than the others are given
UNLIMITED_S = 200.0  # CPU seconds after a third of which nobody waits for VROOM any longer


def run(bench: Bench) -> None:
    """Plan every seed with every engine; the results of others are kept by version, limit and seed."""
    seconds = bench.asked.seconds or SECONDS
    name, versions = bench.asked.engine or DEFAULT, installed(PEERS)
    bench.figures |= {"engine": name, "cpu_limit_s": seconds, **versions}
    warm_up(name)
    head()
    rows: list[Judged] = []
    for seed in range(bench.asked.seeds or SEEDS):
        problem = technician_day(seed)
        rows.append(_ours(name, problem, seed, seconds))
        line(rows[-1])
        for other, solver, limit in _others(versions, seconds):
            rows.append(_theirs(other, solver, problem, seed, limit, versions))
            line(rows[-1])
    terms(rows)
    _goals(bench, rows, name)


def _ours(name: str, problem: Problem, seed: int, seconds: float) -> Judged:
    return judge(name, str(seed), problem, lambda: engine(name).solve(problem, seconds, seed=seed))


def _others(versions: dict[str, str], seconds: float) -> list[tuple[str, Callable[[], Engine], float]]:
    """Return name, engine and CPU limit of everybody who is here."""
    found: list[tuple[str, Callable[[], Engine], float]] = [(name, partial(engine, name), seconds) for name in versions]
    if "vroom" in versions:
        vroom = import_module(PEERS["vroom"]).VroomEngine
        for level in (0, 1):
            unlimited = partial(vroom, exploration=level, limited=False)
            found.append((f"vroom level {level} no limit", unlimited, UNLIMITED_S))
    return found


def _theirs(
    name: str, solver: Callable[[], Engine], problem: Problem, seed: int, seconds: float, versions: dict[str, str]
) -> Judged:
    key = (name, versions[name.split()[0]], seconds, seed, fingerprint(problem), adapters_code())

    def run() -> Judged:
        return judge(name, str(seed), problem, lambda: solver().solve(problem, seconds, seed=seed), own_word=True)

    return kept("routing-city", key, Judged, run)


def _goals(bench: Bench, rows: list[Judged], own: str) -> None:
    """State on how many seeds we are ahead. Only what took VROOM more than the limit is left without a judgement."""
    ours = {row.case: row for row in rows if row.engine == own}
    bench.goal("hard rules broken", sum(row.broken for row in rows), 0, better="lower")
    for name in dict.fromkeys(row.engine for row in rows if row.engine != own):
        theirs = [row for row in rows if row.engine == name]
        beside = sum(ours[row.case].total for row in theirs) / sum(row.total for row in theirs)
        cpu = sum(row.cpu_s for row in theirs) / len(theirs)
        bench.figures[f"objective beside {name}"] = f"{beside - 1:+.1%} on average ({cpu:.1f} CPU s each)"
        ahead = sum(ours[row.case].total < row.total for row in theirs)
        if name == BEYOND:
            bench.figures[f"better objective than {name}"] = f"{ahead} of {len(theirs)} seeds"
            continue
        bench.goal(f"better objective than {name}, seeds", ahead, len(theirs))
        if name.startswith("vroom"):
            served = sum(ours[row.case].lost < row.lost for row in theirs)
            bench.goal(f"more value than {name}, seeds", served, len(theirs))
            driven = sum(ours[row.case].travel_h < row.travel_h for row in theirs)
            bench.goal(f"less travel than {name}, seeds", driven, len(theirs))
