"""A rule's number as text: the rulebook's own fields, without the notes on which way is stricter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HIDDEN = {"kind", "stricter"}


@dataclass(frozen=True)
class RuleRow:
    """One rule as a line of a table."""

    entry: Any
    measure: str


def rule_rows(entries: Iterable[Any]) -> list[RuleRow]:
    """Return the rules with their numbers as text; a draft's empty number shows as empty."""
    return [RuleRow(entry, _text(entry.measure)) for entry in entries]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{name} {_text(part)}" for name, part in value.items() if name not in HIDDEN)
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return "—" if value is None else str(value)
