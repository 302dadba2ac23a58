"""What a day really brought."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from yuanxin.engines.routing.plan import BreakTaken
from yuanxin.engines.routing.problem import Job


@dataclass(frozen=True, slots=True)
class Done:
    """A visit that was made. Unix seconds; travel_s: of the drive to it."""

    job: str
    tech: str
    start: int
    finish: int
    travel_s: int


@dataclass(frozen=True)
class Outcome:
    """A day after it is over.

    travel_s: all driving, the way home included. late_s: seconds behind the due instant or the end of the window,
    whichever is more, over all visits made; late_jobs: how many. done, left: jobs by priority. told: customers who
    were named a technician; changed: those whom another one visited, or nobody. overtime_s: after the shifts.
    seconds: CPU time of the planning.
    """

    policy: str
    visits: tuple[Done, ...]
    rests: tuple[BreakTaken, ...]
    travel_s: int
    late_s: int
    late_jobs: int
    done: Mapping[int, int]
    left: Mapping[int, int]
    told: int
    changed: int
    overtime_s: int
    seconds: float

    @property
    def done_total(self) -> int:
        """Return how many jobs were done."""
        return sum(self.done.values())

    def does_at_least(self, other: "Outcome") -> bool:
        """Say whether every priority has as many jobs done as in the other day."""
        return all(self.done.get(priority, 0) >= count for priority, count in other.done.items())


@dataclass
class Book:
    """Where a running day writes down what happens."""

    visits: list[Done] = field(default_factory=list)
    rests: list[BreakTaken] = field(default_factory=list)
    travel_s: int = 0
    overtime_s: int = 0
    told: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def close(self, policy: str, jobs: Mapping[str, Job]) -> Outcome:
        """Count the day."""
        made = {visit.job: visit for visit in self.visits}
        late = [late_s for visit in self.visits if (late_s := lateness_s(jobs[visit.job], visit))]
        return Outcome(
            policy=policy,
            visits=tuple(self.visits),
            rests=tuple(self.rests),
            travel_s=self.travel_s,
            late_s=sum(late),
            late_jobs=len(late),
            done=Counter(jobs[one].priority for one in made),
            left=Counter(job.priority for job in jobs.values() if job.id not in made),
            told=len(self.told),
            changed=sum(job not in made or made[job].tech != tech for job, tech in self.told.items()),
            overtime_s=self.overtime_s,
            seconds=self.seconds,
        )


def lateness_s(job: Job, visit: Done) -> int:
    """Return by how many seconds a visit missed what the customer was promised."""
    after_due = visit.finish - job.due if job.due is not None else 0
    after_window = visit.start - max(end for _, end in job.windows) if job.windows else 0
    return max(0, after_due, after_window)
