"""The roster as a workbook: out exactly as it is shown, in as cells that are looked at before anything is written."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.listing.excel import workbook
from yuanxin.web.components.roster_marks import Marks, MarkUnknown
from yuanxin.web.components.words import words_of
from yuanxin.web.desks.dispatch_desk.roster_page import Table

LARGEST_BYTES = 2_000_000
LARGEST_UNPACKED = 40_000_000
MOST_ROWS, MOST_COLUMNS = 2000, 400
UNREADABLE = (
    BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, EOFError, SyntaxError, TypeError,
)  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class NotARoster(Exception):
    """The file cannot be read as a roster; the argument says why, in the reader's language."""


@dataclass(frozen=True)
class Unread:
    """A place of the file that says nothing we know: where, what stands there, why not."""

    where: str
    text: str
    why: str


@dataclass(frozen=True)
class Read:
    """What a file asks for, and what in it cannot be read."""

    cells: tuple[fieldwork.RosterCell, ...]
    unread: tuple[Unread, ...]


def written(table: Table) -> bytes:
    """Return the shown table as a workbook: the same rows and columns, the same words."""
    header = [_("Staff number"), _("Name"), _("Unit")]
    header += [
        " ".join(part for part in (head.day.on.isoformat(), head.weekday, head.day.holiday) if part)
        for head in table.heads
    ]
    header.append(_("Hours"))
    rows: list[list[Any]] = [
        [row.person.number, row.person.name, group.name, *(cell.said for cell in row.cells), float(row.hours)]
        for group in table.groups
        for row in group.rows
    ]
    return workbook(f"{table.view.first:%Y-%m-%d}", header, rows)


def read(content: bytes, people: list[fieldwork.RosterPerson], signs: Marks) -> Read:
    """Return what a workbook asks for: the sheet's first row names the days, its first column the staff numbers.

    An empty cell asks for nothing. Raises NotARoster.
    """
    rows = _rows(content)
    if not rows:
        raise NotARoster(_("The file is empty."))
    days = {column: day for column, value in enumerate(rows[0]) if (day := _day(value)) is not None}
    if not days:
        raise NotARoster(_("No day stands in the first row, for example 2026-03-10."))
    numbers = {one.number: one for one in people}
    cells: list[fieldwork.RosterCell] = []
    unread: list[Unread] = []
    seen: set[str] = set()
    for line, row in enumerate(rows[1:], start=2):
        number = _text(row[0] if row else None).removeprefix("'")
        asked = {column: _text(row[column]) for column in days if column < len(row)}
        if not any(asked.values()):
            continue
        person = numbers.get(number)
        if person is None or number in seen:
            why = _("stands in the file twice") if number in seen else _("nobody of this number is shown here")
            unread.append(Unread(_("Row %(row)d") % {"row": line}, number or "—", why))
            continue
        seen.add(number)
        for column, text in asked.items():
            try:
                shifts = signs.read(text)
            except MarkUnknown as error:
                where = f"{person.name} {days[column]:%m-%d}"
                unread.append(Unread(where, str(error)[:40], words_of("fieldwork.unknown_shift", {})))
                continue
            if shifts is not None:
                cells.append(fieldwork.RosterCell(person.id, days[column], shifts))
    if not cells and not unread:
        raise NotARoster(_("The file asks for nothing: every cell is empty."))
    return Read(tuple(cells), tuple(unread))


def _rows(content: bytes) -> list[tuple[Any, ...]]:
    """Return the first sheet's cells. Raises NotARoster for what is no workbook, or one that swells when unpacked."""
    if len(content) > LARGEST_BYTES:
        raise NotARoster(_("The file is too large: at most 2 MB."))
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise NotARoster(_("The file is too large: at most 2 MB."))
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = list(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True))
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        EOFError,
        SyntaxError,
        TypeError,
    ) as error:
        raise NotARoster(_("This is no Excel workbook (.xlsx).")) from error
    while rows and not any(value is not None and str(value).strip() for value in rows[-1]):
        rows.pop()
    return rows


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DAY.search(str(value or ""))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
