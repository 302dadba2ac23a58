"""A plan under work: sequences of nodes, their stored labels, and what each route costs."""

from typing import Any, NamedTuple

import numpy as np

from yuanxin.engines.routing.core.arrays import (
    AFTER_AT,
    ALONE,
    BEFORE,
    CLOSES,
    DUR,
    ENDS_AT,
    ENTRY,
    FACT,
    FAIR_LOAD,
    FREE_FROM,
    GROUP,
    HOME,
    LAST_END,
    LEADS,
    LEAST,
    LINKED,
    NEVER,
    PIN,
    POINT,
    STARTS_AT,
    UNFAIR,
    Arrays,
    Ints,
)
from yuanxin.engines.routing.core.compiled import compiled
from yuanxin.engines.routing.core.timing import (
    BREAKS,
    FIELDS,
    FINE,
    KEY,
    LABELS,
    PARENT,
    START,
    TIME,
    add_needs,
    clear,
    close,
    extend,
    first_label,
    is_short,
)

LONGEST = 128  # visits in one route; nobody makes more in a shift


# Columns of ``State.team`` and ``State.spot``.
SIZE, PRICE, STOCKED, STANDING, WORK = range(5)
ROUTE, POS, BEGIN, FINISH, COMMON, MOVABLE = range(6)


class State(NamedTuple):
    """A plan as numbers.

    ``seq[t, p]``: nodes in order. ``labels[t, p], counts[t, p]``: those before position p. ``ahead[t, p]``: until when
    one may arrive there (breaks not counted), seconds of driving that follow, when he can leave for p, seconds of that
    drive, seconds of work from there on. ``team[t]``: SIZE, PRICE of the route, STOCKED when the depot matters,
    STANDING the part of the price that no clock changes, WORK seconds. ``spot[n]``: ROUTE (-1: nobody comes), POS,
    BEGIN, FINISH, COMMON start of the crew (-1 none), MOVABLE. ``mates[g, t]``: jobs of a group at t, in the last
    column all that are placed. ``near[n]``: nodes by distance, itself first. ``paper, used, bounds, out, why``:
    scratch. ``dice``: the state of the dice.
    """

    seq: Ints
    labels: Ints
    counts: Ints
    ahead: Ints
    team: Ints
    spot: Ints
    mates: Ints
    near: Any
    paper: Ints
    used: Ints
    bounds: Ints
    out: Ints
    why: Ints
    dice: Ints


def new_state(a: Arrays, *, near: int = 0, seed: int = 0) -> State:
    """Return an empty plan. near: neighbours to remember per node; none when nobody searches."""
    technicians, nodes = a.tech.shape[0] - 1, a.node.shape[0] - 1
    longest = min(nodes, LONGEST)
    groups = int(a.node[:, GROUP].max(initial=-1)) + 1
    spot = np.zeros((nodes, 6), dtype=np.int64)
    spot[:, ROUTE] = spot[:, COMMON] = -1
    spot[:, MOVABLE] = _movable(a)
    s = State(
        seq=np.zeros((technicians, longest + 1), dtype=np.int64),
        labels=np.zeros((technicians, longest + 1, LABELS + 1, FIELDS), dtype=np.int64),
        counts=np.zeros((technicians, longest + 1), dtype=np.int64),
        ahead=np.zeros((technicians, longest + 2, 5), dtype=np.int64),
        team=np.zeros((technicians, 5), dtype=np.int64),
        spot=spot,
        mates=np.zeros((groups, technicians + 1), dtype=np.int64),
        near=_near(a, near),
        paper=np.zeros((2, LABELS + 1, FIELDS), dtype=np.int64),
        used=_zeros(max(1, a.needs.shape[1])),
        bounds=_zeros(3),
        out=_zeros(8),
        why=_zeros(BREAKS + 1 + a.rests.shape[0]),
        dice=np.array([seed * 2_654_435 % 2_147_483_646 + 1], dtype=np.int64),
    )
    refresh_all(a, s)
    return s


def _zeros(count: int) -> Ints:
    return np.zeros(count, dtype=np.int64)


def _movable(a: Arrays) -> Ints:
    """Return which nodes the search may take out: free ones for which only free ones wait."""
    node = a.node[:-1]
    free = (node[:, ALONE] == 1) & (node[:, FACT] < 0) & (node[:, PIN] < 0)
    ends = a.node[1:, AFTER_AT]
    while True:
        held = [n for n in np.flatnonzero(free) if not free[a.after[node[n, AFTER_AT] : ends[n]]].all()]
        if not held:
            movable: Ints = free.astype(np.int64)
            return movable
        free[held] = False


def _near(a: Arrays, count: int) -> Any:
    """Return the nearest nodes of every node, itself first, shape [n, count]."""
    points = a.node[:-1, POINT]
    nodes = points.shape[0]
    count = min(count, nodes)
    near = np.empty((nodes, count), dtype=np.int32)
    for n in range(nodes if count else 0):
        far = a.drive[points[n], points].astype(np.int64)
        far[n] = -1
        nearest = np.argpartition(far, count - 1)[:count] if count < nodes else np.arange(nodes)
        near[n] = nearest[np.lexsort((nearest, far[nearest]))]
    return near


@compiled
def first_open(a: Arrays, s: State, t: int) -> int:
    """Return the first position behind the work that has begun."""
    for p in range(s.team[t, SIZE]):
        if a.node[s.seq[t, p], FACT] < 0:
            return p
    return int(s.team[t, SIZE])


@compiled
def limits(a: Arrays, s: State, t: int, n: int, out: Ints) -> None:
    """Write what other routes ask of a node: not before, done by, common start."""
    out[0], out[1], out[2] = 0, NEVER, s.spot[n, COMMON]
    if a.rules[LINKED] == 0 or a.node[n, FACT] >= 0:
        return
    before = a.node[n, BEFORE]
    if before >= 0 and s.spot[before, ROUTE] >= 0 and s.spot[before, ROUTE] != t:
        out[0] = s.spot[before, FINISH]
    for k in range(a.node[n, AFTER_AT], a.node[n + 1, AFTER_AT]):
        waits = a.after[k]
        if s.spot[waits, ROUTE] >= 0 and s.spot[waits, ROUTE] != t:
            out[1] = min(out[1], s.spot[waits, BEGIN])


@compiled
def refresh(a: Arrays, s: State, t: int) -> bool:
    """Time a route anew from its sequence; False when it breaks a rule (then ``s.why`` says which)."""
    size = s.team[t, SIZE]
    clear(s.used)
    s.team[t, STOCKED] = 0
    for p in range(size):
        add_needs(a, s.seq[t, p], s.used)
        if is_short(a, t, s.seq[t, p], s.used) != FINE:
            s.team[t, STOCKED] = 1
    clear(s.used)
    first_label(a, t, s.labels[t, 0])
    s.counts[t, 0] = 1
    place = a.tech[t, STARTS_AT]
    for p in range(size):
        n = s.seq[t, p]
        s.spot[n, ROUTE], s.spot[n, POS] = t, p
        add_needs(a, n, s.used)
        limits(a, s, t, n, s.bounds)
        lacks = is_short(a, t, n, s.used)
        s.counts[t, p + 1] = extend(
            a,
            t,
            place,
            n,
            s.bounds,
            lacks,
            s.team[t, STOCKED],
            s.labels[t, p],
            s.counts[t, p],
            s.labels[t, p + 1],
            s.why,
        )
        if s.counts[t, p + 1] == 0:
            return False
        place = a.node[n, POINT]
    s.ahead[t, 0, 2] = a.tech[t, FREE_FROM]
    if size == 0:
        s.team[t, PRICE] = s.team[t, STANDING] = s.team[t, WORK] = 0
        s.ahead[t, 0, 0] = NEVER
        s.ahead[t, 0, 1] = 0
        return True
    last = s.seq[t, size - 1]
    if not close(a, t, place, last, s.labels[t, size], s.counts[t, size], s.out, s.why):
        return False
    stand(a, s, t)
    s.team[t, PRICE] = s.out[1] + s.team[t, STANDING]
    keep_starts(a, s, t, s.out[0])
    look_back(a, s, t)
    return True


@compiled
def refresh_all(a: Arrays, s: State) -> None:
    """Time every route anew."""
    for t in range(s.team.shape[0]):
        refresh(a, s, t)


@compiled
def forget(a: Arrays, s: State, t: int) -> None:
    """Empty a sequence."""
    while s.team[t, SIZE] > 0:
        take_out(a, s, s.seq[t, s.team[t, SIZE] - 1])


@compiled
def rewrite(a: Arrays, s: State, t: int, nodes: Ints) -> bool:
    """Let a route consist of these nodes, in this order; False when that breaks a rule."""
    forget(a, s, t)
    for p in range(nodes.shape[0]):
        put_in(a, s, t, p, nodes[p])
    return refresh(a, s, t)


@compiled
def stand(a: Arrays, s: State, t: int) -> None:
    """Store the price of a route that no clock changes (pairs and fairness), and its seconds of work."""
    price, work = 0, 0
    for p in range(s.team[t, SIZE]):
        n = s.seq[t, p]
        price += a.fixed[t, n]
        work += a.node[n, DUR]
    s.team[t, WORK] = work
    s.team[t, STANDING] = price + max(0, work - a.rules[FAIR_LOAD]) * a.rules[UNFAIR] // 1000


@compiled
def keep_starts(a: Arrays, s: State, t: int, label: int) -> None:
    """Store the instants of the label that was chosen."""
    for p in range(s.team[t, SIZE], 0, -1):
        n = s.seq[t, p - 1]
        s.spot[n, BEGIN] = s.labels[t, p, label, START]
        s.spot[n, FINISH] = s.spot[n, BEGIN] + a.node[n, DUR]
        label = s.labels[t, p, label, PARENT]


@compiled
def look_back(a: Arrays, s: State, t: int) -> None:
    """Store, for every position, until when one may arrive there and what the driving from there on costs."""
    least = a.rules[LEAST]
    size = s.team[t, SIZE]
    place = a.tech[t, STARTS_AT]
    for p in range(size):
        n = s.seq[t, p]
        s.ahead[t, p, 3] = least_drive(a, place, a.node[n, POINT], least)
        place = a.node[n, POINT]
        soonest = s.labels[t, p + 1, 0, TIME]
        for i in range(1, s.counts[t, p + 1]):
            soonest = min(soonest, s.labels[t, p + 1, i, TIME])
        s.ahead[t, p + 1, 2] = soonest
    last = a.node[s.seq[t, size - 1], POINT]
    home = least_drive(a, last, a.tech[t, ENDS_AT], least) if a.rules[HOME] == 1 else 0
    s.ahead[t, size, 0] = a.tech[t, LAST_END] - home
    s.ahead[t, size, 1] = home
    s.ahead[t, size, 3] = home
    s.ahead[t, size, 4] = 0
    for p in range(size - 1, -1, -1):
        n = s.seq[t, p]
        leg = 0 if p == size - 1 else s.ahead[t, p + 1, 3]
        s.ahead[t, p, 4] = s.ahead[t, p + 1, 4] + a.node[n, DUR]
        if a.node[n, FACT] >= 0:
            s.ahead[t, p, 0] = NEVER
            s.ahead[t, p, 1] = s.ahead[t, p + 1, 1]
            continue
        by = s.ahead[t, p + 1, 0] - leg if p < size - 1 else s.ahead[t, size, 0]
        s.ahead[t, p, 0] = min(by - a.node[n, DUR], latest_start(a, s, t, n))
        s.ahead[t, p, 1] = s.ahead[t, p + 1, 1] + leg


@compiled
def latest_start(a: Arrays, s: State, t: int, n: int) -> int:
    """Return the last instant at which the node's own rules let work begin."""
    if a.node[n, PIN] >= 0:
        return int(a.node[n, PIN])
    if s.spot[n, COMMON] >= 0:
        return int(s.spot[n, COMMON])
    limits(a, s, t, n, s.bounds)
    last = min(s.bounds[1], a.tech[t, LAST_END]) - a.node[n, DUR]
    return int(min(last, a.node[n, CLOSES]))


@compiled
def least_drive(a: Arrays, origin: int, destination: int, least: int) -> int:
    """Return the seconds of a drive in the fastest hour."""
    base = int(a.drive[origin, destination])
    return 0 if base == 0 else base * least // 1000 + a.rules[ENTRY]


@compiled
def put_in(a: Arrays, s: State, t: int, p: int, n: int) -> None:
    """Write a node into a sequence, without timing it."""
    for q in range(s.team[t, SIZE], p, -1):
        s.seq[t, q] = s.seq[t, q - 1]
        s.spot[s.seq[t, q], POS] = q
    s.seq[t, p] = n
    s.team[t, SIZE] += 1
    s.spot[n, ROUTE], s.spot[n, POS] = t, p
    if a.node[n, GROUP] >= 0:
        s.mates[a.node[n, GROUP], t] += 1
        if a.node[n, LEADS] == 1:
            s.mates[a.node[n, GROUP], s.mates.shape[1] - 1] += 1


@compiled
def take_out(a: Arrays, s: State, n: int) -> None:
    """Take a node out of its sequence, without timing the rest."""
    t = s.spot[n, ROUTE]
    s.team[t, SIZE] -= 1
    for q in range(s.spot[n, POS], s.team[t, SIZE]):
        s.seq[t, q] = s.seq[t, q + 1]
        s.spot[s.seq[t, q], POS] = q
    s.spot[n, ROUTE] = -1
    if a.node[n, GROUP] >= 0:
        s.mates[a.node[n, GROUP], t] -= 1
        if a.node[n, LEADS] == 1:
            s.mates[a.node[n, GROUP], s.mates.shape[1] - 1] -= 1


@compiled
def least_key(labels: Ints, count: int) -> int:
    """Return a lower bound of what labels have cost, times ``timing.KEYS``."""
    least = NEVER
    for i in range(count):
        least = min(least, labels[i, KEY])
    return int(least)
