"""The state of a running day, and the problem that a planner sees at an instant of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem, Promise, Rest, Technician
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.scheduler import Route

OVERRUN_S = 600  # whoever is not done when he should be is expected to need so much more


@dataclass
class Person:
    """A technician on the move. free_at: when he really is free, unknown to planners; expected_at: what they expect.

    starts_at: when the work he is on begins; after it they expect ``mean_s`` from there on.
    """

    technician: Technician
    place: Place
    rests: tuple[Rest, ...]
    free_at: int
    expected_at: int
    starts_at: int = 0
    mean_s: int = 0
    turn: int = 0  # every new plan for him is a new turn; what was meant for an older one does not happen

    def is_busy(self, now: int) -> bool:
        """Say whether he works, drives or rests."""
        return self.free_at > now

    def expected(self, now: int) -> int:
        """Return when a planner expects him to be free."""
        if not self.is_busy(now):
            return now
        known = self.starts_at + self.mean_s if self.mean_s and now >= self.starts_at else self.expected_at
        return known if known > now else now + OVERRUN_S


@dataclass
class World:
    """Everybody, what is open, who does what next. routes: job ids by technician, not begun, in order.

    window_rate: points per second of coming after the window's end; call_again: points for a customer to whom nobody
    comes today; told: what customers know.
    """

    problem: Problem
    now: int
    people: dict[str, Person]
    window_rate: int
    call_again: int
    open: dict[str, Job] = field(default_factory=dict)
    routes: dict[str, list[str]] = field(default_factory=dict)
    plan: Plan | None = None
    told: dict[str, Promise] = field(default_factory=dict)

    def view(self) -> Problem:
        """Return what a planner knows now: who is where and free when, and the jobs not begun, as they were told.

        Windows of this problem are open to the end: being late has its price, but a job that is late is still done.
        """
        return replace(
            self.problem,
            now=self.now,
            technicians=tuple(self._seen(person) for person in self.people.values()),
            jobs=tuple(self.softened(job) for job in self.open.values()),
        )

    def _seen(self, person: Person) -> Technician:
        return replace(
            person.technician,
            position_now=person.place,
            busy_until=person.expected(self.now),
            breaks=person.rests,
        )

    def softened(self, job: Job) -> Job:
        """Return the job with its window's end as a due instant, and with what its customer was told.

        Not coming today is at least as late as coming last today, and another day must be found with the customer.
        """
        promised = self.told.get(job.id)
        if not job.windows:
            return replace(job, promised=promised, value=job.value + self.call_again)
        opens, closes = min(begin for begin, _ in job.windows), max(end for _, end in job.windows)
        last = max(one.end + one.overtime_max for one in self.problem.technicians)
        due = closes + job.dur if job.due is None else min(job.due, closes + job.dur)
        rate = max(job.late_rate, self.window_rate)
        return replace(
            job,
            value=job.value + self.call_again + rate * max(0, last - due),
            windows=((opens, max(closes, last)),),
            due=due,
            late_rate=rate,
            promised=promised,
        )

    def settle(self, seen: Problem, technicians: Iterable[str] | None = None) -> Draft:
        """Time the routes as they stand now, and store them; what no shift holds any more goes back to the open jobs.

        technicians: only these are timed again, None means all. Returns the draft of everybody timed.
        """
        chosen = list(self.people if technicians is None else technicians)
        draft = Draft(seen)
        for one in chosen:
            route = self.routes.setdefault(one, [])
            draft.crews.update((job, (one,)) for job in route)
            timed = self._timed(draft, seen, one, route)
            draft.keep(timed)
        return draft

    def _timed(self, draft: Draft, seen: Problem, technician_id: str, route: list[str]) -> Route:
        technician = seen.technician_by_id[technician_id]
        while route:
            timed = draft.try_route(technician, [seen.job_by_id[job] for job in route])
            if isinstance(timed, Route):
                return timed
            draft.crews.pop(route.pop())
        return Route(technician_id, back_at=technician.start)

    def take_over(self, routes: Mapping[str, Sequence[str]]) -> None:
        """Store new routes; who is told what is up to the day."""
        for technician in self.people:
            self.routes[technician] = list(routes.get(technician, ()))


def frozen(draft: Draft, engine: str) -> Plan:
    """Return a draft as a plan; why something is left out is not asked here."""
    unknown = (Reason(Cause.OUT_OF_TIME),)
    return draft.to_plan(reasons=dict.fromkeys(draft.unserved(), unknown), engine=engine, seconds=0.0)
