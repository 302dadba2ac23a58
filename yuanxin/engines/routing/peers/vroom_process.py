"""The process in which VROOM runs: a question as JSON on standard input, the answer on standard output.

Started by path, without the project on its import path. It sets its own CPU deadline, which the kernel enforces.
"""

import json
import resource
import sys
import tempfile
from datetime import timedelta
from time import perf_counter, process_time

import vroom

SPIN_S = 0.1  # CPU seconds to find out how busy the machine is


def stretch() -> float:
    """Return how many seconds pass on the clock while this process gets one of CPU; at least 1."""
    clock, used = perf_counter(), process_time()
    while process_time() < used + SPIN_S:
        pass
    return max(1.0, (perf_counter() - clock) / SPIN_S)


def answer(asked: dict[str, object]) -> dict[str, object]:
    """Solve one problem on one thread. seconds: VROOM's own limit in CPU seconds, or None."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(str(asked["cpu_deadline"])),) * 2)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as handed:
        json.dump(asked["input"], handed)
        handed.flush()
        problem = vroom.Input.from_json(handed.name)
    seconds = asked["seconds"]
    limit = None if seconds is None else timedelta(seconds=float(str(seconds)) * stretch())
    solution = problem.solve(exploration_level=int(str(asked["exploration"])), nb_threads=1, timeout=limit)
    return {"solution": solution.to_dict(), "cpu": process_time()}


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
