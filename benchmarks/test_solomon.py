"""The judge of Solomon's instances sees what is wrong, and the encoding says the same as the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.solomon_people import Instance, judge, problem_of, read, routes_of
from yuanxin.engines.routing.engine import engine

TEXT = """TINY

VEHICLE
NUMBER     CAPACITY
   2         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      40         50          0          0        100          0
    1      43         54         10         20         30         10
    2      46         58         10          0         16         10
    3      40         60         15          0         80         10
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Instance:
    """Three customers; the second must come before the first."""
    path = tmp_path / "TINY.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read(path)


def test_a_good_plan_is_measured_and_the_engine_finds_it(tiny: Instance) -> None:
    verdict = judge(tiny, [["2", "1"], ["3"]])
    assert verdict.faults == ()
    assert verdict.distance == pytest.approx(40.0)
    problem = problem_of(tiny)
    plan = engine("greedy").solve(problem, 1)
    assert judge(tiny, routes_of(plan)).distance == pytest.approx(40.0)
    assert plan.score.total == pytest.approx(400_000, abs=6)


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([["2", "1"]], "customer 3 is served 0 times"),
        ([["2", "1"], ["3", "2"]], "customer 2 is served 2 times"),
        ([["1", "2"], ["3"]], "late at 2"),
        ([["2", "1", "3"]], "too much load for 2, 1, 3"),
        ([["2"], ["1"], ["3"]], "3 vehicles"),
        ([["2", "1"], ["3"], []], "3 vehicles"),
    ],
)
def test_a_bad_plan_is_refused(tiny: Instance, routes: list[list[str]], fault: str) -> None:
    assert fault in judge(tiny, routes).faults


def test_coming_home_late_is_a_fault(tiny: Instance) -> None:
    early = replace(tiny, depot=replace(tiny.depot, due=20))
    assert "late at 0" in judge(early, [["2", "1"], ["3"]]).faults
