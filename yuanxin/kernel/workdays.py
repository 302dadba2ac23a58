"""The working calendar as stored: seeded from the State Council's days, editable, a missing year is an error."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, timedelta

import chinese_calendar

from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.tenancy import require_headquarters


class CalendarSourceMissing(DomainError):
    """The installed calendar package does not know the year; enter its days by hand."""

    code = "kernel.calendar_source_missing"


def days_of_year(year: int) -> dict[date, tuple[bool, str]]:
    """Return every day of a year as (is_working, holiday name) from the calendar package.

    Source: General Office of the State Council, yearly notice on holidays, as carried by ``chinesecalendar``.
    Raises CalendarSourceMissing.
    """
    if not MINYEAR <= year <= MAXYEAR:
        raise CalendarSourceMissing(year=year, field="year")
    days: dict[date, tuple[bool, str]] = {}
    day = date(year, 1, 1)
    while day.year == year:
        try:
            _, name = chinese_calendar.get_holiday_detail(day)
            days[day] = chinese_calendar.is_workday(day), name or ""
        except NotImplementedError:
            raise CalendarSourceMissing(year=year, field="year") from None
        day += timedelta(days=1)
    return days


@command("kernel.load_calendar_year")
def load_calendar_year(*, year: int) -> int:
    """Store a year's days; days that people entered or changed stay. Returns how many were added.

    Raises HeadquartersOnly, CalendarSourceMissing.
    """
    require_headquarters()
    known = set(CalendarDay.objects.filter(on__year=year).values_list("on", flat=True))
    fresh = [
        CalendarDay(on=on, is_working=is_working, name=name)
        for on, (is_working, name) in days_of_year(year).items()
        if on not in known
    ]
    CalendarDay.objects.bulk_create(fresh)
    return len(fresh)


@command("kernel.set_calendar_day")
def set_calendar_day(*, on: date, is_working: bool, name: str = "") -> None:
    """Enter or change one day of the working calendar. Raises HeadquartersOnly."""
    require_headquarters()
    CalendarDay.objects.update_or_create(on=on, defaults={"is_working": is_working, "name": name})


def stored_days() -> dict[date, bool]:
    """Return every stored day and whether it is a working day; a year counts as known when all its days are here."""
    return dict(CalendarDay.objects.values_list("on", "is_working"))
