"""A rule's number as text: the rulebook's own fields, without the notes on which way is stricter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yuanxin.web.components.codes import words_among
from yuanxin.web.components.words_of_values import VALUES

HIDDEN = {"kind", "stricter"}
SPOKEN = (
    "check", "material", "reschedule", "hand_over", "pause", "send_back", "close", "finding", "rest_reason",
    "ownership", "duty", "shift", "exemption",
)  # fmt: skip
"""Families of codes that stand in lists of rulebooks."""


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
        return " · ".join(f"{_name(name)} {_text(part)}" for name, part in value.items() if name not in HIDDEN)
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return "—" if value is None else words_among(str(value), *SPOKEN)


def _name(name: str) -> str:
    return _(VALUES[name]) if name in VALUES else name
