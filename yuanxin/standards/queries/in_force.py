"""Rules in force: one indexed query says which versions bind; what they say is remembered per process by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from yuanxin.kernel import prepared
from yuanxin.kernel.tenancy import current_scope, once
from yuanxin.kernel.time import Calendar, local_day
from yuanxin.standards.models import RuleEntry
from yuanxin.standards.rules.entries import Elapsed, Entry
from yuanxin.standards.rules.errors import RuleUnknown
from yuanxin.standards.rules.reading import entry_of
from yuanxin.standards.rules.resolution import Ruleset, lineage

_VERSIONS = """
SELECT DISTINCT ON (name) version_id FROM standards_publication
 WHERE org = ANY(%s) AND effective_from <= %s
 ORDER BY name, effective_from DESC, published_at DESC
"""
_DAYS = """
SELECT extract(year FROM "on")::int, count(*),
       array_agg("on") FILTER (WHERE is_working AND extract(isodow FROM "on") >= 6),
       array_agg("on") FILTER (WHERE NOT is_working AND extract(isodow FROM "on") < 6)
  FROM kernel_calendarday GROUP BY 1
"""
_NO_CALENDAR = Calendar(years=frozenset())
WARNING = "clock.warning"


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry and where it is stored."""

    entry_id: UUID
    version_id: UUID
    entry: Entry


@dataclass(frozen=True)
class InForce:
    """What binds one city on one day. by_code: every entry by its id in the rulebook."""

    ruleset: Ruleset
    by_code: Mapping[str, Stored]

    def warning_shares(self, at: datetime) -> tuple[Fraction, Fraction]:
        """Return the shares of time left at which a clock turns amber and red."""
        amber = self.ruleset.parameter(WARNING, "amber_percent_left", at=at)
        red = self.ruleset.parameter(WARNING, "red_percent_left", at=at)
        if not (isinstance(amber, int) and isinstance(red, int)):
            raise RuleUnknown(topic=WARNING)
        return Fraction(amber, 100), Fraction(red, 100)

    def calendar_for(self, topic: str) -> Calendar:
        """Return the working calendar, read only when a rule of the topic counts working days."""
        return calendar() if any(needs_calendar(e) for e in self.ruleset.speaking_of(topic)) else _NO_CALENDAR


def needs_calendar(entry: Entry) -> bool:
    """Whether the entry counts working days."""
    window = entry.measure.counts_in if isinstance(entry.measure, Elapsed) else None
    return window is not None and window.working_days_only


def in_force(at: datetime, *, city: str | None = None) -> InForce:
    """Return what binds a city (default: the scope in force; headquarters' own rules for ``*``) on the day of `at`.

    One indexed query in a transaction, plus one per version that this process has not seen yet.
    """
    day, where = local_day(at), city or current_scope()
    return _remembered(once(("standards.versions", day, where), lambda: version_ids(day, where)))


def version_ids(day: date, city: str) -> tuple[UUID, ...]:
    """Return the versions that bind a city on a day, by rulebook name."""
    return tuple(row[0] for row in prepared.run(_VERSIONS, [list(lineage(city)), day]))


@lru_cache(maxsize=256)
def _remembered(versions: tuple[UUID, ...]) -> InForce:
    stored = [item for version in versions for item in _entries(version)]
    return InForce(
        ruleset=Ruleset(tuple(item.entry for item in stored)),
        by_code={item.entry.id: item for item in stored},
    )


@lru_cache(maxsize=1024)
def _entries(version_id: UUID) -> tuple[Stored, ...]:
    rows = RuleEntry.everything.filter(version_id=version_id).select_related("version").order_by("id")
    return tuple(_stored(row) for row in rows)


@lru_cache(maxsize=4096)
def stored_entry(entry_id: UUID) -> Stored:
    """Return one entry of any version, in force or not. Raises RuleUnknown."""
    row = RuleEntry.everything.filter(pk=entry_id).select_related("version").first()
    if row is None:
        raise RuleUnknown(entry=str(entry_id))
    return _stored(row)


def _stored(row: Any) -> Stored:
    version = row.version
    entry = entry_of(row.body, layer=version.layer, org=version.org, effective_from=version.effective_from)
    return Stored(entry_id=row.id, version_id=row.version_id, entry=entry)


def calendar() -> Calendar:
    """Return the stored working calendar. A year counts as entered when all its days are there."""
    rows = connection.connection.execute(_DAYS).fetchall()
    return Calendar(
        years=frozenset(year for year, days, _, _ in rows if days == (date(year + 1, 1, 1) - date(year, 1, 1)).days),
        working=frozenset(day for *_, working, _ in rows for day in working or ()),
        resting=frozenset(day for *_, resting in rows for day in resting or ()),
    )
