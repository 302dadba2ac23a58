"""Where one node would fit into a route, and at what price."""

from yuanxin.engines.routing.core.arrays import (
    AFTER_AT,
    BANDED,
    BEFORE,
    CLOSES,
    DEPOT_AT,
    DUE,
    DUR,
    ENDS_AT,
    FACT,
    FAIR_LOAD,
    FROM_DEPOT,
    GROUP,
    HOME,
    LATE_RATE,
    LEAST,
    LINKED,
    MINUTE,
    NEVER,
    NO,
    OPENS,
    PIN,
    POINT,
    RELEASE,
    STARTS_AT,
    UNFAIR,
    WORKING,
    Arrays,
    Ints,
)
from yuanxin.engines.routing.core.compiled import compiled
from yuanxin.engines.routing.core.state import (
    COMMON,
    POS,
    PRICE,
    ROUTE,
    SIZE,
    STANDING,
    STOCKED,
    WORK,
    State,
    first_open,
    least_drive,
    least_key,
    limits,
)
from yuanxin.engines.routing.core.timing import (
    FINE,
    KEYS,
    NO_PART,
    add_needs,
    clear,
    close,
    drive,
    extend,
    first_label,
    is_short,
    note,
)

NO_GROUP, NO_ORDER, NO_BEFORE, NO_FIT, NO_ROOM = 20, 21, 22, 23, 24  # reasons beside those of ``timing``


@compiled
def best_position(
    a: Arrays, s: State, t: int, n: int, common: int, cut: int, blink: int, why: Ints, found: Ints
) -> bool:
    """Find the cheapest position for node ``n`` in route ``t`` that costs less than ``cut``; write position and price.

    common: start of the crew, -1 free. blink: permille of positions that are overlooked on purpose. Without a cut
    (``NEVER``) nothing is skipped and ``why`` holds the reason of the last position that was refused.
    """
    begin, end, stocked = door(a, s, t, n, why)
    if begin < 0:
        return False
    limits(a, s, t, n, s.bounds)
    not_before, done_by = s.bounds[0], s.bounds[1]
    common = common if common >= 0 else s.spot[n, COMMON]
    is_strict = cut == NEVER
    added = a.fixed[t, n] + unfair(a, s, t, a.node[n, DUR])
    best = cut
    target = a.node[n, POINT]
    ready_at = max(a.node[n, RELEASE], not_before)
    ready_at = max(ready_at, a.node[n, OPENS])
    last = min(done_by - a.node[n, DUR], a.node[n, CLOSES])
    home = a.rules[HOME] == 1
    band_free = a.rules[BANDED] == 0
    overlooked = -1
    if blink > 0 and not is_strict and roll(s.dice) * 1000 < blink * (end - begin + 1):
        overlooked = begin + int(roll(s.dice) * (end - begin + 1))
    size, dur = s.team[t, SIZE], a.node[n, DUR]
    late_rate, late_from = a.node[n, LATE_RATE], a.node[n, DUE] - dur
    decided = a.node[n, PIN] >= 0 or common >= 0
    by_length = stocked == 1 or a.rules[WORKING] > 0
    origin = a.tech[t, STARTS_AT] if begin == 0 else a.node[s.seq[t, begin - 1], POINT]
    for p in range(begin, end + 1):
        following = a.tech[t, ENDS_AT] if p == size else a.node[s.seq[t, p], POINT]
        before, origin = origin, following
        if not is_strict and a.node[n, FACT] < 0:
            if p == overlooked:
                continue
            to = drive(a, before, target, 0) if band_free else least_drive(a, before, target, a.rules[LEAST])
            arrive = max(s.ahead[t, p, 2] + to, ready_at)
            if arrive > last and not decided:
                break
            on = 0
            if p < size or home:
                on = drive(a, target, following, 0) if band_free else least_drive(a, target, following, a.rules[LEAST])
            if p < size and arrive + dur + on > s.ahead[t, p, 0]:
                continue
            if band_free:
                old = s.ahead[t, p, 3] if size > 0 else 0
                least = added - 2 + least_price(a, s, t, to + on - old, dur, by_length)
                if late_rate > 0 and arrive > late_from:
                    least += (arrive - late_from) * late_rate
                if least >= best:
                    continue
        allowed = NEVER if is_strict else best - added
        price = price_at(a, s, t, p, n, not_before, done_by, common, stocked, allowed, why)
        if price < NEVER and price - s.team[t, PRICE] + added < best:
            best = price - s.team[t, PRICE] + added
            found[0], found[1] = p, best
    return bool(best < cut)


@compiled
def least_price(a: Arrays, s: State, t: int, detour: int, dur: int, by_length: bool) -> int:
    """Return what a longer way and more work cost at least. by_length: measure the whole route, not only the detour."""
    if not by_length:
        return int(detour * a.tech[t, MINUTE] // 60)
    driven = detour
    if s.team[t, SIZE] > 0:
        driven += s.ahead[t, 0, 1] + s.ahead[t, 0, 3]
    shortest = driven * a.tech[t, MINUTE] // 60 + (driven + s.team[t, WORK] + dur) * a.rules[WORKING] // 1000
    return int(shortest - s.team[t, PRICE] + s.team[t, STANDING])


@compiled
def scan(a: Arrays, s: State, n: int, why: Ints, found: Ints, table: Ints) -> None:
    """Ask every route for the best position of a node; write per technician 1, position, price; or 0 and ``why``."""
    for t in range(s.team.shape[0]):
        table[t, 0] = why[0] = why[1] = why[2] = why[3] = 0
        if best_position(a, s, t, n, -1, NEVER, 0, why, found):
            table[t, 0], table[t, 1], table[t, 2] = 1, found[0], found[1]
        else:
            table[t, 1], table[t, 2], table[t, 3], table[t, 4] = why[0], why[1], why[2], why[3]


@compiled
def door(a: Arrays, s: State, t: int, n: int, why: Ints) -> tuple[int, int, int]:
    """Return the first and last position that order and group leave to a node, and whether the depot matters."""
    if a.fits[t, n] == NO:
        why[0] = NO_FIT
        return -1, -1, 0
    if s.team[t, SIZE] >= s.seq.shape[1] - 1:
        why[0] = NO_ROOM
        return -1, -1, 0
    group = a.node[n, GROUP]
    if group >= 0 and a.node[n, FACT] < 0 and s.mates[group, t] < s.mates[group, s.mates.shape[1] - 1]:
        why[0] = NO_GROUP
        return -1, -1, 0
    begin, end = first_open(a, s, t), s.team[t, SIZE]
    if a.node[n, FACT] >= 0:
        end = begin
    if a.rules[LINKED] == 1:
        begin, end = between(a, s, t, n, begin, end, why)
        if begin < 0:
            return -1, -1, 0
    stocked = needs_depot(a, s, t, n)
    if stocked < 0:
        why[0] = NO_PART
        return -1, -1, 0
    return begin, end, stocked


@compiled
def price_at(
    a: Arrays, s: State, t: int, p: int, n: int, not_before: int, done_by: int, common: int, stocked: int, cut: int,
    why: Ints,
) -> int:  # fmt: skip
    """Return what the route would cost with node ``n`` at position ``p``, NEVER when a rule forbids it.

    The prices of pairs and fairness are those of the old route. cut: give up when it costs so much more.
    """
    standing, begin = s.team[t, STANDING], p
    clear(s.used)
    given, count, turn = s.labels[t, p], s.counts[t, p], 0
    if stocked > s.team[t, STOCKED]:  # the depot may now lie before every visit: time the whole route
        begin, given, count, turn = 0, s.paper[1], 1, 0
        first_label(a, t, given)
    for q in range(begin if a.needs.shape[1] > 0 else 0):
        add_needs(a, s.seq[t, q], s.used)
    place = a.tech[t, STARTS_AT] if begin == 0 else a.node[s.seq[t, begin - 1], POINT]
    last = n
    for q in range(begin, s.team[t, SIZE] + 1):
        if q > p and cut < NEVER:
            least = least_key(given, count) + s.ahead[t, q - 1, 1] * a.tech[t, MINUTE] * 1000
            least += (s.ahead[t, q - 1, 1] + s.ahead[t, q - 1, 4]) * a.rules[WORKING] * 60
            if least >= (cut + s.team[t, PRICE] - standing) * KEYS:
                return NEVER
        last = n if q == p else s.seq[t, q if q < p else q - 1]
        add_needs(a, last, s.used)
        limits(a, s, t, last, s.bounds)
        if q == p:
            s.bounds[0], s.bounds[1], s.bounds[2] = not_before, done_by, common
        following = s.paper[turn]
        lacks = is_short(a, t, last, s.used)
        count = extend(a, t, place, last, s.bounds, lacks, stocked, given, count, following, why)
        if count == 0:
            return NEVER
        place, given, turn = a.node[last, POINT], following, 1 - turn
    if not close(a, t, place, last, given, count, s.out, why):
        return NEVER
    return int(s.out[1] + standing)


@compiled
def unfair(a: Arrays, s: State, t: int, more: int) -> int:
    """Return what so many seconds of work more cost in fairness."""
    if a.rules[UNFAIR] == 0:
        return 0
    work = s.team[t, WORK]
    old = max(0, work - a.rules[FAIR_LOAD]) * a.rules[UNFAIR] // 1000
    return int(max(0, work + more - a.rules[FAIR_LOAD]) * a.rules[UNFAIR] // 1000 - old)


@compiled
def between(a: Arrays, s: State, t: int, n: int, begin: int, end: int, why: Ints) -> tuple[int, int]:
    """Narrow the positions to those behind the predecessor and before the successors; (-1, -1) when there is none."""
    if a.node[n, FACT] >= 0:
        return begin, end
    before = a.node[n, BEFORE]
    if before >= 0:
        if s.spot[before, ROUTE] < 0:
            note(why, NO_BEFORE, before, 0, 0)
            return -1, -1
        if s.spot[before, ROUTE] == t:
            begin = max(begin, s.spot[before, POS] + 1)
    for k in range(a.node[n, AFTER_AT], a.node[n + 1, AFTER_AT]):
        if s.spot[a.after[k], ROUTE] == t:
            end = min(end, s.spot[a.after[k], POS])
    if begin > end:
        note(why, NO_ORDER, before, 0, 0)
        return -1, -1
    return begin, end


@compiled
def needs_depot(a: Arrays, s: State, t: int, n: int) -> int:
    """Return whether the route with this node has to think of the depot: 0, 1; -1 when parts lack and there is none."""
    stocked = s.team[t, STOCKED]
    if a.fits[t, n] == FROM_DEPOT:
        stocked = 1
    if a.needs.shape[1] > 0:
        clear(s.used)
        for q in range(s.team[t, SIZE]):
            add_needs(a, s.seq[t, q], s.used)
        add_needs(a, n, s.used)
        for part in range(a.needs.shape[1]):
            if a.needs[n, part] > 0 and s.used[part] > a.van[t, part]:
                if a.tech[t, DEPOT_AT] < 0:
                    return -1
                stocked = 1
    return int(stocked)


@compiled
def roll(dice: Ints) -> float:
    """Return the next number in [0, 1): the minimal standard generator of Park and Miller (1988), revised 1993."""
    dice[0] = dice[0] * 48_271 % 2_147_483_647
    return float(dice[0]) / 2_147_483_647.0


__all__ = ["FINE", "best_position", "price_at", "roll"]
