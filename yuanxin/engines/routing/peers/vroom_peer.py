"""VROOM: constructive heuristics and local search, in a process of its own with a deadline that holds.

Skills, breaks, several windows, parts and priorities are native; a job's value becomes a priority of 1 to 100, which
VROOM puts before any travel.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from time import thread_time
from typing import Any

from yuanxin.engines.routing.peers.reduced import Reduced, Van, reduce
from yuanxin.engines.routing.peers.repair import to_plan
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.watching import UNWATCHED, Watch

if find_spec("vroom") is None:
    raise ImportError("pyvroom is not installed")

PROCESS = Path(__file__).with_name("vroom_process.py")
EXPLORATION = 1
GRACE = 3.0  # times the asked CPU seconds after which the process is ended, its own time limit being no hard one
START_S = 5  # CPU seconds for the start of the process


class VroomEngine:
    """VROOM behind the engines' interface.

    exploration: 0 to 5. limited: pass the CPU seconds on as VROOM's own time limit, stretched by how much slower the
    clock of a busy machine's processes runs; otherwise it ends when it is done, or is ended.
    """

    name = "vroom"

    def __init__(self, *, exploration: int = EXPLORATION, limited: bool = True) -> None:
        self.exploration = exploration
        self.limited = limited

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return a feasible plan; without an answer in time nothing is planned. warm, seed: unused, it has no dice."""
        begun = thread_time()
        reduced = reduce(problem)
        if not (reduced.jobs and reduced.vans):
            return to_plan(reduced, {}, engine=self.name, seconds=thread_time() - begun)
        deadline = int(GRACE * seconds) + START_S
        asked = {
            "exploration": self.exploration,
            "seconds": seconds if self.limited else None,
            "cpu_deadline": deadline,
            "input": _input(reduced),
        }
        answer = _ask(asked, (watch or UNWATCHED).wall_seconds)
        routes = None if answer is None else _routes(answer["solution"])
        used = thread_time() - begun + (answer["cpu"] if answer else deadline)
        return to_plan(reduced, routes, engine=self.name, seconds=used)


def _ask(asked: Mapping[str, Any], wall_seconds: float | None) -> Any:
    """Return VROOM's answer, or None when the process was ended by its deadline."""
    command = [sys.executable, "-I", str(PROCESS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and no shell
            command, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=wall_seconds
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode > 0:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout) if done.returncode == 0 else None


def _input(reduced: Reduced) -> dict[str, Any]:
    """Return VROOM's own form of the problem. A skill stands for a set of vans that alone may do a job."""
    able = [frozenset(n for n, van in enumerate(reduced.vans) if job in van.may_do) for job in range(len(reduced.jobs))]
    skills = {vans: skill for skill, vans in enumerate(sorted(set(able), key=sorted), start=1)}
    top = max(job.value for job in reduced.jobs) or 1
    return {
        "vehicles": [_vehicle(n, van, skills) for n, van in enumerate(reduced.vans)],
        "jobs": [
            {
                "id": index,
                "location_index": index,
                "service": job.dur,
                "delivery": list(reduced.pieces(job)),
                "skills": [skills[able[index]]],
                "priority": max(1, round(100 * job.value / top)),
                "time_windows": [list(window) for window in reduced.windows[index]],
            }
            for index, job in enumerate(reduced.jobs)
        ],
        "matrices": {"car": {"durations": reduced.drive.tolist()}},
    }


def _vehicle(number: int, van: Van, skills: Mapping[frozenset[int], int]) -> dict[str, Any]:
    return {
        "id": number,
        "start_index": van.origin,
        "end_index": van.home,
        "capacity": list(van.stock),
        "skills": [skill for vans, skill in skills.items() if number in vans],
        "time_window": [van.free_from, van.end],
        "costs": {"per_hour": 3600 * van.price},
        "breaks": [
            {"id": nth, "service": rest.dur, "time_windows": [[rest.earliest, rest.latest]]}
            for nth, rest in enumerate(van.breaks)
        ],
    }


def _routes(solution: Mapping[str, Any]) -> dict[int, list[int]]:
    return {
        route["vehicle"]: [step["id"] for step in route["steps"] if step["type"] == "job"]
        for route in solution["routes"]
    }


ENGINE = VroomEngine()
