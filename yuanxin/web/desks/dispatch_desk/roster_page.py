"""The roster as the desk draws it: people by unit, days, one cell for what a person does on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.time import local_day, minute_of_day
from yuanxin.org import api as org
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.roster_marks import OWN_HOURS, Marks, marks, remarks

WEEK, MONTH = "week", "month"
FARTHEST_DAYS = 1100
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """Which part of the roster is shown: a week or a month, everybody or one unit; all of it stands in the address."""

    first: date
    last: date
    span: str
    unit: str

    @property
    def query(self) -> str:
        """Return the address of this part."""
        return self.at(self.first)

    def at(self, day: date, span: str = "") -> str:
        """Return the address of the same view around another day."""
        asked = {"from": day.isoformat(), "span": span or self.span, "unit": self.unit}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def before(self) -> str:
        """Return the address of the span before."""
        return self.at(self.first - _DAY)

    @property
    def after(self) -> str:
        """Return the address of the span after."""
        return self.at(self.last + _DAY)


def shown(params: Mapping[str, Any], at: datetime) -> Shown:
    """Return what an address asks for; what cannot be read is today's week of everybody."""
    today = local_day(at)
    try:
        day = date.fromisoformat(str(params.get("from") or ""))
    except ValueError:
        day = today
    if abs((day - today).days) > FARTHEST_DAYS:
        day = today
    unit = str(params.get("unit") or "")[:20]
    unit = unit if unit.isascii() and unit.isalnum() else ""
    if params.get("span") == MONTH:
        first = day.replace(day=1)
        return Shown(first, (first + timedelta(days=31)).replace(day=1) - _DAY, MONTH, unit)
    monday = day - day.weekday() * _DAY
    return Shown(monday, monday + 6 * _DAY, WEEK, unit)


@dataclass(frozen=True)
class Cell:
    """One cell. text: on the screen; said: in a workbook; words: in full; css: its colour."""

    on: date
    text: str
    said: str
    words: str
    css: str
    is_here: bool = False


@dataclass(frozen=True)
class Row:
    """A person's line with the hours of the span."""

    person: fieldwork.RosterPerson
    cells: tuple[Cell, ...]
    hours: str


@dataclass(frozen=True)
class Group:
    """The people of one unit."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Head:
    """A column: its day and the shortest word for its weekday."""

    day: fieldwork.RosterDayView
    weekday: str


@dataclass(frozen=True)
class Table:
    """What is drawn and what goes into a workbook."""

    view: Shown
    heads: tuple[Head, ...]
    groups: tuple[Group, ...]
    marks: Marks

    @property
    def days(self) -> list[fieldwork.RosterDayView]:
        """Return the days shown."""
        return [head.day for head in self.heads]

    @property
    def people(self) -> list[fieldwork.RosterPerson]:
        """Return everybody shown."""
        return [row.person for group in self.groups for row in group.rows]


def table(view: Shown, at: datetime, *, here: tuple[UUID, date] | None = None) -> Table:
    """Return the shown part of the roster; about eight statements, whatever its size."""
    found, signs = fieldwork.roster(view.first, view.last, at), marks(at)
    counted = fieldwork.roster_rules(at).counted
    leaves: defaultdict[tuple[UUID, date], list[fieldwork.LeaveView]] = defaultdict(list)
    for leave in found.leaves:
        for on in leave.days:
            leaves[leave.technician_id, on].append(leave)
    loans = {
        (loan.technician_id, day.on): loan
        for loan in found.loans
        for day in found.days
        if loan.from_on <= day.on <= loan.to_on
    }
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for person in found.people:
        if view.unit and person.unit_code != view.unit:
            continue
        minutes, cells = 0, []
        for day in found.days:
            key = (person.id, day.on)
            duties = found.duties.get(key, ())
            minutes += sum(duty.minutes for duty in duties if duty.kind in counted)
            cells.append(_cell(day.on, duties, leaves.get(key, []), loans.get(key), signs, view, is_here=here == key))
        groups[person.unit_name].append(Row(person, tuple(cells), f"{minutes / 60:g}"))
    drawn = tuple(Group(name, tuple(rows)) for name, rows in groups.items())
    return Table(view, tuple(Head(day, weekday(day.on)) for day in found.days), drawn, signs)


def _cell(
    on: date,
    duties: tuple[fieldwork.DutyView, ...],
    leaves: list[fieldwork.LeaveView],
    loan: fieldwork.LoanView | None,
    signs: Marks,
    view: Shown,
    *,
    is_here: bool,
) -> Cell:
    away = [one for one in leaves if one.decision == "approved"]
    asked = [one for one in leaves if one.decision != "approved"]
    is_gone = any(_covers(one, on) for one in away)
    signs_of = "+".join(_sign(duty, signs, view) for duty in duties) if not is_gone else ""
    parts = [signs_of, *(code_words(one.kind, "leave_mark") for one in away)]
    parts += [code_words(one.kind, "leave_mark") + "?" for one in asked]
    parts += [_("Ln")] if loan else []
    notes = remarks(leaves, loan)
    full = [" ".join(word for word in (signs.name(duty.shift), duty.hours, duty.note) if word) for duty in duties]
    css = "leave" if away else duties[0].kind if duties else "none"
    return Cell(
        on=on,
        text="".join(parts) or "·",
        said=signs.said(duties) + "".join(f"（{note}）" for note in notes),
        words="；".join([*full, *notes]) or _("nothing written"),
        css=f"yx-duty-{css}" + (" yx-duty-asked" if asked else "") + (" yx-duty-lent" if loan else ""),
        is_here=is_here,
    )


def weekday(on: date) -> str:
    """Return the shortest word for a day's weekday: 一 to 日, or Mon to Sun."""
    name = str(WEEKDAYS_ABBR[on.weekday()])
    return name if get_language() == "en" else name[-1]


def _sign(duty: fieldwork.DutyView, signs: Marks, view: Shown) -> str:
    if " " not in duty.text:
        return signs.short(duty.shift)
    return signs.short(duty.shift) + (OWN_HOURS if view.span == MONTH else f" {duty.hours}")


def _covers(leave: fieldwork.LeaveView, on: date) -> bool:
    """Say whether leave takes a whole day: from its midnight, or before, to the next."""
    starts_before = local_day(leave.starts_at) < on or (
        local_day(leave.starts_at) == on and minute_of_day(leave.starts_at) == 0
    )
    return starts_before and local_day(leave.ends_at) > on


def legend(signs: Marks, at: datetime) -> list[dict[str, str]]:
    """Return sign, name, hours and colour of every shift."""
    found = []
    for code, template in fieldwork.roster_rules(at).templates.items():
        hours = "–".join(f"{minute // 60 % 24:02d}:{minute % 60:02d}" for minute in template.hours or ())
        found.append(
            {"sign": signs.short(code), "name": signs.name(code), "hours": hours, "css": f"yx-duty-{template.kind}"}
        )
    return found


def finding_rows(
    found: Iterable[fieldwork.FindingView], names: Mapping[UUID, str], at: datetime
) -> list[dict[str, Any]]:
    """Return what the law says, in words, what is forbidden first."""
    rows = [
        {
            "name": names.get(one.technician_id, ""),
            "person": one.technician_id,
            "what": code_words(one.code, "labour"),
            "when": when(one),
            "has": amount(one, one.has),
            "allowed": amount(one, one.allowed),
            "article": one.article,
            "view": one,
        }
        for one in found
    ]
    return sorted(rows, key=lambda row: (not row["view"].stops, not row["view"].is_forbidden, row["view"].on))


def when(one: fieldwork.FindingView) -> str:
    """Return the day, week or month of a finding."""
    if one.code == "month_overtime":
        return f"{one.on:%Y-%m}"
    if one.on == one.until:
        return f"{one.on:%Y-%m-%d}"
    return f"{one.on:%m-%d} – {one.until:%m-%d}"


def amount(one: fieldwork.FindingView, number: int) -> str:
    """Return minutes as hours, days of rest as days."""
    if one.code == "no_rest":
        return _("%(n)s days") % {"n": number}
    return _("%(n)s h") % {"n": formats.number_format(round(number / 60, 1), use_l10n=False)}


def units_of(people: Iterable[fieldwork.RosterPerson]) -> list[tuple[str, str]]:
    """Return the units that have people, as choices of a filter."""
    return sorted({(one.unit_code, one.unit_name) for one in people if one.unit_code})


def lendable() -> list[tuple[str, str]]:
    """Return the units to which somebody can be lent, as choices."""
    return [(unit.code, unit.name) for unit in org.units() if unit.level in ("district", "grid", "crew")]
