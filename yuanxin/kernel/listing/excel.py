"""A plain workbook: one sheet, a header, rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the bytes of an .xlsx file; texts that look like formulas stay texts, control characters go."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=re.sub(r"[\[\]:*?/\\]", " ", title[:31]))
    sheet.append(list(header))
    for row in rows:
        sheet.append([_safe(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=f"'{text}" if text.startswith(_FORMULA) else text)
    cell.data_type = "s"
    return cell
