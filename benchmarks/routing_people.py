"""What the dispatch benches share: a plan judged and priced, a table, results of other engines that are kept."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.harness import HOME, ROOT, Bench
from yuanxin.engines.routing.checker import violations
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.generators import technician_day
from yuanxin.engines.routing.plan import Plan, Term
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.scoring import evaluate

Result = TypeVar("Result")
WARM_S, WARM_TRIES = 1.0, 5
PACKAGES = {"pyvrp": "pyvrp", "vroom": "pyvroom", "ortools": "ortools"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan as the one checker and the one price list see it.

    cpu_s, wall_s: of the whole call, other processes that it started included. lost: value of the jobs left out.
    broken: hard rules broken. kept: the figures are of an earlier run on this machine.
    """

    engine: str
    case: str
    cpu_s: float
    wall_s: float
    load: float
    total: int
    terms: Mapping[str, int]
    served: int
    jobs: int
    lost: int
    travel_h: float
    late_min: float
    broken: int
    kept: bool = False


def judge(name: str, case: str, problem: Problem, solve: Callable[[], Plan], *, own_word: bool = False) -> Judged:
    """Run an engine and judge its plan; the price is asked of ``evaluate``, whatever the plan says of itself.

    own_word: CPU seconds as the plan says them (VROOM's process may have needed a second try); otherwise as measured.
    """
    with Bench("judge", needs_database=False).measured() as spent:
        plan = solve()
    score = evaluate(problem, plan)
    return Judged(
        engine=name,
        case=case,
        cpu_s=round(plan.seconds if own_word else spent.own, 2),
        wall_s=round(spent.wall, 2),
        load=round(os.getloadavg()[0], 1),
        total=score.total,
        terms=score.terms,
        served=len(plan.visits_of),
        jobs=len(problem.jobs),
        lost=sum(points for term, points in score.terms.items() if term.split(":")[0] == Term.UNSERVED),
        travel_h=round(travel_s(problem, plan) / 3600, 2),
        late_min=round(sum(late_s(plan).values()) / 60, 1),
        broken=len(violations(problem, plan)),
    )


def travel_s(problem: Problem, plan: Plan) -> int:
    """Return the seconds of driving of a plan, the ways home included where they count."""
    home = 0
    if problem.rules.return_home:
        for technician, visits in plan.routes.items():
            last = problem.job_by_id[visits[-1].job].place
            home += problem.travel.seconds(last, problem.technician_by_id[technician].home)
    return home + sum(visit.travel_s for visit in plan.visits)


def late_s(plan: Plan) -> dict[str, int]:
    """Return the seconds of delay by job, without those that are on time."""
    return {visit.job: visit.late_s for visit in plan.visits if visit.late_s}


def kept(bench: str, key: Sequence[object], kind: type[Result], run: Callable[[], Result]) -> Result:
    """Return the result of an earlier run with the same key, or run and keep it.

    key: all that it depends on. kind: a frozen dataclass with a field ``kept``.
    """
    path = store(bench) / f"{hashlib.sha256(repr(list(key)).encode()).hexdigest()[:16]}.json"
    if path.exists():
        return kind(**(json.loads(path.read_text(encoding="utf-8")) | {"kept": True}))
    result = run()
    path.write_text(json.dumps(asdict(result)), encoding="utf-8")  # type: ignore[call-overload]
    return result


def store(bench: str) -> Path:
    """Return the folder in which results of a bench are kept."""
    folder = HOME / bench
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fingerprint(problem: Problem) -> str:
    """Return a hash of a problem: what was measured on it holds as long as it is the same."""
    text = repr((problem.now, problem.technicians, problem.jobs, problem.travel, problem.weights, problem.rules))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def own_code() -> str:
    """Return a hash of our engine's source: what it found holds as long as it is the same."""
    return _code("*.py", "core/**/*.py")


def adapters_code() -> str:
    """Return a hash of the source between us and other people's engines."""
    return _code("peers/*.py")


def _code(*patterns: str) -> str:
    folder = ROOT / "yuanxin/engines/routing"
    sources = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]


def installed(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of other people's engines that are here, and say which are not."""
    found = {}
    for name in names:
        try:
            found[name] = version(PACKAGES[name])
        except PackageNotFoundError:
            print(f"skipped: {name} is not installed here (./run packages peers)")
    return found


def warm_up(name: str) -> None:
    """Let an engine compile what it compiles, so that nobody measures that: until it keeps its CPU seconds."""
    for _ in range(WARM_TRIES):
        plan = engine(name).solve(technician_day(0, technicians=12, jobs=100), WARM_S)
        if plan.seconds < 2 * WARM_S:
            return


COLUMNS = (
    ("engine", 24, lambda row: row.engine + (" (kept)" if row.kept else "")),
    ("case", 8, lambda row: row.case),
    ("CPU s", 7, lambda row: f"{row.cpu_s:.1f}"),
    ("wall s", 7, lambda row: f"{row.wall_s:.1f}"),
    ("load", 5, lambda row: f"{row.load:.1f}"),
    ("objective", 10, lambda row: f"{row.total:,}"),
    ("served", 11, lambda row: f"{row.served:,}/{row.jobs:,}"),
    ("value lost", 10, lambda row: f"{row.lost:,}"),
    ("travel h", 8, lambda row: f"{row.travel_h:.1f}"),
    ("late min", 8, lambda row: f"{row.late_min:.0f}"),
    ("broken", 6, lambda row: str(row.broken)),
)  # type: tuple[tuple[str, int, Callable[[Judged], str]], ...]


def head() -> None:
    """Print the first line of the table."""
    print("  ".join(f"{name:>{width}}" if place else f"{name:{width}}" for place, (name, width, _) in _numbered()))


def line(row: Judged) -> None:
    """Print one line of the table."""
    print(
        "  ".join(f"{say(row):>{width}}" if place else f"{say(row):{width}}" for place, (_, width, say) in _numbered()),
        flush=True,
    )


def _numbered() -> Iterable[tuple[int, Any]]:
    return enumerate(COLUMNS)


def terms(rows: Sequence[Judged]) -> None:
    """Print the mean of every named term of the objective by engine."""
    for name in dict.fromkeys(row.engine for row in rows):
        mine = [row for row in rows if row.engine == name]
        names = sorted({term for row in mine for term in row.terms})
        means = {term: sum(row.terms.get(term, 0) for row in mine) / len(mine) for term in names}
        print(f"{name:24}  " + "  ".join(f"{term} {points:,.0f}" for term, points in means.items()))
