"""A problem as arrays. A node is one place in the crew of one job; most jobs have one node."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Problem, Technician, Window

Ints: TypeAlias = npt.NDArray[np.int64]
NEVER = 1 << 60
KEPT = 1 << 50  # added to the loss of a pinned job: nothing is worth dropping it
NO, FROM_VAN, FROM_DEPOT = 0, 1, 2


# Columns of ``Arrays.node``: instants Unix seconds, prices points, -1 for none. PIN: decided start; FACT: start of
# begun work; BEFORE: first node of the predecessor; TOLD, TOLD_TECH: what the customer was told; windows of n lie at
# ``spans[WINDOW_AT of n : WINDOW_AT of n + 1]``, those who wait for n likewise in ``after``; OPENS, CLOSES: the ends of
# all its windows.
(
    POINT, JOB, DUR, DUE, LATE_RATE, RELEASE, PIN, FACT, MUST, LOSS, GROUP, BEFORE, TOLD, TOLD_TECH, ALONE, LEADS,
    WINDOW_AT, AFTER_AT, OPENS, CLOSES,
) = range(20)  # fmt: skip
# Columns of ``Arrays.tech``: points of the map, MINUTE points per minute of driving, breaks at REST_AT in ``rests``.
FREE_FROM, END, LAST_END, STARTS_AT, ENDS_AT, DEPOT_AT, DEPOT_S, MINUTE, REST_AT = range(9)
# ``Arrays.rules``: prices, switches, and the hours' factors from BANDS on. LEAST: the smallest of them.
OVERTIME, WORKING, ETA, TOLERANCE, UNFAIR, FAIR_LOAD, HOME, LEAVE_LATE, LINKED, ENTRY, BANDED, LEAST, BANDS = range(13)


class Arrays(NamedTuple):
    """What the compiled functions read; few and wide, since each array costs at every call.

    ``drive``: seconds between points before bands and entry. ``needs[n, part]``, ``van[t, part]``: pieces. ``rests``:
    earliest, latest, seconds. ``fits[t, n]``: NO, FROM_VAN, FROM_DEPOT. ``fixed[t, n]``: the price of the pair alone.
    """

    drive: Any
    node: Ints
    tech: Ints
    spans: Ints
    after: Ints
    rests: Ints
    needs: Ints
    van: Ints
    fits: Any
    fixed: Ints
    rules: Ints


class Index(NamedTuple):
    """Which object stands behind a number: technicians and nodes in order, and back."""

    technicians: tuple[Technician, ...]
    jobs: tuple[Job, ...]
    technician_at: dict[str, int]
    node_at: dict[str, int]  # the first node of a job; its mates follow
    parts: tuple[str, ...]


def arrays_of(problem: Problem) -> tuple[Arrays, Index]:
    """Return the arrays of a problem; made once and kept with it, since a problem never changes."""
    kept = problem.__dict__.get("_arrays")
    if kept is None:
        kept = problem.__dict__["_arrays"] = _build(problem)
    found: tuple[Arrays, Index] = kept
    return found


def _build(problem: Problem) -> tuple[Arrays, Index]:
    technicians = problem.technicians
    nodes = [job for job in problem.jobs for _ in range(job.crew)]
    first: dict[str, int] = {}
    for number, job in enumerate(nodes):
        first.setdefault(job.id, number)
    turn = {one.id: number for number, one in enumerate(technicians)}
    parts = tuple(sorted({part for job in problem.jobs for part in job.parts}))
    index = Index(technicians, tuple(nodes), turn, first, parts)
    points: dict[Place, int] = {}
    facts = {job.id for job in problem.jobs if problem.is_fact(job)}
    windows = [sorted(job.windows) for job in nodes]
    waiting = [[first[one] for one in problem.successors.get(job.id, ()) if one not in facts] for job in nodes]
    node = _nodes(index, points, facts, windows, waiting)
    tech, rests = _team(problem, points)
    fits, fixed = _pairs(problem, nodes)
    uses = [job.parts if first[job.id] == n and job.id not in facts else {} for n, job in enumerate(nodes)]
    table = problem.travel.table(list(points)) if points else np.zeros((0, 0))
    arrays = Arrays(
        drive=np.ascontiguousarray(table, dtype=np.int32),
        node=node,
        tech=tech,
        spans=_table([span for some in windows for span in some], 2),
        after=_ints(chain.from_iterable(waiting)),
        rests=rests,
        needs=_table([[used.get(part, 0) for part in parts] for used in uses], len(parts)),
        van=_table([[one.parts.get(part, 0) for part in parts] for one in technicians], len(parts)),
        fits=fits,
        fixed=fixed,
        rules=_rules(problem, is_linked=bool(problem.successors) or len(nodes) > len(problem.jobs)),
    )
    return arrays, index


def _nodes(
    index: Index,
    points: dict[Place, int],
    facts: set[str],
    windows: Sequence[Sequence[Window]],
    waiting: Sequence[Sequence[int]],
) -> Ints:
    """Return the columns of the nodes, with one more row that ends the offsets."""
    nodes, first = index.jobs, index.node_at
    leads = [first[job.id] == number for number, job in enumerate(nodes)]
    groups = {name: number for number, name in enumerate(sorted({job.group for job in nodes if job.group}))}
    window_at, after_at = _offsets(windows), _offsets(waiting)
    columns: tuple[Iterable[Any], ...] = (
        (points.setdefault(job.place, len(points)) for job in nodes),
        (first[job.id] for job in nodes),
        (job.dur for job in nodes),
        (NEVER if job.due is None else job.due for job in nodes),
        (job.late_rate for job in nodes),
        (job.release for job in nodes),
        (_pinned_start(job, facts) for job in nodes),
        (job.pinned.start if job.id in facts and job.pinned else -1 for job in nodes),
        (job.pinned is not None for job in nodes),
        (job.value if lead else 0 for job, lead in zip(nodes, leads, strict=True)),
        (groups.get(job.group, -1) for job in nodes),
        (first[job.predecessor] if job.predecessor and job.id not in facts else -1 for job in nodes),
        (job.promised.start if job.promised else -1 for job in nodes),
        (index.technician_at.get(job.promised.technician, -1) if job.promised else -1 for job in nodes),
        (job.crew == 1 for job in nodes),
        leads,
        window_at[:-1],
        after_at[:-1],
        (min((opens for opens, _ in some), default=0) for some in windows),
        (max((closes for _, closes in some), default=NEVER) for some in windows),
    )
    node = np.zeros((len(nodes) + 1, len(columns)), dtype=np.int64)
    for number, column in enumerate(columns):
        node[:-1, number] = _ints(column)
    node[-1, WINDOW_AT], node[-1, AFTER_AT] = window_at[-1], after_at[-1]
    return node


def _team(problem: Problem, points: dict[Place, int]) -> tuple[Ints, Ints]:
    """Return the columns of the technicians, with one more row that ends the offsets, and their breaks."""
    technicians = problem.technicians

    def point(place: Place | None) -> int:
        return -1 if place is None else points.setdefault(place, len(points))

    free_from = [max(one.start, problem.now, one.busy_until or 0) for one in technicians]
    rests = [
        sorted(
            (rest.earliest, rest.latest, rest.dur)
            for rest in one.breaks
            if free <= rest.latest and rest.earliest <= one.end
        )
        for one, free in zip(technicians, free_from, strict=True)
    ]
    columns: tuple[Iterable[Any], ...] = (
        free_from,
        (one.end for one in technicians),
        (one.end + one.overtime_max for one in technicians),
        (point(one.position_now or one.home) for one in technicians),
        (point(one.home) for one in technicians),
        (point(one.depot.place if one.depot else None) for one in technicians),
        (one.depot.dur if one.depot else 0 for one in technicians),
        (one.cost_per_min * problem.weights.travel for one in technicians),
    )
    tech = np.zeros((len(technicians) + 1, REST_AT + 1), dtype=np.int64)
    for number, column in enumerate(columns):
        tech[:-1, number] = _ints(column)
    tech[:, REST_AT] = _offsets(rests)
    return tech, _table([rest for some in rests for rest in some], 3)


def _rules(problem: Problem, *, is_linked: bool) -> Ints:
    """Return prices, switches and hours."""
    weights, rules, bands = problem.weights, problem.rules, problem.travel.bands
    return _ints(
        (
            weights.overtime_permille,
            weights.working_permille,
            weights.eta_shift_permille,
            weights.eta_tolerance_s,
            weights.unfair_permille,
            problem.fair_load_s,
            rules.return_home,
            rules.leave_late,
            is_linked,
            int(problem.travel.entry_s),
            bool(bands),
            min(bands, default=1000),
            *bands,
        )
    )


def only(arrays: Arrays, node: int, window: Window) -> None:
    """Leave the last job of a problem, whose first node is ``node``, a single window."""
    at, crew = int(arrays.node[node, WINDOW_AT]), len(arrays.node) - 1 - node
    arrays.spans[at : at + crew] = window
    arrays.node[node:, WINDOW_AT] = at + np.arange(crew + 1)
    arrays.node[node:-1, OPENS], arrays.node[node:-1, CLOSES] = window


def _pinned_start(job: Job, facts: set[str]) -> int:
    return job.pinned.start if job.pinned and job.pinned.start is not None and job.id not in facts else -1


def _pairs(problem: Problem, nodes: Sequence[Job]) -> tuple[npt.NDArray[np.uint8], Ints]:
    """Return who may do what (hard rules without a clock) and what a pair costs by itself."""
    technicians, count = problem.technicians, len(nodes)
    fits = np.full((len(technicians), count), FROM_VAN, dtype=np.uint8)
    fixed = np.zeros((len(technicians), count), dtype=np.int64)
    _skills(fits, technicians, nodes)
    _tools(fits, technicians, nodes)
    grids = {grid: number for number, grid in enumerate(sorted({job.grid for job in nodes if job.grid}))}
    grid_of = np.array([grids.get(job.grid, -1) for job in nodes], dtype=np.int64)
    for number, one in enumerate(technicians):
        own = np.zeros(len(grids) + 1, dtype=bool)
        own[[grids[grid] for grid in one.grid_ids if grid in grids]] = True
        outside = (grid_of >= 0) & ~own[grid_of]
        if problem.rules.own_grid_only:
            fits[number, outside] = NO
        if one.grid_ids:
            fixed[number, outside] += problem.weights.grid_violation
    turn = {one.id: number for number, one in enumerate(technicians)}
    for number, job in enumerate(nodes):
        if job.promised is not None:
            told = turn.get(job.promised.technician, -1)
            if job.crew == 1:
                fixed[:, number] += problem.weights.technician_change
                if told >= 0:
                    fixed[told, number] -= problem.weights.technician_change
        if problem.is_fact(job):
            fits[:, number] = FROM_VAN
        if job.pinned is not None:
            named = [turn[one] for one in (job.pinned.technician, *job.pinned.mates)]
            if len(named) >= job.crew:
                kept = fits[named, number].copy()
                fits[:, number] = NO
                fits[named, number] = kept
    return fits, fixed


def _skills(fits: npt.NDArray[np.uint8], technicians: Sequence[Technician], nodes: Sequence[Job]) -> None:
    for code in sorted({code for job in nodes for code in job.skills}):
        has = np.array([one.skills.get(code, 0) for one in technicians])
        needed = np.array([job.skills.get(code, 0) for job in nodes])
        fits[has[:, None] < needed[None, :]] = NO


def _tools(fits: npt.NDArray[np.uint8], technicians: Sequence[Technician], nodes: Sequence[Job]) -> None:
    with_depot = np.array([one.depot is not None for one in technicians], dtype=bool)
    for tool in sorted({tool for job in nodes for tool in job.tools}):
        lacks = np.array([tool not in one.tools for one in technicians], dtype=bool)
        asks = np.array([tool in job.tools for job in nodes], dtype=bool)
        missing = lacks[:, None] & asks[None, :]
        fits[missing & ~with_depot[:, None]] = NO
        fits[missing & with_depot[:, None] & (fits != NO)] = FROM_DEPOT


def _ints(numbers: Iterable[Any]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


def _table(rows: Sequence[Sequence[int]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _offsets(groups: Sequence[Sequence[Any]]) -> Ints:
    return np.concatenate(([0], np.cumsum([len(some) for some in groups], dtype=np.int64))).astype(np.int64)
