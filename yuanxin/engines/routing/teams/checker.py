"""Judge a schedule by the rules alone, without the search: which rule is broken where, and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from yuanxin.engines.routing.teams.problem import Intervention, TeamProblem
from yuanxin.engines.routing.teams.schedule import Schedule, Task, WhyNot


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule: what, and the job, the day or the technician it is about."""

    rule: str
    job: str = ""
    day: int = 0
    technician: str = ""


def breaches(problem: TeamProblem, schedule: Schedule) -> list[Breach]:
    """Return every broken rule; empty means that the schedule may be worked as it stands."""
    return [*_complete(problem, schedule), *_teams(problem, schedule), *_work(problem, schedule)]


def cost_of(problem: TeamProblem, schedule: Schedule) -> tuple[int, tuple[int, int, int, int]]:
    """Return the cost and the four ends, counted anew from the tasks."""
    ends = [0, 0, 0, 0]
    for task in schedule.tasks:
        job = problem.by_id[task.job]
        end = (task.day - 1) * problem.day + task.start + job.units
        ends[3] = max(ends[3], end)
        if job.priority < len(ends):
            ends[job.priority - 1] = max(ends[job.priority - 1], end)
    last = (ends[0], ends[1], ends[2], ends[3])
    return sum(price * end for price, end in zip(problem.prices, last, strict=True)), last


def _complete(problem: TeamProblem, schedule: Schedule) -> Iterator[Breach]:
    done = [task.job for task in schedule.tasks]
    for job in problem.interventions:
        ways = done.count(job.id) + (job.id in schedule.outsourced) + (job.id in schedule.left_out)
        if ways != 1:
            yield Breach("not_once", job.id)
    for name in {*done, *schedule.outsourced, *schedule.left_out} - set(problem.by_id):
        yield Breach("unknown", name)
    if sum(problem.by_id[job].price for job in schedule.outsourced if job in problem.by_id) > problem.budget:
        yield Breach("budget")
    for job_id, reason in schedule.left_out.items():
        if reason.why is WhyNot.PREDECESSOR_LEFT_OUT and reason.job not in schedule.left_out:
            yield Breach("reason", job_id)
        if reason.why is not WhyNot.PREDECESSOR_LEFT_OUT and _possible(problem, problem.by_id[job_id]):
            yield Breach("reason", job_id)
    for job in problem.interventions:
        if any(other in schedule.outsourced for other in job.before) and job.id not in schedule.outsourced:
            yield Breach("outsourced_predecessor", job.id)


def _possible(problem: TeamProblem, job: Intervention) -> bool:
    return job.units <= problem.day and not _short(problem, job, [one.id for one in problem.technicians])


def _teams(problem: TeamProblem, schedule: Schedule) -> Iterator[Breach]:
    for day, teams in schedule.teams.items():
        members = [one for team in teams for one in team]
        for one in sorted(set(members)):
            if one not in problem.technician_by_id:
                yield Breach("unknown", day=day, technician=one)
            elif members.count(one) > 1:
                yield Breach("two_teams", day=day, technician=one)
            elif day in problem.technician_by_id[one].absent:
                yield Breach("absent", day=day, technician=one)


def _work(problem: TeamProblem, schedule: Schedule) -> Iterator[Breach]:
    known = [task for task in schedule.tasks if task.job in problem.by_id]
    ends = {task.job: (task.day - 1) * problem.day + task.start + problem.by_id[task.job].units for task in known}
    queues: dict[tuple[int, int], list[Task]] = {}
    for task in known:
        job, teams = problem.by_id[task.job], schedule.teams.get(task.day, ())
        if not 0 <= task.team < len(teams):
            yield Breach("no_team", task.job, task.day)
            continue
        queues.setdefault((task.day, task.team), []).append(task)
        if task.day < 1 or task.start < 0 or task.start + job.units > problem.day:
            yield Breach("outside_the_day", task.job, task.day)
        if _short(problem, job, list(teams[task.team])):
            yield Breach("skills", task.job, task.day)
        begins = (task.day - 1) * problem.day + task.start
        if any(other not in ends or ends[other] > begins for other in job.before):
            yield Breach("predecessor", task.job, task.day)
    for (day, _), queue in queues.items():
        for one, two in pairwise(sorted(queue, key=lambda task: task.start)):
            if one.start + problem.by_id[one.job].units > two.start:
                yield Breach("overlap", two.job, day)


def _short(problem: TeamProblem, job: Intervention, members: list[str]) -> bool:
    """Say whether these technicians are too few for one of the job's needs."""
    levels = [problem.technician_by_id[one].levels for one in members if one in problem.technician_by_id]
    return any(
        sum(have[domain] >= level for have in levels) < count
        for domain, counts in enumerate(job.needs)
        for level, count in enumerate(counts, start=1)
    )
