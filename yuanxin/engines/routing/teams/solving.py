"""Make a schedule: who is left out and why, what others do, then the search for teams and days."""

from dataclasses import replace
from time import monotonic, process_time

import numpy as np

from yuanxin.engines.routing.teams.arrays import Facts, facts_of
from yuanxin.engines.routing.teams.checker import cost_of
from yuanxin.engines.routing.teams.daily import reformed
from yuanxin.engines.routing.teams.decoding import TASTES, decode
from yuanxin.engines.routing.teams.outsourcing import EXACT, to_others
from yuanxin.engines.routing.teams.problem import Intervention, TeamProblem
from yuanxin.engines.routing.teams.schedule import LeftOut, Schedule, Task, WhyNot
from yuanxin.engines.routing.teams.search import ROUNDS, Order, annealed, first_orders, room_for
from yuanxin.engines.routing.watching import UNWATCHED, Progress, Watch

FIELD = ((24, 0.12), (9, 0.27), (3, 0.5), (1, 1.0))  # so many orders go on, until this share of the annealing
SHARE_OF_DAYS = 0.2  # of the time, for forming the teams of single days anew
SECONDS_OF_DAYS = 1.0  # for one try of it
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

    def tell(self, cost: float) -> None:
        """Ask whether to go on, and tell how it stands, ten times a second at most."""
        if monotonic() - self.asked < 0.1:
            return
        self.asked = monotonic()
        if self.watch.cancelled is not None and self.watch.cancelled():
            self.ended = True
        if self.watch.progress is not None:
            self.watch.progress(Progress(int(cost), self.used(), self.rounds))


def solve(problem: TeamProblem, seconds: float, seed: int = 0, watch: Watch = UNWATCHED) -> Schedule:
    """Return a schedule that breaks no rule, within about ``seconds`` of CPU time.

    Every job is in it, done by others within the budget, or left out with its reason.
    """
    clock = Clock(seconds, watch)
    hopeless = {job.id: why for job in problem.interventions if (why := _hopeless(problem, job))}
    outside = to_others(problem, _worth(problem), set(hopeless))
    left_out = _left_out(problem, hopeless, outside)
    jobs = [job for job in problem.order if job not in outside and job not in left_out]
    empty = Schedule((), {}, outside, left_out, engine="orders+days" if EXACT else "orders")
    if not jobs:
        return replace(empty, seconds=clock.used())
    facts = facts_of(problem, jobs)
    dice = np.random.default_rng(seed)
    best = _searched(facts, dice, clock, 1 - SHARE_OF_DAYS if EXACT else 1.0)
    made = as_schedule(problem, facts, jobs, best)
    whole = replace(empty, tasks=made.tasks, teams=made.teams)
    cost, ends = cost_of(problem, whole)
    whole = _days_again(problem, replace(whole, cost=cost, ends=ends), dice, clock)
    return replace(whole, seconds=clock.used())


def _days_again(problem: TeamProblem, schedule: Schedule, dice: np.random.Generator, clock: Clock) -> Schedule:
    """Form the teams of two or three days anew, again and again: the last day of a priority, and others."""
    weights = np.array(problem.prices, dtype=float)
    while EXACT and clock.gone() < 1:
        rank = int(dice.choice(len(weights), p=weights / weights.sum()))
        last = max(1, -(-schedule.ends[rank] // problem.day))
        others = dice.choice(sorted(schedule.teams), size=int(dice.integers(1, 3)))
        days = sorted({last, *map(int, others)})
        seconds = min(SECONDS_OF_DAYS, max(0.05, clock.seconds - clock.used()))
        schedule = reformed(problem, schedule, days, seconds, int(dice.integers(2**30)))
        clock.rounds += ROUNDS
        clock.tell(schedule.cost)
    return schedule


def _searched(facts: Facts, dice: np.random.Generator, clock: Clock, whole: float) -> Order:
    """Anneal every sequence of the priorities a little, the better half a little more, and the best to the end.

    whole: the share of the clock that is for this.
    """
    field = first_orders(facts, dice, lambda: clock.gone() >= 1)
    best, begin = field[0], 0.0
    for survivors, until in FIELD:
        field = field[:survivors]
        each = (until * whole - begin) / len(field)
        better = []
        for start in field:
            end = begin + each

            def share(begin: float = begin, end: float = end, cost: float = best.cost) -> float:
                clock.rounds += ROUNDS
                clock.tell(cost)
                return (clock.gone() - begin) / (end - begin)

            better.append(annealed(facts, start, dice, share, (HEAT[0] * start.cost, HEAT[1] * start.cost)))
            best = min(best, better[-1], key=lambda one: one.cost)
            begin = end
        field = sorted(better, key=lambda one: one.cost)
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
