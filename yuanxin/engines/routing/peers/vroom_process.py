"""The process in which VROOM runs: a question as JSON on standard input, the answer on standard output.

Started by path, without the project on its import path. It sets its own CPU deadline, which the kernel enforces.
VROOM runs on one thread. Its time limit is by the clock, so it is stretched by what a busy machine withholds.
"""

import json
import resource
import sys
import tempfile
from datetime import timedelta
from time import perf_counter, process_time
from typing import TypedDict

import vroom

SPIN_S = 0.1  # CPU seconds to find out how busy the machine is
TRIES = 3


class Asked(TypedDict):
    """The question. seconds: VROOM's own limit, of CPU, or None; cpu_deadline: whole CPU seconds that end a try."""

    exploration: int
    seconds: float | None
    cpu_deadline: int
    input: dict[str, object]


def stretch() -> float:
    """Return how many seconds pass on the clock while this process gets one of CPU; at least 1."""
    clock, used = perf_counter(), process_time()
    while process_time() < used + SPIN_S:
        pass
    return max(1.0, (perf_counter() - clock) / SPIN_S)


def answer(asked: Asked) -> dict[str, object]:
    """Solve one problem; where the clock left VROOM less than nine tenths of its CPU seconds, try with more of it."""
    seconds, slower = asked["seconds"], stretch()
    for _ in range(TRIES):
        begun, clock = process_time(), perf_counter()
        resource.setrlimit(resource.RLIMIT_CPU, (int(begun) + asked["cpu_deadline"], resource.RLIM_INFINITY))
        limit = None if seconds is None else timedelta(seconds=seconds * slower)
        solution = problem_of(asked["input"]).solve(exploration_level=asked["exploration"], nb_threads=1, timeout=limit)
        used = process_time() - begun
        if seconds is None or limit is None or used > 0.9 * seconds or perf_counter() - clock < limit.total_seconds():
            break
        slower *= 1.1 * seconds / used
    return {"solution": solution.to_dict(), "cpu": used}


def problem_of(described: dict[str, object]) -> vroom.Input:
    """Return VROOM's input; it reads JSON from a file only."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as handed:
        json.dump(described, handed)
        handed.flush()
        return vroom.Input.from_json(handed.name)


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
