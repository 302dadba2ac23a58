"""Technician routing with skills, tools and spare parts (Pillac, Guéret and Medaglia 2013): reader, encoding, judge.

The judge works on the order of the stops alone, with exact distances, and knows nothing of the engine.
"""

from __future__ import annotations

import ast
import csv
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, hypot
from typing import TYPE_CHECKING

import numpy as np

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Depot, Job, Problem, Rules, Technician, Weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from yuanxin.engines.routing.plan import Plan

UNIT = 1_000  # the engine's seconds in one unit of the instance
WEST, SOUTH, DEGREE = 100.0, 30.0, 1000.0  # where the plane lies on the engine's map; units in a degree
TOLERANCE = 1e-6
SERVED = 40_000_000  # points for a request: more than any route can cost
DEPOT = "depot"


@dataclass(frozen=True, slots=True)
class Point:
    """A depot, a technician's home or a request. opens, closes: arrival at home, or start of service."""

    id: str
    x: float
    y: float
    opens: float
    closes: float
    service: float
    skills: frozenset[int]
    tools: frozenset[int]
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Instance:
    """One file."""

    name: str
    depot: Point
    technicians: tuple[Point, ...]
    requests: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge says. faults: empty when the plan is feasible. duration, distance: units of the instance."""

    faults: tuple[str, ...]
    duration: float
    distance: float
    routes: int


@dataclass(frozen=True, slots=True)
class PlaneTravel:
    """Straight lines on the plane of the instance, one unit of length a unit of time; rounded up.

    unit: the engine's seconds in one unit of the instance.
    """

    unit: int = UNIT
    entry_s: int = 0
    bands: tuple[int, ...] = ()
    estimated: bool = False

    def table(self, places: Sequence[Place]) -> npt.NDArray[np.int32]:
        """Return the engine's seconds between all places."""
        x = np.array([round((place.lng - WEST) * DEGREE, 6) for place in places])
        y = np.array([round((place.lat - SOUTH) * DEGREE, 6) for place in places])
        exact = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
        return np.ceil(np.round(exact * self.unit, 6)).astype(np.int32)

    def seconds(self, origin: Place, destination: Place, leave: int | None = None) -> int:
        """Return the engine's seconds between two places."""
        return int(self.table((origin, destination))[0, 1])


def read(path: Path) -> Instance:
    """Read one instance file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    crew = int(lines[lines.index("INFO") + 2].split()[0])
    begin = next(nth for nth, line in enumerate(lines) if line.startswith("ID "))
    points = [_point(line) for line in lines[begin + 1 :] if line.strip()]
    return Instance(lines[0].strip(), points[0], tuple(points[1 : crew + 1]), tuple(points[crew + 1 :]))


def _point(line: str) -> Point:
    head, *lists = line.split("[")
    one, x, y, opens, closes, service = head.split()
    skills, tools, parts = (tuple(ast.literal_eval("[" + part.strip() or "[]")) for part in lists)
    return Point(
        one,
        float(x),
        float(y),
        float(opens),
        float(closes),
        float(service),
        frozenset(skills),
        frozenset(tools),
        parts,
    )


def best_known(path: Path) -> dict[str, tuple[float, float]]:
    """Return duration and distance by the short name of the instance."""
    with path.open(encoding="utf-8") as lines:
        return {
            row["instance"].split(".")[0]: (float(row["duration"]), float(row["distance"]))
            for row in csv.DictReader(lines)
        }


def problem_of(instance: Instance) -> Problem:
    """Say the instance in the engine's language: the price is the time between leaving home and being back."""
    depot = Depot(_place(instance.depot))
    technicians = tuple(
        Technician(
            f"t{one.id}",
            _place(one),
            floor_units(one.opens),
            floor_units(one.closes),
            skills={f"s{skill}": 1 for skill in one.skills},
            tools=frozenset(f"w{tool}" for tool in one.tools),
            parts=_parts(one),
            depot=depot,
        )
        for one in instance.technicians
    )
    jobs = tuple(
        Job(
            f"r{one.id}",
            _place(one),
            ceil(one.service * UNIT),
            SERVED,
            windows=((ceil(one.opens * UNIT), floor_units(one.closes)),),
            skills={f"s{skill}": 1 for skill in one.skills},
            tools=frozenset(f"w{tool}" for tool in one.tools),
            parts=_parts(one),
        )
        for one in instance.requests
    )
    weights = Weights(0, 0, 0, 0, 0, 0, 0, working_permille=1000)
    return Problem(0, technicians, jobs, PlaneTravel(), weights, Rules(leave_late=True))


def floor_units(value: float) -> int:
    """Return a time of the instance in the engine's seconds, rounded down."""
    return int(value * UNIT)


def stops_of(instance: Instance, plan: Plan) -> dict[str, list[str]]:
    """Return by technician the ids of his requests in order, with the depot between them where he goes there."""
    stops: dict[str, list[tuple[int, str]]] = {}
    for visit in plan.visits:
        stops.setdefault(visit.tech[1:], []).append((visit.start, visit.job[1:]))
    for stop in plan.stops:
        stops.setdefault(stop.tech[1:], []).append((stop.arrive, DEPOT))
    return {one: [name for _, name in sorted(visits)] for one, visits in stops.items()}


def judge(instance: Instance, stops: dict[str, list[str]]) -> Verdict:
    """Judge the order of the stops: every request once, skills, tools, parts, windows; and measure it."""
    people = {one.id: one for one in instance.technicians}
    requests = {one.id: one for one in instance.requests}
    seen = [name for route in stops.values() for name in route if name != DEPOT]
    faults = [f"request {one} is served {seen.count(one)} times" for one in requests if seen.count(one) != 1]
    faults += [f"no request {one}" for one in set(seen) - set(requests)]
    faults += [f"no technician {one}" for one in set(stops) - set(people)]
    if faults:
        return Verdict(tuple(faults), 0.0, 0.0, 0)
    duration = distance = 0.0
    for who, route in stops.items():
        home = people[who]
        points = [instance.depot if name == DEPOT else requests[name] for name in route]
        faults += _equipped(home, route, points)
        length, time, late = _driven(home, points)
        faults += late
        duration += time
        distance += length
    return Verdict(tuple(faults), duration, distance, len(stops))


def _equipped(home: Point, route: list[str], points: list[Point]) -> list[str]:
    """Tools and parts come from the van until the depot; after it there is enough of everything."""
    faults = [f"technician {home.id} lacks a skill for {one.id}" for one in points if not one.skills <= home.skills]
    if route.count(DEPOT) > 1:
        faults.append(f"technician {home.id} goes to the depot twice")
    before = points[: route.index(DEPOT)] if DEPOT in route else points
    faults += [f"technician {home.id} lacks a tool for {one.id}" for one in before if not one.tools <= home.tools]
    for kind, held in enumerate(home.parts):
        if sum(one.parts[kind] for one in before) > held:
            faults.append(f"technician {home.id} lacks part {kind}")
    return faults


def _driven(home: Point, points: list[Point]) -> tuple[float, float, list[str]]:
    """Return length, and time from leaving as late as possible to coming back as early as possible, and faults."""
    way = [home, *points, home]
    legs = [hypot(one.x - two.x, one.y - two.y) for one, two in pairwise(way)]
    clock, faults = home.opens, []
    for leg, point in zip(legs, points, strict=False):
        clock = max(clock + leg, point.opens)
        if clock > point.closes + TOLERANCE:
            faults.append(f"technician {home.id} is late at {point.id}")
        clock += point.service
    back = clock + legs[-1]
    if back > home.closes + TOLERANCE:
        faults.append(f"technician {home.id} is home late")
    latest = back
    for leg, point in zip(reversed(legs[1:]), reversed(points), strict=True):
        latest = min(latest - leg - point.service, point.closes)
    return sum(legs), back - (latest - legs[0]), faults


def _place(point: Point) -> Place:
    return Place(WEST + point.x / DEGREE, SOUTH + point.y / DEGREE)


def _parts(point: Point) -> dict[str, int]:
    return {f"p{kind}": count for kind, count in enumerate(point.parts) if count}
