"""What every bench needs: an own database with production's settings, CPU seconds, goals, a report.

A rate's goal is met when the wall rate or cores / (CPU seconds per item) reaches it; both are printed. Latency
percentiles count only at a load average below 2.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from yuanxin.kernel.server import Server

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("YUANXIN_HOME") or ROOT / ".local").resolve() / "bench"
_TICK = os.sysconf("SC_CLK_TCK")
BUSY = 2.0


@dataclass
class Spent:
    """Seconds that a measured block took: wall, and CPU of this process with its children and of PostgreSQL."""

    wall: float = 0.0
    own: float = 0.0
    server: float = 0.0
    others: float = 0.0

    @property
    def cpu(self) -> float:
        """All CPU seconds that count."""
        return self.own + self.server + self.others


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; None: the bench's own choice. seconds: of CPU."""

    seeds: int | None = None
    seconds: float | None = None
    instances: tuple[str, ...] = ()
    engine: str = ""
    clusters: int | None = None


@dataclass
class Bench:
    """A running bench. ``with Bench(name)`` starts the cluster; ``database()`` makes a fresh database in it.

    needs_database=False: a bench of pure computing, no cluster is started.
    """

    name: str
    needs_database: bool = True
    asked: Asked = field(default_factory=Asked)
    figures: dict[str, Any] = field(default_factory=dict)
    goals: list[dict[str, Any]] = field(default_factory=list)
    server: Server = field(init=False)
    _started: float = field(default_factory=time.monotonic)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Bench:
        if self.needs_database:
            self.server = Server(HOME / "postgres")
            self.server.start()
        self.load_before = os.getloadavg()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            end(process)
        if self.needs_database:
            self.server.stop()

    # Databases

    def database(self, name: str, *, template: str = "") -> str:
        """Make an empty, migrated database (or a copy of a template), and point Django of this process at it."""
        self.drop(name)
        self.server.psql(f'CREATE DATABASE "{name}" OWNER owner' + (f' TEMPLATE "{template}"' if template else ""))
        self.use(name)
        if not template:
            self.manage("migrate", role="owner")
        return name

    def exists(self, name: str) -> bool:
        """Tell whether the database is there."""
        return self.server.psql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "1"

    def drop(self, name: str) -> None:
        """Remove a database of the bench's cluster."""
        self.server.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def use(self, name: str) -> None:
        """Let this process and its children work in this database."""
        os.environ |= {
            "YUANXIN_DATABASE": name,
            "YUANXIN_DATABASE_HOST": str(self.server.socket_dir),
            "YUANXIN_DATABASE_PORT": str(self.server.port),
            "DJANGO_SETTINGS_MODULE": "yuanxin.config.settings",
        }
        os.environ.pop("DATABASE_URL", None)

    def manage(self, *arguments: str, role: str = "") -> str:
        """Run a management command in a process of its own and return what it printed. Raises RuntimeError."""
        return self._run(str(ROOT / "manage.py"), *arguments, role=role)

    def python(self, module: str, *arguments: str, role: str = "") -> str:
        """Run a module in a process of its own and return what it printed. Raises RuntimeError."""
        return self._run("-m", module, *arguments, role=role)

    def _run(self, *arguments: str, role: str) -> str:
        environment = dict(os.environ) | ({"YUANXIN_DATABASE_ROLE": role} if role else {})
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout

    @contextmanager
    def running(self, *arguments: str, role: str = "", extra: dict[str, str] | None = None) -> Iterator[Any]:
        """Run a process of the product beside the block; it is told to stop at the end of it."""
        process = self.start(*arguments, role=role, extra=extra)
        try:
            yield process
        finally:
            end(process)

    def start(
        self, *arguments: str, role: str = "", extra: dict[str, str] | None = None, log: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process of the product; it is told to stop at the bench's end. log: where it writes, else nowhere."""
        environment = dict(os.environ) | (extra or {}) | ({"YUANXIN_DATABASE_ROLE": role} if role else {})
        with (log or Path(os.devnull)).open("ab") as said:
            process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=said, stderr=said)
        self._processes.append(process)
        return process

    def require_production(self) -> None:
        """Check that nothing was switched off for speed, and print it. Raises RuntimeError."""
        database = os.environ["YUANXIN_DATABASE"]
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if self.server.psql(f"SHOW {setting}", database) != "on":
                raise RuntimeError(f"{setting} is off")
        self.manage("verify", "kernel.triggers", "kernel.policies", "kernel.grants", "kernel.migrations")
        print("checked: fsync, synchronous_commit, full_page_writes, triggers, policies, grants, migrations")

    # Measuring

    @contextmanager
    def measured(self, *processes: int) -> Iterator[Spent]:
        """Measure a block: this process and its ended children, PostgreSQL, and the named processes with children."""
        spent = Spent()
        before = (time.monotonic(), _own_cpu(), self.server_cpu(), sum(map(tree_cpu, processes)))
        try:
            yield spent
        finally:
            spent.wall = time.monotonic() - before[0]
            spent.own = _own_cpu() - before[1]
            spent.server = self.server_cpu() - before[2]
            spent.others = sum(map(tree_cpu, processes)) - before[3]

    def server_cpu(self) -> float:
        """Return the CPU seconds of PostgreSQL so far, ended backends included; 0 without one."""
        if not self.needs_database:
            return 0.0
        pid = int((self.server.data / "postmaster.pid").read_text().split("\n", 1)[0])
        return tree_cpu(pid)

    def goal(self, name: str, value: float, goal: float, *, better: str = "higher", counts: bool = True) -> None:
        """State a figure beside its goal. counts=False: shown, but the machine was too busy to judge it."""
        met = not counts or (value >= goal if better == "higher" else value <= goal)
        self.goals.append({"name": name, "value": value, "goal": goal, "better": better, "met": met, "counts": counts})

    def rate(self, name: str, items: int, spent: Spent, goal: float) -> None:
        """State a rate's goal: met by the wall rate, or by what the machine's cores could do at this CPU price."""
        wall = items / spent.wall
        cores = (os.cpu_count() or 1) / (spent.cpu / items) if spent.cpu else wall
        self.figures |= {f"{name}_wall_per_s": round(wall, 1), f"{name}_cpu_bound_per_s": round(cores, 1)}
        self.figures[f"{name}_cpu_ms_each"] = round(1000 * spent.cpu / items, 3)
        self.goal(f"{name} per second", round(max(wall, cores), 1), goal)

    def is_idle(self) -> bool:
        """Tell whether the machine was idle enough for latency percentiles to count."""
        return max(self.load_before[0], 0.0) < BUSY

    def report(self) -> dict[str, Any]:
        """Print the table and return the report."""
        for name, value in self.figures.items():
            print(f"{name:44} {value}")
        for goal in self.goals:
            sign = ">=" if goal["better"] == "higher" else "<="
            state = "met" if goal["met"] else f"MISSED by {_gap(goal)}"
            if not goal["counts"]:
                state = "not judged: the machine is busy"
            print(f"goal {goal['name']:39} {goal['value']} {sign} {goal['goal']}: {state}")
        return {
            "bench": self.name,
            "figures": self.figures,
            "goals": self.goals,
            "load_average": [self.load_before, os.getloadavg()],
            "cpu_seconds": round(_own_cpu() + self.server_cpu(), 2),
            "wall_seconds": round(time.monotonic() - self._started, 2),
            "versions": {"python": platform.python_version()} | self._versions(),
        }

    def _versions(self) -> dict[str, str]:
        if not self.needs_database:
            return {name: version(name) for name in ("numpy", "numba")}
        return {name: version(name) for name in ("django", "psycopg")} | {
            "postgresql": self.server.psql("SHOW server_version")
        }


def _gap(goal: dict[str, Any]) -> str:
    share = f" ({abs(goal['value'] / goal['goal'] - 1) * 100:.0f} %)" if goal["goal"] else ""
    return f"{abs(goal['value'] - goal['goal']):.4g}{share}"


def _own_cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def end(process: subprocess.Popen[bytes]) -> None:
    """Tell a process to stop, and kill it when it does not."""
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tree_cpu(pid: int) -> float:
    """Return the CPU seconds of a process, its ended children, and its living descendants."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICK + sum(tree_cpu(int(child)) for child in children)


def percentile(values: list[float], share: float) -> float:
    """Return the value that ``share`` (0-1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(work: Callable[[], Any]) -> float:
    """Return the wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
