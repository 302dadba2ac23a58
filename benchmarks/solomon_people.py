"""Solomon's vehicle routing with time windows: reader, encoding, judge.

The judge works on the order of the customers alone, in double precision, and knows nothing of the engine. Distances are
straight lines in double precision, neither rounded nor truncated; the objective is the total distance alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from pathlib import Path

from benchmarks.trsp_people import DEGREE, SOUTH, WEST, PlaneTravel
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem, Technician, Weights

UNIT = 10_000  # the engine's seconds in one unit of the instance
SERVED = 100_000_000  # points for a customer: more than any way to him can cost
LOAD = "load"
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Stop:
    """The depot or a customer. ready, due: of the start of service; at the depot of leaving and coming back."""

    id: str
    x: float
    y: float
    demand: int
    ready: int
    due: int
    service: int


@dataclass(frozen=True)
class Instance:
    """One file."""

    name: str
    vehicles: int
    capacity: int
    depot: Stop
    customers: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge says. faults: empty when the routes are feasible. distance: units of the instance."""

    faults: tuple[str, ...]
    distance: float
    vehicles: int


def read(path: Path) -> Instance:
    """Read one instance file."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    numbers = [row for row in rows if all(one.lstrip("-").isdigit() for one in row)]
    (vehicles, capacity), *stops = numbers
    depot, *customers = (Stop(row[0], float(row[1]), float(row[2]), *map(int, row[3:])) for row in stops)
    return Instance(rows[0][0], int(vehicles), int(capacity), depot, tuple(customers))


def best_known(path: Path) -> dict[str, float]:
    """Return the best known distance by instance, where vehicles cost nothing."""
    found = json.loads(path.read_text(encoding="utf-8"))
    end = "_distance"
    return {name.removesuffix(end): one["best_known_cost"] for name, one in found.items() if name.endswith(end)}


def problem_of(instance: Instance) -> Problem:
    """Say the instance in the engine's language: equal vans, a load that is used up, travel as the only price."""
    home = _place(instance.depot)
    technicians = tuple(
        Technician(
            f"v{number}", home, instance.depot.ready * UNIT, instance.depot.due * UNIT, parts={LOAD: instance.capacity}
        )
        for number in range(instance.vehicles)
    )
    jobs = tuple(
        Job(
            f"c{one.id}",
            _place(one),
            one.service * UNIT,
            SERVED,
            windows=((one.ready * UNIT, one.due * UNIT),),
            parts={LOAD: one.demand},
        )
        for one in instance.customers
    )
    return Problem(0, technicians, jobs, PlaneTravel(unit=UNIT), Weights(1, 0, 0, 0, 0, 0, 0))


def routes_of(plan: Plan) -> list[list[str]]:
    """Return the customers of each van in order."""
    return [[visit.job[1:] for visit in visits] for visits in plan.routes.values()]


def judge(instance: Instance, routes: Sequence[Sequence[str]]) -> Verdict:
    """Judge routes: every customer once, capacity, windows, back in time; and measure them."""
    customers = {one.id: one for one in instance.customers}
    seen = [one for route in routes for one in route]
    faults = [f"customer {one} is served {seen.count(one)} times" for one in customers if seen.count(one) != 1]
    faults += [f"no customer {one}" for one in sorted(set(seen) - set(customers))]
    if len(routes) > instance.vehicles:
        faults.append(f"{len(routes)} vehicles")
    if faults:
        return Verdict(tuple(faults), 0.0, len(routes))
    distance = 0.0
    for route in routes:
        driven, wrong = _driven(instance, route, customers)
        distance += driven
        faults += wrong
    return Verdict(tuple(faults), distance, len(routes))


def _driven(instance: Instance, route: Sequence[str], customers: Mapping[str, Stop]) -> tuple[float, list[str]]:
    faults = []
    if sum(customers[one].demand for one in route) > instance.capacity:
        faults.append(f"too much load for {', '.join(route)}")
    way = [instance.depot, *(customers[one] for one in route), instance.depot]
    clock, distance = float(instance.depot.ready), 0.0
    for one, two in pairwise(way):
        leg = hypot(one.x - two.x, one.y - two.y)
        distance += leg
        clock = max(clock + leg, float(two.ready))
        if clock > two.due + TOLERANCE:
            faults.append(f"late at {two.id}")
        clock += two.service
    return distance, faults


def _place(stop: Stop) -> Place:
    return Place(WEST + stop.x / DEGREE, SOUTH + stop.y / DEGREE)
