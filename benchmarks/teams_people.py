"""Reader of the ROADEF challenge of 2007: technicians and interventions of a telephone company."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from yuanxin.engines.routing.teams.problem import Intervention, TeamProblem, Technician

if TYPE_CHECKING:
    from pathlib import Path

DAY = 120


def read(path: Path) -> TeamProblem:
    """Read the three files of one instance."""
    head = (path / "instance").read_text(encoding="utf-8").splitlines()[1].split()
    domains, levels, budget = int(head[1]), int(head[2]), int(head[5])
    technicians = tuple(
        Technician(row[0], tuple(map(int, row[1:])), frozenset(map(int, absent)))
        for row, absent, _ in _rows(path / "tech_list")
    )
    interventions = []
    for row, before, rest in _rows(path / "interv_list"):
        counts = list(map(int, rest[2:]))
        needs = tuple(tuple(counts[domain * levels : (domain + 1) * levels]) for domain in range(domains))
        interventions.append(Intervention(row[0], int(row[1]), int(rest[0]), needs, tuple(before), int(rest[1])))
    return TeamProblem(technicians, tuple(interventions), DAY, budget)


def best_known(path: Path) -> dict[int, int]:
    """Return the best known costs of set A by number."""
    with path.open(encoding="utf-8") as lines:
        return {int(row["data"]): int(row["best_known_cost"]) for row in csv.DictReader(lines) if row["set"] == "A"}


def _rows(path: Path) -> list[tuple[list[str], list[str], list[str]]]:
    """Return of each line what stands before, inside and after its brackets."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    parts = [re.split(r"[\[\]]", line) for line in lines if line.strip()]
    return [(before.split(), inside.split(), after.split()) for before, inside, after in parts]
