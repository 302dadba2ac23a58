"""Make a schedule: who is left out and why, what others do, then the search for teams and days."""

from dataclasses import replace
from time import monotonic, process_time

import numpy as np

from yuanxin.engines.routing.teams.arrays import Facts, facts_of
from yuanxin.engines.routing.teams.checker import cost_of
from yuanxin.engines.routing.teams.decoding import TASTES, decode
from yuanxin.engines.routing.teams.outsourcing import to_others
from yuanxin.engines.routing.teams.problem import Intervention, TeamProblem
from yuanxin.engines.routing.teams.schedule import LeftOut, Schedule, Task, WhyNot
from yuanxin.engines.routing.teams.search import ROUNDS, Order, annealed, first_orders, room_for
from yuanxin.engines.routing.watching import UNWATCHED, Progress, Watch

ROUNDS_OF_THE_FIELD = ((24, 0.15), (8, 0.3), (3, 0.55), (1, 1.0))  # so many go on, until this share of the time
HEAT = (0.01, 0.0003)  # of the cost


class Clock:
    """What ends the run: CPU seconds, and what the watch says."""

    def __init__(self, seconds: float, watch: Watch) -> None:
        self.begun, self.wall, self.seconds, self.watch = process_time(), monotonic(), seconds, watch
        self.rounds = 0
        self.asked = 0.0
        self.ended = False

    def used(self) -> float:
        """CPU seconds so far."""
        return process_time() - self.begun

    def gone(self) -> float:
        """How much of the time is gone, 0 to 1; with a limit of rounds it counts rounds, so that runs repeat."""
        if self.watch.rounds is not None:
            gone = self.rounds / max(1, self.watch.rounds)
        else:
            gone = self.used() / max(1e-9, self.seconds)
        if self.watch.wall_seconds is not None:
            gone = max(gone, (monotonic() - self.wall) / max(1e-9, self.watch.wall_seconds))
        return 1.0 if self.ended or self.used() >= self.seconds else min(1.0, gone)

    def tell(self, energy: float) -> None:
        """Ask whether to go on, and tell how it stands, ten times a second at most."""
        if monotonic() - self.asked < 0.1:
            return
        self.asked = monotonic()
        if self.watch.cancelled is not None and self.watch.cancelled():
            self.ended = True
        if self.watch.progress is not None:
            self.watch.progress(Progress(int(energy), self.used(), self.rounds))


def solve(problem: TeamProblem, seconds: float, seed: int = 0, watch: Watch = UNWATCHED) -> Schedule:
    """Return a schedule that breaks no rule, within about ``seconds`` of CPU time.

    Every job is in it, done by others within the budget, or left out with its reason.
    """
    clock = Clock(seconds, watch)
    hopeless = {job.id: why for job in problem.interventions if (why := _hopeless(problem, job))}
    outside = to_others(problem, _worth(problem), set(hopeless))
    left_out = _left_out(problem, hopeless, outside)
    jobs = [job for job in problem.order if job not in outside and job not in left_out]
    empty = Schedule((), {}, outside, left_out, engine="orders")
    if not jobs:
        return replace(empty, proved=not problem.interventions, seconds=clock.used())
    facts = facts_of(problem, jobs)
    best = _searched(facts, np.random.default_rng(seed), clock)
    made = as_schedule(problem, facts, jobs, best)
    whole = replace(empty, tasks=made.tasks, teams=made.teams)
    cost, ends = cost_of(problem, whole)
    return replace(whole, cost=cost, ends=ends, seconds=clock.used())


def _searched(facts: Facts, dice: np.random.Generator, clock: Clock) -> Order:
    """Anneal every sequence of the priorities a little, the better half a little more, and the best to the end."""
    field = first_orders(facts, dice, lambda: clock.gone() >= 1)
    best, begin = field[0], 0.0
    for survivors, until in ROUNDS_OF_THE_FIELD:
        field = field[:survivors]
        each = (until - begin) / len(field)
        better = []
        for start in field:
            end = begin + each

            def share(begin: float = begin, end: float = end, energy: float = best.energy) -> float:
                clock.rounds += ROUNDS
                clock.tell(energy)
                return (clock.gone() - begin) / (end - begin)

            better.append(annealed(facts, start, dice, share, (HEAT[0] * start.energy, HEAT[1] * start.energy)))
            best = min(best, better[-1], key=lambda one: one.energy)
            begin = end
        field = sorted(better, key=lambda one: one.energy)
    return best


def as_schedule(problem: TeamProblem, facts: Facts, jobs: list[str], order: Order) -> Schedule:
    """Return the schedule that the order decodes to."""
    room = room_for(facts)
    board = room.board
    decode(facts, board, order.jobs, order.style, TASTES, room.picked, room.stack)
    tasks = tuple(
        Task(job, int(board.on[nth]) + 1, int(board.team[nth]), int(board.start[nth])) for nth, job in enumerate(jobs)
    )
    people = [one.id for one in problem.technicians]
    teams = {
        day + 1: tuple(
            tuple(one for nth, one in enumerate(people) if board.team_of[day, nth] == team)
            for team in range(int(board.crews[day]))
        )
        for day in sorted({int(one) for one in board.on})
    }
    return Schedule(tasks, teams)


def _hopeless(problem: TeamProblem, job: Intervention) -> LeftOut | None:
    if job.units > problem.day:
        return LeftOut(WhyNot.LONGER_THAN_A_DAY, needed=job.units, has=problem.day)
    for domain, counts in enumerate(job.needs):
        for level, needed in enumerate(counts, start=1):
            has = sum(one.levels[domain] >= level for one in problem.technicians)
            if has < max(needed, 1 if not problem.technicians else 0):
                return LeftOut(WhyNot.TOO_FEW_SKILLED, domain + 1, level, needed, has)
    return None


def _left_out(problem: TeamProblem, hopeless: dict[str, LeftOut], outside: frozenset[str]) -> dict[str, LeftOut]:
    """Return what cannot be done at all, with everything that waits for it."""
    found: dict[str, LeftOut] = {}
    for job in problem.order:
        if job in outside:
            continue
        waits = next((one for one in problem.by_id[job].before if one in found), "")
        if job in hopeless:
            found[job] = hopeless[job]
        elif waits:
            found[job] = LeftOut(WhyNot.PREDECESSOR_LEFT_OUT, job=waits)
    return found


def _worth(problem: TeamProblem) -> dict[str, float]:
    """Return what it saves when others do a job: its time, the hands it needs, the price of its priority."""
    return {
        job.id: job.units
        * max(1, sum(max(counts, default=0) for counts in job.needs))
        * problem.prices[job.priority - 1]
        for job in problem.interventions
    }
