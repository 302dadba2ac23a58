"""The roster of the demo: its week and the next two, one night, one sick technician, one training, one loan."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.time import at_minute

WEEKS = 3
RESTS = ((5, 6), (5, 6), (2, 6), (3, 5), (4, 6))
"""Days of rest in a week (Monday is 0), in turns: everybody works on Monday and Tuesday, some at the weekend."""
NIGHT, TRAINED, LENT, SICK = 14, 15, 16, 17
"""Who stands out, counted from the first technician hired; none of them looks after a grid."""
_DAY = timedelta(days=1)


def write_roster(crew: dict[str, UUID], grid_codes: list[str], *, morning: datetime, at: datetime) -> None:
    """Write duties from the Monday of the morning's week on; a small crew has no exceptions."""
    today = morning.date()
    monday = today - today.weekday() * _DAY
    people = list(crew.values())
    days = [monday + number * _DAY for number in range(WEEKS * 7)]
    duties = {
        (person, day): "rest" if day.weekday() in RESTS[index % len(RESTS)] else "day"
        for index, person in enumerate(people)
        for day in days
    }
    stands_out = len(people) > SICK
    if stands_out:
        duties |= {
            (people[NIGHT], today): "night",
            (people[NIGHT], today + _DAY): "rest",
            (people[TRAINED], today + 2 * _DAY): "training",
        }
    cells = [fieldwork.RosterCell(person, day, (shift,)) for (person, day), shift in duties.items()]
    fieldwork.set_duties(cells=cells, at=at)
    if stands_out:
        _absences(people, grid_codes, today, at)


def _absences(people: list[UUID], grid_codes: list[str], today: date, at: datetime) -> None:
    """Write down the sick leave of two days, and a loan of three to the first grid."""
    fieldwork.record_leave(
        technician_id=people[SICK],
        kind=fieldwork.LeaveKind.SICK,
        starts_at=at_minute(today, 0),
        ends_at=at_minute(today + 2 * _DAY, 0),
        at=at,
        note="发热，居家休息",
    )
    fieldwork.lend(
        technician_id=people[LENT],
        unit_code=grid_codes[0],
        from_on=today + _DAY,
        to_on=today + 3 * _DAY,
        at=at,
        note="光改割接支援",
    )
