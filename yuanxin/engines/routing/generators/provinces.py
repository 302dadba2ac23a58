"""A whole province, one cluster of grids (网格片区) at a time, so that nobody holds it all at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yuanxin.engines.routing.generators.area import Area
from yuanxin.engines.routing.generators.day import Shape, make_day
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Problem

CITIES_IN_A_ROW = 7
CITY_STEP = 1.0  # degrees between the south-west corners of two cities
SOUTH_WEST = Place(109.8, 21.6)
CLUSTER_TECHNICIANS = 250  # at most
KM2_PER_TECHNICIAN = 40 * 32 / 300  # as dense as ``city``
TECHNICIANS_PER_STATION = 10
TECHNICIANS_PER_NEIGHBOURHOOD = 15


@dataclass(frozen=True, slots=True)
class Cluster:
    """Technicians and jobs of a rectangle of a city. name: ``c03-1-0`` is city 3, column 1, row 0.

    neighbours: names of the clusters of the same city that share an edge with it.
    """

    name: str
    city: int
    area: Area
    neighbours: tuple[str, ...]
    problem: Problem


def province(seed: int, cities: int = 21, technicians: int = 10_000, jobs: int = 100_000) -> Iterator[Cluster]:
    """Yield the clusters of a province, city after city.

    Cities differ in size by a factor of about four; a city is a block of equal clusters of at most 250 technicians.
    Technicians and jobs add up to exactly what was asked. Ids are unique in the whole province.
    """
    dice = np.random.default_rng([4, seed])
    weights = dice.uniform(0.5, 2.0, size=cities)
    people = shares(technicians, weights)
    wishes = shares(jobs, weights)
    for number in range(cities):
        yield from _city(seed, number, int(people[number]), int(wishes[number]))


def shares(total: int, weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    """Split a whole number by weights, without losing any of it."""
    ends = np.round(np.cumsum(weights) / weights.sum() * total).astype(int)
    return [int(one) for one in np.diff(ends, prepend=0)]


def _city(seed: int, number: int, technicians: int, jobs: int) -> Iterator[Cluster]:
    clusters = max(1, -(-technicians // CLUSTER_TECHNICIANS))
    columns = int(clusters**0.5)
    rows = -(-clusters // columns)
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    equal = np.ones(len(cells))
    side = (technicians / len(cells) * KM2_PER_TECHNICIAN) ** 0.5
    corner = Place(
        SOUTH_WEST.lng + number % CITIES_IN_A_ROW * CITY_STEP, SOUTH_WEST.lat + number // CITIES_IN_A_ROW * CITY_STEP
    )
    whole = Area(corner, side * columns, side * rows)
    for cell, people, wishes in zip(cells, shares(technicians, equal), shares(jobs, equal), strict=True):
        name = _name(number, cell)
        area = Area(whole.place(cell[0] * side, cell[1] * side), side, side)
        shape = Shape(
            area,
            people,
            wishes,
            stations=max(1, people // TECHNICIANS_PER_STATION),
            clusters=max(1, people // TECHNICIANS_PER_NEIGHBOURHOOD),
            prefix=f"{name}-",
        )
        problem = make_day(np.random.default_rng([4, seed, number, *cell]), shape)
        yield Cluster(name, number, area, _neighbours(number, cell, cells), problem)


def _name(city: int, cell: tuple[int, int]) -> str:
    return f"c{city:02}-{cell[0]}-{cell[1]}"


def _neighbours(city: int, cell: tuple[int, int], cells: list[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(_name(city, one) for one in cells if abs(one[0] - cell[0]) + abs(one[1] - cell[1]) == 1)
