"""The one scheduler: from a sequence of nodes to instants, whoever asks.

A label is one way to have done the nodes so far: with so many breaks taken, with or without the depot behind it. Every
visit starts as early as its rules allow; a break is taken at the door of the next customer if the drive leaves time for
it, else before the drive; the depot, where a node needs it, may lie before any node. Labels that another one dominates
(same breaks, same depot, not earlier, not cheaper) are dropped; at most ``LABELS`` are kept.
"""

from typing import Any

import numpy as np

from yuanxin.engines.routing.core.arrays import (
    ALONE,
    BANDED,
    BANDS,
    CLOSES,
    DEPOT_AT,
    DEPOT_S,
    DUE,
    DUR,
    END,
    ENDS_AT,
    ENTRY,
    ETA,
    FACT,
    FREE_FROM,
    FROM_DEPOT,
    HOME,
    LAST_END,
    LATE_RATE,
    LEAVE_LATE,
    LINKED,
    MINUTE,
    NEVER,
    OVERTIME,
    PIN,
    POINT,
    RELEASE,
    REST_AT,
    STARTS_AT,
    TOLD,
    TOLD_TECH,
    TOLERANCE,
    WINDOW_AT,
    WORKING,
    Arrays,
    Ints,
)
from yuanxin.engines.routing.core.compiled import compiled, compiled_with_arrays

LABELS = 10  # kept per position
TIME, COST, TRAVEL, RESTS, DEPOT, WAIT, SLACK, PARENT, START, KEY = range(10)
FIELDS = 10
KEYS = 60_000  # of KEY in a point: whole numbers for prices per minute and per 1000 seconds
# Why a node cannot follow; the numbers are translated to ``reasons.Cause`` in ``causes``.
FINE, TOO_LATE, NOT_YET, SHIFT_ENDS, NO_BREAK, PINNED, TOGETHER, BEFORE_ENDS, AFTER_BEGINS, NO_PART, NO_TOOL = range(11)
BREAKS = 4  # where the begins of the breaks lie in ``why``
BEIJING_S = 28_800


@compiled
def note(why: Ints, code: int, n: int, needed: int, has: int) -> None:
    """Remember the first reason."""
    if why[0] == FINE:
        why[0], why[1], why[2], why[3] = code, n, needed, has


@compiled
def drive(a: Arrays, origin: int, destination: int, leave: int) -> int:
    """Return the seconds of a drive that begins at ``leave``."""
    base = int(a.drive[origin, destination])
    if base == 0:
        return 0
    if a.rules[BANDED] == 1:
        base = -(-base * a.rules[BANDS + ((leave + BEIJING_S) // 3600) % 24] // 1000)
    return int(base + a.rules[ENTRY])


@compiled
def rest_on_the_way(
    a: Arrays, t: int, free: int, travel: int, taken: int, upto: int, only_before: int, why: Ints
) -> Any:
    """Drive and rest; return (arrival or -1 when a break would begin too late, ready, waiting, slack to the windows).

    only_before: breaks whose window closes later than this instant are left out (the evening's own). The begin of
    break number k is left in ``why[BREAKS + k]``.
    """
    clock, arrive, waited, slack = free, -1, 0, NEVER
    for k in range(a.tech[t, REST_AT] + taken, a.tech[t, REST_AT] + upto):
        if a.rests[k, 1] >= only_before:
            continue
        if arrive < 0 and clock + travel <= a.rests[k, 1]:
            clock += travel
            arrive = clock
        begin = max(clock, a.rests[k, 0])
        if begin > a.rests[k, 1]:
            return -1, 0, 0, 0
        waited += begin - clock
        slack = min(slack, waited + a.rests[k, 1] - begin)
        why[BREAKS + k - a.tech[t, REST_AT]] = begin
        clock = begin + a.rests[k, 2]
    if arrive < 0:
        clock += travel
        arrive = clock
    return arrive, clock, waited, slack


@compiled
def opening(a: Arrays, n: int, ready: int, not_before: int, common: int, why: Ints) -> Any:
    """Return (start of work, latest start in the same window); start -1 when no rule lets it begin, then ``why``."""
    decided = a.node[n, PIN]
    if decided < 0:
        decided = common
        if common >= 0 and not (common >= a.node[n, RELEASE] and is_open(a, n, common)):
            note(why, TOO_LATE, n, common, common)
            return -1, -1
    if decided >= 0:
        if ready > decided:
            note(why, PINNED if a.node[n, PIN] >= 0 else TOGETHER, n, decided, ready)
            return -1, -1
        if not_before > decided:
            note(why, BEFORE_ENDS, n, decided, not_before)
            return -1, -1
        return decided, decided
    earliest = max(ready, a.node[n, RELEASE], not_before)
    begin, stop = a.node[n, WINDOW_AT], a.node[n + 1, WINDOW_AT]
    if begin == stop:
        return earliest, NEVER
    for w in range(begin, stop):
        if earliest <= a.spans[w, 1]:
            return max(earliest, a.spans[w, 0]), a.spans[w, 1]
    last = a.node[n, CLOSES]
    note(why, NOT_YET if a.node[n, RELEASE] > max(ready, not_before) else TOO_LATE, n, last, earliest)
    return -1, -1


@compiled
def is_open(a: Arrays, n: int, start: int) -> bool:
    """Say whether one of the node's windows lets work start at this instant."""
    begin, stop = a.node[n, WINDOW_AT], a.node[n + 1, WINDOW_AT]
    for w in range(begin, stop):
        if a.spans[w, 0] <= start <= a.spans[w, 1]:
            return True
    return bool(begin == stop)


@compiled
def visit_price(a: Arrays, t: int, n: int, start: int) -> int:
    """Return what the instant of a visit costs: lateness, and the distance from what the customer was told."""
    price = 0
    if a.node[n, LATE_RATE] > 0:
        price = max(0, start + a.node[n, DUR] - a.node[n, DUE]) * a.node[n, LATE_RATE]
    if a.node[n, TOLD] >= 0 and (a.node[n, ALONE] == 1 or a.node[n, TOLD_TECH] == t):
        price += max(0, abs(start - a.node[n, TOLD]) - a.rules[TOLERANCE]) * a.rules[ETA] // 1000
    return int(price)


@compiled
def key_of(a: Arrays, t: int, label: Ints) -> int:
    """Return the price of a label so far, times KEYS, for comparing labels."""
    key = label[COST] * KEYS + label[TRAVEL] * a.tech[t, MINUTE] * 1000
    if a.rules[WORKING] > 0:
        key += (label[TIME] - a.tech[t, FREE_FROM] - put_off(a, label)) * a.rules[WORKING] * 60
    return int(key)


@compiled
def put_off(a: Arrays, label: Ints) -> int:
    """Return how much later he may leave home without coming later to the end."""
    if a.rules[LEAVE_LATE] == 1 and a.rules[LINKED] == 0:
        return int(min(label[WAIT], label[SLACK]))
    return 0


@compiled
def first_label(a: Arrays, t: int, out: Ints) -> None:
    """Write the label of a shift that has not begun to work."""
    for field in range(FIELDS):
        out[0, field] = 0
    out[0, TIME] = a.tech[t, FREE_FROM]
    out[0, SLACK] = NEVER
    out[0, PARENT] = -1


@compiled
def is_short(a: Arrays, t: int, n: int, used: Ints) -> int:
    """Return what the van lacks for this node after ``used`` pieces are gone: 0, NO_TOOL or NO_PART."""
    if a.node[n, FACT] >= 0:
        return FINE
    if a.fits[t, n] == FROM_DEPOT:
        return NO_TOOL
    for part in range(a.needs.shape[1]):
        if a.needs[n, part] > 0 and used[part] > a.van[t, part]:
            return NO_PART
    return FINE


@compiled
def extend(
    a: Arrays, t: int, origin: int, n: int, bounds: Ints, lacks: int, stocked: int, given: Ints, count: int,
    out: Ints, why: Ints,
) -> int:  # fmt: skip
    """Write the labels after node ``n`` to ``out`` and return how many; 0 with the reason in ``why``.

    origin: point before. bounds: not before, done by, common start. lacks: of ``is_short``, needs the depot before it.
    stocked: 1 when the depot is worth a thought on this route. given, count: labels before.
    """
    why[0] = FINE
    if a.node[n, FACT] >= 0:
        return after_fact(a, t, n, given, count, out)
    made = 0
    target, dur = a.node[n, POINT], a.node[n, DUR]
    first_rest = a.tech[t, REST_AT]
    rests = a.tech[t + 1, REST_AT] - first_rest
    depots = 2 if stocked == 1 and a.tech[t, DEPOT_AT] >= 0 else 1
    minute, working, begun = a.tech[t, MINUTE] * 1000, a.rules[WORKING] * 60, a.tech[t, FREE_FROM]
    later = a.rules[LEAVE_LATE] == 1 and a.rules[LINKED] == 0
    for i in range(count):
        held, free_from = given[i, RESTS], given[i, TIME]
        if held < rests and a.rests[first_rest + held, 1] < free_from:
            note(why, NO_BREAK, n, 0, 0)
            continue
        for behind in range(given[i, DEPOT], max(depots, given[i, DEPOT] + 1)):
            if lacks != FINE and behind == 0:
                note(why, lacks, n, 1, 0)
                continue
            free, leg, place = free_from, 0, origin
            if behind > given[i, DEPOT]:
                leg = drive(a, origin, a.tech[t, DEPOT_AT], free)
                free += leg + a.tech[t, DEPOT_S]
                place = a.tech[t, DEPOT_AT]
            travel = drive(a, place, target, free)
            for taken in range(held, rests + 1):
                ready, waited, slack = free + travel, 0, NEVER
                if taken > held:
                    arrive, ready, waited, slack = rest_on_the_way(a, t, free, travel, held, taken, NEVER, why)
                    if arrive < 0:
                        note(why, NO_BREAK, n, 0, 0)
                        break
                start, latest = opening(a, n, ready, bounds[0], bounds[2], why)
                finish = start + dur
                if start < 0 or not is_in_time(a, t, n, finish, bounds[1], why):
                    continue
                cost = given[i, COST] + visit_price(a, t, n, start)
                driven = given[i, TRAVEL] + leg + travel
                waits, spare = 0, NEVER
                if later:
                    waits = given[i, WAIT] + waited + start - ready
                    spare = min(given[i, SLACK], given[i, WAIT] + slack, waits + spare_of(a, n, start, latest))
                key = cost * KEYS + driven * minute
                if working > 0:
                    key += (finish - begun - (min(waits, spare) if later else 0)) * working
                slot = slot_of(out, made, taken, behind, finish, key)
                if 0 <= slot < LABELS:
                    made = max(made, slot + 1)
                    write(out, slot, finish, cost, driven, taken, behind, waits, spare, i, start, key)
    return made


@compiled
def is_in_time(a: Arrays, t: int, n: int, finish: int, done_by: int, why: Ints) -> bool:
    """Say whether work that ends then is done before others wait for it and the shift is over."""
    if finish > done_by:
        note(why, AFTER_BEGINS, n, done_by, finish)
        return False
    if finish > a.tech[t, LAST_END]:
        note(why, SHIFT_ENDS, n, finish, a.tech[t, LAST_END])
        return False
    return True


@compiled
def write(
    out: Ints, slot: int, finish: int, cost: int, driven: int, taken: int, behind: int, waits: int, spare: int, i: int,
    start: int, key: int,
) -> None:  # fmt: skip
    """Write a label."""
    out[slot, TIME], out[slot, COST], out[slot, TRAVEL], out[slot, RESTS], out[slot, DEPOT] = (
        finish, cost, driven, taken, behind,
    )  # fmt: skip
    out[slot, WAIT], out[slot, SLACK], out[slot, PARENT], out[slot, START], out[slot, KEY] = (
        waits, spare, i, start, key,
    )  # fmt: skip


@compiled
def spare_of(a: Arrays, n: int, start: int, latest: int) -> int:
    """Return how much later this visit may begin without breaking or spoiling a promise.

    Source of the forward time slack: M. W. P. Savelsbergh, The Vehicle Routing Problem with Time Windows: Minimizing
    Route Duration, ORSA Journal on Computing 4(2), 1992.
    """
    if a.node[n, TOLD] >= 0:
        return 0
    if a.node[n, LATE_RATE] > 0:
        latest = min(latest, max(start, a.node[n, DUE] - a.node[n, DUR]))
    return int(latest - start)


@compiled
def slot_of(out: Ints, made: int, taken: int, behind: int, finish: int, key: int) -> int:
    """Return where a new label belongs: a free place, that of one it drives out, or -1 when another is as good."""
    for i in range(made):
        if out[i, RESTS] == taken and out[i, DEPOT] == behind:
            if out[i, TIME] <= finish and out[i, KEY] <= key:
                return -1
            if finish <= out[i, TIME] and key <= out[i, KEY]:
                return i
    return made


@compiled
def after_fact(a: Arrays, t: int, n: int, given: Ints, count: int, out: Ints) -> int:
    """Write the labels after work that has begun: it stands where it stands."""
    for i in range(count):
        for field in range(FIELDS):
            out[i, field] = given[i, field]
        out[i, TIME] = max(given[i, TIME], a.node[n, FACT] + a.node[n, DUR])
        out[i, COST] += visit_price(a, t, n, a.node[n, FACT])
        out[i, PARENT] = i
        out[i, START] = a.node[n, FACT]
        out[i, SLACK] = 0
        out[i, KEY] = key_of(a, t, out[i])
    return count


@compiled
def close(a: Arrays, t: int, last: int, last_node: int, given: Ints, count: int, out: Ints, why: Ints) -> bool:
    """Bring the technician home by the cheapest label; write label, price, back at, seconds home, overtime, put off.

    last: point he stands at. last_node: -1 for an empty route. Price: everything of the route that depends on time.
    """
    found = False
    why[0] = NO_BREAK
    is_fact = last_node >= 0 and a.node[last_node, FACT] >= 0
    for i in range(count):
        free = given[i, TIME]
        home = drive(a, last, a.tech[t, ENDS_AT], free) if a.rules[HOME] == 1 else 0
        upto = given[i, RESTS] if is_fact else a.tech[t + 1, REST_AT] - a.tech[t, REST_AT]
        arrive, back, _, _ = rest_on_the_way(a, t, free, home, given[i, RESTS], upto, free + home, why)
        if arrive < 0:
            continue
        if back > a.tech[t, LAST_END] and not is_fact:
            why[0], why[1], why[2], why[3] = SHIFT_ENDS, last_node, back, a.tech[t, LAST_END]
            continue
        over = max(0, back - a.tech[t, END])
        later = put_off(a, given[i])
        price = given[i, COST] + (given[i, TRAVEL] + home) * a.tech[t, MINUTE] // 60 + over * a.rules[OVERTIME] // 1000
        price += (back - a.tech[t, FREE_FROM] - later) * a.rules[WORKING] // 1000
        if not found or price < out[1] or (price == out[1] and back < out[2]):
            found = True
            out[0], out[1], out[2], out[3], out[4], out[5] = i, price, back, home, over, later
    return found


@compiled_with_arrays
def run(
    a: Arrays, t: int, nodes: Ints, count: int, bounds: Ints, labels: Ints, counts: Ints, out: Ints, why: Ints
) -> bool:
    """Time a whole sequence; ``labels[p]``, ``counts[p]`` are those before p. False with the reason in ``why``.

    bounds: per position, as of ``extend``.
    """
    used = np.zeros(max(1, a.needs.shape[1]), dtype=np.int64)
    stocked = 0
    for p in range(count):
        add_needs(a, nodes[p], used)
        if is_short(a, t, nodes[p], used) != FINE:
            stocked = 1
    clear(used)
    first_label(a, t, labels[0])
    counts[0] = 1
    place = a.tech[t, STARTS_AT]
    for p in range(count):
        n = nodes[p]
        add_needs(a, n, used)
        lacks = is_short(a, t, n, used)
        counts[p + 1] = extend(a, t, place, n, bounds[p], lacks, stocked, labels[p], counts[p], labels[p + 1], why)
        if counts[p + 1] == 0:
            return False
        place = a.node[n, POINT]
    last = nodes[count - 1] if count > 0 else -1
    return close(a, t, place, last, labels[count], counts[count], out, why)


@compiled
def clear(used: Ints) -> None:
    """Begin to count what is used up."""
    for part in range(used.shape[0]):
        used[part] = 0


@compiled
def add_needs(a: Arrays, n: int, used: Ints) -> None:
    """Add what a node uses up."""
    for part in range(a.needs.shape[1]):
        used[part] += a.needs[n, part]


@compiled_with_arrays
def follow(
    a: Arrays, t: int, nodes: Ints, count: int, labels: Ints, label: int, later: int, rows: Ints, rests: Ints,
    stop: Ints, why: Ints,
) -> None:  # fmt: skip
    """Write out the route of a label, begun ``later`` seconds after its earliest.

    rows: per position arrive, start, finish, seconds of the way there. rests: begin of every break, -1 when it is not
    taken. stop: arrive, finish, seconds of the way to the depot; -1 when he does not go there.
    """
    chosen = np.zeros(count + 1, dtype=np.int64)
    for p in range(count, 0, -1):
        chosen[p] = label
        label = labels[p, label, PARENT]
    free, place, taken, behind = a.tech[t, FREE_FROM] + later, a.tech[t, STARTS_AT], 0, 0
    for k in range(rests.shape[0]):
        rests[k] = -1
    stop[0] = stop[1] = stop[2] = -1
    for p in range(count):
        n = nodes[p]
        if a.node[n, FACT] >= 0:
            rows[p, 0], rows[p, 1], rows[p, 2], rows[p, 3] = (
                a.node[n, FACT],
                a.node[n, FACT],
                a.node[n, FACT] + a.node[n, DUR],
                0,
            )
            free, place = max(free, a.node[n, FACT] + a.node[n, DUR]), a.node[n, POINT]
            continue
        after = labels[p + 1, chosen[p + 1]]
        leg = 0
        if after[DEPOT] > behind:
            leg = drive(a, place, a.tech[t, DEPOT_AT], free)
            stop[0], stop[1], stop[2] = free + leg, free + leg + a.tech[t, DEPOT_S], leg
            free, place, behind = free + leg + a.tech[t, DEPOT_S], a.tech[t, DEPOT_AT], 1
        travel = drive(a, place, a.node[n, POINT], free)
        arrive, ready, _, _ = rest_on_the_way(a, t, free, travel, taken, after[RESTS], NEVER, why)
        for k in range(taken, after[RESTS]):
            rests[k] = why[BREAKS + k]
        taken = after[RESTS]
        start = max(ready, after[START])
        rows[p, 0], rows[p, 1], rows[p, 2], rows[p, 3] = arrive, start, start + a.node[n, DUR], leg + travel
        free, place = start + a.node[n, DUR], a.node[n, POINT]
    if count == 0 or a.node[nodes[count - 1], FACT] >= 0:
        return
    home = drive(a, place, a.tech[t, ENDS_AT], free) if a.rules[HOME] == 1 else 0
    upto = a.tech[t + 1, REST_AT] - a.tech[t, REST_AT]
    rest_on_the_way(a, t, free, home, taken, upto, free + home, why)
    for k in range(taken, upto):
        if a.rests[a.tech[t, REST_AT] + k, 1] < free + home:
            rests[k] = why[BREAKS + k]
