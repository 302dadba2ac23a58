"""OR-Tools routing: cheapest insertion, then guided local search.

Optional jobs are disjunctions, breaks are intervals, several windows are holes in one; who may do a job is a set of
values of its vehicle variable. The CPU limit is asked by a search monitor.
"""

from collections.abc import Mapping
from itertools import pairwise
from time import thread_time

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from yuanxin.engines.routing.peers.reduced import Reduced, reduce
from yuanxin.engines.routing.peers.repair import to_plan
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.watching import UNWATCHED, Watch

CLOCK_S = 24 * 3600  # a limit by the clock far behind the one by CPU; the library wants one


class OrtoolsEngine:
    """OR-Tools behind the engines' interface."""

    name = "ortools"

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return a feasible plan; without an answer in time nothing is planned. warm, seed: unused."""
        begun = thread_time()
        reduced = reduce(problem)
        routes: Mapping[int, list[int]] | None = {}
        if reduced.jobs and reduced.vans:
            routes = _search(reduced, begun + seconds, watch or UNWATCHED)
        return to_plan(reduced, routes, engine=self.name, seconds=thread_time() - begun)


def _search(reduced: Reduced, deadline: float, watch: Watch) -> dict[int, list[int]] | None:
    manager = pywrapcp.RoutingIndexManager(
        len(reduced.places), len(reduced.vans), [van.origin for van in reduced.vans], [van.home for van in reduced.vans]
    )
    model = pywrapcp.RoutingModel(manager)
    _prices(reduced, manager, model)
    _times(reduced, manager, model)
    _parts(reduced, manager, model)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromSeconds(CLOCK_S)
    cancelled = watch.cancelled or (lambda: False)
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: thread_time() >= deadline or cancelled()))
    found = model.SolveWithParameters(parameters)
    if found is None:
        return None
    routes: dict[int, list[int]] = {}
    for number in range(len(reduced.vans)):
        index = found.Value(model.NextVar(model.Start(number)))
        while not model.IsEnd(index):
            routes.setdefault(number, []).append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
    return routes


def _prices(reduced: Reduced, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
    evaluators = {
        price: model.RegisterTransitMatrix((reduced.drive * price).tolist())
        for price in {van.price for van in reduced.vans}
    }
    for number, van in enumerate(reduced.vans):
        model.SetArcCostEvaluatorOfVehicle(evaluators[van.price], number)
    for node, job in enumerate(reduced.jobs):
        index = manager.NodeToIndex(node)
        model.AddDisjunction([index], job.value * reduced.scale)
        able = [number for number, van in enumerate(reduced.vans) if node in van.may_do]
        model.VehicleVar(index).SetValues([-1, *able])


def _times(reduced: Reduced, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
    work = [job.dur for job in reduced.jobs] + [0] * (len(reduced.places) - len(reduced.jobs))
    steps = reduced.drive + [[seconds] for seconds in work]
    horizon = reduced.horizon
    model.AddDimension(model.RegisterTransitMatrix(steps.tolist()), horizon, horizon, False, "time")
    time = model.GetDimensionOrDie("time")
    for node, windows in enumerate(reduced.windows):
        begins = time.CumulVar(manager.NodeToIndex(node))
        begins.SetRange(windows[0][0], min(horizon, windows[-1][1]))
        for (_, ends), (again, _) in pairwise(windows):
            begins.RemoveInterval(ends + 1, again - 1)
    of_index = [work[manager.IndexToNode(index)] for index in range(model.Size())]
    for number, van in enumerate(reduced.vans):
        time.CumulVar(model.Start(number)).SetRange(van.free_from, van.end)
        time.CumulVar(model.End(number)).SetRange(van.free_from, van.end)
        rests = [
            model.solver().FixedDurationIntervalVar(rest.earliest, rest.latest, rest.dur, False, f"{number}-{nth}")
            for nth, rest in enumerate(van.breaks)
        ]
        if rests:
            time.SetBreakIntervalsOfVehicle(rests, number, of_index)


def _parts(reduced: Reduced, manager: pywrapcp.RoutingIndexManager, model: pywrapcp.RoutingModel) -> None:
    for nth, code in enumerate(reduced.parts):
        used = [reduced.pieces(job)[nth] for job in reduced.jobs] + [0] * (len(reduced.places) - len(reduced.jobs))
        evaluator = model.RegisterUnaryTransitVector(used)
        model.AddDimensionWithVehicleCapacity(evaluator, 0, [van.stock[nth] for van in reduced.vans], True, code)


ENGINE = OrtoolsEngine()
