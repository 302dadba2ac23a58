"""What a replay found: figures with their kind, the identity, and how they are written. Pure.

Every figure is labelled: "data" was counted in the files, "rule" follows from the files by a rule that always gives
the same, "simulated" depends on the seed, the number of technicians and the assumptions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Label(StrEnum):
    """Where a figure comes from."""

    DATA = "data"
    RULE = "rule"
    SIMULATED = "simulated"


@dataclass(frozen=True)
class Figure:
    """One figure. value: a count, or yuan as text with two places."""

    name: str
    value: int | str
    label: Label


@dataclass(frozen=True)
class Fate:
    """What became of the contacts of the day, counted from the tables; every contact has exactly one fate.

    not_reached, no_visit_needed: by why.
    """

    finished: int
    open: int
    held: int
    not_reached: Mapping[str, int]
    no_visit_needed: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many contacts have a fate."""
        ended = self.finished + self.open + self.held
        return ended + sum(self.not_reached.values()) + sum(self.no_visit_needed.values())


@dataclass(frozen=True)
class Identity:
    """received = finished + open + held + not_reached + no_visit_needed, both sides from different sources."""

    received: int
    fates: int
    contacts_in_tables: int

    @property
    def holds(self) -> bool:
        """Say whether every contact of the file stands in the tables and has exactly one fate."""
        return self.received == self.fates == self.contacts_in_tables


@dataclass(frozen=True)
class Section:
    """A heading and its figures."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Report:
    """All that a replay found. findings: what verify complains of, by invariant."""

    original_day: str
    day: str
    technicians: int
    seed: int
    sections: tuple[Section, ...]
    bad_rows: tuple[tuple[str, int, str, str], ...]
    identity: Identity
    findings: tuple[str, ...]
    invariants: int

    @property
    def is_clean(self) -> bool:
        """Say whether the identity holds and verify found nothing."""
        return self.identity.holds and not self.findings

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "original_day": self.original_day,
            "day": self.day,
            "technicians": self.technicians,
            "seed": self.seed,
            "figures": [
                {"section": section.title, **asdict(figure)} for section in self.sections for figure in section.figures
            ],
            "bad_rows": [
                {"file": file, "line": line, "reason": reason, "value": value}
                for file, line, reason, value in self.bad_rows
            ],
            "identity": asdict(self.identity) | {"holds": self.identity.holds},
            "verify": {"invariants": self.invariants, "findings": list(self.findings)},
        }

    def lines(self) -> Iterable[str]:
        """Return the report as lines for a terminal."""
        yield f"{self.original_day} replayed as {self.day} (same wall times, Asia/Shanghai)"
        yield f"technicians {self.technicians}, seed {self.seed}"
        for file, line, reason, value in self.bad_rows:
            yield f"  left out: {file} line {line}: {reason}{f' ({value})' if value else ''}"
        for section in self.sections:
            yield ""
            yield section.title
            for figure in section.figures:
                yield f"  {figure.name:<44}{figure.value!s:>12}  {figure.label.value}"
        yield ""
        one = self.identity
        yield f"received {one.received} {'=' if one.holds else '≠'} fates {one.fates}; tables {one.contacts_in_tables}"
        yield f"verify: {self.invariants} invariants, {len(self.findings)} violations"
        yield from (f"  {finding}" for finding in self.findings)
