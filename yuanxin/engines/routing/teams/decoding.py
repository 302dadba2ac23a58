"""From an order of jobs to teams and days: each job goes to the first day and the team that fit it best.

A ``style`` per job says what best means: little waste, an early end, a team of its own, or the day after.
"""

import numpy as np

from yuanxin.engines.routing.teams.arrays import Board, Facts, Floats, Ints, compiled

STYLES = 5
# by style: price of the end (in days), of technicians added, of skill that the job leaves idle, of a new team; days
# skipped
TASTES = np.array(
    [
        [0.3, 1.0, 0.3, 0.0, 0.0],
        [3.0, 1.0, 0.1, 0.0, 0.0],
        [0.2, 1.0, 0.3, -1.5, 0.0],
        [0.3, 1.0, 1.5, 0.0, 0.0],
        [0.3, 1.0, 0.3, 0.0, 1.0],
    ]
)
NOBODY = 1e12


@compiled
def decode(facts: Facts, board: Board, order: Ints, style: Ints, tastes: Floats, picked: Ints, stack: Ints) -> float:
    """Fill the board from scratch and return the energy: the cost, and a little for every end, to tell equals apart.

    order: jobs, first come first placed, though a predecessor always goes before. picked [m], stack [n]: room to work.
    """
    board.used[0] = 0
    board.on[:] = -1
    for job in order:
        if board.on[job] >= 0:
            continue
        stack[0] = job
        depth = 1
        while depth > 0:
            top = stack[depth - 1]
            waiting = -1
            for nth in range(facts.first[top], facts.first[top + 1]):
                if board.on[facts.before[nth]] < 0:
                    waiting = facts.before[nth]
                    break
            if waiting >= 0:
                stack[depth] = waiting
                depth += 1
            else:
                place(facts, board, top, tastes[style[top]], picked)
                depth -= 1
    return energy(facts, board)


@compiled
def energy(facts: Facts, board: Board) -> float:
    """Return the cost plus the tie-break."""
    ends = np.zeros(4, dtype=np.int64)
    late = 0.0
    jobs = len(facts.units)
    for job in range(jobs):
        end = board.on[job] * facts.day + board.start[job] + facts.units[job]
        rank = facts.priority[job]
        ends[3] = max(ends[3], end)
        if rank < 3:
            ends[rank] = max(ends[rank], end)
        late += facts.prices[rank] * end
    total = 0.0
    for rank in range(4):
        total += facts.prices[rank] * ends[rank]
    board.used[1] = int(total)
    return total + facts.tie * late / jobs


@compiled
def open_day(facts: Facts, board: Board, day: int) -> None:
    """Begin a day: nobody in a team yet."""
    board.crews[day] = 0
    board.free[day, :] = 0
    for who in range(facts.cover.shape[0]):
        board.team_of[day, who] = -1
        if facts.here[day, who] == 0:
            board.team_of[day, who] = -2
        else:
            for cell in range(facts.cover.shape[1]):
                board.free[day, cell] += facts.cover[who, cell]


@compiled
def place(facts: Facts, board: Board, job: int, taste: Floats, picked: Ints) -> None:
    """Put one job on the first day that can take it."""
    ready = 0
    for nth in range(facts.first[job], facts.first[job + 1]):
        other = facts.before[nth]
        ready = max(ready, board.on[other] * facts.day + board.start[other] + facts.units[other])
    day = ready // facts.day
    skip = int(taste[4])
    last = facts.here.shape[0] - 1
    while True:
        while board.used[0] <= day:
            open_day(facts, board, board.used[0])
            board.used[0] += 1
        earliest = max(0, ready - day * facts.day)
        team = best_team(facts, board, job, day, earliest, taste, picked)
        if team >= 0:
            if skip <= 0 or day == last:
                join(facts, board, job, day, team, earliest, picked)
                return
            skip -= 1
        day += 1


@compiled
def best_team(facts: Facts, board: Board, job: int, day: int, earliest: int, taste: Floats, picked: Ints) -> int:
    """Return the best team of the day (the number after the last one: a new team), or -1. picked: who joins it."""
    found = -1
    lowest = 1e18
    people, cells = facts.cover.shape
    mine = np.zeros(people, dtype=np.int64)
    for team in range(board.crews[day] + 1):
        new = team == board.crews[day]
        if new and team >= people:
            continue
        start = earliest if new else max(earliest, board.end[day, team])
        if start + facts.units[job] > facts.day:
            continue
        fits = True
        short = False
        have = 0.0
        for cell in range(cells):
            held = 0 if new else board.have[day, team, cell]
            have += held * facts.rarity[cell]
            lack = facts.need[job, cell] - held
            if lack > 0:
                short = True
                if lack > board.free[day, cell]:
                    fits = False
                    break
        if not fits:
            continue
        added = 0.0
        mine[:] = 0
        if short or new:
            added = pick(facts, board, job, day, -1 if new else team, mine)
            if added >= NOBODY:
                continue
        price = (
            taste[0] * (start + facts.units[job]) / facts.day
            + taste[1] * added
            + taste[2] * (have + added - facts.asked[job])
        )
        if new:
            price += taste[3]
        if price < lowest:
            lowest = price
            found = team
            picked[:] = mine
    return found


@compiled
def pick(facts: Facts, board: Board, job: int, day: int, team: int, mine: Ints) -> float:
    """Mark in ``mine`` the free technicians who close the gap, the thriftiest first; return what they are worth."""
    people, cells = facts.cover.shape
    lack = np.zeros(cells, dtype=np.int64)
    open_cells = 0
    for cell in range(cells):
        lack[cell] = facts.need[job, cell] - (board.have[day, team, cell] if team >= 0 else 0)
        if lack[cell] > 0:
            open_cells += 1
    if open_cells == 0:  # a new team for a job that needs no skill: one person, the least worth
        lightest = -1
        for who in range(people):
            if board.team_of[day, who] == -1 and (lightest < 0 or facts.worth[who] < facts.worth[lightest]):
                lightest = who
        if lightest < 0:
            return NOBODY
        mine[lightest] = 1
        return float(facts.worth[lightest])
    while open_cells > 0:
        best = -1
        most = -1.0
        for who in range(people):
            if board.team_of[day, who] != -1 or mine[who] == 1:
                continue
            gain = 0.0
            for cell in range(cells):
                if lack[cell] > 0 and facts.cover[who, cell] == 1:
                    gain += facts.rarity[cell]
            if gain > 0.0:
                gain = gain * gain / facts.worth[who]
                if gain > most:
                    most = gain
                    best = who
        if best < 0:
            return NOBODY
        mine[best] = 1
        for cell in range(cells):
            if facts.cover[best, cell] == 1:
                lack[cell] -= 1
                if lack[cell] == 0:
                    open_cells -= 1
    return thinned(facts, lack, mine)


@compiled
def thinned(facts: Facts, lack: Ints, mine: Ints) -> float:
    """Send home whoever is not needed, the dearest first; return what the rest is worth. lack: at most 0 by now."""
    people, cells = facts.cover.shape
    while True:
        dearest = -1
        for who in range(people):
            if mine[who] == 1 and (dearest < 0 or facts.worth[who] > facts.worth[dearest]):
                spare = True
                for cell in range(cells):
                    if facts.cover[who, cell] == 1 and lack[cell] == 0:
                        spare = False
                        break
                if spare:
                    dearest = who
        if dearest < 0:
            break
        mine[dearest] = 0
        for cell in range(cells):
            lack[cell] += facts.cover[dearest, cell]
    total = 0.0
    for who in range(people):
        if mine[who] == 1:
            total += facts.worth[who]
    return total


@compiled
def join(facts: Facts, board: Board, job: int, day: int, team: int, earliest: int, picked: Ints) -> None:
    """Give the job to the team, with the technicians who join it."""
    if team == board.crews[day]:
        board.crews[day] += 1
        board.end[day, team] = 0
        board.have[day, team, :] = 0
    for who in range(len(picked)):
        if picked[who] == 1:
            board.team_of[day, who] = team
            for cell in range(facts.cover.shape[1]):
                board.have[day, team, cell] += facts.cover[who, cell]
                board.free[day, cell] -= facts.cover[who, cell]
    start = max(earliest, board.end[day, team])
    board.on[job] = day
    board.team[job] = team
    board.start[job] = start
    board.end[day, team] = start + facts.units[job]
