"""Ruin and recreate with simulated annealing over the true price of a plan.

Source: J. Christiaens, G. Vanden Berghe, Slack Induction by String Removals for Vehicle Routing Problems,
Transportation Science 54(2), 2020. Added here: nodes may stay unserved at the price of their value, they come back only
where that pays, and everything that one decision ties together (predecessor, one home) is taken out together.
"""

from math import exp, log
from typing import Any, NamedTuple

import numpy as np

from yuanxin.engines.routing.core.arrays import (
    AFTER_AT,
    BEFORE,
    CLOSES,
    DUE,
    FREE_FROM,
    GROUP,
    KEPT,
    LATE_RATE,
    LINKED,
    LOSS,
    MUST,
    NO,
    OPENS,
    POINT,
    Arrays,
    Ints,
)
from yuanxin.engines.routing.core.compiled import compiled
from yuanxin.engines.routing.core.placing import best_position, roll
from yuanxin.engines.routing.core.state import (
    BEGIN,
    FINISH,
    MOVABLE,
    POS,
    PRICE,
    ROUTE,
    SIZE,
    State,
    first_open,
    put_in,
    refresh,
    take_out,
)

SPLIT_KEEPS = 0.5  # half of the strings leave some nodes in their middle
SCATTERED = 0.08  # share of rounds that take single nodes out of everywhere
BLINK = 10  # permille
AROUND = 40  # neighbours of what has changed, among which a local repair begins its rounds
MEAN_OUT, LONGEST_STRING, TRIED_AGAIN = range(3)  # columns of ``Search.ways``
WAYS = (8, 10, 16)  # nodes out in a round on average; the longest string; unserved ones offered to the routes touched


class Search(NamedTuple):
    """What a run remembers between chunks: the best plan, the absent nodes, and scratch paper.

    best_seq, best_size: sequences of the best plan; totals: present and best price; absent, absent_at, absent_count:
    nodes nobody comes to, as a list with positions. old_seq, old_size, touched: routes as they were before the round.
    """

    best_seq: Ints
    best_size: Ints
    best_start: Ints
    best_finish: Ints
    totals: Ints
    absent: Ints
    absent_at: Ints
    absent_count: Ints
    old_seq: Ints
    old_size: Ints
    touched: Ints
    touched_at: Ints
    touched_count: Ints
    out: Ints
    out_count: Ints
    is_out: Ints
    old_start: Ints
    old_finish: Ints
    found: Ints
    ranks: Any
    ways: Ints
    seeds: Ints
    keys: Any
    victims: Ints


def new_search(a: Arrays, s: State, around: Ints | None = None) -> Search:
    """Return the memory of a run that begins with the plan in ``s``. around: nodes near which alone it ruins."""
    technicians, nodes = s.team.shape[0], s.spot.shape[0]
    memory = Search(
        best_seq=s.seq.copy(),
        best_size=s.team[:, SIZE].copy(),
        best_start=s.spot[:, BEGIN].copy(),
        best_finish=s.spot[:, FINISH].copy(),
        totals=np.zeros(2, dtype=np.int64),
        absent=np.zeros(nodes, dtype=np.int64),
        absent_at=np.zeros(nodes, dtype=np.int64) - 1,
        absent_count=np.zeros(1, dtype=np.int64),
        old_seq=np.zeros_like(s.seq),
        old_size=np.zeros(technicians, dtype=np.int64),
        touched=np.zeros(technicians, dtype=np.int64),
        touched_at=np.zeros(technicians, dtype=np.int64) - 1,
        touched_count=np.zeros(1, dtype=np.int64),
        out=np.zeros(nodes, dtype=np.int64),
        out_count=np.zeros(1, dtype=np.int64),
        is_out=np.zeros(nodes, dtype=np.int64),
        old_start=np.zeros(nodes, dtype=np.int64),
        old_finish=np.zeros(nodes, dtype=np.int64),
        found=np.zeros(2, dtype=np.int64),
        ranks=_ranks(a),
        ways=np.array(WAYS, dtype=np.int64),
        seeds=np.arange(nodes, dtype=np.int64)
        if around is None
        else np.unique(s.near[around, :AROUND]).astype(np.int64),
        keys=np.zeros(nodes, dtype=np.float64),
        victims=np.zeros(nodes + 1, dtype=np.int64),
    )
    for n in range(nodes):
        if s.spot[n, ROUTE] < 0 and s.spot[n, MOVABLE] == 1:
            add_absent(memory, n)
    memory.totals[0] = memory.totals[1] = total(a, s)
    return memory


def _ranks(a: Arrays) -> Any:
    """Return orders of insertion, shape [3, n]: by value, by width of the window, by how few can do it."""
    node = a.node[:-1]
    width = np.minimum(node[:, CLOSES] - node[:, OPENS], 10**6)
    until_due = np.where(
        node[:, LATE_RATE] > 0, np.maximum(0, node[:, DUE] - a.tech[:-1, FREE_FROM].min(initial=0)), 10**6
    )
    able = (a.fits != NO).sum(axis=0) if a.fits.shape[0] else np.zeros(len(node))
    value = -(node[:, LOSS] + node[:, MUST] * KEPT)
    return np.stack([value, np.minimum(width, until_due), able]).astype(np.float64)


@compiled
def total(a: Arrays, s: State) -> int:
    """Return the price of the whole plan; a pinned node without a visit costs more than anything."""
    price = 0
    for t in range(s.team.shape[0]):
        price += s.team[t, PRICE]
    for n in range(s.spot.shape[0]):
        if s.spot[n, ROUTE] < 0:
            price += loss_of(a, n)
    return int(price)


@compiled
def loss_of(a: Arrays, n: int) -> int:
    """Return what it costs when nobody comes."""
    return int(a.node[n, LOSS] + (KEPT if a.node[n, MUST] == 1 else 0))


@compiled
def add_absent(m: Search, n: int) -> None:
    """Note that nobody comes to a node."""
    m.absent_at[n] = m.absent_count[0]
    m.absent[m.absent_count[0]] = n
    m.absent_count[0] += 1


@compiled
def drop_absent(m: Search, n: int) -> None:
    """Note that somebody comes."""
    m.absent_count[0] -= 1
    last = m.absent[m.absent_count[0]]
    m.absent[m.absent_at[n]] = last
    m.absent_at[last] = m.absent_at[n]
    m.absent_at[n] = -1


@compiled
def touch(s: State, m: Search, t: int) -> None:
    """Remember a route as it was before the round."""
    if m.touched_at[t] >= 0:
        return
    m.touched_at[t] = m.touched_count[0]
    m.touched[m.touched_count[0]] = t
    m.touched_count[0] += 1
    m.old_size[t] = s.team[t, SIZE]
    for p in range(s.team[t, SIZE]):
        n = s.seq[t, p]
        m.old_seq[t, p], m.old_start[n], m.old_finish[n] = n, s.spot[n, BEGIN], s.spot[n, FINISH]


@compiled
def pull(a: Arrays, s: State, m: Search, n: int) -> None:
    """Take a node out for this round, and with it those that wait for it or belong to the same home."""
    begin = m.out_count[0]
    pull_one(a, s, m, n)
    while begin < m.out_count[0]:
        gone = m.out[begin]
        for k in range(a.node[gone, AFTER_AT], a.node[gone + 1, AFTER_AT]):
            pull_one(a, s, m, a.after[k])
        if a.node[gone, GROUP] >= 0:
            for k in range(s.spot.shape[0]):
                if a.node[k, GROUP] == a.node[gone, GROUP]:
                    pull_one(a, s, m, k)
        begin += 1


@compiled
def pull_one(a: Arrays, s: State, m: Search, n: int) -> None:
    """Take one node out for this round, if it is there and may move."""
    if s.spot[n, ROUTE] < 0 or s.spot[n, MOVABLE] == 0:
        return
    touch(s, m, s.spot[n, ROUTE])
    take_out(a, s, n)
    add_absent(m, n)
    m.out[m.out_count[0]] = n
    m.out_count[0] += 1
    m.is_out[n] = 1


@compiled
def ruin(a: Arrays, s: State, m: Search) -> None:
    """Take strings of neighbouring nodes out of neighbouring routes, or single nodes out of everywhere."""
    seed = m.seeds[int(roll(s.dice) * m.seeds.shape[0])]
    if roll(s.dice) < SCATTERED:
        for _ in range(1 + int(roll(s.dice) * m.ways[MEAN_OUT])):
            pull(a, s, m, m.seeds[int(roll(s.dice) * m.seeds.shape[0])])
        return
    used, placed = 0, 0
    for t in range(s.team.shape[0]):
        placed += s.team[t, SIZE]
        used += 1 if s.team[t, SIZE] > 0 else 0
    longest = min(m.ways[LONGEST_STRING], placed / max(1, used))
    strings = int(1 + roll(s.dice) * max(0.0, 4 * m.ways[MEAN_OUT] / (1 + longest) - 1))
    done = 0
    for k in range(s.near.shape[1]):
        n = s.near[seed, k]
        t = s.spot[n, ROUTE]
        if t < 0 or s.spot[n, MOVABLE] == 0 or m.touched_at[t] >= 0:
            continue
        pull_string(a, s, m, t, s.spot[n, POS], 1 + int(roll(s.dice) * min(longest, s.team[t, SIZE])))
        done += 1
        if done == strings:
            return


@compiled
def pull_string(a: Arrays, s: State, m: Search, t: int, p: int, count: int) -> None:
    """Take ``count`` nodes around position ``p`` out of a route; sometimes some in their middle stay."""
    begin, size = first_open(a, s, t), s.team[t, SIZE]
    count = min(count, size - begin)
    keep = 0
    if count > 1 and roll(s.dice) < SPLIT_KEEPS:
        while count + keep < size - begin and roll(s.dice) > SPLIT_KEEPS:
            keep += 1
    span = count + keep
    lowest, highest = max(begin, p - span + 1), min(p, size - span)
    start = lowest + int(roll(s.dice) * (highest - lowest + 1)) if highest > lowest else max(begin, highest)
    gap = int(roll(s.dice) * (count - 1)) + 1 if keep > 0 else span
    count = 0
    for q in range(start, min(start + span, size)):
        if not gap <= q - start < gap + keep:
            m.victims[count] = s.seq[t, q]
            count += 1
    for k in range(count):
        pull(a, s, m, m.victims[k])


@compiled
def recreate(a: Arrays, s: State, m: Search) -> None:
    """Put nodes back, one by one, each where it costs least, if that costs less than leaving it out."""
    again = min(m.ways[TRIED_AGAIN], m.absent_count[0] - m.out_count[0])
    offset = int(roll(s.dice) * max(1, m.absent_count[0]))
    for k in range(m.absent_count[0]):
        if again == 0:
            break
        n = m.absent[(offset + k) % m.absent_count[0]]
        if m.is_out[n] == 0:
            m.out[m.out_count[0]] = n
            m.out_count[0] += 1
            again -= 1
    order(a, s, m)
    for turn in range(2 if a.rules[LINKED] == 1 else 1):
        for i in range(m.out_count[0]):
            n = m.out[i]
            if s.spot[n, ROUTE] < 0 and (turn == 0 or a.node[n, BEFORE] >= 0):
                place(a, s, m, n, m.is_out[n] == 1, BLINK)


@compiled
def order(a: Arrays, s: State, m: Search) -> None:
    """Sort the nodes that are out by one of several orders, drawn anew each round."""
    count = m.out_count[0]
    dice = roll(s.dice)
    kind = -1 if dice < 0.35 else (0 if dice < 0.65 else (1 if dice < 0.85 else 2))
    far = dice > 0.93
    seed = m.out[0] if count > 0 else 0
    for i in range(count):
        n = m.out[i]
        if far:
            key = -float(a.drive[a.node[seed, POINT], a.node[n, POINT]])
        elif kind < 0:
            key = roll(s.dice)
        else:
            key = m.ranks[kind, n]
        k = i
        while k > 0 and m.keys[k - 1] > key:
            m.keys[k], m.out[k] = m.keys[k - 1], m.out[k - 1]
            k -= 1
        m.keys[k], m.out[k] = key, n


@compiled
def place(a: Arrays, s: State, m: Search, n: int, everywhere: bool, blink: int) -> None:
    """Put one node where it costs least, if that is worth it. everywhere: else only into routes of this round."""
    best, best_t, best_p = loss_of(a, n), -1, 0
    count = s.team.shape[0] if everywhere else m.touched_count[0]
    for k in range(count):
        t = k if everywhere else m.touched[k]
        if a.fits[t, n] == NO:
            continue
        if best_position(a, s, t, n, -1, best, blink, s.why, m.found):
            best, best_t, best_p = m.found[1], t, m.found[0]
    if best_t < 0:
        return
    touch(s, m, best_t)
    put_in(a, s, best_t, best_p, n)
    drop_absent(m, n)
    m.totals[0] -= s.team[best_t, PRICE] + loss_of(a, n)
    refresh(a, s, best_t)
    m.totals[0] += s.team[best_t, PRICE]


@compiled
def fill(a: Arrays, s: State, m: Search, turn: Ints) -> None:
    """Offer these nodes to all routes, in this order."""
    for i in range(turn.shape[0]):
        n = turn[i]
        if s.spot[n, ROUTE] < 0 and s.spot[n, MOVABLE] == 1:
            place(a, s, m, n, True, 0)
    for k in range(m.touched_count[0]):
        m.touched_at[m.touched[k]] = -1
    m.touched_count[0] = 0
    keep_best(s, m)


@compiled
def undo(a: Arrays, s: State, m: Search) -> None:
    """Put every touched route back as it was."""
    for k in range(m.touched_count[0]):
        t = m.touched[k]
        while s.team[t, SIZE] > 0:
            n = s.seq[t, s.team[t, SIZE] - 1]
            take_out(a, s, n)
            if s.spot[n, MOVABLE] == 1:
                add_absent(m, n)
    for k in range(m.touched_count[0]):
        t = m.touched[k]
        for p in range(m.old_size[t]):
            n = m.old_seq[t, p]
            put_in(a, s, t, p, n)
            s.spot[n, BEGIN], s.spot[n, FINISH] = m.old_start[n], m.old_finish[n]
            if s.spot[n, MOVABLE] == 1:
                drop_absent(m, n)
    for k in range(m.touched_count[0]):
        refresh(a, s, m.touched[k])


@compiled
def rounds(a: Arrays, s: State, m: Search, count: int, hot: float, cold: float) -> int:
    """Play so many rounds while the temperature falls from ``hot`` to ``cold``; return how often it got better."""
    better = 0
    for r in range(count):
        temperature = hot * exp(log(cold / hot) * r / count)
        before = m.totals[0]
        m.out_count[0] = m.touched_count[0] = 0
        ruin(a, s, m)
        holds = settle(a, s, m)
        if holds:
            recreate(a, s, m)
        for i in range(m.out_count[0]):
            m.is_out[m.out[i]] = 0
        if not holds or m.totals[0] - before >= -temperature * log(max(1e-12, roll(s.dice))):
            undo(a, s, m)
            m.totals[0] = before
        elif m.totals[0] < m.totals[1]:
            keep_best(s, m)
            better += 1
        for k in range(m.touched_count[0]):
            m.touched_at[m.touched[k]] = -1
    return better


@compiled
def settle(a: Arrays, s: State, m: Search) -> bool:
    """Time the ruined routes and count what is lost; False when the rest of one breaks a rule."""
    for i in range(m.out_count[0]):
        m.totals[0] += loss_of(a, m.out[i])
    for k in range(m.touched_count[0]):
        t = m.touched[k]
        m.totals[0] -= s.team[t, PRICE]
        if not refresh(a, s, t):
            return False
        m.totals[0] += s.team[t, PRICE]
    return True


@compiled
def keep_best(s: State, m: Search) -> None:
    """Remember the present plan as the best."""
    m.totals[1] = m.totals[0]
    for n in range(s.spot.shape[0]):
        m.best_start[n], m.best_finish[n] = s.spot[n, BEGIN], s.spot[n, FINISH]
    for t in range(s.team.shape[0]):
        m.best_size[t] = s.team[t, SIZE]
        for p in range(s.team[t, SIZE]):
            m.best_seq[t, p] = s.seq[t, p]
