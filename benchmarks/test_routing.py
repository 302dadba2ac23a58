"""What the dispatch benches share: figures that agree with the price list, results that are kept and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import routing_city, routing_people, routing_solomon
from benchmarks.harness import Bench
from benchmarks.routing_people import Judged, fingerprint, head, installed, judge, kept, line
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.generators import technician_day

DAY = technician_day(3, technicians=6, jobs=40)


def judged() -> Judged:
    """Return a small day, planned and judged."""
    return judge("greedy", "3", DAY, lambda: engine("greedy").solve(DAY, 0.5))


def test_a_plan_is_judged_by_the_price_list() -> None:
    row = judged()
    assert row.broken == 0
    assert row.total == sum(row.terms.values())
    assert row.travel_h == pytest.approx(row.terms["travel"] / 3600, abs=0.01)
    assert row.lost == sum(job.value for job in DAY.jobs) - sum(
        DAY.job_by_id[job].value for job in engine("greedy").solve(DAY, 0.5).visits_of
    )
    assert row.cpu_s >= 0


def test_a_result_is_kept_under_all_that_it_depends_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing_people, "HOME", tmp_path)
    first = kept("x", ("pyvrp", 5.0, fingerprint(DAY)), Judged, judged)
    again = kept("x", ("pyvrp", 5.0, fingerprint(DAY)), Judged, judged)
    other = kept("x", ("pyvrp", 6.0, fingerprint(DAY)), Judged, judged)
    assert (first.kept, again.kept, other.kept) == (False, True, False)
    assert (again.total, again.terms, again.cpu_s) == (first.total, first.terms, first.cpu_s)
    assert fingerprint(technician_day(4, technicians=6, jobs=40)) != fingerprint(DAY)


def test_the_table_has_a_column_for_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    row = judged()
    head()
    line(row)
    first, second = capsys.readouterr().out.splitlines()
    assert len(first) == len(second)
    assert f"{row.served}/40" in second


def test_an_engine_that_is_not_here_is_said_to_be_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(routing_people.PACKAGES, "hexaly", "no-such-package-of-ours")
    assert installed(("hexaly",)) == {}
    assert "skipped: hexaly is not installed here" in capsys.readouterr().out


def row(engine: str, case: str, total: int, lost: int, travel_h: float) -> Judged:
    """Return a judged plan with these figures."""
    return Judged(engine, case, 5.0, 5.0, 1.0, total, {}, 1, 1, lost, travel_h, 0, broken=0)


def test_the_city_is_won_only_where_every_seed_is() -> None:
    bench = Bench("x", needs_database=False)
    rows = [
        row("own", "0", 100, 10, 5.0),
        row("pyvrp", "0", 110, 20, 4.0),
        row("vroom", "0", 120, 20, 6.0),
        row(routing_city.BEYOND, "0", 90, 5, 5.0),
        row("own", "1", 100, 10, 5.0),
        row("pyvrp", "1", 99, 20, 4.0),
        row("vroom", "1", 120, 20, 5.0),
        row(routing_city.BEYOND, "1", 110, 5, 5.0),
    ]
    routing_city._goals(bench, rows, "own")
    assert {goal["name"]: (goal["value"], goal["met"]) for goal in bench.goals} == {
        "hard rules broken": (0, True),
        "better objective than pyvrp, seeds": (1, False),
        "better objective than vroom, seeds": (2, True),
        "more value than vroom, seeds": (2, True),
        "less travel than vroom, seeds": (1, False),
    }
    assert bench.figures[f"better objective than {routing_city.BEYOND}"] == "1 of 2 seeds"


def test_solomon_is_judged_by_gap_by_pyvrp_and_by_faults() -> None:
    bench = Bench("x", needs_database=False)
    found = routing_solomon.Found
    rows = [
        [found("own", "R101", 101.0, 9, "", 30.0, 1.0), found("pyvrp", "R101", 100.0, 9, "", 30.0, 1.0)],
        [found("own", "RC201", 0.0, 9, "late at 3", 30.0, 1.0), found("pyvrp", "RC201", 51.0, 9, "", 30.0, 1.0)],
    ]
    routing_solomon._summary(bench, rows, {"R101": 100.0, "RC201": 50.0}, "own")
    assert [(goal["name"], goal["value"], goal["met"]) for goal in bench.goals] == [
        ("infeasible by the judge", 1, False),
        ("mean gap, percent", 1.0, True),
        ("behind pyvrp, points", 1.0, False),
    ]
    assert bench.figures["infeasible"] == "RC201: late at 3"
