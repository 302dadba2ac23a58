"""The problem as arrays, for the loops that numba compiles; without numba the same code runs, only slower."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.teams.problem import TeamProblem

numba: Any
try:
    import numba
except ImportError:  # the wheel is missing on this machine
    numba = None

Code = TypeVar("Code", bound=Callable[..., Any])
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
COMPILED = numba is not None
MOST_DAYS = 400


def compiled(function: Code) -> Code:
    """Compile a function of arrays, kept on disk between runs."""
    return cast("Code", numba.njit(cache=True)(function)) if COMPILED else function


class Facts(NamedTuple):
    """What does not change. n jobs, m technicians, c cells (domain x level), d days; days count from 0 here.

    units, priority (0-3), need [n, c], cover [m, c], here [d, m], worth [m] and asked [n] (rarity-weighted, the mean
    technician is 1), rarity [c], first and before (predecessors of job j: before[first[j]:first[j + 1]]), day, prices,
    tie (what the mean end of all jobs counts beside the cost, so that the search sees a slope between equal costs).
    """

    units: Ints
    priority: Ints
    need: Ints
    cover: Ints
    here: Ints
    worth: Floats
    asked: Floats
    rarity: Floats
    first: Ints
    before: Ints
    day: int
    prices: Ints
    tie: float


class Board(NamedTuple):
    """The schedule under construction. used: days opened so far, and the cost.

    crews [d]: how many teams; end [d, team]; have [d, team, c]; team_of [d, m] (-1: free); free [d, c]: cells of the
    free; on, team, start [n]: where a job lies (on = -1: nowhere).
    """

    used: Ints
    crews: Ints
    end: Ints
    have: Ints
    team_of: Ints
    free: Ints
    on: Ints
    team: Ints
    start: Ints


def facts_of(problem: TeamProblem, jobs: list[str]) -> Facts:
    """Return the arrays for these jobs, in this order; predecessors outside the list count as done."""
    chosen = [problem.by_id[job] for job in jobs]
    place = {job: nth for nth, job in enumerate(jobs)}
    need = np.array([[count for domain in one.needs for count in domain] for one in chosen], dtype=np.int64)
    depth = [len(domain) for domain in chosen[0].needs]
    cover = np.array(
        [
            [int(one.levels[domain] > level) for domain, levels in enumerate(depth) for level in range(levels)]
            for one in problem.technicians
        ],
        dtype=np.int64,
    )
    days = min(problem.last_absence + len(jobs) + 1, MOST_DAYS + problem.last_absence)
    here = np.ones((days, len(problem.technicians)), dtype=np.int64)
    for nth, technician in enumerate(problem.technicians):
        for day in technician.absent:
            here[day - 1, nth] = 0
    units = np.array([one.units for one in chosen], dtype=np.int64)
    rarity = (need * units[:, None]).sum(axis=0) / np.maximum(1, cover.sum(axis=0))
    rarity = rarity / max(1e-9, float(rarity.max())) + 0.05
    worth = cover @ rarity
    mean = max(1e-9, float(worth.mean()))
    before = [[place[other] for other in one.before if other in place] for one in chosen]
    return Facts(
        units,
        np.array([one.priority - 1 for one in chosen], dtype=np.int64),
        need,
        cover,
        here,
        worth / mean,
        (need @ rarity) / mean,
        rarity / mean,
        np.cumsum([0, *map(len, before)], dtype=np.int64),
        np.array([other for others in before for other in others] or [0], dtype=np.int64),
        problem.day,
        np.array(problem.prices, dtype=np.int64),
        0.0,
    )


def board_for(facts: Facts) -> Board:
    """Return an empty board for these facts."""
    jobs, cells = facts.need.shape
    days, people = facts.here.shape

    def whole(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Board(
        whole(2),
        whole(days),
        whole(days, people),
        whole(days, people, cells),
        whole(days, people) - 1,
        whole(days, cells),
        whole(jobs) - 1,
        whole(jobs),
        whole(jobs),
    )
