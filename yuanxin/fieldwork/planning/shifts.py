"""Who works when: the only thing that the planner reads of rosters 排班, leave 请假 and loans 借调."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.roster_parameters import duty_kinds, hours_law
from yuanxin.fieldwork.rules.labour import HoursLaw
from yuanxin.fieldwork.rules.roster import DutyKind, Pause, ShiftSpan, Stint, Stretch, lent, rest_of_night, span_of
from yuanxin.kernel import prepared
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import MINUTES_OF_A_DAY, at_minute, local_day
from yuanxin.org import api as org

_DUTIES = """
SELECT technician_id, "on", kind, shift, starts_at, ends_at, pause_from, pause_to, pause_minutes
  FROM fieldwork_duty
 WHERE city_code = %(city)s AND "on" = ANY(%(days)s) AND withdrawn_at IS NULL AND technician_id = ANY(%(people)s)
 UNION ALL
SELECT NULL, %(day)s, NULL, NULL, NULL, NULL, NULL, NULL, NULL
 WHERE EXISTS (SELECT FROM fieldwork_duty WHERE city_code = %(city)s AND "on" = %(day)s AND withdrawn_at IS NULL)
"""
_AWAY = """
SELECT technician_id, starts_at, ends_at, NULL
  FROM fieldwork_leave
 WHERE city_code = %(city)s AND decision = 'approved' AND ends_at > %(midnight)s AND starts_at < %(until)s
   AND technician_id = ANY(%(people)s)
 UNION ALL
SELECT technician_id, NULL, NULL, unit_code
  FROM fieldwork_loan
 WHERE city_code = %(city)s AND to_on >= %(day)s AND from_on <= %(day)s AND ended_at IS NULL
   AND technician_id = ANY(%(people)s)
"""
_LENT_TO = """
SELECT technician_id FROM fieldwork_loan
 WHERE city_code = %(city)s AND unit_code = ANY(%(units)s) AND ended_at IS NULL
   AND from_on <= %(last)s AND to_on >= %(first)s
"""


@dataclass(frozen=True)
class RosterDay:
    """What is written for one day of a city. is_made: anybody has a row; without one the rulebook's shift holds.

    stints, night (those of the day before), away and loans (unit codes) by person.
    """

    is_made: bool
    stints: dict[UUID, list[Stint]]
    night: dict[UUID, list[Stint]]
    away: dict[UUID, list[Stretch]]
    loans: dict[UUID, str]


def shifts_on(day: date, people: Collection[UUID], at: datetime) -> dict[UUID, ShiftSpan]:
    """When may each of these people be sent on this day? Who is on leave or without duty is absent.

    A night shift belongs to the day on which it begins; while it lasts, what is left of it is the span of the next day
    too, so that somebody can be sent at one in the morning. Where nobody of the city has a roster for the day, the
    rulebook's shift holds for everybody who is not on leave. Two statements for a whole city, one more when somebody
    is lent.
    """
    found = roster_day(day, people)
    units = {unit.code: unit.id for unit in org.units()} if found.loans else {}
    shift = parameters.shift(at)
    usual = [usual_stint(day, shift)] if not found.is_made else []
    rules, law, midnight = duty_kinds(at), hours_law(at), at_minute(day, 0)
    spans = {}
    for person in people:
        away, stints = found.away.get(person, ()), usual or found.stints.get(person, [])
        overtime = overtime_left(stints, rules.counted, law, shift.overtime_minutes)
        span = span_of(stints, away, rules.planned, overtime)
        span = span if span is None or found.is_made else _without_kind(span)
        if (night := found.night.get(person)) and at >= midnight:
            span = rest_of_night(span_of(night, away, rules.planned, 0), midnight, at) or span
        if span is not None:
            spans[person] = lent(span, units.get(found.loans.get(person, "")))
    return spans


def on_duty(people: Collection[UUID], at: datetime) -> set[UUID]:
    """Which of these people are at work at this instant, on today's shift or on the night of yesterday?

    Two statements.
    """
    spans = shifts_on(local_day(at), people, at)
    return {person for person, span in spans.items() if span.starts_at <= at < span.ends_at}


def shift_day(person: UUID, instant: datetime, at: datetime) -> date:
    """To which day does this instant of a person belong: to yesterday while its night shift lasts. Two statements."""
    today = local_day(instant)
    yesterday = today - timedelta(days=1)
    night = shifts_on(yesterday, [person], at).get(person)
    return yesterday if night is not None and night.starts_at <= instant < night.ends_at else today


def roster_day(day: date, people: Collection[UUID]) -> RosterDay:
    """Return what is written for these people's day in the city in scope; two statements."""
    asked = {
        "city": require_city(),
        "day": day,
        "days": [day - timedelta(days=1), day],
        "people": list(people),
        "midnight": at_minute(day, -MINUTES_OF_A_DAY),
        "until": at_minute(day, 2 * MINUTES_OF_A_DAY),  # a night shift ends on the next day
    }
    rows = prepared.run(_DUTIES, asked).fetchall()
    stints: dict[UUID, list[Stint]] = {}
    night: dict[UUID, list[Stint]] = {}
    for person, on, kind, shift, starts_at, ends_at, pause_from, pause_to, minutes in rows:
        if person is not None:
            span = (starts_at, ends_at) if starts_at else None
            pause = Pause(pause_from, pause_to, minutes) if pause_from else None
            mine = stints if on == day else night
            mine.setdefault(person, []).append(Stint(DutyKind(kind), shift, on, span, pause))
    away: dict[UUID, list[Stretch]] = {}
    lent_to: dict[UUID, str] = {}
    for person, starts_at, ends_at, unit_code in prepared.run(_AWAY, asked):
        if unit_code:
            lent_to[person] = unit_code
        else:
            away.setdefault(person, []).append((starts_at, ends_at))
    return RosterDay(any(row[0] is None for row in rows), stints, night, away, lent_to)


def lent_to(units: Collection[str], first: date, last: date) -> list[UUID]:
    """Who is lent to one of these units on one of these days? One statement."""
    asked = {"city": require_city(), "units": list(units), "first": first, "last": last}
    return [person for (person,) in prepared.run(_LENT_TO, asked)]


def usual_stint(day: date, shift: parameters.Shift) -> Stint:
    """Return the rulebook's shift, which holds where no roster was made."""
    pause = Pause(at_minute(day, shift.lunch_from_minute), at_minute(day, shift.lunch_to_minute), shift.lunch_minutes)
    span = (at_minute(day, shift.from_minute), at_minute(day, shift.to_minute))
    return Stint(DutyKind.DAY, "", day, span, pause if shift.lunch_minutes else None)


def usual_hours(at: datetime) -> tuple[datetime, datetime]:
    """When does the shift begin and end today that holds where no roster was made?"""
    shift, today = parameters.shift(at), local_day(at)
    return at_minute(today, shift.from_minute), at_minute(today, shift.to_minute)


def overtime_left(stints: Iterable[Stint], counted: Collection[DutyKind], law: HoursLaw, most: int) -> int:
    """Return how many minutes of overtime a plan may ask on a day: no more than the law leaves above the roster."""
    minutes = sum(one.minutes for one in stints if one.kind in counted)
    return max(0, min(most, law.day_minutes + law.day_overtime_minutes - minutes))


def _without_kind(span: ShiftSpan) -> ShiftSpan:
    return ShiftSpan(span.starts_at, span.ends_at, span.breaks, span.overtime_minutes)
