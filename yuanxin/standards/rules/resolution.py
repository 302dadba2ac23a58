"""Which entry binds: the strictest active one that speaks of the case, and where it is equal the lowest layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yuanxin.kernel.time import Calendar, local_day
from yuanxin.published.codes import ClockKind
from yuanxin.standards.rules.clocks import Run, due_at, run_of
from yuanxin.standards.rules.entries import Elapsed, Entry, Share, Slot, Values, Way
from yuanxin.standards.rules.errors import ParameterUnknown, RuleUnknown


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked about (情形). started_at: aware. window_to, chosen: see `clocks.due_at`."""

    topic: str
    service: str
    area: str | None
    customer: str | None
    started_at: datetime
    window_to: datetime | None = None
    chosen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """An entry that binds a case. entry: whose words and pauses count; limit: whose number (another one when the
    law points to the operator's published promise)."""

    clock: ClockKind
    entry: Entry
    limit: Entry
    due_at: datetime

    def run(self, case: Case) -> Run | None:
        """What the clock counts."""
        return run_of(self.limit.measure, case.started_at, window_to=case.window_to)


@dataclass(frozen=True)
class Ruleset:
    """The entries in force for one city on one set of versions (现行标准)."""

    entries: tuple[Entry, ...]
    _by_topic: dict[str, tuple[Entry, ...]] = field(default_factory=dict, compare=False, repr=False)

    def speaking_of(self, topic: str) -> tuple[Entry, ...]:
        """Return all entries of the topic and the topics above it, drafts too; remembered per topic."""
        found = self._by_topic.get(topic)
        if found is None:
            found = tuple(e for e in self.entries if topic == e.topic or topic.startswith(e.topic + "."))
            self._by_topic[topic] = found
        return found

    def binding(self, clock: ClockKind, case: Case, calendar: Calendar) -> Binding | None:
        """Return what binds the case on this clock; None when nothing does (a TV case has no statutory clock).

        The statutory clock takes law and orders only. The assessment clock takes every source: where the company
        promises nothing, the law is its promise. Raises CalendarYearMissing.
        """
        day = local_day(case.started_at)
        best: Binding | None = None
        for entry in self.speaking_of(case.topic):
            if not (
                entry.is_active and entry.is_clock and entry.effective_from <= day and entry.starts_at(case.started_at)
            ):
                continue
            if not entry.covers(case.topic, case.service, case.area, case.customer):
                continue
            if clock is ClockKind.STATUTORY and not entry.source.is_statutory:
                continue
            found = self._bound(clock, entry, case, calendar)
            if found is not None and (best is None or _beats(found, best)):
                best = found
        return best

    def drafts(self, case: Case) -> list[Entry]:
        """Return the drafts that would speak of the case once somebody has read the official text."""
        return [
            entry
            for entry in self.speaking_of(case.topic)
            if not entry.is_active
            and entry.source.is_statutory
            and entry.covers(case.topic, case.service, case.area, case.customer)
        ]

    def entry(self, entry_id: str) -> Entry:
        """Raises RuleUnknown."""
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise RuleUnknown(entry=entry_id)

    def parameter(
        self, topic: str, name: str, *, at: datetime, area: str | None = None, service: str | None = None
    ) -> int | tuple[str, ...]:
        """Return a named number (or list of codes) of the lowest layer in force.

        For a share measure the names are ``target_permille`` and ``within_seconds``, for a slot ``width_minutes``
        and ``tolerance_minutes``.
        Raises RuleUnknown (nothing in force for the topic) and ParameterUnknown (it has no such name).
        """
        return self.parameter_of(topic, name, at=at, area=area, service=service)[0]

    def parameter_of(
        self, topic: str, name: str, *, at: datetime, area: str | None = None, service: str | None = None
    ) -> tuple[int | tuple[str, ...], Entry]:
        """Return the same with the entry that says so."""
        day, deepest, known = local_day(at), None, False
        for entry in self.speaking_of(topic):
            if not entry.is_active or entry.effective_from > day or not entry.covers(topic, service, area, None):
                continue
            values = values_of(entry)
            known = known or bool(values)
            if name in values and (deepest is None or entry.layer > deepest[1].layer):
                deepest = (values[name], entry)
        if deepest is None:
            if known:
                raise ParameterUnknown(topic=topic, parameter=name)
            raise RuleUnknown(topic=topic)
        return deepest

    def _bound(self, clock: ClockKind, entry: Entry, case: Case, calendar: Calendar) -> Binding | None:
        limit = entry
        if isinstance(entry.measure, Elapsed) and entry.measure.published:
            if clock is ClockKind.ASSESSMENT:
                return None
            promise = self.binding(ClockKind.ASSESSMENT, case, calendar)
            if promise is None:
                return None
            limit = promise.limit
        due = due_at(limit, case.started_at, calendar, window_to=case.window_to, chosen=case.chosen)
        return None if due is None else Binding(clock, entry, limit, due)


def _beats(one: Binding, other: Binding) -> bool:
    if one.due_at != other.due_at:
        later = any(way.way is Way.HIGHER for way in one.limit.stricter.values())
        return one.due_at > other.due_at if later else one.due_at < other.due_at
    return (one.entry.layer, len(one.entry.topic)) > (other.entry.layer, len(other.entry.topic))


def values_of(entry: Entry) -> dict[str, int | tuple[str, ...]]:
    """Return the named numbers of an entry that are no clock."""
    measure = entry.measure
    if isinstance(measure, Values):
        return dict(measure.values)
    if isinstance(measure, Share) and measure.target is not None and measure.within is not None:
        return {
            "target_permille": int(measure.target * 1000),
            "within_seconds": int(measure.within.amount.total_seconds()),
        }
    if isinstance(measure, Slot) and measure.width is not None and measure.tolerance is not None:
        return {
            "width_minutes": measure.width.amount // timedelta(minutes=1),
            "tolerance_minutes": measure.tolerance.amount // timedelta(minutes=1),
        }
    return {}


def in_scope(org: str, city: str) -> bool:
    """Whether a rulebook of `org` (``00``, province or city code) binds a city (or province, or ``00``)."""
    return org == "00" or city == org or (len(city) == 4 and len(org) == 2 and city.startswith(org))


def lineage(city: str) -> tuple[str, ...]:
    """Return the organisations whose rulebooks bind a place, top first: ``00``, ``44``, ``4406``."""
    return tuple(dict.fromkeys(("00", city[:2], city) if city not in ("*", "00") else ("00",)))


def merge(books: Iterable[Sequence[Entry]]) -> Ruleset:
    """Return the ruleset of several rulebooks' entries."""
    return Ruleset(tuple(entry for entries in books for entry in entries))
