"""Live a day: events in the order of time, each followed by what people then set out to do."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import thread_time

from yuanxin.engines.routing.errors import CrewsNotSimulated
from yuanxin.engines.routing.plan import BreakTaken, Visit
from yuanxin.engines.routing.problem import Problem, Promise
from yuanxin.engines.routing.scheduler import Route
from yuanxin.engines.routing.simulated_day.dice import Throws
from yuanxin.engines.routing.simulated_day.outcome import Book, Done, Outcome
from yuanxin.engines.routing.simulated_day.policies import Policy
from yuanxin.engines.routing.simulated_day.world import Person, World


@dataclass(frozen=True)
class Day:
    """What is going to happen. known: Unix second at which each ticket comes in, by job; left out: before the day.

    look_every_s: how often the dispatcher looks at everything. window_rate: points per second of starting after the
    window, for planners; a job's own rate counts where it is higher. call_again: points, for planners, of a customer to
    whom nobody comes today. Raises CrewsNotSimulated for jobs of a crew and
    for jobs that wait for another: of these the order alone is no longer enough to go on.
    """

    problem: Problem
    known: Mapping[str, int]
    dice: Throws
    look_every_s: int = 1800
    window_rate: int = 2
    call_again: int = 2000

    def __post_init__(self) -> None:
        for job in self.problem.jobs:
            if job.crew > 1 or job.predecessor is not None or job.pinned is not None or job.group:
                raise CrewsNotSimulated(job=job.id)


def live(day: Day, policy: Policy) -> Outcome:
    """Live the day under a policy and count what really happened."""
    return _Running(day, policy).run()


@dataclass(order=True)
class _Event:
    at: int
    order: int
    what: str = field(compare=False)
    who: str = field(compare=False)
    turn: int = field(compare=False, default=0)


class _Running:
    def __init__(self, day: Day, policy: Policy) -> None:
        self.day, self.policy, self.book = day, policy, Book()
        problem = day.problem
        people = {
            one.id: Person(
                one,
                one.position_now or one.home,
                tuple(sorted(one.breaks, key=lambda rest: rest.earliest)),
                free_at=max(one.start, one.busy_until or 0),
                expected_at=max(one.start, one.busy_until or 0),
            )
            for one in problem.technicians
        }
        self.world = World(problem, problem.now, people, day.window_rate, day.call_again)
        self.next: dict[str, Route] = {}
        self.heap: list[_Event] = []
        self.count = 0

    def run(self) -> Outcome:
        """Go through all events."""
        begins = self.day.problem.now
        for job in self.day.problem.jobs:
            if self.day.known.get(job.id, begins) <= begins:
                self.world.open[job.id] = job
            else:
                self._at(self.day.known[job.id], "ticket", job.id)
        ends = max((one.end + one.overtime_max for one in self.day.problem.technicians), default=begins)
        for at in range(begins + self.day.look_every_s, ends, self.day.look_every_s):
            self._at(at, "look", "")
        self._decide("morning", "")
        while self.heap:
            event = heapq.heappop(self.heap)
            self.world.now = event.at
            if event.what == "go":
                if event.turn == self.world.people[event.who].turn:
                    self._go(event.who)
            elif event.what == "free":
                self._set_out([event.who])
            else:
                self._decide(event.what, event.who)
        self._home()
        return self.book.close(self.policy.name, self.day.problem.job_by_id)

    def _at(self, at: int, what: str, who: str, turn: int = 0) -> None:
        self.count += 1
        heapq.heappush(self.heap, _Event(at, self.count, what, who, turn))

    def _decide(self, what: str, job_id: str) -> None:
        """Let the policy decide, tell the customers, and let everybody who is free set out."""
        begun = thread_time()
        if what == "morning":
            self.policy.morning(self.world)
        elif what == "look":
            self.policy.look(self.world)
        else:
            job = self.day.problem.job_by_id[job_id]
            self.world.open[job_id] = job
            self.policy.ticket(self.world, job)
        self.book.seconds += thread_time() - begun
        self._set_out(list(self.world.people))
        for route in self.next.values():
            for visit in route.visits:
                self.book.told.setdefault(visit.job, visit.tech)
                self.world.told.setdefault(visit.job, Promise(visit.tech, visit.start, self.world.now))

    def _set_out(self, technicians: list[str]) -> None:
        """Time the routes of these technicians as things stand, and let those who are free go on when it is time."""
        for one in technicians:
            self._rest_idle(self.world.people[one])
        seen = self.world.view()
        routes = self.world.settle(seen, technicians).routes
        for one in technicians:
            person, self.next[one] = self.world.people[one], routes[one]
            person.turn += 1
            if person.is_busy(self.world.now):
                continue  # he looks again when he is free
            leave = self._leaves_at(person, routes[one])
            if leave is not None:
                self._at(max(leave, self.world.now), "go", one, person.turn)

    def _rest_idle(self, person: Person) -> None:
        """Who had nothing to do for as long as his rest, when it was time for it, has rested."""
        while person.rests and not person.is_busy(self.world.now):
            begin = max(person.free_at, person.rests[0].earliest)
            if begin + person.rests[0].dur > self.world.now:
                return
            self._rest(person, begin)

    def _rest(self, person: Person, at: int) -> int:
        """Take the next rest, not before its window; return when it ends."""
        rest, person.rests = person.rests[0], person.rests[1:]
        begin = max(at, rest.earliest)
        self.book.rests.append(BreakTaken(person.technician.id, begin, begin + rest.dur))
        return begin + rest.dur

    def _leaves_at(self, person: Person, route: Route) -> int | None:
        """Return when he stands up: for a rest that is overdue or planned, or so as to be at the door in time."""
        if not route.visits:
            return None
        if person.rests and person.rests[0].latest < self.world.now:
            return self.world.now
        visit = route.visits[0]
        before = [one for one in route.breaks if one.start < visit.start]
        if before and before[0].start < visit.arrive:
            return before[0].start
        return (before[0].start if before else visit.start) - visit.travel_s

    def _go(self, technician_id: str) -> None:
        """Rest, or drive to the next customer and do the work."""
        person, route, now = self.world.people[technician_id], self.next[technician_id], self.world.now
        visit = route.visits[0]
        before = [one for one in route.breaks if one.start < visit.start]
        if person.rests and (person.rests[0].latest < now or (before and before[0].start < visit.arrive)):
            person.starts_at = 0
            self._busy(person, free_at=self._rest(person, now), expected_at=0, mean_s=0)
            return
        self._visit(person, visit, len(before))

    def _visit(self, person: Person, visit: Visit, rests_at_door: int) -> None:
        job, now = self.world.open.pop(visit.job), self.world.now
        self.world.routes[person.technician.id].remove(job.id)
        planned_s = self.day.problem.travel.seconds(person.place, job.place, now)
        drive_s = self.day.dice.drive_s(job, planned_s)
        ready, expected = now + drive_s, now + planned_s
        for rest in person.rests[:rests_at_door]:
            ready, expected = self._rest(person, ready), max(expected, rest.earliest) + rest.dur
        opens = max([job.release, *(begin for begin, _ in job.windows[:1])])
        start = max(ready, opens)
        finish = start + self.day.dice.work_s(job)
        person.place, person.starts_at = job.place, start
        self._busy(person, free_at=finish, expected_at=max(expected, opens) + job.dur, mean_s=job.dur)
        self.book.travel_s += drive_s
        self.book.visits.append(Done(job.id, person.technician.id, start, finish, drive_s))
        self.book.told.setdefault(job.id, person.technician.id)

    def _busy(self, person: Person, *, free_at: int, expected_at: int, mean_s: int) -> None:
        person.free_at, person.expected_at, person.mean_s = free_at, expected_at or free_at, mean_s
        self._at(free_at, "free", person.technician.id)

    def _home(self) -> None:
        """Send everybody home who went out."""
        out = {visit.tech for visit in self.book.visits}
        for person in (self.world.people[one] for one in sorted(out)):
            home_s = self.day.problem.travel.seconds(person.place, person.technician.home, person.free_at)
            if self.day.problem.rules.return_home:
                self.book.travel_s += home_s
                self.book.overtime_s += max(0, person.free_at + home_s - person.technician.end)
