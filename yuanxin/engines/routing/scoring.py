"""The price of any plan, whoever made it."""

from yuanxin.engines.routing.errors import UnknownJob, UnknownTechnician
from yuanxin.engines.routing.plan import Plan, Score, Visit
from yuanxin.engines.routing.pricing import price
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.scheduler import Route


def evaluate(problem: Problem, plan: Plan) -> Score:
    """Return the score of the plan's visits as they stand; ``checker.violations`` says whether they may stand.

    A job of the problem without a visit counts as unserved. Raises UnknownJob, UnknownTechnician.
    """
    routes = []
    for technician_id, visits in plan.routes.items():
        technician = problem.technician_by_id.get(technician_id)
        if technician is None:
            raise UnknownTechnician(technician=technician_id)
        for visit in visits:
            if visit.job not in problem.job_by_id:
                raise UnknownJob(job=visit.job)
        last = problem.job_by_id[visits[-1].job]
        free_at = visits[-1].finish
        if problem.is_fact(last):
            free_at = max(free_at, technician.start, problem.now, technician.busy_until or 0)
        home_s = problem.travel.seconds(last.place, technician.home, free_at) if problem.rules.return_home else 0
        before_drive = [one for one in plan.breaks if one.tech == technician_id and 0 <= one.start - free_at < home_s]
        back_at = free_at + home_s + sum(one.finish - one.start for one in before_drive)
        travel_s = sum(visit.travel_s for visit in visits) + home_s
        overtime_s = max(0, back_at - technician.end)
        leave_at = _left_at(problem, plan, visits)
        routes.append(Route(technician_id, visits, (), back_at, travel_s, overtime_s, leave_at=leave_at))
    served = set(plan.visits_of)
    return price(problem, routes, [job.id for job in problem.jobs if job.id not in served])


def _left_at(problem: Problem, plan: Plan, visits: tuple[Visit, ...]) -> int:
    """Return when his working time began: with the shift or, where he may leave late, with the first drive."""
    technician, first = problem.technician_by_id[visits[0].tech], visits[0]
    if not problem.rules.leave_late or problem.successors or problem.is_fact(problem.job_by_id[first.job]):
        return max(technician.start, problem.now, technician.busy_until or 0)
    before = [(one.start, one.finish) for one in plan.breaks if one.tech == technician.id and one.start < first.arrive]
    depots = [(one.arrive, one.finish) for one in plan.stops if one.tech == technician.id and one.arrive < first.arrive]
    return first.arrive - first.travel_s - sum(finish - start for start, finish in (*before, *depots))
