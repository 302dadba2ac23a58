"""Let a new process know the engine's ways before somebody waits for them: whatever compiles, compiles here."""

from yuanxin.engines.routing.engine import DEFAULT, engine
from yuanxin.engines.routing.insertion import insert
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Job, Pin, Problem, Promise, Rest, Technician, Weights
from yuanxin.engines.routing.slots import offer_slots
from yuanxin.engines.routing.travel import GreatCircleTravel
from yuanxin.engines.routing.watching import Watch

HOUR = 3600
FAR_AHEAD = 1_000 * 24 * HOUR  # Unix seconds; any day serves
CPU_SECONDS = 600  # never the limit: what compiles uses up seconds too, and the search itself must be reached
A_FEW = Watch(rounds=20)


def warm() -> None:
    """Plan, insert and offer on a tiny day that knows every rule. Needs no database; some seconds without a cache."""
    problem = _day()
    job = problem.job_by_id["new"]
    plan = engine(DEFAULT).solve(problem, CPU_SECONDS, watch=A_FEW)
    insert(problem, None, job, len(problem.technicians))
    offer_slots(problem, job, [(FAR_AHEAD + HOUR, FAR_AHEAD + 3 * HOUR)])
    engine(DEFAULT).solve(problem, CPU_SECONDS, warm=plan, watch=A_FEW)


def _day() -> Problem:
    people = tuple(
        Technician(
            id=name,
            home=Place(113.1 + number / 100, 23.0),
            start=FAR_AHEAD,
            end=FAR_AHEAD + 9 * HOUR,
            breaks=(Rest(FAR_AHEAD + 3 * HOUR, FAR_AHEAD + 5 * HOUR, HOUR),),
            skills={"tv": 2},
            grid_ids=frozenset({"near"}),
            overtime_max=HOUR,
        )
        for number, name in enumerate(("a", "b"))
    )
    return Problem(
        now=FAR_AHEAD + HOUR // 2,
        technicians=people,
        jobs=(
            _job("begun", 1, pinned=Pin("a", FAR_AHEAD + HOUR // 4)),
            _job("pinned", 2, pinned=Pin("a", FAR_AHEAD + 2 * HOUR)),
            _job("promised", 3, promised=Promise("b", FAR_AHEAD + 4 * HOUR, FAR_AHEAD)),
            _job("new", 4, due=FAR_AHEAD + 3 * HOUR, late_rate=1, grid="far"),
        ),
        travel=GreatCircleTravel(detour=1.35, speed_kmh=20, entry_s=300),
        weights=Weights(
            travel=1, overtime_permille=2000, technician_change=600, eta_shift_permille=200, eta_tolerance_s=900,
            grid_violation=600, unfair_permille=0,
        ),
    )  # fmt: skip


def _job(name: str, number: int, **more: object) -> Job:
    return Job(id=name, place=Place(113.1, 23.0 + number / 100), dur=HOUR // 2, value=9000, skills={"tv": 1}, **more)  # type: ignore[arg-type]
