"""PyVRP: iterated local search for vehicle routing with prizes.

Skills become profiles (a van pays more than any job is worth to drive to one that it may not do), a job's value its
prize, overtime is native. Breaks are unknown to it: ``repair`` places them, gives up what they leave no room for and
puts back what fits elsewhere. (Shifts shortened by the break came out no better on the technicians' day.)
"""

from collections.abc import Mapping
from time import thread_time
from typing import Any

import numpy as np
import pyvrp

from yuanxin.engines.routing.peers.reduced import Reduced, Van, reduce
from yuanxin.engines.routing.peers.repair import to_plan
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.watching import UNWATCHED, Watch


class CpuLimit:
    """Stop when this thread has used so many CPU seconds, or when the watch says so. deadline: of ``thread_time``."""

    def __init__(self, deadline: float, watch: Watch) -> None:
        self.deadline = deadline
        self.watch = watch

    def __call__(self, best_cost: int) -> bool:
        """Say whether it is time."""
        cancelled = self.watch.cancelled
        return thread_time() >= self.deadline or (cancelled is not None and cancelled())


class PyvrpEngine:
    """PyVRP behind the engines' interface. everyone: no job may be left out (plain vehicle routing)."""

    name = "pyvrp"

    def __init__(self, *, everyone: bool = False) -> None:
        self.everyone = everyone

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return a feasible plan; model building counts as CPU seconds, the repair comes on top. warm: unused."""
        begun = thread_time()
        reduced = reduce(problem)
        routes: Mapping[int, list[int]] = {}
        if reduced.jobs and reduced.vans:
            data = _data(reduced, everyone=self.everyone)
            stop = CpuLimit(begun + seconds, watch or UNWATCHED)
            result = pyvrp.solve(data, stop, seed=seed, collect_stats=False, display=False)
            routes = {
                route.vehicle_type(): [step.idx for step in route.schedule() if step.is_client()]
                for route in result.best.routes()
            }
        return to_plan(reduced, routes, engine=self.name, seconds=thread_time() - begun)


def _data(reduced: Reduced, *, everyone: bool) -> pyvrp.ProblemData:
    """Return PyVRP's own form of the problem: every van a vehicle type of one, every place a location."""
    depots = sorted({place for van in reduced.vans for place in (van.origin, van.home)})
    number = {place: depot for depot, place in enumerate(depots)}
    profiles = {may_do: profile for profile, may_do in enumerate(dict.fromkeys(van.may_do for van in reduced.vans))}
    durations: Any = reduced.drive
    return pyvrp.ProblemData(
        [pyvrp.Location(place.lng, place.lat) for place in reduced.places],
        [_client(reduced, index, everyone=everyone) for index in range(len(reduced.jobs))],
        [pyvrp.Depot(place) for place in depots],
        [_vehicle(reduced, van, number, profiles[van.may_do]) for van in reduced.vans],
        [_distances(reduced, may_do) for may_do in profiles],
        [durations for _ in profiles],
    )


def _client(reduced: Reduced, index: int, *, everyone: bool) -> pyvrp.Client:
    job = reduced.jobs[index]
    earliest, latest = _longest(reduced, index)
    return pyvrp.Client(
        index,
        delivery=list(reduced.pieces(job)),
        service_duration=job.dur,
        tw_early=earliest,
        tw_late=latest,
        prize=0 if everyone else job.value * reduced.scale,
        required=everyone,
    )


def _longest(reduced: Reduced, index: int) -> tuple[int, int]:
    """Return the longest window of a job: a client of PyVRP has one."""
    return max(reduced.windows[index], key=lambda window: (window[1] - window[0], -window[0]))


def _vehicle(reduced: Reduced, van: Van, number: Mapping[int, int], profile: int) -> pyvrp.VehicleType:
    return pyvrp.VehicleType(
        1,
        capacity=list(van.stock),
        start_depot=number[van.origin],
        end_depot=number[van.home],
        tw_early=van.free_from,
        tw_late=van.end + van.overtime_max,
        shift_duration=van.end - van.free_from,
        max_overtime=van.overtime_max,
        unit_distance_cost=van.price,
        unit_overtime_cost=reduced.problem.weights.overtime_permille * reduced.scale // 1000,
        profile=profile,
    )


def _distances(reduced: Reduced, may_do: frozenset[int]) -> Any:  # PyVRP's own types say another array
    """Return the drives of one profile: to a job that it may not do, the way costs more than the job is worth."""
    distances = reduced.drive.copy()
    forbidden = [index for index in range(len(reduced.jobs)) if index not in may_do]
    worth = max((job.value for job in reduced.jobs), default=0) * reduced.scale
    distances[:, forbidden] = int(reduced.drive.max(initial=0)) * 4 + worth
    np.fill_diagonal(distances, 0)
    return distances


ENGINE = PyvrpEngine()
