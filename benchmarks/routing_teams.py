"""Team forming: set A of the ROADEF challenge of 2007 against the best known costs."""

from __future__ import annotations

import os
from statistics import mean
from time import process_time
from typing import TYPE_CHECKING

from benchmarks.published_people import folder
from benchmarks.teams_people import best_known, read
from yuanxin.engines.routing.teams import arrays, outsourcing
from yuanxin.engines.routing.teams.checker import breaches, cost_of
from yuanxin.engines.routing.teams.generator import GRIDS, Recipe, generate, without_teams
from yuanxin.engines.routing.teams.solving import solve

if TYPE_CHECKING:
    from benchmarks.harness import Bench

NEEDS_DATABASE = False
SECONDS = 60.0
GAP = 5.0


def run(bench: Bench) -> None:
    """Solve the ten instances with one seed (``--seeds N``: N of them), check them, print the gaps; then our own."""
    asked = bench.asked
    seconds, seeds = asked.seconds or SECONDS, asked.seeds or 1
    solve(generate(0, Recipe(technicians=4, interventions=4)), 1.0)  # compiled before the clock runs
    bench.figures |= {"compiled": arrays.COMPILED, "cp_sat": outsourcing.EXACT}
    bench.figures |= {"cpu_seconds_each": seconds, "seeds": seeds}
    found = folder("roadef2007")
    if found is not None:
        known = best_known(found / "best_known.csv")
        wanted = [int(one) for one in asked.instances] or sorted(known)
        print(f"{'set A':>6} {'cost':>7} {'best':>7} {'gap %':>7} {'ends':>24} {'CPU s':>6} load")
        gaps, broken = [], 0
        for number in wanted:
            for seed in range(seeds):
                problem = read(found / f"datasetA/data{number}")
                began = process_time()
                schedule = solve(problem, seconds, seed)
                spent = process_time() - began
                faults = breaches(problem, schedule)
                cost, ends = cost_of(problem, schedule)
                broken += bool(faults or schedule.left_out)
                gaps.append(100 * (cost / known[number] - 1))
                print(
                    f"{number:6} {cost:7} {known[number]:7} {gaps[-1]:7.2f} {ends!s:>24} {spent:6.1f} "
                    f"{os.getloadavg()[0]:4.1f} {schedule.engine} {faults[0] if faults else ''}",
                    flush=True,
                )
        bench.goal("feasible by the checker, share", 1 - broken / len(gaps), 1.0)
        bench.goal("mean gap to the best known, percent", round(mean(gaps), 2), GAP, better="lower")
    if not asked.instances:
        _own(bench, min(seconds, 10.0))


def _own(bench: Bench, seconds: float) -> None:
    """Our generator, with teams and without: feasible, and what teams cost."""
    broken = 0
    print(f"{'own':>6} {'teams':>8} {'alone':>8}   cost at {seconds:g} CPU s")
    for domains, levels in GRIDS:
        problem = generate(1, Recipe(domains=domains, levels=levels, technicians=15, interventions=60))
        costs = []
        for one in (problem, without_teams(problem)):
            schedule = solve(one, seconds, 1)
            broken += bool(breaches(one, schedule) or schedule.left_out)
            costs.append(schedule.cost)
        print(f"{domains}x{levels:<4} {costs[0]:8} {costs[1]:8}", flush=True)
        bench.figures[f"own_{domains}x{levels}_with_and_without_teams"] = costs
    bench.goal("own problems feasible, share", 1 - broken / (2 * len(GRIDS)), 1.0)
