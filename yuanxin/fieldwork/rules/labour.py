"""What the Labour Law says to a roster 劳动法工时: named findings per person, with what is and what may be.

Source: 中华人民共和国劳动法, articles 36 (eight hours a day, forty-four a week on average), 38 (a day of rest a week),
41 (overtime: normally one hour a day, for special reasons three, thirty-six a month), 42 (disaster and urgent repair
lift the limits); the numbers are the rulebook's ``labour.*``.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Code(StrEnum):
    """What a roster may do to a person's hours."""

    USUAL_OVERTIME = "usual_overtime"  # more than the usual hour a day
    DAY_OVERTIME = "day_overtime"  # more than anybody may
    WEEK_HOURS = "week_hours"  # more than the average; must be balanced by a shorter week
    NO_REST = "no_rest"  # a week without its day of rest
    MONTH_OVERTIME = "month_overtime"


_DAY = timedelta(days=1)
_DAYS_OF_A_WEEK = 7
FORBIDDEN = frozenset({Code.DAY_OVERTIME, Code.NO_REST, Code.MONTH_OVERTIME})
ARTICLES = {
    Code.USUAL_OVERTIME: "41",
    Code.DAY_OVERTIME: "41",
    Code.WEEK_HOURS: "36",
    Code.NO_REST: "38",
    Code.MONTH_OVERTIME: "41",
}


@dataclass(frozen=True, slots=True)
class HoursLaw:
    """The limits in minutes; rest_days: days without work in a week from Monday to Sunday."""

    day_minutes: int
    week_minutes: int
    usual_overtime_minutes: int
    day_overtime_minutes: int
    month_overtime_minutes: int
    rest_days: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: on is the day, the Monday of the week or the first of the month; has and allowed are minutes
    (days of rest for NO_REST)."""

    code: Code
    on: date
    has: int
    allowed: int

    @property
    def is_forbidden(self) -> bool:
        """Say whether the law leaves no room without an exemption."""
        return self.code in FORBIDDEN

    @property
    def article(self) -> str:
        """Return the article of the Labour Law."""
        return ARTICLES[self.code]

    @property
    def last_day(self) -> date:
        """Return the last day of the day, week or month found."""
        if self.code in (Code.WEEK_HOURS, Code.NO_REST):
            return sunday_of(self.on)
        if self.code is Code.MONTH_OVERTIME:
            return last_of_month(self.on)
        return self.on


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * _DAY


def sunday_of(day: date) -> date:
    """Return the Sunday of a day's week."""
    return monday_of(day) + (_DAYS_OF_A_WEEK - 1) * _DAY


def last_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def whole_weeks_of_months(days: Iterable[date]) -> tuple[date, date]:
    """Return the first and last day that must be known to judge these days: their months, filled up to whole weeks."""
    known = sorted(days)
    return monday_of(known[0].replace(day=1)), sunday_of(last_of_month(known[-1]))


def findings(minutes: Mapping[date, int], busy: Iterable[date], law: HoursLaw) -> list[Finding]:
    """Judge one person's hours, in the order of time.

    minutes: worked minutes by the day on which the duty begins; busy: days on which any minute is worked (the morning
    after a night is no day of rest). Overtime of a week is the greater of what its days have above the day's limit
    and what the week has above the week's; what only the week has counts in the month in which its last duty lies.
    """
    over = {day: max(0, worked - law.day_minutes) for day, worked in minutes.items()}
    found = [one for day in sorted(over) if (one := _of_day(day, over[day], law))]
    months: defaultdict[date, int] = defaultdict(int)
    for day, extra in over.items():
        months[day.replace(day=1)] += extra
    taken = set(busy)
    for monday in sorted({monday_of(day) for day in (*minutes, *taken)}):
        week = [monday + number * _DAY for number in range(_DAYS_OF_A_WEEK)]
        total = sum(minutes.get(day, 0) for day in week)
        if total > law.week_minutes:
            found.append(Finding(Code.WEEK_HOURS, monday, total, law.week_minutes))
        resting = sum(day not in taken for day in week)
        if resting < law.rest_days:
            found.append(Finding(Code.NO_REST, monday, resting, law.rest_days))
        beyond = total - law.week_minutes - sum(over.get(day, 0) for day in week)
        if beyond > 0:
            months[max(day for day in week if minutes.get(day)).replace(day=1)] += beyond
    for month, extra in sorted(months.items()):
        if extra > law.month_overtime_minutes:
            found.append(Finding(Code.MONTH_OVERTIME, month, extra, law.month_overtime_minutes))
    return sorted(found, key=lambda one: (one.on, one.code))


def _of_day(day: date, over: int, law: HoursLaw) -> Finding | None:
    if over > law.day_overtime_minutes:
        return Finding(Code.DAY_OVERTIME, day, over, law.day_overtime_minutes)
    if over > law.usual_overtime_minutes:
        return Finding(Code.USUAL_OVERTIME, day, over, law.usual_overtime_minutes)
    return None
