"""Wall time and the working calendar (工作日历): pure arithmetic, no clock inside.

Instants are aware datetimes; answers are in Asia/Shanghai wall time. Minutes of the day count from local midnight,
0 to 1440; 1440 is the midnight that ends the day. No opening hour, limit or holiday stands here: all are arguments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yuanxin.kernel.errors import DomainError

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTES_OF_A_DAY = 24 * 60
_UTC = ZoneInfo("UTC")
_ZERO = timedelta(0)
_SATURDAY = 5


class CalendarYearMissing(DomainError):
    """The working days of a year were never entered. Params: year."""

    code = "kernel.calendar_year_missing"


class NaiveInstant(DomainError):
    """An instant came without its time zone. Params: value."""

    code = "kernel.naive_instant"


class TimeAmountNegative(DomainError):
    """A limit below zero was asked for. Params: seconds."""

    code = "kernel.time_amount_negative"


class WindowEmpty(DomainError):
    """A business window must open before it closes, within one day. Params: opens_minute, closes_minute."""

    code = "kernel.window_empty"


def local(at: datetime) -> datetime:
    """Return the same instant in Asia/Shanghai wall time. Raises NaiveInstant."""
    if at.tzinfo is None:
        raise NaiveInstant(value=at.isoformat())
    return at if at.tzinfo is SHANGHAI else at.astimezone(SHANGHAI)


def local_day(at: datetime) -> date:
    """Return the Shanghai calendar day of an instant."""
    return local(at).date()


def minute_of_day(at: datetime) -> int:
    """Return the started minute of the Shanghai day, 0 to 1439."""
    here = local(at)
    return here.hour * 60 + here.minute


def at_minute(day: date, minute: int) -> datetime:
    """Return the instant of a wall-clock minute (0 to 1440) of a Shanghai day."""
    carry, rest = divmod(minute, MINUTES_OF_A_DAY)
    there = day + timedelta(days=carry) if carry else day
    return datetime(there.year, there.month, there.day, rest // 60, rest % 60, tzinfo=SHANGHAI)


def next_time_of_day(at: datetime, minute: int) -> datetime:
    """Return the first instant strictly after `at` at which the Shanghai clock shows `minute` (0 to 1440)."""
    here = local(at)
    found = at_minute(here.date(), minute)
    return found if found > here else at_minute(here.date() + timedelta(days=1), minute)


@dataclass(frozen=True, slots=True)
class BusinessWindow:
    """The hours of a day in which time counts (营业时段).

    opens_minute, closes_minute: minutes of the day, 0 <= opens < closes <= 1440.
    working_days_only: rest days do not count at all. Raises WindowEmpty.
    """

    opens_minute: int
    closes_minute: int
    working_days_only: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.opens_minute < self.closes_minute <= MINUTES_OF_A_DAY:
            raise WindowEmpty(opens_minute=self.opens_minute, closes_minute=self.closes_minute)

    @property
    def length(self) -> timedelta:
        """How much time counts on one day."""
        return timedelta(minutes=self.closes_minute - self.opens_minute)


WORKING_DAY = BusinessWindow(0, MINUTES_OF_A_DAY, working_days_only=True)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday, except what the State Council's yearly notice moves (调休).

    years: the years that were entered; asking about any other year raises CalendarYearMissing.
    working: rest days made working days. resting: weekdays off. Days outside `years` are ignored.
    """

    years: frozenset[int]
    working: frozenset[date] = frozenset()
    resting: frozenset[date] = frozenset()

    @classmethod
    def of_days(cls, days: Iterable[tuple[date, bool]], *, years: Iterable[int]) -> Calendar:
        """Build a calendar from (day, is_working) rows; rows that repeat Monday-Friday are dropped."""
        rows = list(days)
        return cls(
            years=frozenset(years),
            working=frozenset(day for day, is_working in rows if is_working and day.weekday() >= _SATURDAY),
            resting=frozenset(day for day, is_working in rows if not is_working and day.weekday() < _SATURDAY),
        )

    def is_working_day(self, day: date) -> bool:
        """Raises CalendarYearMissing."""
        if day.year not in self.years:
            raise CalendarYearMissing(year=day.year)
        if day.weekday() >= _SATURDAY:
            return day in self.working
        return day not in self.resting

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`. Raises CalendarYearMissing."""
        found = day + timedelta(days=1)
        while not self.is_working_day(found):
            found += timedelta(days=1)
        return found

    def advance(self, at: datetime, amount: timedelta, window: BusinessWindow | None = None) -> datetime:
        """Return the instant at which `amount` of counted time has passed since `at`.

        window None counts natural time. A day of 24 working hours is `WORKING_DAY`: five working days are
        120 hours of it, so a start on a rest day counts from the next working midnight.
        The answer never lies in the closed time after the last counted minute.
        Raises TimeAmountNegative, CalendarYearMissing (only for windows of working days), NaiveInstant.
        """
        if amount < _ZERO:
            raise TimeAmountNegative(seconds=int(amount.total_seconds()))
        here = local(at)
        if window is None:
            return _natural(here, amount)
        if not amount:
            return here
        day, rest = here.date(), amount
        while True:
            if not window.working_days_only or self.is_working_day(day):
                opens = max(here, at_minute(day, window.opens_minute))
                left = at_minute(day, window.closes_minute) - opens
                if left >= rest:
                    return opens + rest
                rest -= max(left, _ZERO)
            day += timedelta(days=1)

    def between(self, start: datetime, end: datetime, window: BusinessWindow | None = None) -> timedelta:
        """Return the counted time from `start` to `end`; zero when `end` is not later.

        The inverse of `advance`: `between(at, advance(at, amount, w), w) == amount`.
        Raises CalendarYearMissing (only for windows of working days), NaiveInstant.
        """
        first, last = local(start), local(end)
        if last <= first:
            return _ZERO
        if window is None:
            return last.astimezone(_UTC) - first.astimezone(_UTC)
        total, day = _ZERO, first.date()
        while day <= last.date():
            if not window.working_days_only or self.is_working_day(day):
                opens = max(first, at_minute(day, window.opens_minute))
                closes = min(last, at_minute(day, window.closes_minute))
                total += max(closes - opens, _ZERO)
            day += timedelta(days=1)
        return total


def _natural(here: datetime, amount: timedelta) -> datetime:
    return (here.astimezone(_UTC) + amount).astimezone(SHANGHAI)
