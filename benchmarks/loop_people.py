"""The loop bench's kept city, and pgbench replaying the recorded SQL of one fault report."""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import Bench, tree_cpu
from benchmarks.serving_people import PATH, Report

_BEGIN, _END = "bench begins to record", "bench ends recording"
_LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[\d+\] (LOG|DETAIL|STATEMENT):  (.*)$", re.S)
_NUMBER = re.compile(r"\b([A-Z]{1,2})\d{13}\b")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Limit:
    """What pgbench reached: transactions a second, CPU seconds of PostgreSQL and pgbench each."""

    rate: float
    cpu_each: float


def kept_city(bench: Bench, customers: int) -> str:
    """Return the template with that many customers, loaded once per recipe, schema and version."""
    root = Path(__file__).resolve().parents[1]
    sources = [Path(__file__).with_name("city_people.py"), *sorted(root.glob("yuanxin/*/migrations/*.py"))]
    recipe = b"".join(path.read_bytes() for path in sources) + bench.server.psql("SHOW server_version_num").encode()
    name = f"bench_people_{customers}_{hashlib.sha256(recipe).hexdigest()[:8]}"
    if not bench.exists(name):
        bench.database("bench_people_making")
        bench.python("benchmarks.city_people", str(customers))  # its own process: this one's Django is not yet set up
        bench.server.psql("VACUUM ANALYZE", "bench_people_making")
        bench.server.psql(f'ALTER DATABASE bench_people_making RENAME TO "{name}"')
    return name


def record(bench: Bench, database: str, token: str, report: Report) -> str:
    """Run one report in this process with its statements logged, and return them as a pgbench script."""
    client: Any = importlib.import_module("django.test").Client(headers={"Authorization": f"Bearer {token}"})
    connection: Any = importlib.import_module("django.db").connection
    bench.server.psql("ALTER ROLE app SET log_statement = 'all'", database)
    _reopen(connection)
    warm = Report(f"warm-{report.key}", report.customer_id, report.address_id, report.service, report.fault_code)
    for one, mark in ((warm, ""), (report, _BEGIN)):
        began_ms = time.time_ns() // 1_000_000
        if mark:
            connection.cursor().execute(f"SELECT '{mark}'")
        answer = client.post(PATH, asdict(one), content_type="application/json")
        if answer.status_code != 201:
            raise RuntimeError(f"{answer.status_code} {answer.content[:300]!r}")
    connection.cursor().execute(f"SELECT '{_END}'")
    bench.server.psql("ALTER ROLE app RESET log_statement", database)
    _reopen(connection)
    log = (bench.server.socket_dir / "log").read_text(encoding="utf-8", errors="replace")
    *statements, _ = _statements(log.rsplit(_BEGIN, 1)[1].split(_END, 1)[0])  # the last one is the mark's beginning
    return _script(statements, report.key, began_ms)


def _reopen(connection: Any) -> None:
    """Let the next connection be a new one, which knows its role's settings of today."""
    connection.close()
    connection.close_pool()


def _statements(log: str) -> list[str]:
    """Return the logged statements with their parameters put in."""
    found: list[str] = []
    for entry in re.split(r"\n(?=\d{4}-\d\d-\d\d )", log):
        if not (match := _LINE.match(entry.replace("\n\t", "\n"))):
            continue
        kind, text = match.groups()
        if kind == "LOG" and (said := re.match(r"(?:statement|execute [^:]+): (.*)", text, re.S)):
            found.append(said[1])
        elif kind == "DETAIL" and text.lower().startswith("parameters:"):
            values = dict(re.findall(r"\$(\d+) = ('(?:[^']|'')*'|NULL)", text))
            found[-1] = re.sub(r"\$(\d+)", lambda number, values=values: values[number[1]], found[-1])  # type: ignore[misc]
    return found


def _script(statements: list[str], key: str, began_ms: int) -> str:
    """Make what the report made once different in every run: ids younger than its beginning, its key, its numbers.

    pgbench puts :n, twelve digits, wherever it stands, in quotes too; so it can be the end of an id.
    """
    text = ";\n".join(" ".join(statement.replace(key, "replay:n").split()) for statement in statements) + ";\n"
    made = [one for one in dict.fromkeys(_UUID.findall(text)) if int(one[:8] + one[9:13], 16) >= began_ms]
    for nth, one in enumerate(made):
        fresh = f"{nth:08d}-0000-7000-8000-:n"
        text = text.replace(one, fresh).replace(one.replace("-", ""), fresh)
    return f"\\set n random({10**11}, {10**12 - 1})\n" + _NUMBER.sub(r"\1:n", text)


def replay(bench: Bench, database: str, script: str, *, clients: int, seconds: int) -> Limit:
    """Run pgbench with the script as the serving role."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        command: list[str | Path] = [
            bench.server.bin / "pgbench", "-n", "-h", str(bench.server.socket_dir), "-p", str(bench.server.port),
            "-U", "app", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", file.name, database,
        ]  # fmt: skip
        before, own = bench.server_cpu(), tree_cpu(os.getpid())
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        spent = bench.server_cpu() - before + tree_cpu(os.getpid()) - own
    count = re.search(r"actually processed: (\d+)", done.stdout)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if not count or not rate or not int(count[1]):
        raise RuntimeError(f"pgbench: {done.stdout[-500:]} {done.stderr[-1500:]}")
    return Limit(float(rate[1]), spent / int(count[1]))
