"""The price of a timed route by named term. Every term belongs to one route, so a change is priced locally."""

from collections.abc import Iterable

from yuanxin.engines.routing.plan import Score, Term, Visit
from yuanxin.engines.routing.problem import Job, Problem, Technician
from yuanxin.engines.routing.scheduler import Route


def route_terms(problem: Problem, technician: Technician, route: Route) -> dict[str, int]:
    """Return the terms of one route in points, without those that are zero."""
    weights = problem.weights
    work_s = sum(visit.finish - visit.start for visit in route.visits)
    terms: dict[str, int] = {
        Term.TRAVEL: route.travel_s * technician.cost_per_min * weights.travel // 60,
        Term.OVERTIME: route.overtime_s * weights.overtime_permille // 1000,
        Term.WORKING: (route.back_at - route.leave_at) * weights.working_permille // 1000 if route.visits else 0,
        Term.FAIRNESS: max(0, work_s - problem.fair_load_s) * weights.unfair_permille // 1000,
    }
    for visit in route.visits:
        _add_visit(terms, problem, technician, visit)
    return {name: points for name, points in terms.items() if points}


def _add_visit(terms: dict[str, int], problem: Problem, technician: Technician, visit: Visit) -> None:
    job, weights = problem.job_by_id[visit.job], problem.weights
    if visit.late_s:
        name = lateness_term(job)
        terms[name] = terms.get(name, 0) + visit.late_s * job.late_rate
    if job.grid and technician.grid_ids and job.grid not in technician.grid_ids:
        terms[Term.GRID] = terms.get(Term.GRID, 0) + weights.grid_violation
    promised = job.promised
    if promised is None or (job.crew > 1 and technician.id != promised.technician):
        return  # of a crew only the one whom the customer was told counts
    if technician.id != promised.technician:
        terms[Term.TECHNICIAN_CHANGE] = terms.get(Term.TECHNICIAN_CHANGE, 0) + weights.technician_change
    shift_s = max(0, abs(visit.start - promised.start) - weights.eta_tolerance_s)
    terms[Term.ETA_SHIFT] = terms.get(Term.ETA_SHIFT, 0) + shift_s * weights.eta_shift_permille // 1000


def lateness_term(job: Job) -> str:
    """Return the name of the job's lateness term."""
    return f"{Term.LATENESS}:{job.sla_class}" if job.sla_class else str(Term.LATENESS)


def unserved_term(job: Job) -> str:
    """Return the name of the job's term when nobody comes."""
    return f"{Term.UNSERVED}:{job.priority}" if job.priority else str(Term.UNSERVED)


def price(problem: Problem, routes: Iterable[Route], unserved: Iterable[str]) -> Score:
    """Return the score of whole routes and the jobs left out."""
    terms: dict[str, int] = {}
    for route in routes:
        for name, points in route_terms(problem, problem.technician_by_id[route.technician], route).items():
            terms[name] = terms.get(name, 0) + points
    for job_id in unserved:
        job = problem.job_by_id[job_id]
        if job.value:
            terms[unserved_term(job)] = terms.get(unserved_term(job), 0) + job.value
    return Score({str(name): points for name, points in sorted(terms.items()) if points})
