"""Vehicle routing with time windows: Solomon's 56 instances against the best known distance, beside PyVRP and VROOM.

Distance alone counts, in double precision (vehicles cost nothing). Results are kept under the engine's version (ours:
a hash of its source), the CPU limit and the seed, so that a run that was broken off goes on where it stood.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.harness import Bench
from benchmarks.published_people import folder
from benchmarks.routing_people import adapters_code, installed, kept, own_code, warm_up
from benchmarks.solomon_people import best_known, judge, problem_of, read, routes_of
from yuanxin.engines.routing.engine import DEFAULT, PEERS, Engine, engine

NEEDS_DATABASE = False
SECONDS = 30.0
GAP = 1.0
BEHIND = 0.5
VROOM_LEVEL = 5  # with a limit of half a minute and a hundred customers the thorough search has time to finish


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found. distance: 0 where the judge found a fault. kept: of an earlier run."""

    engine: str
    instance: str
    distance: float
    vehicles: int
    fault: str
    cpu_s: float
    load: float
    kept: bool = False


def run(bench: Bench) -> None:
    """Solve every instance with every engine, judge the routes, print the gaps."""
    data = folder("vrptw")
    if data is None:
        return
    seconds, seeds = bench.asked.seconds or SECONDS, bench.asked.seeds or 1
    known = best_known(data / "best_known.json")
    names = bench.asked.instances or tuple(sorted(known))
    own = bench.asked.engine or DEFAULT
    solvers = _solvers(own)
    warm_up(own)
    print(f"{seconds:g} CPU s each, seeds {seeds}; best known: distance only, double precision")
    print(
        f"{'instance':9}{'best':>9}" + "".join(f"{name:>11} {'gap %':>6} {'veh':>3} {'CPU s':>5}" for name in solvers)
    )
    rows: list[list[Found]] = []
    for name in names:
        for seed in range(seeds):
            rows.append([_one(data, name, solver, seconds, seed) for solver in solvers.items()])
            print(f"{name:9}{known[name]:9.2f}" + "".join(_said(one, known[name]) for one in rows[-1]), flush=True)
    bench.figures |= {"engine": own, "cpu_limit_s": seconds, "seeds": seeds, "instances": len(names)}
    _summary(bench, rows, known, own)


def _solvers(own: str) -> dict[str, tuple[str, Callable[[], Engine]]]:
    """Return by engine its version and how to get it; PyVRP must serve everybody, as the others do."""
    versions = installed(("pyvrp", "vroom"))
    found: dict[str, tuple[str, Callable[[], Engine]]] = {own: (own_code(), partial(engine, own))}
    options: dict[str, tuple[str, dict[str, Any]]] = {
        "pyvrp": ("PyvrpEngine", {"everyone": True}),
        "vroom": ("VroomEngine", {"exploration": VROOM_LEVEL}),
    }
    for name, number in versions.items():
        kind, more = options[name]
        found[name] = (f"{number} {more} {adapters_code()}", partial(getattr(import_module(PEERS[name]), kind), **more))
    return found


def _one(
    data: Path, name: str, solver: tuple[str, tuple[str, Callable[[], Engine]]], seconds: float, seed: int
) -> Found:
    who, (number, make) = solver
    instance = read(data / f"solomon/{name}.txt")

    def search() -> Found:
        problem = problem_of(instance)
        with Bench("judge", needs_database=False).measured() as spent:
            plan = make().solve(problem, seconds, seed=seed)
        verdict = judge(instance, routes_of(plan))
        fault = verdict.faults[0] if verdict.faults else ""
        distance = 0.0 if fault else verdict.distance
        cpu_s = plan.seconds if who in PEERS else spent.own  # VROOM's process may have needed a second try
        return Found(who, name, distance, verdict.vehicles, fault, round(cpu_s, 1), round(os.getloadavg()[0], 1))

    return kept("routing-solomon", (who, number, name, seconds, seed), Found, search)


def _said(one: Found, best: float) -> str:
    if one.fault:
        return f"{'INFEASIBLE':>11} {'':6} {'':3} {one.cpu_s:5.1f}"
    return f"{one.distance:11.2f} {_gap(one, best):6.2f} {one.vehicles:3} {one.cpu_s:5.1f}"


def _gap(one: Found, best: float) -> float:
    return round(100 * (one.distance / best - 1), 3) + 0.0  # the best known has two decimals; no minus zero


def _summary(bench: Bench, rows: list[list[Found]], known: dict[str, float], own: str) -> None:
    """Print mean gaps by class and engine, and state the goals."""
    means: dict[str, float] = {}
    everybody = [one for row in rows for one in row]
    for who in dict.fromkeys(one.engine for one in everybody):
        mine = [one for one in everybody if one.engine == who]
        gaps = {
            kind: [_gap(one, known[one.instance]) for one in mine if not one.fault and _class(one.instance) == kind]
            for kind in sorted({_class(one.instance) for one in mine})
        }
        by_class = ", ".join(f"{kind} {mean(found):.2f}" for kind, found in gaps.items() if found)
        means[who] = round(mean([gap for found in gaps.values() for gap in found] or [float("inf")]), 3)
        again = sum(one.kept for one in mine)
        bench.figures[f"{who} mean gap, percent"] = f"{means[who]} ({by_class}); {again} of {len(mine)} kept"
        loads = [one.load for one in mine]
        bench.figures[f"{who} CPU s, load"] = f"{mean(one.cpu_s for one in mine):.1f}, {min(loads)} to {max(loads)}"
    faults = [f"{one.instance}: {one.fault}" for one in everybody if one.engine == own and one.fault]
    bench.figures["infeasible"] = "; ".join(faults) or "none"
    bench.goal("infeasible by the judge", len(faults), 0, better="lower")
    bench.goal("mean gap, percent", means[own], GAP, better="lower")
    by_engine = [{one.engine: one for one in row if not one.fault} for row in rows]
    both = [
        _gap(row[own], known[row[own].instance]) - _gap(row["pyvrp"], known[row["pyvrp"].instance])
        for row in by_engine
        if own in row and "pyvrp" in row
    ]
    if both:
        bench.goal("behind pyvrp, points", round(mean(both), 3), BEHIND, better="lower")


def _class(instance: str) -> str:
    """Return the class of an instance: R1, C2, ..."""
    return instance.rstrip("0123456789") + instance.lstrip("RC")[0]
