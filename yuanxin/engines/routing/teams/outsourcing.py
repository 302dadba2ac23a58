"""What others should do: the most work saved for the budget, and whoever is handed over takes all successors along."""

from collections.abc import Mapping
from time import process_time
from typing import Any

from yuanxin.engines.routing.teams.problem import TeamProblem, with_all_after

cp_model: Any
try:
    from ortools.sat.python import cp_model
except ImportError:  # the extra "peers" is not installed: the thriftiest first
    cp_model = None

EXACT = cp_model is not None
SECONDS = 2.0


def to_others(problem: TeamProblem, worth: Mapping[str, float], must: set[str]) -> frozenset[str]:
    """Return a set closed under "waits for" within the budget, worth most; without OR-Tools nearly so.

    worth: what it saves when others do a job. must: jobs that nobody here can do; they go first where the budget
    allows, each with what waits for it.
    """
    if problem.budget <= 0:
        return frozenset()
    rich = {job.id: worth.get(job.id, 0.0) for job in problem.interventions}
    whole = sum(rich.values()) + 1
    for job in must:
        rich[job] += whole
    return _exact(problem, rich, must) if EXACT else _thrifty(problem, rich, must)


def _exact(problem: TeamProblem, worth: Mapping[str, float], must: set[str]) -> frozenset[str]:
    model = cp_model.CpModel()
    out = {job.id: model.new_bool_var(job.id) for job in problem.interventions}
    for job in problem.interventions:
        for other in job.before:
            model.add_implication(out[other], out[job.id])
    for job_id in must:  # what waits for it is of no use without it
        for other in with_all_after(problem, {job_id}):
            model.add_implication(out[other], out[job_id])
    model.add(sum(job.price * out[job.id] for job in problem.interventions) <= problem.budget)
    unit = 1e6 / max(1.0, *worth.values())
    model.maximize(sum(round(worth[job] * unit) * chosen for job, chosen in out.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = SECONDS
    solver.parameters.max_deterministic_time = SECONDS
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _thrifty(problem, worth, must)
    return frozenset(job for job, chosen in out.items() if solver.value(chosen))


def _thrifty(problem: TeamProblem, worth: Mapping[str, float], must: set[str]) -> frozenset[str]:
    chosen: set[str] = set()
    spent, deadline = 0, process_time() + SECONDS
    waits = {job: with_all_after(problem, {job}) for job in must}
    while process_time() < deadline:
        best: tuple[float, set[str], int] | None = None
        for job in problem.interventions:
            more = with_all_after(problem, {job.id}) - chosen if job.id not in chosen else set()
            price = sum(problem.by_id[one].price for one in more)
            useless = any(more & waits[one] and one not in chosen | more for one in must)
            if more and not useless and spent + price <= problem.budget:
                ratio = sum(worth[one] for one in more) / max(1, price)
                if ratio > 0 and (best is None or ratio > best[0]):
                    best = (ratio, more, price)
        if best is None:
            break
        chosen |= best[1]
        spent += best[2]
    return frozenset(chosen)
