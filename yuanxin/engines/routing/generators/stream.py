"""A day of which a share of the tickets comes in while it runs."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from yuanxin.engines.routing.generators.area import Area
from yuanxin.engines.routing.generators.day import DAY, FOSHAN, HOUR, MIDNIGHT, Shape, make_day, start_by
from yuanxin.engines.routing.problem import Job, Problem

FIRST_CALL, LAST_CALL = 8 * HOUR, 15 * HOUR + HOUR // 2
NOTICE_S = HOUR // 2  # between a call and the earliest visit


def same_day(
    seed: int, technicians: int = 60, jobs: int = 500, dynamic: float = 0.3
) -> tuple[Problem, Mapping[str, int]]:
    """Return the whole day, and the Unix second at which each of its tickets becomes known.

    dynamic: share (0-1) of the jobs that are called in between 08:00 and 15:30; the others are known before the day
    begins. A planner sees at any instant only the jobs that are known by then; ``release`` forbids it to start one
    earlier. Windows lie at least half an hour after the call.
    """
    dice = np.random.default_rng([3, seed])
    problem = make_day(dice, Shape(Area(FOSHAN, 24, 18), technicians, jobs, 6, 8))
    called = dice.permutation(jobs)[: round(jobs * dynamic)]
    known = {job.id: problem.now for job in problem.jobs}
    changed = list(problem.jobs)
    for number in sorted(int(one) for one in called):
        job = changed[number]
        known[job.id] = MIDNIGHT + int(dice.integers(FIRST_CALL // 60, LAST_CALL // 60 + 1)) * 60
        changed[number] = _called(job, known[job.id])
    return replace(problem, jobs=tuple(changed)), known


def _called(job: Job, at: int) -> Job:
    """Return the job as it looks when the customer calls at ``at``: its window and its "start by" move behind it."""
    earliest, latest = job.windows[0]
    ready = at + NOTICE_S
    begin = max(earliest, -(-ready // 1800) * 1800)
    length = latest - earliest
    end = min(begin + length, MIDNIGHT + DAY[1]) if length <= 4 * HOUR else latest
    by, late = start_by(job), begin - earliest
    due = None if by is None else min(by + late, end) + job.dur
    return replace(job, release=ready, windows=((begin, max(begin, end)),), due=due)
