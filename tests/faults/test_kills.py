"""Fault reports survive web workers and databases that are killed; reactions survive a killed runner."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from yuanxin.kernel.server import Server

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def story() -> Iterator[dict[str, str]]:
    """Run the whole story in a process of its own, whose Django lives in the story's cluster."""
    home = Path(tempfile.mkdtemp(prefix="yuanxin-faults-"))  # pytest's are closed to PostgreSQL
    home.chmod(0o755)
    told = home / "told.txt"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YUANXIN_DATABASE")}
    environment |= {"YUANXIN_HOME": str(home), "YUANXIN_TOLD": str(told), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killing"], cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        process.wait(timeout=900)
        assert process.returncode == 0
        yield dict(line.split("=", 1) for line in told.read_text(encoding="utf-8").splitlines())
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        Server(home / "bench" / "postgres").stop()
        shutil.rmtree(home)


def test_every_acknowledged_report_is_there_exactly_once(story: dict[str, str]) -> None:
    assert story["errors"] == "0", story["first_error"]
    counted = {name: story[name] for name in ("sent", "acknowledged", "tickets", "work_orders", "clocks", "told")}
    assert set(counted.values()) == {"1000"}, counted


def test_workers_and_databases_were_really_killed(story: dict[str, str]) -> None:
    assert (story["worker_kills"], story["database_kills"], story["runner_kills"]) == ("5", "2", "3")
    assert int(story["retries"]) > 0


def test_the_ledger_sums_to_zero_and_every_invariant_holds(story: dict[str, str]) -> None:
    assert story["ledger_sum"] == "0"
    assert story["verify"] == "ok"


def test_a_runner_killed_in_its_batch_loses_and_doubles_nothing(story: dict[str, str]) -> None:
    assert (story["owed"], story["parked"]) == ("0", "0")
    assert (story["messages"], story["messages_doubled"], story["board_rows"]) == ("1000", "0", "1000")
