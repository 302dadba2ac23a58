"""Technician routing with skills, tools, parts and a depot: 29 published instances against the best known."""

from __future__ import annotations

import os
from statistics import mean
from time import process_time
from typing import TYPE_CHECKING

from benchmarks.published_people import folder
from benchmarks.routing_people import warm_up
from benchmarks.trsp_people import best_known, judge, problem_of, read, stops_of
from yuanxin.engines.routing.engine import DEFAULT, engine

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Bench

NEEDS_DATABASE = False
SECONDS = 30.0
GAP = 1.5


def run(bench: Bench) -> None:
    """Solve every instance with one seed (``--seeds N``: the mean of N), judge it, print the gaps."""
    found = folder("trsp-pillac")
    if found is None:
        return
    asked = bench.asked
    seconds, seeds, name = asked.seconds or SECONDS, asked.seeds or 1, asked.engine or DEFAULT
    known = best_known(found / "best_known.csv")
    wanted = asked.instances or tuple(sorted(known))
    warm_up(name)
    print(f"engine {name}, {seconds:g} CPU s each, seeds {seeds}, best known: Pillac, Guéret and Medaglia 2013")
    print(
        f"{'instance':9} {'duration':>10} {'best':>10} {'gap %':>7} {'distance':>9} {'best':>9} {'gap %':>7} CPU s load"
    )
    gaps: list[tuple[float, float]] = []
    faulty: list[str] = []
    for short in wanted:
        for seed in range(seeds):
            gap = _one(found / f"crew25/{short}.100_25-5-5-5.txt", known[short], name, seconds, seed)
            if gap is None:
                faulty.append(f"{short} (seed {seed})")
            else:
                gaps.append(gap)
    bench.figures |= {"engine": name, "cpu_seconds_each": seconds, "seeds": seeds, "instances": len(wanted)}
    bench.figures["infeasible"] = ", ".join(faulty) or "none"
    bench.goal("feasible by the judge, share", len(gaps) / (len(gaps) + len(faulty)), 1.0)
    if gaps:
        bench.figures["mean_gap_distance_percent"] = round(mean(gap for _, gap in gaps), 2)
        bench.figures["worst_gap_duration_percent"] = round(max(gap for gap, _ in gaps), 2)
        bench.figures["new_best"] = sum(gap < 0 for gap, _ in gaps)
        bench.goal("mean gap in duration, percent", round(mean(gap for gap, _ in gaps), 2), GAP, better="lower")


def _one(path: Path, best: tuple[float, float], name: str, seconds: float, seed: int) -> tuple[float, float] | None:
    """Solve one instance; return the gaps of duration and distance in percent, None when the judge finds a fault."""
    instance = read(path)
    began = process_time()
    plan = engine(name).solve(problem_of(instance), seconds, seed=seed)
    spent = process_time() - began
    verdict = judge(instance, stops_of(instance, plan))
    short = instance.name.split(".")[0]
    if verdict.faults:
        print(f"{short:9} INFEASIBLE ({len(verdict.faults)}): {verdict.faults[0]}")
        return None
    gaps = (100 * (verdict.duration / best[0] - 1), 100 * (verdict.distance / best[1] - 1))
    print(
        f"{short:9} {verdict.duration:10.2f} {best[0]:10.2f} {gaps[0]:7.2f} {verdict.distance:9.2f} {best[1]:9.2f} "
        f"{gaps[1]:7.2f} {spent:5.1f} {os.getloadavg()[0]:4.1f}",
        flush=True,
    )
    return gaps
