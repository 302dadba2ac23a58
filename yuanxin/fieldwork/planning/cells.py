"""A large city in pieces: technicians who live near one another, each piece small enough for one engine run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from uuid import UUID

from yuanxin.engines.routing.place import Place


@dataclass(frozen=True, slots=True)
class Cell:
    """One piece of a city, with the middle of its homes."""

    people: tuple[UUID, ...]
    centre: Place


def split(homes: Mapping[UUID, Place], most: int) -> list[Cell]:
    """Cut along the longer side, in the middle of the people, until no piece has more than ``most`` of them."""
    people = sorted(homes, key=str)
    if len(people) <= most:
        return [_cell(people, homes)]
    places = [homes[one] for one in people]
    wide = max(one.lng for one in places) - min(one.lng for one in places)
    high = max(one.lat for one in places) - min(one.lat for one in places)
    people.sort(key=lambda one: ((homes[one].lng if wide >= high else homes[one].lat), str(one)))
    middle = len(people) // 2
    halves = [{one: homes[one] for one in part} for part in (people[:middle], people[middle:])]
    return [cell for half in halves for cell in split(half, most)]


def _cell(people: Sequence[UUID], homes: Mapping[UUID, Place]) -> Cell:
    places = [homes[one] for one in people]
    return Cell(tuple(people), Place(fmean(one.lng for one in places), fmean(one.lat for one in places)))


def nearest_cell(place: Place, cells: Sequence[Cell], homes: Mapping[UUID, Place]) -> int:
    """Return the piece in which the technician lives who lives nearest to a place."""
    return min(range(len(cells)), key=lambda number: min(_far(place, homes[one]) for one in cells[number].people))


def nearest_people(
    places: Iterable[Place], homes: Mapping[UUID, Place], count: int, *, without: Iterable[UUID] = ()
) -> list[UUID]:
    """Return those who live nearest to any of these places."""
    targets, left_out = list(places), set(without)
    if not targets:
        return []
    others = (one for one in homes if one not in left_out)
    return sorted(others, key=lambda one: (min(_far(homes[one], place) for place in targets), str(one)))[:count]


def _far(one: Place, other: Place) -> float:
    """Compare distances inside one city; a degree of longitude is shorter than one of latitude."""
    return ((one.lng - other.lng) * 0.92) ** 2 + (one.lat - other.lat) ** 2
