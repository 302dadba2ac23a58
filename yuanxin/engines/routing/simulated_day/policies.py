"""How a day is dispatched: today's practice, and the engine."""

from dataclasses import replace
from typing import Protocol

from yuanxin.engines.routing.baseline import give_out, nearest
from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.engine import DEFAULT, engine
from yuanxin.engines.routing.insertion import insert
from yuanxin.engines.routing.plan import MovePrice, Plan
from yuanxin.engines.routing.problem import Job, Problem
from yuanxin.engines.routing.replanning import replan
from yuanxin.engines.routing.simulated_day.world import World, frozen


class Policy(Protocol):
    """Who decides. Each step changes the world's routes; the day itself tells customers and sends people off."""

    name: str

    def morning(self, world: World) -> None:
        """Before the day: the tickets known by then."""
        ...

    def ticket(self, world: World, job: Job) -> None:
        """A ticket comes in; the world holds it already."""
        ...

    def look(self, world: World) -> None:
        """The dispatcher looks at the whole day again, every so often."""
        ...


class Nearest:
    """Today's practice: each ticket when it comes to the nearest technician who is free inside its window.

    A ticket that nobody has time for waits and is tried again at every look; once its window is over it goes to
    whoever is nearest and free, late as it is. Nobody's order of visits is ever changed.
    """

    name = "baseline"

    def morning(self, world: World) -> None:
        """Give out what is known, in the order of the promises."""
        self.look(world)

    def ticket(self, world: World, job: Job) -> None:
        """Give out one ticket."""
        draft = _strict(world, world.settle(world.view()))
        routes = nearest(draft, draft.problem.job_by_id[job.id])
        if routes:
            draft.put(job, routes)
            _keep(world, draft)

    def look(self, world: World) -> None:
        """Try what waits, in the order of the promises."""
        draft = _strict(world, world.settle(world.view()))
        give_out(draft)
        _keep(world, draft)


def _strict(world: World, draft: Draft) -> Draft:
    """Give the waiting tickets their windows back, as far as they are not over."""
    jobs = [
        world.open[job.id] if job.id not in draft.crews and _may_be_kept(world, job.id) else job
        for job in draft.problem.jobs
    ]
    twin = Draft(replace(draft.problem, jobs=tuple(jobs)))
    twin.become(draft)
    return twin


def _may_be_kept(world: World, job_id: str) -> bool:
    return all(end >= world.now for _, end in world.open[job_id].windows)


def _keep(world: World, draft: Draft) -> None:
    world.take_over({tech: [visit.job for visit in route.visits] for tech, route in draft.routes.items()})


class Planned:
    """The engine: a plan in the morning, a place for every new ticket at once, the whole day again every so often.

    seconds: CPU time of the morning's plan; again_s: of each later one; move: what changing a promise costs.
    """

    name = "engine"

    def __init__(self, *, move: MovePrice, seconds: float, again_s: float, seed: int = 0, by: str = DEFAULT) -> None:
        self.move, self.seconds, self.again_s, self.seed, self.by = move, seconds, again_s, seed, by

    def morning(self, world: World) -> None:
        """Plan the day."""
        _follow(world, engine(self.by).solve(world.view(), self.seconds, seed=self.seed))

    def ticket(self, world: World, job: Job) -> None:
        """Put one ticket where it costs least, if it is worth it."""
        seen, standing = _standing(world)
        for found in insert(seen, standing, seen.job_by_id[job.id], top=1):
            if found.delta < 0:
                world.routes[found.tech].insert(found.pos, job.id)

    def look(self, world: World) -> None:
        """Plan the rest of the day again, where changing what was promised pays its price."""
        seen, standing = _standing(world)
        _follow(world, replan(seen, standing, self.again_s, self.move).after)


def _standing(world: World) -> tuple[Problem, Plan]:
    """Return what the engine sees, and the running plan in it."""
    seen = world.view()
    return seen, frozen(world.settle(seen), "standing")


def _follow(world: World, plan: Plan) -> None:
    world.take_over({tech: [visit.job for visit in visits] for tech, visits in plan.routes.items()})
