"""A plan while it is being made: sequences of jobs, always feasible, with their timed routes and prices."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from yuanxin.engines.routing.core.arrays import NO, arrays_of
from yuanxin.engines.routing.core.state import COMMON, SIZE, State, forget, new_state, rewrite
from yuanxin.engines.routing.eligibility import missing_parts
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.pricing import price, route_terms
from yuanxin.engines.routing.problem import Job, Problem, Technician
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.scheduler import Bounds, Route, route_of, schedule


class Draft:
    """The working plan of one engine run. Every stored route came out of ``schedule``."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.routes: dict[str, Route] = {one.id: _idle(one) for one in problem.technicians}
        self.terms: dict[str, dict[str, int]] = {one.id: {} for one in problem.technicians}
        self.crews: dict[str, tuple[str, ...]] = {}  # job to technicians, the leader first
        self.starts: dict[str, int] = {}
        self.finishes: dict[str, int] = {}
        self.arrays, self.index = arrays_of(problem)
        self.state: State = new_state(self.arrays)  # the same plan for the compiled functions

    def sequence(self, technician: str) -> list[Job]:
        """Return the jobs of a technician in order."""
        return [self.problem.job_by_id[visit.job] for visit in self.routes[technician].visits]

    def first_open(self, technician: str) -> int:
        """Return the first position behind the work that has begun."""
        facts = (self.problem.is_fact(job) for job in self.sequence(technician))
        return sum(1 for fact in facts if fact)

    def unserved(self) -> list[str]:
        """Return the ids of the jobs without a visit, in the problem's order."""
        return [job.id for job in self.problem.jobs if job.id not in self.crews]

    def try_route(
        self,
        technician: Technician,
        jobs: Sequence[Job],
        *,
        leads: bool = True,
        crew_start: int | None = None,
        added: Job | None = None,
    ) -> Route | Reason:
        """Time a sequence against everything else in the draft.

        added: the job that is new here; leads: whether this technician would lead its crew; crew_start: its
        common start, Unix seconds.
        """
        inside = {job.id: position for position, job in enumerate(jobs)}
        led = [
            job
            for job in jobs
            if (leads if job is added else self._leads(technician, job)) and not self.problem.is_fact(job)
        ]
        for reason in missing_parts(technician, *led):
            return reason
        mates = [
            job.id for job in jobs if job.crew > 1 and not (leads if job is added else self._leads(technician, job))
        ]
        starts = {job.id: self.starts[job.id] for job in jobs if job.crew > 1 and job.id in self.starts}
        if added is not None and crew_start is not None:
            starts[added.id] = crew_start
        not_before: dict[str, int] = {}
        done_by: dict[str, int] = {}
        for job in jobs:
            refused = self._order(technician, job, inside, not_before, done_by)
            if refused:
                return refused
        return schedule(self.problem, technician, jobs, Bounds(not_before, done_by, starts), mates)

    def _leads(self, technician: Technician, job: Job) -> bool:
        return self.crews[job.id][0] == technician.id

    def _order(
        self,
        technician: Technician,
        job: Job,
        inside: Mapping[str, int],
        not_before: dict[str, int],
        done_by: dict[str, int],
    ) -> Reason | None:
        """Collect what predecessor, successors and group of a job ask; return a reason if order alone forbids it."""
        if self.problem.is_fact(job):
            return None
        if job.group:
            for other in self.group_mates(job):
                if technician.id not in self.crews[other]:
                    return Reason(Cause.GROUP_WITH_OTHER, technician.id, self.crews[other][0])
        before = job.predecessor
        if before is not None and before in inside:
            if inside[before] > inside[job.id]:
                return Reason(Cause.PREDECESSOR_LATER, technician.id, before)
        elif before is not None:
            if before not in self.finishes:
                return Reason(Cause.PREDECESSOR_UNSERVED, technician.id, before)
            not_before[job.id] = self.finishes[before]
        waiting = [
            self.starts[one]
            for one in self.problem.successors.get(job.id, ())
            if one in self.starts and one not in inside and not self._is_fact(one)
        ]
        if waiting:
            done_by[job.id] = min(waiting)
        return None

    def _is_fact(self, job_id: str) -> bool:
        return self.problem.is_fact(self.problem.job_by_id[job_id])

    def group_mates(self, job: Job) -> list[str]:
        """Return the ids of the placed jobs of the same group."""
        return [
            other
            for other in self.crews
            if other != job.id and job.group and self.problem.job_by_id[other].group == job.group
        ]

    def terms_of(self, route: Route) -> dict[str, int]:
        """Price a route."""
        return route_terms(self.problem, self.problem.technician_by_id[route.technician], route)

    def put(self, job: Job, routes: Sequence[Route]) -> None:
        """Place a job: ``routes`` are the new routes of its crew, the leader's first."""
        self.crews[job.id] = tuple(route.technician for route in routes)
        for route in routes:
            self.keep(route)

    def put_all(self, technician: Technician, jobs: Sequence[Job]) -> bool:
        """Let a technician do exactly these jobs, none of which is tied to another route; False, and none, if not."""
        a, state, t = self.arrays, self.state, self.index.technician_at[technician.id]
        nodes = np.array([self.index.node_at[job.id] for job in jobs], dtype=np.int64)
        if (a.fits[t, nodes] == NO).any() or len(nodes) >= state.seq.shape[1] or not rewrite(a, state, t, nodes):
            forget(a, state, t)
            rewrite(a, state, t, nodes[:0])
            return False
        route = route_of(a, self.index, t, nodes, state.labels[t], state.out, state.why)
        self.routes[technician.id], self.terms[technician.id] = route, self.terms_of(route)
        for visit in route.visits:
            self.crews[visit.job] = (technician.id,)
            self.starts[visit.job], self.finishes[visit.job] = visit.start, visit.finish
        return True

    def keep(self, route: Route) -> None:
        """Store a timed route."""
        self.routes[route.technician] = route
        self.terms[route.technician] = self.terms_of(route)
        for visit in route.visits:
            self.starts[visit.job] = visit.start
            self.finishes[visit.job] = visit.finish
        self._mirror(route)

    def adopt(self, state: State) -> None:
        """Take over a compiled plan in which only jobs of a crew of one have moved."""
        self.crews = {job: crew for job, crew in self.crews.items() if self.problem.job_by_id[job].crew > 1}
        self.state = state
        for t, technician in enumerate(self.problem.technicians):
            nodes = state.seq[t, : int(state.team[t, SIZE])].copy()
            if not len(nodes):
                self.routes[technician.id], self.terms[technician.id] = _idle(technician), {}
                continue
            rewrite(self.arrays, state, t, nodes)
            route = route_of(self.arrays, self.index, t, nodes, state.labels[t], state.out, state.why)
            self.routes[technician.id], self.terms[technician.id] = route, self.terms_of(route)
            for visit in route.visits:
                self.starts[visit.job], self.finishes[visit.job] = visit.start, visit.finish
                if self.problem.job_by_id[visit.job].crew == 1:
                    self.crews[visit.job] = (technician.id,)
        for job in [one for one in self.starts if one not in self.crews]:
            del self.starts[job], self.finishes[job]

    def _mirror(self, route: Route) -> None:
        """Write a route into the compiled state too."""
        nodes = []
        for visit in route.visits:
            job, node = self.problem.job_by_id[visit.job], self.index.node_at[visit.job]
            if job.crew > 1:
                crew = self.crews[visit.job]
                node += crew.index(route.technician) if route.technician in crew else 0
                self.state.spot[node, COMMON] = visit.start
            nodes.append(node)
        rewrite(self.arrays, self.state, self.index.technician_at[route.technician], np.array(nodes, dtype=np.int64))

    def take_out(self, job_id: str) -> None:
        """Remove a job, and with it everything that only it made possible."""
        crew = self.crews.pop(job_id, ())
        if crew:
            node = self.index.node_at[job_id]
            self.state.spot[node : node + self.problem.job_by_id[job_id].crew, COMMON] = -1
        self.starts.pop(job_id, None)
        self.finishes.pop(job_id, None)
        for waiting in self.problem.successors.get(job_id, ()):
            if waiting in self.crews and not self._is_fact(waiting):
                self.take_out(waiting)
        for technician in crew:
            rest = [job for job in self.sequence(technician) if job.id in self.crews]
            self._settle(self.problem.technician_by_id[technician], rest)

    def _settle(self, technician: Technician, jobs: list[Job]) -> None:
        """Store the rest of a route; if travel breaks the triangle, give up jobs from its end."""
        while True:
            timed = self.try_route(technician, jobs)
            if isinstance(timed, Route):
                self.keep(timed)
                return
            given_up = next(job for job in reversed(jobs) if not self.problem.is_fact(job))
            self.routes[technician.id] = _idle(technician)
            self._mirror(self.routes[technician.id])
            self.take_out(given_up.id)
            jobs = [job for job in jobs if job.id in self.crews]

    def copy(self) -> "Draft":
        """Return an independent copy; routes are immutable and shared."""
        twin = Draft(self.problem)
        twin.routes, twin.terms = dict(self.routes), dict(self.terms)
        twin.crews, twin.starts, twin.finishes = dict(self.crews), dict(self.starts), dict(self.finishes)
        twin.state = State(*(array.copy() for array in self.state))
        return twin

    def become(self, other: "Draft") -> None:
        """Take over the content of another draft of the same problem."""
        self.routes, self.terms = other.routes, other.terms
        self.crews, self.starts, self.finishes = other.crews, other.starts, other.finishes
        self.state = other.state

    def total(self) -> int:
        """Return the score's total in points."""
        lost = sum(job.value for job in self.problem.jobs if job.id not in self.crews)
        return lost + sum(sum(terms.values()) for terms in self.terms.values())

    def to_plan(self, *, reasons: Mapping[str, Iterable[Reason]], engine: str, seconds: float) -> Plan:
        """Freeze the draft. reasons: at least one for every unserved job."""
        left_out = self.unserved()
        return Plan(
            visits=tuple(visit for route in self.routes.values() for visit in route.visits),
            breaks=tuple(taken for route in self.routes.values() for taken in route.breaks),
            unserved={job: tuple(reasons[job]) for job in left_out},
            score=price(self.problem, self.routes.values(), left_out),
            engine=engine,
            seconds=seconds,
            stops=tuple(stop for route in self.routes.values() for stop in route.stops),
        )


def _idle(technician: Technician) -> Route:
    """Return the route of somebody who is not sent anywhere."""
    return Route(technician.id, back_at=technician.start, leave_at=technician.start)
