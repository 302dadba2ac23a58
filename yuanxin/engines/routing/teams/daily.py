"""Form the teams of a few days anew with CP-SAT, everything else standing as it is.

The model knows the whole cost, so what it proves for the days it may change is true for the schedule. Without OR-Tools
nothing is done here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from yuanxin.engines.routing.teams.checker import cost_of
from yuanxin.engines.routing.teams.outsourcing import cp_model
from yuanxin.engines.routing.teams.problem import Intervention, TeamProblem
from yuanxin.engines.routing.teams.schedule import Schedule, Task

WALL_FOR_CPU = 10  # a busy machine may need so many seconds for one of CPU


@dataclass(frozen=True, slots=True)
class _Model:
    """The model and its variables. goes[job][day, team], joins[technician][day, team], starts and ends by job."""

    cp: Any
    goes: dict[str, dict[tuple[int, int], Any]]
    joins: dict[str, dict[tuple[int, int], Any]]
    starts: dict[str, Any]
    ends: dict[str, Any]
    cost: Any


def reformed(problem: TeamProblem, schedule: Schedule, days: Sequence[int], seconds: float, seed: int) -> Schedule:
    """Return the schedule with these days as good as ``seconds`` of CPU allow, never worse than before."""
    jobs = [task.job for task in schedule.tasks if task.day in days]
    if cp_model is None or not jobs:
        return schedule
    model = _model(problem, schedule, sorted(days), jobs)
    _hint(problem, schedule, model)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = seconds
    solver.parameters.max_time_in_seconds = WALL_FOR_CPU * seconds
    if solver.solve(model.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return schedule
    new = _read(schedule, days, model, solver)
    cost, ends = cost_of(problem, new)
    return replace(new, cost=cost, ends=ends) if cost <= schedule.cost else schedule


def _model(problem: TeamProblem, schedule: Schedule, days: list[int], jobs: list[str]) -> _Model:
    cp = cp_model.CpModel()
    teams = [
        (day, team)
        for day in days
        for team in range(min(len(schedule.teams.get(day, ())) + 1, len(problem.technicians)))
    ]
    joins = {
        one.id: {place: cp.new_bool_var("") for place in teams if place[0] not in one.absent}
        for one in problem.technicians
    }
    for places in joins.values():
        for day in days:
            cp.add_at_most_one(var for place, var in places.items() if place[0] == day)
    goes: dict[str, dict[tuple[int, int], Any]] = {}
    starts, ends = {}, {}
    intervals: dict[tuple[int, int], list[Any]] = {place: [] for place in teams}
    for job_id in jobs:
        job = problem.by_id[job_id]
        goes[job_id] = {place: cp.new_bool_var("") for place in teams}
        cp.add_exactly_one(goes[job_id].values())
        starts[job_id] = cp.new_int_var(0, problem.day - job.units, "")
        on = sum(var * ((place[0] - 1) * problem.day) for place, var in goes[job_id].items())
        ends[job_id] = on + starts[job_id] + job.units
        for place, var in goes[job_id].items():
            _skilled(cp, problem, job, {one: places[place] for one, places in joins.items() if place in places}, var)
            intervals[place].append(cp.new_optional_fixed_size_interval_var(starts[job_id], job.units, var, ""))
    for place, queue in intervals.items():
        cp.add_no_overlap(queue)
        cp.add(sum(problem.by_id[job].units * goes[job][place] for job in jobs) <= problem.day)
    _ordered(cp, problem, schedule, jobs, ends)
    return _Model(cp, goes, joins, starts, ends, _priced(cp, problem, schedule, jobs, ends, goes))


def _skilled(cp: Any, problem: TeamProblem, job: Intervention, crew: dict[str, Any], goes: Any) -> None:
    """Whoever does the job covers its needs; a need that a higher level implies is not said twice."""
    for domain, counts in enumerate(job.needs):
        for level, count in enumerate(counts, start=1):
            if count and (level == len(counts) or counts[level] < count):
                able = [var for one, var in crew.items() if problem.technician_by_id[one].levels[domain] >= level]
                cp.add(sum(able) >= count).only_enforce_if(goes)
    if not any(count for counts in job.needs for count in counts):
        cp.add(sum(crew.values()) >= 1).only_enforce_if(goes)


def _ordered(cp: Any, problem: TeamProblem, schedule: Schedule, jobs: list[str], ends: dict[str, Any]) -> None:
    """Predecessors first, inside the days and across their edge."""
    inside = set(jobs)
    fixed = {task.job: task for task in schedule.tasks if task.job not in inside}
    for job_id in jobs:
        begins = ends[job_id] - problem.by_id[job_id].units
        for other in problem.by_id[job_id].before:
            if other in inside:
                cp.add(begins >= ends[other])
            elif other in fixed:
                cp.add(begins >= _begin(problem, fixed[other]) + problem.by_id[other].units)
        for other in problem.after[job_id]:
            if other in fixed:
                cp.add(ends[job_id] <= _begin(problem, fixed[other]))


def _priced(
    cp: Any,
    problem: TeamProblem,
    schedule: Schedule,
    jobs: list[str],
    ends: dict[str, Any],
    goes: dict[str, dict[tuple[int, int], Any]],
) -> Any:
    """Minimise the cost; among equals, urgent work on early days."""
    inside = set(jobs)
    outside = replace(schedule, tasks=tuple(task for task in schedule.tasks if task.job not in inside))
    _, known = cost_of(problem, outside)
    top = max(known[3], max(task.day for task in schedule.tasks) * problem.day)
    last = [cp.new_int_var(floor, top, "") for floor in known]
    for job_id in jobs:
        cp.add(last[3] >= ends[job_id])
        if problem.by_id[job_id].priority < len(last):
            cp.add(last[problem.by_id[job_id].priority - 1] >= ends[job_id])
    cost = sum(price * end for price, end in zip(problem.prices, last, strict=True))
    early = sum(
        problem.prices[problem.by_id[job].priority - 1] * problem.by_id[job].units * place[0] * var
        for job, places in goes.items()
        for place, var in places.items()
    )
    heavy = 1 + sum(problem.by_id[job].units for job in jobs) // 20
    cp.minimize(cost * heavy + early)
    return cost


def _hint(problem: TeamProblem, schedule: Schedule, model: _Model) -> None:
    """Begin with what is there."""
    for task in schedule.tasks:
        if task.job in model.goes:
            model.cp.add_hint(model.starts[task.job], task.start)
            for place, var in model.goes[task.job].items():
                model.cp.add_hint(var, place == (task.day, task.team))
    for day, teams in schedule.teams.items():
        for one, places in model.joins.items():
            for place, var in places.items():
                if place[0] == day:
                    model.cp.add_hint(var, place[1] < len(teams) and one in teams[place[1]])


def _read(schedule: Schedule, days: Sequence[int], model: _Model, solver: Any) -> Schedule:
    """Put the solved days into the schedule; teams without work are sent home."""
    tasks = [task for task in schedule.tasks if task.job not in model.goes]
    teams = {day: crews for day, crews in schedule.teams.items() if day not in days}
    found = [
        (job, place, int(solver.value(model.starts[job])))
        for job, places in model.goes.items()
        for place, var in places.items()
        if solver.value(var)
    ]
    for day in days:
        used = sorted({place for _, place, _ in found if place[0] == day})
        crews = [
            tuple(one for one, places in model.joins.items() if place in places and solver.value(places[place]))
            for place in used
        ]
        if crews:
            teams[day] = tuple(crews)
        tasks += [Task(job, day, used.index(place), start) for job, place, start in found if place[0] == day]
    return replace(schedule, tasks=tuple(tasks), teams=teams)


def _begin(problem: TeamProblem, task: Task) -> int:
    return (task.day - 1) * problem.day + task.start
