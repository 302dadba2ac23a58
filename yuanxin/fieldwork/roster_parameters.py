"""Every number and code that the roster reads from the rulebook: shifts, limits, the Labour Law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yuanxin.fieldwork.rules.labour import HoursLaw
from yuanxin.fieldwork.rules.roster import DutyKind, ShiftTemplate
from yuanxin.standards import api as standards

SHIFT = "roster.shift."


@dataclass(frozen=True, slots=True)
class RosterRules:
    """What a city's roster may say. templates by code, in the order in which they are offered."""

    templates: dict[str, ShiftTemplate]
    counted: frozenset[DutyKind]


@dataclass(frozen=True, slots=True)
class DutyKinds:
    """Which kinds of duty take planned visits, and which count as work."""

    planned: frozenset[DutyKind]
    counted: frozenset[DutyKind]


@dataclass(frozen=True, slots=True)
class RosterLimits:
    """Days back and ahead in which a roster may be written, most cells of one deed; longest leave, oldest leave."""

    back_days: int
    ahead_days: int
    most_cells: int
    leave_days: int
    back_leave_days: int


def roster_rules(at: datetime) -> RosterRules:
    """Read the shifts of the city; one query when remembered."""
    codes = standards.codes("roster.shifts", "codes", at=at)
    found = standards.parameters([SHIFT + code for code in codes], at=at).values
    templates = {code: _template(code, found) for code in codes if (SHIFT + code, "kind") in found}
    return RosterRules(templates, _kinds("counted_kinds", at))


def duty_kinds(at: datetime) -> DutyKinds:
    """Read what the kinds of duty mean for the plan and for the law."""
    return DutyKinds(_kinds("planned_kinds", at), _kinds("counted_kinds", at))


def shift_titles(at: datetime) -> dict[str, tuple[str, str]]:
    """Read what the shifts are called, Chinese and English, by code."""
    return {
        entry.words.topic.removeprefix(SHIFT): (entry.words.title_zh, entry.words.title_en)
        for entry in standards.entries_in_force(at=at)
        if entry.words.topic.startswith(SHIFT)
    }


def roster_limits(at: datetime) -> RosterLimits:
    """Read how far a roster and a leave may reach."""
    found = standards.parameters(["roster.limits"], at=at).values
    numbers = {name: value for (_, name), value in found.items() if isinstance(value, int)}
    return RosterLimits(**numbers)


def hours_law(at: datetime) -> HoursLaw:
    """Read the limits of the Labour Law, as far as a city has not made them stricter."""

    def number(topic: str, name: str) -> int:
        return standards.parameter(f"labour.{topic}", name, at=at)

    return HoursLaw(
        day_minutes=number("hours", "day_minutes"),
        week_minutes=number("hours", "week_minutes"),
        usual_overtime_minutes=number("overtime", "usual_day_minutes"),
        day_overtime_minutes=number("overtime", "most_day_minutes"),
        month_overtime_minutes=number("overtime", "most_month_minutes"),
        rest_days=number("rest", "days_a_week"),
    )


def exemption_grounds(at: datetime) -> tuple[str, ...]:
    """Read on which grounds the limits of overtime may be exceeded."""
    return standards.codes("labour.exemption", "grounds", at=at)


def _kinds(name: str, at: datetime) -> frozenset[DutyKind]:
    return frozenset(DutyKind(code) for code in standards.codes("roster.shifts", name, at=at))


def _template(code: str, found: Mapping[tuple[str, str], int | tuple[str, ...]]) -> ShiftTemplate:
    """Return a shift from what the rulebook says of it; without hours it is a day of rest."""
    numbers = {name: value for (topic, name), value in found.items() if topic == SHIFT + code}

    def number(name: str) -> int:
        value = numbers.get(name, 0)
        return value if isinstance(value, int) else 0

    (kind,) = numbers["kind"] if isinstance(numbers["kind"], tuple) else ("",)
    hours = (number("from_minute_of_day"), number("to_minute_of_day")) if "to_minute_of_day" in numbers else None
    rest = (number("pause_from_minute_of_day"), number("pause_to_minute_of_day"), number("pause_minutes"))
    return ShiftTemplate(code, DutyKind(kind), hours, rest if rest[2] else None)
