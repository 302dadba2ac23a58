"""A simulated day of 60 technicians x 500 tickets, 30 % of them same-day: the engine against today's practice.

Both live the same days with the same dice: a ticket comes in when it comes in, work and drives take as long, whoever
goes. What counts is what really happened. ``--seeds N`` days, ``--seconds S`` of CPU for the morning's plan (a fifth of
it for each later one).
"""

from __future__ import annotations

from statistics import fmean

from benchmarks.harness import Bench
from yuanxin.engines.routing.engine import DEFAULT
from yuanxin.engines.routing.generators import same_day
from yuanxin.engines.routing.plan import MovePrice
from yuanxin.engines.routing.simulated_day import Day, Dice, Nearest, Outcome, Planned, live

NEEDS_DATABASE = False
SEEDS = 5
SECONDS = 10.0
LATER = 0.2  # of the morning's seconds, for each plan of the running day
DYNAMIC = 0.3
LESS_TRAVEL, LESS_LATENESS = 0.20, 0.50


def run(bench: Bench) -> None:
    """Live every day twice and compare."""
    seconds = bench.asked.seconds or SECONDS
    pairs = []
    print(
        f"{'seed':5}{'policy':10}{'travel h':>9}{'late min':>9}{'late':>5}{'changed':>8}{'cpu s':>7}  done by priority"
    )
    for seed in range(bench.asked.seeds or SEEDS):
        problem, known = same_day(seed, dynamic=DYNAMIC)
        weights = problem.weights
        move = MovePrice(weights.technician_change, 0, weights.eta_tolerance_s)  # told is a window, no minute of it
        day = Day(problem, known, Dice(seed))
        pair = live(day, Nearest()), live(day, Planned(move=move, seconds=seconds, again_s=seconds * LATER, seed=seed))
        for lived in pair:
            _print(seed, lived)
        pairs.append(pair)
    _state(bench, pairs, seconds)


def _print(seed: int, lived: Outcome) -> None:
    done = " ".join(f"{lived.done.get(priority, 0)}" for priority in sorted({*lived.done, *lived.left}))
    print(
        f"{seed:<5}{lived.policy:10}{lived.travel_s / 3600:9.1f}{lived.late_s / 60:9.0f}{lived.late_jobs:5}"
        f"{lived.changed:8}{lived.seconds:7.1f}  {lived.done_total} = {done}",
        flush=True,
    )


def _state(bench: Bench, pairs: list[tuple[Outcome, Outcome]], seconds: float) -> None:
    before, after = zip(*pairs, strict=True)
    travel = 1 - sum(one.travel_s for one in after) / sum(one.travel_s for one in before)
    late = 1 - sum(one.late_s for one in after) / max(1, sum(one.late_s for one in before))
    each = [1 - ours.travel_s / ours.done_total / (theirs.travel_s / theirs.done_total) for theirs, ours in pairs]
    kept = sum(ours.does_at_least(theirs) for theirs, ours in pairs)
    fewest = min(
        ours.done.get(priority, 0) - count for theirs, ours in pairs for priority, count in theirs.done.items()
    )
    bench.figures |= {
        "engine": DEFAULT,
        "days": len(pairs),
        "cpu_seconds_of_the_morning_plan": seconds,
        "travel_h_a_day": [round(fmean(one.travel_s for one in side) / 3600, 1) for side in (before, after)],
        "lateness_min_a_day": [round(fmean(one.late_s for one in side) / 60) for side in (before, after)],
        "late_visits_a_day": [round(fmean(one.late_jobs for one in side), 1) for side in (before, after)],
        "jobs_done_a_day": [round(fmean(one.done_total for one in side), 1) for side in (before, after)],
        "less_travel_for_each_job_done": round(fmean(each), 3),
        "told_customers_with_another_technician": round(
            sum(one.changed for one in after) / sum(one.told for one in after), 4
        ),
        "jobs_more_in_the_worst_priority_and_day": fewest,
    }
    bench.goal("less travel than today's practice", round(travel, 3), LESS_TRAVEL)
    bench.goal("less lateness than today's practice", round(late, 3), LESS_LATENESS)
    bench.goal("share of days with no priority behind", round(kept / len(pairs), 2), 1.0)
