"""A problem as other people's optimisers can take it: plain numbers, single visits, no late starts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import gcd

import numpy as np
import numpy.typing as npt

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.eligibility import obstacles
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.plan import Plan, Score
from yuanxin.engines.routing.problem import Job, Problem, Rest, Technician, Window

NO_PLAN = Plan((), (), {}, Score({}), "", 0.0)


@dataclass(frozen=True, slots=True)
class Van:
    """A technician who has time left. All seconds count from ``Reduced.zero``.

    free_from, end: his working time; origin, home: indices of places; price: of one second of driving; may_do: indices
    of jobs; stock: pieces per part code.
    """

    technician: Technician
    free_from: int
    end: int
    overtime_max: int
    origin: int
    home: int
    price: int
    may_do: frozenset[int]
    stock: tuple[int, ...]
    breaks: tuple[Rest, ...]


@dataclass(frozen=True)
class Reduced:
    """The plain part of a problem.

    zero: Unix second of the first instant. jobs[i] stands at place i and may start inside windows[i] (seconds from
    ``zero``). drive[from, to]: seconds; a van that need not come home ends at a place that is near to everywhere.
    Prices are whole numbers in units of 1/scale of a point.
    """

    problem: Problem
    zero: int
    jobs: tuple[Job, ...]
    windows: tuple[tuple[Window, ...], ...]
    vans: tuple[Van, ...]
    places: tuple[Place, ...]
    drive: npt.NDArray[np.int64]
    parts: tuple[str, ...]
    scale: int
    decided: Draft

    @cached_property
    def horizon(self) -> int:
        """Last second at which anybody is at work."""
        return max((van.end + van.overtime_max for van in self.vans), default=0)

    def pieces(self, job: Job) -> tuple[int, ...]:
        """Return how many pieces of each part a job uses up."""
        return tuple(job.parts.get(code, 0) for code in self.parts)


def reduce(problem: Problem) -> Reduced:
    """Return what others can plan: jobs for one person, without pin, group or predecessor, that have a window left.

    Everything else stays with us: pins stand in ``decided``, the rest is inserted afterwards. Promises, the depot and
    the hours of travel are not expressed. A technician with work that has begun is free at its end, where it is.
    """
    decided = load(problem, NO_PLAN)
    free = {one.id: _free_from(problem, decided, one) for one in problem.technicians}
    people = [one for one in problem.technicians if free[one.id][0] <= one.end + one.overtime_max]
    zero = min((free[one.id][0] for one in people), default=problem.now)
    last = max((one.end + one.overtime_max for one in people), default=zero)
    pairs = [(job, _windows(job, zero, last)) for job in problem.jobs if _is_plain(problem, decided, job)]
    jobs = tuple(job for job, windows in pairs if windows)
    parts = tuple(sorted({code for job in jobs for code in job.parts}))
    places = [job.place for job in jobs]
    stops = list(dict.fromkeys(place for one in people for place in (free[one.id][1], one.home)))
    index = {place: len(places) + number for number, place in enumerate(stops)}
    drive = _drive(problem, [*places, *stops])
    scale = 60 // gcd(60, *(one.cost_per_min * problem.weights.travel for one in people))
    vans = tuple(
        Van(
            technician=one,
            free_from=free[one.id][0] - zero,
            end=max(one.end, free[one.id][0]) - zero,
            overtime_max=one.end + one.overtime_max - max(one.end, free[one.id][0]),
            origin=index[free[one.id][1]],
            home=index[one.home] if problem.rules.return_home else len(places) + len(stops),
            price=one.cost_per_min * problem.weights.travel * scale // 60,
            may_do=frozenset(n for n, job in enumerate(jobs) if next(obstacles(problem, one, job), None) is None),
            stock=tuple(one.parts.get(code, 0) for code in parts),
            breaks=tuple(_breaks(one, free[one.id][0], zero)),
        )
        for one in people
    )
    anywhere = places[0] if places else None
    everything = [*places, *stops, *([anywhere] if anywhere and not problem.rules.return_home else [])]
    return Reduced(
        problem,
        zero,
        jobs,
        tuple(windows for _, windows in pairs if windows),
        vans,
        tuple(everything),
        drive,
        parts,
        scale,
        decided,
    )


def _is_plain(problem: Problem, decided: Draft, job: Job) -> bool:
    bound = job.group or job.predecessor or problem.successors.get(job.id) or (job.pinned and job.pinned.start)
    return job.crew == 1 and not bound and job.id not in decided.crews


def _free_from(problem: Problem, decided: Draft, technician: Technician) -> tuple[int, Place]:
    """Return the Unix second from which he is free behind the work that has begun, and where he is then."""
    facts = decided.sequence(technician.id)[: decided.first_open(technician.id)]
    free_from = max(technician.start, problem.now, technician.busy_until or 0)
    if not facts:
        return free_from, technician.position_now or technician.home
    return max(free_from, *(decided.finishes[job.id] for job in facts)), facts[-1].place


def _windows(job: Job, zero: int, last: int) -> tuple[Window, ...]:
    """Return when the job may start, in seconds from ``zero``, without the time in which a start would be late.

    Where every start would be late, the first instant is left.
    """
    earliest = max(job.release, zero)
    open_windows = [(max(a, earliest), min(b, last)) for a, b in job.windows or ((earliest, last),)]
    open_windows = sorted((a, b) for a, b in open_windows if a <= b)
    if job.due is not None and job.late_rate and open_windows:
        by = job.due - job.dur
        on_time = [(a, min(b, by)) for a, b in open_windows if a <= by]
        open_windows = on_time or [(open_windows[0][0], open_windows[0][0])]
    return tuple((a - zero, b - zero) for a, b in open_windows)


def _breaks(technician: Technician, free_from: int, zero: int) -> Iterator[Rest]:
    """Yield the breaks that begin within the working time that is left, in seconds from ``zero``."""
    for rest in technician.breaks:
        earliest, latest = max(rest.earliest, free_from), min(rest.latest, technician.end - rest.dur)
        if earliest <= latest:
            yield Rest(earliest - zero, latest - zero, rest.dur)


def _drive(problem: Problem, places: list[Place]) -> npt.NDArray[np.int64]:
    """Return seconds of driving between all places, and to nowhere where nobody has to come home."""
    table = np.zeros((0, 0), dtype=np.int64)
    if places:
        table = problem.travel.table(places).astype(np.int64)
        table = np.where(table > 0, table + problem.travel.entry_s, 0)
    return table if problem.rules.return_home else np.pad(table, (0, 1))
