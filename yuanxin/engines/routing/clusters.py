"""Cut a big problem into parts that lie together on the map, grid by grid where there are grids (网格).

A part is a problem of its own. What belongs together stays together: the grids of a technician's first grid, jobs that
wait for each other or form a group, and whatever is pinned or promised to a technician.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import inf

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Problem, Technician

MOST_TECHNICIANS = 250


@dataclass(frozen=True, slots=True)
class Part:
    """One part. neighbours: names of the parts that share an edge with it."""

    name: str
    neighbours: tuple[str, ...]
    problem: Problem


@dataclass(frozen=True, slots=True)
class _Atom:
    """What is never cut: technicians and jobs, and where they are."""

    name: str
    place: Place
    technicians: tuple[Technician, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class _Region:
    """A rectangle of degrees with what lies in it."""

    west: float
    east: float
    south: float
    north: float
    atoms: tuple[_Atom, ...]

    def touches(self, other: "_Region") -> bool:
        """Say whether the two share a piece of an edge."""
        wide = min(self.east, other.east) > max(self.west, other.west)
        high = min(self.north, other.north) > max(self.south, other.south)
        beside = self.east == other.west or other.east == self.west
        above = self.north == other.south or other.north == self.south
        return (wide and above) or (high and beside)


def split(problem: Problem, most: int = MOST_TECHNICIANS) -> tuple[Part, ...]:
    """Cut a problem into parts of about equal size with at most ``most`` technicians, unless an atom has more.

    The same problem gives the same parts. Every technician and every job is in exactly one.
    """
    parts = max(1, -(-len(problem.technicians) // max(1, most)))
    regions = list(_cut(_Region(-inf, inf, -inf, inf, tuple(_atoms(problem))), parts))
    names = [f"part-{number:03}" for number in range(len(regions))]
    beside: dict[str, list[str]] = {name: [] for name in names}
    for one, two in combinations(range(len(regions)), 2):
        if regions[one].touches(regions[two]):
            beside[names[one]].append(names[two])
            beside[names[two]].append(names[one])
    return tuple(
        Part(
            name,
            tuple(beside[name]),
            replace(
                problem,
                technicians=tuple(one for atom in region.atoms for one in atom.technicians),
                jobs=tuple(one for atom in region.atoms for one in atom.jobs),
            ),
        )
        for name, region in zip(names, regions, strict=True)
    )


def _cut(region: _Region, parts: int) -> Iterator[_Region]:
    """Halve the longer side until every part has its share of the technicians."""
    if parts == 1:
        yield region
        return
    manned = [atom for atom in region.atoms if atom.technicians]
    lng, lat = [atom.place.lng for atom in manned], [atom.place.lat for atom in manned]
    by_lng = max(lng, default=0) - min(lng, default=0) >= max(lat, default=0) - min(lat, default=0)
    line = _line(sorted((_along(atom, by_lng), len(atom.technicians)) for atom in manned), parts)
    if line is None:
        yield region
        return
    low = tuple(atom for atom in region.atoms if _along(atom, by_lng) < line)
    high = tuple(atom for atom in region.atoms if _along(atom, by_lng) >= line)
    if by_lng:
        first, second = replace(region, east=line, atoms=low), replace(region, west=line, atoms=high)
    else:
        first, second = replace(region, north=line, atoms=low), replace(region, south=line, atoms=high)
    yield from _cut(first, parts // 2)
    yield from _cut(second, parts - parts // 2)


def _line(places: list[tuple[float, int]], parts: int) -> float | None:
    """Return where to cut so that the lower side has its share; None where all stand on one spot."""
    share = sum(count for _, count in places) * (parts // 2) / parts
    best: tuple[float, float] | None = None
    below = 0
    for (here, count), (there, _) in pairwise(places):
        below += count
        if there > here and (best is None or abs(below - share) < best[0]):
            best = (abs(below - share), (here + there) / 2)
    return best[1] if best else None


def _along(atom: _Atom, by_lng: bool) -> float:
    return atom.place.lng if by_lng else atom.place.lat


def _atoms(problem: Problem) -> Iterator[_Atom]:
    """Unite what must stay together; an atom stands in the middle of its technicians, or of its jobs."""
    roots = _Roots()
    for technician in problem.technicians:
        roots.unite(f"t:{technician.id}", *(f"g:{grid}" for grid in sorted(technician.grid_ids)[:1]))
    first_of_group: dict[str, str] = {}
    for job_id in problem.job_order:
        job = problem.job_by_id[job_id]
        roots.unite(f"j:{job_id}", *_anchors(problem, job, first_of_group))
    technicians: dict[str, list[Technician]] = {}
    jobs: dict[str, list[Job]] = {}
    for technician in problem.technicians:
        technicians.setdefault(roots.of(f"t:{technician.id}"), []).append(technician)
    for job in problem.jobs:
        jobs.setdefault(roots.of(f"j:{job.id}"), []).append(job)
    for root in sorted({*technicians, *jobs}):
        people, work = technicians.get(root, []), jobs.get(root, [])
        places = [one.position_now or one.home for one in people] or [one.place for one in work]
        middle = Place(sum(one.lng for one in places) / len(places), sum(one.lat for one in places) / len(places))
        yield _Atom(root, middle, tuple(people), tuple(work))


def _anchors(problem: Problem, job: Job, first_of_group: dict[str, str]) -> Iterator[str]:
    """Yield what a job must stay with: other jobs and pins always; else who was promised; else its grid."""
    tied = False
    if job.predecessor:
        yield f"j:{job.predecessor}"
        tied = True
    if job.group:
        first = first_of_group.setdefault(job.group, job.id)
        yield f"j:{first}"
        tied = tied or first != job.id
    if job.pinned:
        yield from (f"t:{one}" for one in (job.pinned.technician, *job.pinned.mates))
    elif tied:
        return
    elif job.promised and job.promised.technician in problem.technician_by_id:
        yield f"t:{job.promised.technician}"
    elif job.grid:
        yield f"g:{job.grid}"


class _Roots:
    """Names that were united have one root."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def of(self, name: str) -> str:
        """Return the root of a name."""
        while (up := self.parent.setdefault(name, name)) != name:
            self.parent[name] = self.parent[up]
            name = up
        return name

    def unite(self, name: str, *others: str) -> None:
        """Let these have one root, the smallest of them."""
        for other in others:
            one, two = sorted((self.of(name), self.of(other)))
            self.parent[two] = one
