"""A province of 10,000 technicians and 100,000 jobs, in clusters and along their borders, on two processes.

``--clusters N`` solves the first N clusters only and says what the whole would cost by its jobs; ``--seconds S`` CPU
seconds for each cluster (a border of two gets three tenths of it).
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from itertools import islice
from time import monotonic, process_time
from typing import TYPE_CHECKING

from benchmarks.routing_people import warm_up
from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.clustered import solve_parts
from yuanxin.engines.routing.engine import DEFAULT
from yuanxin.engines.routing.generators import Cluster, province

if TYPE_CHECKING:
    from benchmarks.harness import Bench
    from yuanxin.engines.routing.borders import Solved

NEEDS_DATABASE = False
TECHNICIANS, JOBS = 10_000, 100_000
SECONDS = 20.0
PROCESSES = 2
MINUTES, GIB, GROWTH = 30.0, 4.0, 1.1


def run(bench: Bench) -> None:
    """Solve, judge every cluster, and state time, memory and growth."""
    seconds, name = bench.asked.seconds or SECONDS, bench.asked.engine or DEFAULT
    warm_up(name)
    drawn: list[str] = []
    print(f"engine {name}, {seconds:g} CPU s for each cluster, {PROCESSES} processes")
    print(
        f"{'cluster':10} {'techs':>5} {'jobs':>6} {'served':>6} {'points':>11} {'border':>8} {'CPU s':>6} {'wall':>6}"
    )
    began, own = monotonic(), process_time()
    rows: list[tuple[int, int, float, int]] = []
    broken = 0
    for solved in solve_parts(_clusters(bench.asked.clusters, drawn), seconds, name=name, processes=PROCESSES):
        broken += len(violations(solved.problem, solved.plan))
        rows.append(_row(solved, monotonic() - began))
    wall, main = monotonic() - began, process_time() - own
    _state(bench, rows, wall, main)
    bench.figures |= {"engine": name, "cpu_seconds_each": seconds, "clusters": len(rows), "drawn": len(drawn)}
    bench.goal("hard rules broken", broken, 0, better="lower")


def _clusters(most: int | None, drawn: list[str]) -> Iterator[Cluster]:
    for cluster in islice(province(1, technicians=TECHNICIANS, jobs=JOBS), most):
        drawn.append(cluster.name)
        yield cluster


def _row(solved: Solved, wall: float) -> tuple[int, int, float, int]:
    jobs, served = len(solved.problem.jobs), len(solved.plan.visits_of)
    print(
        f"{solved.name:10} {len(solved.problem.technicians):5} {jobs:6} {served:6} {solved.plan.score.total:11,} "
        f"{-solved.gained:8,} {solved.seconds:6.1f} {wall:6.0f} (load {os.getloadavg()[0]:.1f})",
        flush=True,
    )
    return jobs, served, solved.seconds, solved.gained


def _state(bench: Bench, rows: list[tuple[int, int, float, int]], wall: float, main: float) -> None:
    """State the whole province's figures; a part of it is multiplied by the jobs it leaves out, and called so."""
    jobs = sum(row[0] for row in rows)
    cpu = sum(row[2] for row in rows) + main
    whole = JOBS / jobs
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak += PROCESSES * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    quarters = [len(rows) // 4, len(rows) // 2, len(rows)]
    each = [
        1000 * sum(row[2] for row in rows[:count]) / sum(row[0] for row in rows[:count]) for count in quarters if count
    ]
    bench.figures |= {
        "jobs": jobs,
        "served_share": round(sum(row[1] for row in rows) / jobs, 3),
        "points_that_borders_took_off": sum(row[3] for row in rows),
        "cpu_seconds": round(cpu),
        "cpu_seconds_of_the_main_process": round(main, 1),
        "wall_minutes": round(wall / 60, 1),
        "cpu_s_for_1000_jobs_after_a_quarter_half_all": [round(one, 2) for one in each],
        "the_whole_is": "measured" if jobs == JOBS else f"extrapolated by jobs x {whole:.2f}",
    }
    minutes = min(wall, cpu / min(PROCESSES, os.cpu_count() or 1)) / 60 * whole
    bench.goal(
        "minutes of the whole on two cores (CPU / 2 where the machine is busy)",
        round(minutes, 1),
        MINUTES,
        better="lower",
    )
    bench.goal("GiB at the peak, three processes together", round(peak / 2**20, 2), GIB, better="lower")
    bench.goal("CPU for a job: all over the first quarter", round(each[-1] / each[0], 2), GROWTH, better="lower")
