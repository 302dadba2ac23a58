"""A pytest plugin that ``./run test`` loads: each tier of tests has a budget of wall seconds, and keeps it."""

import os
import time
import tomllib
from pathlib import Path

import pytest

STARTED = pytest.StashKey[float]()
PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--tier fast|all``."""
    parser.addoption("--tier", choices=["fast", "all"], default="fast", help="whose budget of seconds holds")


def pytest_configure(config: pytest.Config) -> None:
    """Start the clock."""
    config.stash[STARTED] = time.monotonic()


def budget_seconds(tier: str) -> float:
    """Return the wall seconds of the tier: of YUANXIN_TEST_SECONDS, else of pyproject.toml."""
    if given := os.environ.get("YUANXIN_TEST_SECONDS"):
        return float(given)
    budgets = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["yuanxin"]["budgets"]
    return float(budgets["test_seconds" if tier == "fast" else "test_all_seconds"])


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a success that took too long into a failure."""
    if hasattr(session.config, "workerinput"):
        return
    if _seconds(session.config) > budget_seconds(session.config.getoption("--tier")) and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how much of the budget was used, above pytest's closing line."""
    tier = config.getoption("--tier")
    used, budget = _seconds(config), budget_seconds(tier)
    verdict = "kept" if used <= budget else "MISSED, so the run failed"
    terminalreporter.write_line(f"budget of the {tier} tier: {used:.0f} s of {budget:.0f} s, {verdict}")


def _seconds(config: pytest.Config) -> float:
    return time.monotonic() - config.stash[STARTED]
