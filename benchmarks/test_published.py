"""Readers and judges of the published sets, on instances written by hand in the same format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import published_people, teams_people, trsp_people
from benchmarks.trsp_people import DEPOT, Instance, judge, problem_of, stops_of
from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.teams.solving import solve
from yuanxin.engines.routing.watching import Watch

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """small

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2      2       2       1

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    0     10    0      200    0      [] \t[] \t[]
1    0     0     0      200    0      [0,1] \t[0] \t[1]
2    9     9     0      200    0      [1] \t[] \t[0]
3    3     4     20     54     10     [0] \t[0] \t[1]
4    0     8     40     90     10     [0] \t[1] \t[0]
5    9     10    0      90     10     [1] \t[] \t[0]
"""


@pytest.fixture
def small(tmp_path: Path) -> Instance:
    path = tmp_path / "small.txt"
    path.write_text(SMALL, encoding="utf-8")
    return trsp_people.read(path)


def test_the_file_is_read(small: Instance) -> None:
    assert [one.id for one in small.technicians] == ["1", "2"]
    assert [(one.id, one.tools, one.parts) for one in small.requests] == [
        ("3", {0}, (1,)),
        ("4", {1}, (0,)),
        ("5", frozenset(), (0,)),
    ]


def test_leaving_late_makes_the_day_short(small: Instance) -> None:
    """By hand: leave at 15, serve 3 from 20 to 30, depot, 4 from 40: it opens then; 10 of service and 8 home."""
    verdict = judge(small, {"1": ["3", DEPOT, "4"], "2": ["5"]})
    assert verdict.faults == ()
    leg = (3**2 + 6**2) ** 0.5
    assert verdict.distance == pytest.approx(5 + leg + 2 + 8 + 2)
    assert verdict.duration == pytest.approx((58 - (40 - 2 - leg - 10 - 5)) + 12)


def test_the_judge_finds_every_kind_of_fault(small: Instance) -> None:
    faults = {
        "served 0 times": {"1": ["3", DEPOT, "4"]},
        "lacks a tool": {"1": ["3", "4"], "2": ["5"]},
        "lacks a skill": {"1": [DEPOT, "4"], "2": ["5", "3"]},
        "is late": {"1": [DEPOT, "4", "3"], "2": ["5"]},
        "depot twice": {"1": ["3", DEPOT, DEPOT, "4"], "2": ["5"]},
        "no technician": {"1": ["3", DEPOT, "4"], "7": ["5"]},
    }
    for fault, stops in faults.items():
        assert any(fault in one for one in judge(small, stops).faults), fault


def test_the_engine_gets_the_same_instance(small: Instance) -> None:
    problem = problem_of(small)
    plan = engine("greedy").solve(problem, 1.0)
    stops = stops_of(small, plan)
    served = {name for route in stops.values() for name in route} - {DEPOT}
    kept = Instance(small.name, small.depot, small.technicians, tuple(r for r in small.requests if r.id in served))
    assert {"3", "5"} <= served
    assert judge(kept, stops).faults == ()


def test_team_instances_are_read(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("name domains levels techs interv abandon\ntiny 2 2 2 2 0\n", encoding="utf-8")
    (tmp_path / "interv_list").write_text(
        "number time preds prio cost d1_1 d1_2 d2_1 d2_2\n1 60 [ ] 1 400 1 1 0 0 \n2 30 [ 1 ] 4 300 0 0 1 0 \n",
        encoding="utf-8",
    )
    (tmp_path / "tech_list").write_text("tech d1 d2 dispo\n1 2 0 [ 1 ]\n2 0 1 [ ]\n", encoding="utf-8")
    problem = teams_people.read(tmp_path)
    assert problem.technician_by_id["1"].absent == {1}
    assert problem.by_id["2"].before == ("1",)
    assert problem.by_id["1"].needs == ((1, 1), (0, 0))
    assert solve(problem, 5, 0, Watch(rounds=50)).ends == (180, 0, 0, 210)


def test_absent_data_are_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv(published_people.NAME, str(tmp_path))
    assert published_people.folder("roadef2007") is None
    assert "skipped" in capsys.readouterr().out
