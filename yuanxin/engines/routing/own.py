"""Our engine: greedy insertion, then ruin and recreate over the true price until the time is up."""

from collections.abc import Collection
from dataclasses import dataclass, field
from time import monotonic, thread_time

import numpy as np

from yuanxin.engines.routing.core.arrays import NEVER
from yuanxin.engines.routing.core.search import Search, new_search, rounds
from yuanxin.engines.routing.core.search import fill as compiled_fill
from yuanxin.engines.routing.core.state import (
    BEGIN,
    FINISH,
    MOVABLE,
    SIZE,
    State,
    forget,
    new_state,
    rewrite,
)
from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.explaining import reasons_for_all
from yuanxin.engines.routing.insertion import cheapest
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem
from yuanxin.engines.routing.watching import UNWATCHED, Progress, Watch

NEIGHBOURS = 100  # nodes among which a ruin looks for its victims
CHUNK_SECONDS = 0.1  # between two looks at the clock
FIRST_CHUNK = 50  # rounds
PARTS = (0.4, 0.7, 1.0)  # of a run with crews
SMALL, PATIENCE = 60, 300  # with so few jobs, so many rounds for each without a better plan: it counts as solved
SERVED, SHORT = (0.4, 0.01), (1.2, 0.024)  # begin and end of the temperatures, in prices of a mean drive between visits


@dataclass
class Clock:
    """What ends a run."""

    seconds: float
    watch: Watch
    begun: float = field(default_factory=thread_time)
    begun_wall: float = field(default_factory=monotonic)

    @property
    def used(self) -> float:
        """CPU seconds so far."""
        return thread_time() - self.begun

    def left(self) -> float:
        """Return the part of the time that is left, 1 at the start, 0 at the end."""
        parts = [1 - self.used / self.seconds if self.seconds > 0 else 0.0]
        if self.watch.wall_seconds is not None:
            parts.append(1 - (monotonic() - self.begun_wall) / max(self.watch.wall_seconds, 1e-9))
        if self.watch.cancelled is not None and self.watch.cancelled():
            return 0.0
        return max(0.0, min(parts))


class GreedyEngine:
    """Only the first plan of our engine: every job, the most urgent first, goes where it costs least."""

    name = "greedy"

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return a feasible plan; every job left out carries its reasons. seed: unused, no dice are thrown."""
        clock = Clock(seconds, watch or UNWATCHED)
        draft = load(problem, warm)
        reasons = reasons_for_all(draft, fill(draft, clock))
        return draft.to_plan(reasons=reasons, engine=self.name, seconds=clock.used)


class OwnEngine:
    """Ruin and recreate. With ``watch.rounds`` the same seed gives the same plan on every machine."""

    name = "own"

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return a feasible plan; every job left out carries its reasons.

        seconds: CPU time for the search; explaining what is left out comes on top. warm: a plan to begin with.
        """
        clock = Clock(seconds, watch or UNWATCHED)
        draft = load(problem, warm)
        untried = fill(draft, clock)
        if not untried:
            improve(draft, clock, seed)
        reasons = reasons_for_all(draft, untried)
        return draft.to_plan(reasons=reasons, engine=self.name, seconds=clock.used)


def fill(draft: Draft, clock: Clock) -> set[str]:
    """Insert what is worth it, the most urgent first; return the jobs that time did not allow to try."""
    turn = sorted((draft.problem.job_by_id[job] for job in draft.unserved()), key=lambda job: _urgency(draft, job))
    later: list[int] = []
    for job in turn:
        if clock.left() == 0:
            return set(draft.unserved())
        node = draft.index.node_at[job.id]
        if draft.state.spot[node, MOVABLE]:
            later.append(node)
            continue
        best = cheapest(draft, job)
        if best is not None and (best.delta < 0 or job.pinned):
            draft.put(job, best.routes)
    if later:
        state, memory = _begin(draft, 0)
        compiled_fill(draft.arrays, state, memory, np.array(later, dtype=np.int64))
        _take_over(draft, state, memory)
    return set()


def _urgency(draft: Draft, job: Job) -> tuple[int, bool, int, int, int]:
    """Order of insertion: predecessors before successors, pins, crews, then value, then the earliest deadline."""
    depth, before = 0, job.predecessor
    while before is not None:
        depth, before = depth + 1, draft.problem.job_by_id[before].predecessor
    return depth, job.pinned is None, -job.crew, -job.value, job.due or draft.problem.turn[job.id]


def improve(draft: Draft, clock: Clock, seed: int, around: Collection[str] = ()) -> None:
    """Search around the draft's plan and leave the best one found in it.

    around: jobs near which alone it looks; empty means everywhere. The search holds crews where they are; between its
    parts each crew may move as a whole.
    """
    problem = draft.problem
    if not problem.technicians or not draft.state.spot[:, MOVABLE].any():
        return
    crews = [job for job in problem.jobs if job.crew > 1 and job.pinned is None]
    begin = 0.0
    for number, end in enumerate(PARTS if crews else (1.0,)):
        state, memory = _begin(draft, seed + number, around)
        _search(state, memory, draft, clock, begin, end)
        _take_over(draft, state, memory)
        for job in crews:
            if clock.left() > 0:
                move_crew(draft, job)
        begin = end


def _begin(draft: Draft, seed: int, around: Collection[str] = ()) -> tuple[State, Search]:
    """Return the draft's plan as the beginning of a search."""
    state = new_state(draft.arrays, near=NEIGHBOURS, seed=seed)
    state.spot[:] = draft.state.spot
    for t in range(len(draft.index.technicians)):
        size = int(draft.state.team[t, SIZE])
        rewrite(draft.arrays, state, t, draft.state.seq[t, :size].copy())
    nodes = np.array(sorted(draft.index.node_at[job] for job in around), dtype=np.int64) if around else None
    return state, new_search(draft.arrays, state, nodes)


def _search(state: State, memory: Search, draft: Draft, clock: Clock, begin: float, end: float) -> None:
    """Play rounds in chunks from one part of the run to another, looking at the clock between them."""
    leg = _leg_price(draft)
    hot, cold = SHORT if memory.absent_count[0] else SERVED  # whom to leave out costs more than a detour
    limit = clock.watch.rounds
    played, chunk = round(begin * (limit or 0)), FIRST_CHUNK
    best, best_at = int(memory.totals[1]), played
    nodes = len(state.spot)
    patience = PATIENCE * nodes if nodes <= SMALL else NEVER
    while True:
        left = clock.left()
        done = 1 - left
        if limit is not None:
            done = max(played / limit, 1.0 if left == 0 else 0.0)
            chunk = min(chunk, round(end * limit) - played)
        if done >= end or chunk <= 0 or played - best_at > patience:
            return
        heat = leg * hot * (cold / hot) ** done
        before = thread_time()
        rounds(draft.arrays, state, memory, chunk, heat, heat)
        played += chunk
        spent = thread_time() - before
        if memory.totals[1] < best:
            best, best_at = int(memory.totals[1]), played
        if clock.watch.progress is not None:
            clock.watch.progress(Progress(int(memory.totals[1]), clock.used, played))
        if limit is None:
            chunk = max(1, min(4 * chunk, round(chunk * CHUNK_SECONDS / max(spent, 1e-6))))


def _leg_price(draft: Draft) -> float:
    """Return the price of a mean drive in the plan, in points; at least one."""
    weights = draft.problem.weights
    driven = sum(route.travel_s for route in draft.routes.values())
    minute = sum(one.cost_per_min for one in draft.problem.technicians) / len(draft.problem.technicians)
    per_second = minute * weights.travel / 60 + weights.working_permille / 1000
    return max(1.0, driven * per_second / max(1, len(draft.crews)))


def _take_over(draft: Draft, state: State, memory: Search) -> None:
    """Write the best plan of a search into the draft."""
    state.spot[:, BEGIN], state.spot[:, FINISH] = memory.best_start, memory.best_finish
    for t in range(len(draft.index.technicians)):
        forget(draft.arrays, state, t)
    for t in range(len(draft.index.technicians)):
        rewrite(draft.arrays, state, t, memory.best_seq[t, : int(memory.best_size[t])].copy())
    draft.adopt(state)


def move_crew(draft: Draft, job: Job) -> None:
    """Take a crew's job out and put it, or leave it out, where the whole plan is cheapest."""
    before, trial = draft.total(), draft.copy()
    if job.id in trial.crews:
        trial.take_out(job.id)
    best = cheapest(trial, job)
    if best is not None and best.delta < 0:
        trial.put(job, best.routes)
    if trial.total() < before:
        draft.become(trial)
