"""Look for the order of jobs whose decoding costs least: all orders of the priorities first, then annealing."""

from collections.abc import Callable
from itertools import permutations
from typing import NamedTuple

import numpy as np

from yuanxin.engines.routing.teams.arrays import COMPILED, Board, Facts, Floats, Ints, board_for, compiled
from yuanxin.engines.routing.teams.decoding import STYLES, TASTES, decode

ROUNDS = 100 if COMPILED else 5
DICE = 6
TIES = (0.02, 2.0, 0.3)  # no slope is best for every problem


class Order(NamedTuple):
    """One candidate: the order, the style of each job, the cost; tie: how steep a slope its search sees (Facts)."""

    jobs: Ints
    style: Ints
    cost: float
    tie: float


class Room(NamedTuple):
    """Arrays to work in."""

    board: Board
    picked: Ints
    stack: Ints


def room_for(facts: Facts) -> Room:
    """Return room for decoding."""
    jobs, people = len(facts.units), facts.cover.shape[0]
    return Room(board_for(facts), np.zeros(people, dtype=np.int64), np.zeros(jobs + 1, dtype=np.int64))


def first_orders(facts: Facts, dice: np.random.Generator, over: Callable[[], bool]) -> list[Order]:
    """Return an order for every sequence of the priorities, the best first; inside a priority the heavy jobs first."""
    room = room_for(facts)
    found: list[Order] = []
    weight = facts.asked * facts.units
    for turn in permutations(range(4)):
        rank = np.array([turn.index(one) for one in range(4)])[_urgency(facts)]
        best: Order | None = None
        for attempt in range(4 * STYLES):
            if found and over():
                break
            noise = dice.random(len(weight)) * (attempt // STYLES) * 0.3
            jobs = np.lexsort((-weight * (1 + noise), rank)).astype(np.int64)
            style = np.full(len(jobs), attempt % STYLES, dtype=np.int64)
            decode(facts, room.board, jobs, style, TASTES, room.picked, room.stack)
            cost = float(room.board.used[1])
            if best is None or cost < best.cost:
                best = Order(jobs, style, cost, facts.tie)
        if best:
            found.append(best)
    found.sort(key=lambda one: one.cost)
    return [one._replace(tie=TIES[nth % len(TIES)]) for nth, one in enumerate(found)]


def annealed(
    facts: Facts, start: Order, dice: np.random.Generator, share: Callable[[], float], heat: tuple[float, float]
) -> Order:
    """Return the best order met. share: how much of the time is gone, 0 to 1; heat: in points, at the begin and end."""
    room = room_for(facts)
    facts = facts._replace(tie=start.tie)
    now = Order(start.jobs.copy(), start.style.copy(), start.cost, start.tie)
    energy = decode(facts, room.board, now.jobs, now.style, TASTES, room.picked, room.stack)
    energies = np.array([energy, start.cost])
    best_jobs, best_style = start.jobs.copy(), start.style.copy()
    while (gone := share()) < 1:
        warmth = heat[0] * (heat[1] / heat[0]) ** gone
        throws = dice.random((ROUNDS, DICE))
        orders = (now.jobs, now.style, best_jobs, best_style)
        anneal(facts, room.board, *orders, energies, warmth, throws, TASTES, room.picked, room.stack)
    return Order(best_jobs, best_style, float(energies[1]), start.tie)


def _urgency(facts: Facts) -> Ints:
    """Return each job's priority, or the highest of those who wait for it."""
    urgent = facts.priority.copy()
    for job in reversed(range(len(urgent))):
        for nth in range(facts.first[job], facts.first[job + 1]):
            urgent[facts.before[nth]] = min(urgent[facts.before[nth]], urgent[job])
    return urgent


@compiled
def anneal(
    facts: Facts,
    board: Board,
    jobs: Ints,
    style: Ints,
    best_jobs: Ints,
    best_style: Ints,
    energies: Floats,
    warmth: float,
    throws: Floats,
    tastes: Floats,
    picked: Ints,
    stack: Ints,
) -> None:
    """Try one change a row of ``throws`` (0 to 1): move a job, swap two, or another style; keep it by the heat.

    jobs, style, energies [energy now, best cost] and the best order are changed in place.
    """
    count = len(jobs)
    trial = np.empty_like(jobs)
    fashion = np.empty_like(style)
    for row in range(throws.shape[0]):
        dice = throws[row]
        trial[:] = jobs
        fashion[:] = style
        here = int(dice[1] * count)
        there = int(dice[2] * count)
        if dice[3] < 0.5:
            reach = 1 + count // 8
            there = min(count - 1, max(0, here + int((dice[2] * 2 - 1) * reach)))
        if dice[0] < 0.45:
            moved = trial[here]
            step = 1 if there > here else -1
            while here != there:
                trial[here] = trial[here + step]
                here += step
            trial[there] = moved
        elif dice[0] < 0.75:
            trial[here], trial[there] = trial[there], trial[here]
        else:
            fashion[trial[here]] = int(dice[5] * tastes.shape[0])
        energy = decode(facts, board, trial, fashion, tastes, picked, stack)
        if energy <= energies[0] - warmth * np.log(max(1e-12, dice[4])):
            jobs[:] = trial
            style[:] = fashion
            energies[0] = energy
            if board.used[1] < energies[1]:
                energies[1] = board.used[1]
                best_jobs[:] = trial
                best_style[:] = fashion
