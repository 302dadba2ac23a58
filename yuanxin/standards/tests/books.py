"""The seed rulebooks and small invented ones, for the stories of this context."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import chinese_calendar.constants as holidays

from yuanxin.kernel.time import SHANGHAI, Calendar
from yuanxin.standards.rules.entries import Rulebook
from yuanxin.standards.rules.reading import build_rulebook, read_rulebook
from yuanxin.standards.rules.resolution import Ruleset, in_scope, merge

ROOT = Path(__file__).resolve().parents[3] / "rulebooks"


@lru_cache
def schema() -> dict[str, Any]:
    return json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))


@lru_cache
def calendar() -> Calendar:
    """The State Council's days off and make-up days of 2004 to 2026."""
    days = [(day, False) for day in holidays.holidays] + [(day, True) for day in holidays.workdays]
    return Calendar.of_days(days, years={day.year for day, _ in days})


@lru_cache
def seeds() -> tuple[Rulebook, ...]:
    return tuple(
        read_rulebook(path.read_text(encoding="utf-8"), file=f"rulebooks/{path.relative_to(ROOT)}", schema=schema())
        for path in sorted(ROOT.rglob("*.yaml"))
    )


def ruleset(city: str = "4406") -> Ruleset:
    return merge(book.entries for book in seeds() if in_scope(book.org, city))


def at(text: str) -> datetime:
    """``2026-03-02 09:10`` of the wall clock in Foshan."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def entry(**changes: Any) -> dict[str, Any]:
    """The data of a promise of 24 hours for a repair."""
    data: dict[str, Any] = {
        "id": "X-1",
        "topic": "fault.repair",
        "title_zh": "试验",
        "title_en": "Trial",
        "status": "active",
        "applies_to": {"services": ["broadband"]},
        "measure": {"kind": "elapsed", "limit": "24h", "stricter": "lower"},
        "source": {"document": "d", "article": "1", "kind": "company", "grade": "D"},
    }
    return {**data, **changes}


def book(*entries: dict[str, Any], layer: str = "L3", org: str = "4406", day: date = date(2026, 1, 1)) -> Rulebook:
    """A rulebook of Foshan with these entries (one trial entry when none is given)."""
    head = {
        "name": "trial",
        "layer": layer,
        "org": org,
        "title_zh": "试验",
        "title_en": "Trial",
        "effective_from": day.isoformat(),
    }
    data = {"rulebook": head, "entries": list(entries) or [entry()]}
    return build_rulebook(data, file="trial", schema=schema())
