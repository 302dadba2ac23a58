"""A served city for benches and fault tests: rulebooks, grids, an agent's token, web workers, clients that retry."""

from __future__ import annotations

import http.client
import importlib
import json
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.harness import Bench, end

CITY = "4406"
AT = datetime(2026, 11, 24, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
PATH = "/service/api/fault-reports"
PATIENCE_S = 180.0
RETRY_WAIT_S = 0.5


@dataclass
class Report:
    """One fault report to send. key: its idempotency key."""

    key: str
    customer_id: str
    address_id: str
    service: str = "tv"
    fault_code: str = "tv_no_signal"


@dataclass
class Answers:
    """What the clients got: milliseconds of the answered tries, ticket numbers by key, errors, retries."""

    milliseconds: list[float] = field(default_factory=list)
    tickets: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    retries: int = 0


def make_city(*, grids: int = 40, technicians: int = 20) -> str:
    """Publish rulebooks and make the organisation around customers that are loaded already; return a token."""
    acting: Any = importlib.import_module("yuanxin.kernel.acting")
    tenancy: Any = importlib.import_module("yuanxin.kernel.tenancy")
    org: Any = importlib.import_module("yuanxin.org.api")
    transaction: Any = importlib.import_module("django.db.transaction")
    with acting.acting_as(acting.system("bench", scope="*")), transaction.atomic(), tenancy.scope("*"):
        workdays: Any = importlib.import_module("yuanxin.kernel.workdays")
        for year in (2025, 2026):
            workdays.load_calendar_year(year=year)
        importlib.import_module("yuanxin.standards.api").load_rulebooks(at=AT)
        org.create_unit(code="00", name="总部", level="hq")
        org.create_unit(code=CITY[:2], name="省公司", level="province", parent_code="00")
        org.create_unit(code=CITY, name="市公司", level="city", parent_code=CITY[:2])
        for nth in range(grids):
            org.create_unit(code=f"{CITY}04{nth:03d}", name=f"网格{nth}", level="grid", parent_code=CITY)
        agent = org.create_staff(number="A0001", name="坐席", unit_code=CITY)
        org.grant_role(staff_id=agent, role="agent", at=AT)
        for nth in range(technicians):
            staff_id = org.create_staff(number=f"T{nth:04d}", name="装维员", unit_code=f"{CITY}04{nth % grids:03d}")
            org.grant_role(staff_id=staff_id, role="technician", at=AT)
    importlib.import_module("yuanxin.kernel.clock").set_clock(at=AT)
    return str(importlib.import_module("yuanxin.web.http.machine").token_of(agent))


def reports(bench: Bench, count: int, *, prefix: str = "bench") -> list[Report]:
    """Return reports of that many distinct customers, television and broadband in turn."""
    rows = bench.server.psql(
        f"SELECT customer_id, address_id FROM parties_customeraddress ORDER BY md5(id::text) LIMIT {count}",
        os.environ["YUANXIN_DATABASE"],
    ).splitlines()
    kinds = (("tv", "tv_fault"), ("broadband", "no_internet"))
    pairs = (row.split("|") for row in rows)
    return [
        Report(f"{prefix}-{nth}", customer, address, *kinds[nth % 2]) for nth, (customer, address) in enumerate(pairs)
    ]


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    bench: Bench, *, runners: int = 2, workers: int = 2, log: Path | None = None
) -> Iterator[tuple[int, list[Any]]]:
    """Serve the pages and run the outbox; give the port and the processes, the web server first.

    log: directory for what the web server says, else nowhere.
    """
    port = free_port()
    granian = (
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "4",
        "--backpressure", "64", "--no-ws", "--log-level", "error", "--respawn-failed-workers",
        "--host", "127.0.0.1", "--port", str(port), "yuanxin.config.wsgi:application",
    )  # fmt: skip
    processes = [bench.start(*granian, role="app", log=log and log / "web.log")]
    processes += [start_runner(bench, nth) for nth in range(runners)]
    try:
        wait_until_served(port)
        yield port, processes
    finally:
        for process in processes:
            end(process)


def start_runner(bench: Bench, nth: int) -> Any:
    """Start an outbox runner that the database knows by its name."""
    return bench.start(sys.executable, "manage.py", "run_outbox", role="job", extra={"PGAPPNAME": runner_name(nth)})


def runner_name(nth: int) -> str:
    """Return the name by which the database knows the nth runner."""
    return f"runner-{nth}"


def wait_until_served(port: int, seconds: float = 240) -> None:
    """Wait for the first answer. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/accounts/login/")
            if line.getresponse().status < 500:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"nothing answers on port {port}")


def send_all(
    port: int,
    token: str,
    todo: Sequence[Report],
    *,
    clients: int = 16,
    patient: bool = False,
    answers: Answers | None = None,
) -> Answers:
    """Send the reports from that many threads, each over its own connection.

    patient: try again on any broken connection and any 5xx until there is an answer, as a phone without signal does.
    answers: what is filled while it goes on, for somebody who watches.
    """
    answers = Answers() if answers is None else answers
    queue, lock = list(reversed(todo)), threading.Lock()

    def work() -> None:
        line: http.client.HTTPConnection | None = None
        while True:
            with lock:
                if not queue:
                    return
                report = queue.pop()
            line = _send(line, port, token, report, answers, PATIENCE_S if patient else 0.0)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _send(
    line: http.client.HTTPConnection | None, port: int, token: str, report: Report, answers: Answers, patience_s: float
) -> http.client.HTTPConnection | None:
    body = json.dumps(asdict(report))
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    said, deadline = "", time.monotonic() + patience_s
    while not said or time.monotonic() < deadline:
        if said:
            answers.retries += 1
            time.sleep(RETRY_WAIT_S * random.uniform(0.2, 1.0))
        try:
            line = line or http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            began = time.perf_counter()
            line.request("POST", PATH, body, head)
            answer = line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            line, said = None, repr(error)
            continue
        if answer.status == 201:
            answers.milliseconds.append((time.perf_counter() - began) * 1000)
            answers.tickets[report.key] = json.loads(text)["number"]
            return line
        said = f"{answer.status} {text[:200]!r}"
        if answer.status < 500 and answer.status != 409:
            break
    answers.errors.append(f"{report.key}: {said}")
    return line


def main(arguments: list[str]) -> None:
    """Send the reports of a file and print the answers: the clients' own process, whose CPU does not count."""
    port, token, path, clients = arguments
    todo = [Report(**row) for row in json.loads(Path(path).read_text(encoding="utf-8"))]
    print(json.dumps(asdict(send_all(int(port), token, todo, clients=int(clients)))))


if __name__ == "__main__":
    main(sys.argv[1:])
