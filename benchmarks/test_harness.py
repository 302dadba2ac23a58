"""The harness itself: a goal that is missed must be seen as missed."""

from __future__ import annotations

import os

import pytest

from benchmarks.__main__ import main, names
from benchmarks.harness import Asked, Bench, Spent, percentile, tree_cpu


def test_every_bench_says_its_purpose() -> None:
    assert all(purpose.endswith(".") for purpose in names().values())


def test_a_missed_goal_is_not_met() -> None:
    bench = Bench("x")
    bench.goal("rate", 9.0, 10.0)
    bench.goal("seconds", 11.0, 10.0, better="lower")
    bench.goal("p99", 11.0, 10.0, better="lower", counts=False)
    assert [goal["met"] for goal in bench.goals] == [False, False, True]


def test_a_bench_of_pure_computing_starts_no_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    with Bench("x", needs_database=False, asked=Asked(seeds=3)) as bench, bench.measured() as spent:
        bench.goal("rules broken", 2, 0, better="lower")
    report = bench.report()
    assert "MISSED by 2" in capsys.readouterr().out
    assert "postgresql" not in report["versions"]
    assert spent.server == 0
    assert bench.asked == Asked(seeds=3, seconds=None, instances=())


def test_a_rate_counts_by_wall_or_by_cpu() -> None:
    bench = Bench("x")
    bench.rate("report", 1000, Spent(wall=10.0, own=2.0), goal=(os.cpu_count() or 1) * 500)
    assert bench.goals[0]["met"]
    bench.rate("report", 1000, Spent(wall=10.0, own=20.0), goal=101 * (os.cpu_count() or 1))
    assert not bench.goals[1]["met"]


def test_percentiles_and_processes() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert tree_cpu(os.getpid()) > 0
    assert tree_cpu(2**22 + 1) == 0


def test_an_unknown_bench_is_named() -> None:
    assert main(["nothing-of-that-name"]) == 2
