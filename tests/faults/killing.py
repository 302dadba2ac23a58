"""The story of the kill tests: 1,000 reports from retrying clients while workers, the database and runners die."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import django
import psycopg

from benchmarks import serving_people as serving
from benchmarks.harness import Bench

REPORTS = 1000
CLIENTS = 8
KILLS = ["worker"] * 5 + ["database"] * 2 + ["runner"] * 3
DATABASE = "faults"
PATIENCE_S = 120


def main() -> None:
    """Live through it and write what was found to the file named by YUANXIN_TOLD."""
    told: dict[str, object] = {"sent": REPORTS}
    with Bench("faults") as bench:
        bench.database(DATABASE)
        bench.python("benchmarks.city_people", str(REPORTS * 2))
        django.setup()
        token = serving.make_city()
        todo = serving.reports(bench, REPORTS, prefix="fault")
        answers = serving.Answers()
        began = time.monotonic()
        with serving.serving(bench, log=Path(os.environ["YUANXIN_TOLD"]).parent) as (port, processes):
            killer = Killer(bench, processes, answers)
            killer.start()
            serving.send_all(port, token, todo, clients=CLIENTS, patient=True, answers=answers)
            killer.join()
            wait_until_drained(bench)
        told["seconds"] = round(time.monotonic() - began, 1)
        told |= {f"{victim}_kills": killer.killed.count(victim) for victim in set(KILLS)}
        told |= {
            "acknowledged": len(set(answers.tickets.values())),
            "errors": len(answers.errors),
            "first_error": " ".join(answers.errors[:1]),
            "retries": answers.retries,
        }
        told |= found(bench)
    Path(os.environ["YUANXIN_TOLD"]).write_text(
        "".join(f"{name}={value}\n" for name, value in told.items()), encoding="utf-8"
    )


class Killer(threading.Thread):
    """Kills in turn, each at a share of the answers, so that all kills fall into the run on any machine."""

    def __init__(self, bench: Bench, processes: list[Any], answers: serving.Answers) -> None:
        super().__init__(daemon=True)
        self.bench, self.web, self.runners, self.answers = bench, processes[0], processes[1:], answers
        self.killed: list[str] = []
        self._dice = random.Random(3)

    def run(self) -> None:
        """Carry out the plan."""
        plan = list(KILLS)
        self._dice.shuffle(plan)
        for nth, victim in enumerate(plan, start=1):
            self._wait_for_answers(nth * REPORTS // (len(plan) + 1))
            getattr(self, f"_kill_{victim}")()
            self.killed.append(victim)

    def _wait_for_answers(self, count: int) -> None:
        wait_for(lambda: len(self.answers.tickets) >= count)

    def _kill_worker(self) -> None:
        """Kill the oldest worker: the server gives up on one that dies again at once, as if it could not start."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        workers = [pid for pid in children if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(int(min(workers, key=started)), signal.SIGKILL)

    def _kill_database(self) -> None:
        postmaster = int((self.bench.server.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(postmaster, signal.SIGKILL)
        time.sleep(self._dice.uniform(0.2, 2.0))
        self.bench.server.start()

    def _kill_runner(self) -> None:
        """Kill a runner in the middle of its batch: it waits for a table that this story holds."""
        nth = self._dice.randrange(len(self.runners))
        victim, name = self.runners[nth], serving.runner_name(nth)
        with psycopg.connect(self.bench.server.url(DATABASE, user="postgres")) as holder:
            deadline = time.monotonic() + PATIENCE_S
            while not self._is_held_up(holder, name):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{name} never came to the table")
            victim.kill()
            victim.wait()
        self.runners[nth] = serving.start_runner(self.bench, nth)

    def _is_held_up(self, holder: psycopg.Connection[Any], name: str) -> bool:
        """Hold the table for a little less than a runner's patience with locks; tell whether it waits for it."""
        holder.rollback()
        holder.execute("LOCK TABLE messaging_message IN SHARE ROW EXCLUSIVE MODE")
        for _ in range(30):
            waits = "SELECT 1 FROM pg_stat_activity WHERE application_name = %s AND wait_event_type = 'Lock'"
            if holder.execute(waits, [name]).fetchone():
                return True
            holder.execute("SELECT pg_stat_clear_snapshot()")
            time.sleep(0.05)
        return False


def started(pid: str) -> int:
    """Return when a process was started, in ticks since the machine was."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])


def wait_for(is_so: Any, seconds: float = PATIENCE_S) -> None:
    """Wait until something is so. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


def wait_until_drained(bench: Bench) -> None:
    """Wait until nothing is owed."""
    owed = "SELECT count(*) FROM kernel_delivery WHERE state = 'owed'"
    wait_for(lambda: bench.server.psql(owed, DATABASE) == "0")


def found(bench: Bench) -> dict[str, object]:
    """Return what the tables say after everything."""
    questions = {
        "tickets": "SELECT count(*) FROM care_troubleticket",
        "work_orders": "SELECT count(*) FROM fieldwork_workorder",
        "clocks": "SELECT count(DISTINCT subject) FROM standards_clock",
        "told": "SELECT count(*) FROM kernel_factrecord WHERE name = 'TicketOpened'",
        "messages": "SELECT count(DISTINCT cause) FROM messaging_message WHERE template LIKE 'ticket-opened%'",
        "messages_doubled": "SELECT count(*) - count(DISTINCT (cause, template)) FROM messaging_message",
        "board_rows": "SELECT count(*) FROM supervision_boardrow",
        "ledger_sum": "SELECT coalesce(sum(amount_fen), 0) FROM ledger_posting",
        "owed": "SELECT count(*) FROM kernel_delivery WHERE state = 'owed'",
        "parked": "SELECT count(*) FROM kernel_delivery WHERE state = 'parked'",
    }
    told: dict[str, object] = {name: bench.server.psql(question, DATABASE) for name, question in questions.items()}
    try:
        bench.manage("verify", role="app")
    except RuntimeError as error:
        return told | {"verify": " ".join(str(error).split())}
    return told | {"verify": "ok"}


if __name__ == "__main__":
    main()
    sys.exit(0)
