"""The one function that turns a technician's sequence of jobs into instants.

The search, the checker's counterpart, the screen and the arrival message all use it, so the lunch break
stands at the same place for all of them. Every visit starts as early as its rules allow. For the breaks
every position in the route is tried: labels (time, lateness) that another label dominates are dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.plan import BreakTaken, Visit
from yuanxin.engines.routing.problem import Job, Problem, Rest, Technician
from yuanxin.engines.routing.reasons import Cause, Reason


@dataclass(frozen=True, slots=True)
class Bounds:
    """What other routes ask of this one, by job id, Unix seconds.

    not_before: a predecessor ends then. done_by: a successor starts then. starts: common starts of crews.
    """

    not_before: Mapping[str, int] = field(default_factory=dict)
    done_by: Mapping[str, int] = field(default_factory=dict)
    starts: Mapping[str, int] = field(default_factory=dict)


FREE = Bounds()


@dataclass(frozen=True, slots=True)
class Route:
    """A feasible timed route. back_at: Unix seconds when the shift really ends; travel_s includes the way home."""

    technician: str
    visits: tuple[Visit, ...] = ()
    breaks: tuple[BreakTaken, ...] = ()
    back_at: int = 0
    travel_s: int = 0
    overtime_s: int = 0


@dataclass(frozen=True, slots=True)
class _Label:
    """A way to have done the jobs so far. ``trail`` links back: (label before, visit, breaks before it)."""

    free_at: int
    late_cost: int
    travel_s: int
    rests_taken: int
    before: "_Label | None" = None
    visit: Visit | None = None
    rests: tuple[BreakTaken, ...] = ()


def schedule(problem: Problem, technician: Technician, jobs: Sequence[Job], bounds: Bounds = FREE) -> Route | Reason:
    """Return the timed route, or the first hard rule that no placement of the breaks can keep."""
    if not jobs:
        return Route(technician.id, back_at=technician.start)
    free_from = max(technician.start, problem.now, technician.busy_until or 0)
    rests = [rest for rest in technician.breaks if free_from <= rest.latest and rest.earliest <= technician.end]
    rests.sort(key=lambda rest: (rest.earliest, rest.latest))
    place = technician.position_now or technician.home
    labels = [_Label(free_from, 0, 0, 0)]
    for job in jobs:
        reached = [
            _serve(problem, technician, label, place, job, taken, rests, bounds)
            for label in labels
            for taken in range(label.rests_taken, len(rests) + 1)
        ]
        labels = _undominated([label for label in reached if isinstance(label, _Label)])
        if not labels:
            return next(reason for reason in reached if isinstance(reason, Reason))
        place = job.place
    return _close(problem, technician, labels, place, rests)


def _serve(
    problem: Problem,
    technician: Technician,
    label: _Label,
    place: Place,
    job: Job,
    taken: int,
    rests: Sequence[Rest],
    bounds: Bounds,
) -> _Label | Reason:
    """Extend a label by one job, with the breaks up to number ``taken`` before it."""
    if problem.is_fact(job) and job.pinned is not None and job.pinned.start is not None:
        visit = _visit(job, technician, job.pinned.start, job.pinned.start, 0)
        free_at = max(label.free_at, visit.finish)
        return _Label(free_at, label.late_cost, label.travel_s, label.rests_taken, label, visit)
    travel_s = problem.travel.seconds(place, job.place)
    at_door = _go(label.free_at, travel_s, rests[label.rests_taken : taken], technician.id)
    if at_door is None:
        return Reason(Cause.BREAK, technician.id, job.id)
    arrive, ready, breaks = at_door
    start_or_reason = _start(problem, technician, job, ready, bounds)
    if isinstance(start_or_reason, Reason):
        return start_or_reason
    visit = _visit(job, technician, arrive, start_or_reason, travel_s)
    if visit.finish > bounds.done_by.get(job.id, visit.finish):
        return Reason(Cause.SUCCESSOR, technician.id, job.id, needed=bounds.done_by[job.id], has=visit.finish)
    if visit.finish > technician.end + technician.overtime_max:
        return Reason(
            Cause.SHIFT, technician.id, job.id, needed=visit.finish, has=technician.end + technician.overtime_max
        )
    late_cost = label.late_cost + visit.late_s * job.late_rate
    return _Label(visit.finish, late_cost, label.travel_s + travel_s, taken, label, visit, breaks)


def _visit(job: Job, technician: Technician, arrive: int, start: int, travel_s: int) -> Visit:
    finish = start + job.dur
    late_s = 0 if job.due is None else max(0, finish - job.due)
    return Visit(job.id, technician.id, arrive, start, finish, travel_s, late_s)


def _go(
    free_at: int, travel_s: int, rests: Iterable[Rest], technician: str
) -> tuple[int, int, tuple[BreakTaken, ...]] | None:
    """Drive and rest; return (arrival, ready to work, breaks), or None when a break would begin too late.

    A break is taken at the door of the next customer if the drive leaves time for it, else before the drive.
    """
    clock, arrive, breaks = free_at, None, []
    for rest in rests:
        if arrive is None and clock + travel_s <= rest.latest:
            clock = arrive = clock + travel_s
        begin = max(clock, rest.earliest)
        if begin > rest.latest:
            return None
        clock = begin + rest.dur
        breaks.append(BreakTaken(technician, begin, clock))
    if arrive is None:
        clock = arrive = clock + travel_s
    return arrive, clock, tuple(breaks)


def _start(problem: Problem, technician: Technician, job: Job, ready: int, bounds: Bounds) -> int | Reason:
    """Return the first instant at which work may start, or the rule that forbids any."""
    not_before = bounds.not_before.get(job.id, 0)
    if job.pinned and job.pinned.start is not None:
        return _exactly(job.pinned.start, Cause.PINNED_START, technician, job, ready, not_before)
    earliest = max(ready, job.release, not_before)
    fixed = bounds.starts.get(job.id)
    if fixed is not None and is_open(job, fixed):
        return _exactly(fixed, Cause.CREW, technician, job, ready, not_before)
    if fixed is None:
        for window_from, window_to in sorted(job.windows) or [(earliest, earliest)]:
            if earliest <= window_to:
                return max(earliest, window_from)
    last = max((window_to for _, window_to in job.windows), default=0)
    cause = Cause.RELEASE if job.release > max(ready, not_before) else Cause.WINDOW
    return Reason(cause, technician.id, job.id, needed=last, has=earliest)


def _exactly(start: int, cause: Cause, technician: Technician, job: Job, ready: int, not_before: int) -> int | Reason:
    """Return the decided start, or why he cannot make it."""
    if ready > start:
        return Reason(cause, technician.id, job.id, needed=start, has=ready)
    if not_before > start:
        return Reason(Cause.PREDECESSOR_LATER, technician.id, job.id, needed=start, has=not_before)
    return start


def is_open(job: Job, start: int) -> bool:
    """Say whether a job may start at this instant, as far as it alone is asked."""
    return start >= job.release and (not job.windows or any(a <= start <= b for a, b in job.windows))


def _undominated(labels: list[_Label]) -> list[_Label]:
    """Keep, for each number of breaks taken, the labels that no earlier and cheaper one beats."""
    kept: list[_Label] = []
    for label in sorted(labels, key=lambda one: (one.rests_taken, one.free_at, one.late_cost)):
        last = kept[-1] if kept else None
        if last is None or last.rests_taken != label.rests_taken or label.late_cost < last.late_cost:
            kept.append(label)
    return kept


def _close(
    problem: Problem, technician: Technician, labels: Sequence[_Label], place: Place, rests: Sequence[Rest]
) -> Route | Reason:
    """Bring the technician home and return the cheapest closed route."""
    home_s = problem.travel.seconds(place, technician.home) if problem.rules.return_home else 0
    last_end = technician.end + technician.overtime_max
    best: tuple[int, int, Route] | None = None
    reason = Reason(Cause.BREAK, technician.id)
    for label in labels:
        facts_only = label.visit is not None and label.visit.start < problem.now
        # A break that could still begin after he is home belongs to the evening and costs nothing.
        open_rests = () if facts_only else rests[label.rests_taken :]
        due = [rest for rest in open_rests if rest.latest < label.free_at + home_s]
        gone = _go(label.free_at, home_s, due, technician.id)
        if gone is None:
            continue
        back_at = gone[0]
        if back_at > last_end and not facts_only:
            reason = Reason(Cause.SHIFT, technician.id, label.visit.job if label.visit else "", back_at, last_end)
            continue
        overtime_s = max(0, back_at - technician.end)
        price = label.late_cost + overtime_s * problem.weights.overtime_permille // 1000
        if best is None or (price, back_at) < best[:2]:
            visits, breaks = _trail(label)
            route = Route(technician.id, visits, breaks + gone[2], back_at, label.travel_s + home_s, overtime_s)
            best = (price, back_at, route)
    return best[2] if best else reason


def _trail(label: _Label) -> tuple[tuple[Visit, ...], tuple[BreakTaken, ...]]:
    visits: list[Visit] = []
    breaks: list[BreakTaken] = []
    step: _Label | None = label
    while step is not None:
        if step.visit is not None:
            visits.append(step.visit)
            breaks.extend(reversed(step.rests))
        step = step.before
    return tuple(reversed(visits)), tuple(reversed(breaks))
