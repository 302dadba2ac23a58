"""The one function that turns a technician's sequence of jobs into instants: the door to ``core.timing``.

The search, the checker's counterpart, the screen and the arrival message all use it, so the lunch break stands at the
same place for all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from yuanxin.engines.routing.core.arrays import FREE_FROM, NEVER, REST_AT, Arrays, Index, Ints, arrays_of
from yuanxin.engines.routing.core.timing import BREAKS, FIELDS, LABELS, follow, run
from yuanxin.engines.routing.plan import BreakTaken, DepotStop, Visit
from yuanxin.engines.routing.problem import Job, Problem, Technician
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
    """A feasible timed route. leave_at, back_at: Unix seconds; travel_s includes the way home."""

    technician: str
    visits: tuple[Visit, ...] = ()
    breaks: tuple[BreakTaken, ...] = ()
    back_at: int = 0
    travel_s: int = 0
    overtime_s: int = 0
    stops: tuple[DepotStop, ...] = ()
    leave_at: int = 0


CAUSES = {
    1: Cause.WINDOW, 2: Cause.RELEASE, 3: Cause.SHIFT, 4: Cause.BREAK, 5: Cause.PINNED_START, 6: Cause.CREW,
    7: Cause.PREDECESSOR_LATER, 8: Cause.SUCCESSOR, 9: Cause.PART_MISSING, 10: Cause.TOOL_MISSING,
}  # fmt: skip


def schedule(
    problem: Problem, technician: Technician, jobs: Sequence[Job], bounds: Bounds = FREE, mates: Sequence[str] = ()
) -> Route | Reason:
    """Return the timed route, or the first hard rule that no placement of the breaks can keep.

    mates: ids of the jobs in which he does not lead the crew and uses up no parts.
    """
    if not jobs:
        return Route(technician.id, back_at=technician.start, leave_at=technician.start)
    a, index = arrays_of(problem)
    count = len(jobs)
    nodes = np.array([index.node_at[job.id] + (job.id in mates) for job in jobs], dtype=np.int64)
    asked = np.array(
        [
            (bounds.not_before.get(job.id, 0), bounds.done_by.get(job.id, NEVER), bounds.starts.get(job.id, -1))
            for job in jobs
        ],
        dtype=np.int64,
    )
    labels = np.zeros((count + 1, LABELS + 1, FIELDS), dtype=np.int64)
    counts = np.zeros(count + 1, dtype=np.int64)
    out, why = np.zeros(8, dtype=np.int64), new_why(a)
    t = index.technician_at[technician.id]
    if not run(a, t, nodes, count, asked, labels, counts, out, why):
        return reason_of(index, technician.id, why)
    return route_of(a, index, t, nodes, labels, out, why)


def new_why(a: Arrays) -> Ints:
    """Return an empty note of reasons, with room for the begins of breaks."""
    return np.zeros(BREAKS + 1 + int(a.rests.shape[0]), dtype=np.int64)


def reason_of(index: Index, technician: str, why: Ints) -> Reason:
    """Translate a note of the compiled functions."""
    code, node, needed, has = (int(number) for number in why[:BREAKS])
    job = index.jobs[node].id if node >= 0 else ""
    return Reason(CAUSES[code], technician, job, needed=needed, has=has)


def route_of(a: Arrays, index: Index, t: int, nodes: Ints, labels: Ints, out: Ints, why: Ints) -> Route:
    """Write out the route that ``close`` chose: label, price, back at, seconds home, overtime, put off."""
    count, technician = len(nodes), index.technicians[t]
    rows = np.zeros((count, 4), dtype=np.int64)
    begin, end = int(a.tech[t, REST_AT]), int(a.tech[t + 1, REST_AT])
    rests = np.zeros(end - begin, dtype=np.int64)
    stop = np.zeros(3, dtype=np.int64)
    follow(a, t, nodes, count, labels, int(out[0]), int(out[5]), rows, rests, stop, why)
    visits = []
    for node, (arrive, start, finish, travel_s) in zip(nodes.tolist(), rows.tolist(), strict=True):
        job = index.jobs[node]
        late_s = 0 if job.due is None else max(0, finish - job.due)
        visits.append(Visit(job.id, technician.id, arrive, start, finish, travel_s, late_s))
    lengths = a.rests[begin:end, 2].tolist()
    breaks = sorted((start, start + dur) for start, dur in zip(rests.tolist(), lengths, strict=True) if start >= 0)
    return Route(
        technician.id,
        tuple(visits),
        tuple(BreakTaken(technician.id, begin, end) for begin, end in breaks),
        back_at=int(out[2]),
        travel_s=sum(visit.travel_s for visit in visits) + int(out[3]),
        overtime_s=int(out[4]),
        stops=(DepotStop(technician.id, *(int(one) for one in stop)),) if stop[0] >= 0 else (),
        leave_at=int(a.tech[t, FREE_FROM] + out[5]),
    )
