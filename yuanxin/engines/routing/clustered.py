"""A city or a province part by part: each by itself, then every pair of neighbours along their border.

One part is one call of an engine, so memory follows the part and time the number of parts. ``processes`` above 1 work
side by side; the caller's process only hands out and collects.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import replace
from multiprocessing import get_context
from time import process_time
from typing import Protocol, TypeAlias

from yuanxin.engines.routing.borders import Solved, border, merged
from yuanxin.engines.routing.clusters import MOST_TECHNICIANS, split
from yuanxin.engines.routing.engine import DEFAULT, engine
from yuanxin.engines.routing.plan import Plan, Score
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.scoring import evaluate
from yuanxin.engines.routing.watching import UNWATCHED, Progress, Watch

SHARE_OF_A_BORDER = 0.3  # of a part's seconds
Work: TypeAlias = Callable[..., tuple[Solved, ...]]


class PartLike(Protocol):
    """A part: a name, the names of its neighbours, and its problem."""

    @property
    def name(self) -> str: ...

    @property
    def neighbours(self) -> tuple[str, ...]: ...

    @property
    def problem(self) -> Problem: ...


def solve_clustered(
    problem: Problem,
    seconds: float,
    *,
    name: str = DEFAULT,
    most: int = MOST_TECHNICIANS,
    processes: int = 1,
    seed: int = 0,
    watch: Watch = UNWATCHED,
) -> Plan:
    """Return one plan of the whole problem. seconds: CPU time for each part; most: technicians in a part.

    A cancelled run leaves the jobs of the parts it did not begin unserved: out of time.
    """
    parts = split(problem, most)
    if len(parts) == 1:
        return engine(name).solve(problem, seconds, seed=seed, watch=watch)
    solved = list(solve_parts(parts, seconds, name=name, processes=processes, seed=seed, watch=watch))
    plans = [one.plan for one in solved]
    planned = {job.id for one in solved for job in one.problem.jobs}
    unserved = {job.id: (Reason(Cause.OUT_OF_TIME),) for job in problem.jobs if job.id not in planned}
    plan = Plan(
        visits=tuple(visit for one in plans for visit in one.visits),
        breaks=tuple(rest for one in plans for rest in one.breaks),
        unserved=unserved | {job: why for one in plans for job, why in one.unserved.items()},
        score=Score({}),
        engine=engine(name).name,
        seconds=sum(one.seconds for one in solved),
        stops=tuple(stop for one in plans for stop in one.stops),
    )
    return replace(plan, score=evaluate(problem, plan))


def solve_parts(
    parts: Iterable[PartLike],
    seconds: float,
    *,
    name: str = DEFAULT,
    processes: int = 1,
    seed: int = 0,
    watch: Watch = UNWATCHED,
) -> Iterator[Solved]:
    """Yield every part once it and all borders it has are done. parts are drawn as the work goes on.

    A border is looked at when both sides are solved; neighbours must stand both in ``parts``, else it stays as it is.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) if processes > 1 else nullcontext() as pool:
        yield from _Run(parts, seconds, name, processes, seed, watch, pool).finished()


class _Run:
    """The state of one run: parts solved, borders waiting, work under way."""

    def __init__(
        self,
        parts: Iterable[PartLike],
        seconds: float,
        name: str,
        processes: int,
        seed: int,
        watch: Watch,
        pool: Executor | None,
    ) -> None:
        self.parts = iter(parts)
        self.seconds, self.name, self.processes, self.seed = seconds, name, processes, seed
        self.watch, self.pool = watch, pool
        self.solved: dict[str, Solved] = {}
        self.met: dict[str, set[str]] = {}  # borders done, by part
        self.drawn = False  # no more parts to come
        self.busy: dict[Future[tuple[Solved, ...]], tuple[str, ...]] = {}
        self.ready: deque[Solved] = deque()

    def finished(self) -> Iterator[Solved]:
        """Yield parts as they are done."""
        while True:
            while len(self.busy) < self.processes and self._next():
                yield from self._flush()
            yield from self._flush()
            if not self.busy:
                break
            done, _ = wait(self.busy, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(self.busy.pop(future), future.result())
        self.ready.extend(self.solved.values())
        yield from self._flush()

    def _flush(self) -> Iterator[Solved]:
        while self.ready:
            yield self.ready.popleft()

    def _next(self) -> bool:
        """Start the next piece of work; False when there is none just now. Borders first: they free memory."""
        if self.watch.cancelled is not None and self.watch.cancelled():
            self.drawn = True
            return False
        pair = self._pair()
        if pair is not None:
            self._start_border(self.solved[pair[0]], self.solved[pair[1]])
            return True
        part = None if self.drawn else next(self.parts, None)
        if part is None:
            self.drawn = True
            return False
        self._do((part.name,), _solve, part.name, part.neighbours, part.problem, self._order())
        return True

    def _order(self) -> tuple[str, float, int, Watch | None]:
        """Return what a worker is told; only in this process can it be watched."""
        return self.name, self.seconds, self.seed, self.watch if self.pool is None else None

    def _pair(self) -> tuple[str, str] | None:
        """Return two solved neighbours that nobody is working on and that have not met yet."""
        working = {name for names in self.busy.values() for name in names}
        for one in self.solved.values():
            for other in one.neighbours:
                free = not {one.name, other} & working
                if free and other in self.solved and other not in self.met[one.name]:
                    return one.name, other
        return None

    def _start_border(self, one: Solved, two: Solved) -> None:
        self.met[one.name].add(two.name)
        self.met[two.name].add(one.name)
        self._do((one.name, two.name), _solve_border, one, two, self._order())

    def _do(self, names: tuple[str, ...], work: Work, *arguments: object) -> None:
        """Let a worker do it, or do it here."""
        if self.pool is None:
            self._take(names, work(*arguments))
        else:
            self.busy[self.pool.submit(work, *arguments)] = names

    def _take(self, names: tuple[str, ...], result: tuple[Solved, ...]) -> None:
        """Keep what came back; a part whose borders are all done is ready."""
        for one in result:
            self.solved[one.name] = one
            self.met.setdefault(one.name, set())
        if self.watch.progress is not None:
            total = sum(one.plan.score.total for one in self.solved.values())
            self.watch.progress(Progress(total, sum(one.seconds for one in self.solved.values()), len(self.solved)))
        for name in names:
            if set(self.solved[name].neighbours) <= self.met[name]:
                self.ready.append(self.solved.pop(name))


def _solve(
    name: str, neighbours: tuple[str, ...], problem: Problem, order: tuple[str, float, int, Watch | None]
) -> tuple[Solved, ...]:
    """Solve one part, in any process."""
    begun = process_time()
    plan = engine(order[0]).solve(problem, order[1], seed=order[2], watch=order[3])
    return (Solved(name, neighbours, problem, plan, process_time() - begun),)


def _solve_border(one: Solved, two: Solved, order: tuple[str, float, int, Watch | None]) -> tuple[Solved, ...]:
    """Solve the border of two parts again and keep what is better; half of the time is put down to each."""
    begun = process_time()
    problem, warm = border(one, two)
    if problem.technicians and problem.jobs:
        after = engine(order[0]).solve(problem, order[1] * SHARE_OF_A_BORDER, warm=warm, seed=order[2], watch=order[3])
        gained = warm.score.total - after.score.total
        if gained > 0:
            first, second = merged(one, two, problem, after)
            one, two = replace(first, gained=first.gained + gained), second
    spent = (process_time() - begun) / 2
    return replace(one, seconds=one.seconds + spent), replace(two, seconds=two.seconds + spent)
