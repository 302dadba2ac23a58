"""One cell of a roster: shifts by code, with hours of their own if need be, read and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yuanxin.fieldwork.rules.roster import ShiftTemplate, Stint, overlaps
from yuanxin.fieldwork.rules.roster_errors import ShiftHoursRefused, ShiftsOverlap, UnknownShift
from yuanxin.kernel.time import MINUTES_OF_A_DAY, minute_of_day

_WORD = re.compile(r"^(?P<code>[a-z][a-z0-9_]*)(?: (?P<hours>.+))?$")
_HOURS = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")


@dataclass(frozen=True, slots=True)
class RosterCell:
    """What one person does on one day. shifts: codes, each with its own hours if need be, as ``"day 09:00-18:00"``;
    empty clears the cell. Hours that end before they begin end on the next day."""

    technician_id: UUID
    on: date
    shifts: tuple[str, ...] = ()
    note: str = ""


def stints_of(cell: RosterCell, templates: Mapping[str, ShiftTemplate]) -> list[Stint]:
    """Return the duties of a cell. Raises UnknownShift, ShiftHoursRefused, ShiftsOverlap."""
    stints = [_stint(text, cell.on, templates) for text in cell.shifts]
    if overlaps(stints) or len({one.shift for one in stints if one.span is None}) < sum(
        one.span is None for one in stints
    ):
        raise ShiftsOverlap(technician=str(cell.technician_id), on=cell.on)
    return stints


def shift_text(stint: Stint, templates: Mapping[str, ShiftTemplate]) -> str:
    """Return how a cell says a duty: its code, and its hours when they are not those of the city's shift."""
    template = templates.get(stint.shift)
    if stint.span is None or (template is not None and template.on(stint.on).span == stint.span):
        return stint.shift
    return f"{stint.shift} {hours_text(stint)}"


def hours_text(stint: Stint) -> str:
    """Return the hours of a duty as 08:00-17:30, "" for a day of rest."""
    if stint.span is None:
        return ""
    begins, ends = (divmod(minute_of_day(at), 60) for at in stint.span)
    return f"{begins[0]:02d}:{begins[1]:02d}-{ends[0]:02d}:{ends[1]:02d}"


def same(before: Iterable[Stint], after: Iterable[Stint]) -> bool:
    """Say whether two cells ask the same of a person."""
    return {(one.shift, one.span) for one in before} == {(one.shift, one.span) for one in after}


def _stint(text: str, on: date, templates: Mapping[str, ShiftTemplate]) -> Stint:
    found = _WORD.match(text.strip())
    template = templates.get(found["code"]) if found else None
    if found is None or template is None:
        raise UnknownShift(shift=text[:40])
    if not found["hours"]:
        return template.on(on)
    hours = _HOURS.match(found["hours"].replace(" ", ""))
    if hours is None or template.hours is None:
        raise ShiftHoursRefused(shift=text[:40])
    numbers = [int(number) for number in hours.groups()]
    begins, ends = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if max(numbers[1], numbers[3]) > 59 or begins >= MINUTES_OF_A_DAY or ends > MINUTES_OF_A_DAY or begins == ends:
        raise ShiftHoursRefused(shift=text[:40])
    return template.on(on, (begins, ends if ends > begins else ends + MINUTES_OF_A_DAY))
