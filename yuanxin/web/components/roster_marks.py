"""How a roster says things: one sign per shift, read and written alike on the screen and in a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.web.components.codes import code_words

OWN_HOURS = "*"
CLEAR = "-"
_REMARK = re.compile(r"[（(][^（）()]*[）)]")
_SPLIT = re.compile(r"[+＋/、;；\n]")
_TOKEN = re.compile(r"^(?P<name>\D+?)\s*(?P<hours>\d{1,2}[:：]\d{2}\s*[-–—~～至]\s*\d{1,2}[:：]\d{2})?$")


class MarkUnknown(Exception):
    """A text of a cell names no shift of the city; the text is the argument."""


@dataclass(frozen=True)
class Marks:
    """The signs of a city's shifts: the first letter of their titles. titles: code to (Chinese, English)."""

    titles: dict[str, tuple[str, str]]

    def name(self, shift: str) -> str:
        """Return what the shift is called in the reader's language."""
        zh, en = self.titles.get(shift, (shift, shift))
        return en if get_language() == "en" else zh

    def short(self, shift: str) -> str:
        """Return the one sign of a shift."""
        return self.name(shift)[:1]

    def said(self, duties: Iterable[fieldwork.DutyView]) -> str:
        """Return a cell as a workbook has it: signs, with their hours when they are not the usual ones."""
        return "+".join(self.text(duty.text) for duty in duties)

    def text(self, text: str) -> str:
        """Return one shift with its own hours, ``day 09:00-18:00``, as people write it."""
        code, _blank, hours = text.partition(" ")
        return f"{self.short(code)}{hours}"

    def read(self, text: str) -> tuple[str, ...] | None:
        """Return what a cell of a workbook asks for: shifts by code, () to clear it, None for nothing.

        What stands in brackets (leave, loans) is a remark. Raises MarkUnknown.
        """
        left = _REMARK.sub("", text).strip().removeprefix("'").strip()
        if not left:
            return None
        if left in (CLEAR, "—"):
            return ()
        return tuple(self._one(part.strip()) for part in _SPLIT.split(left) if part.strip())

    def _one(self, part: str) -> str:
        found = _TOKEN.match(part)
        code = self._code(found["name"].strip()) if found else ""
        if not found or not code:
            raise MarkUnknown(part)
        if not found["hours"]:
            return code
        hours = re.sub(r"\s", "", found["hours"]).replace("：", ":")
        return f"{code} {re.sub('[–—~～至]', '-', hours)}"

    def _code(self, name: str) -> str:
        for code, titles in self.titles.items():
            known = {code, *titles, *(title[:1] for title in titles)}
            if name in known or name.lower() in {one.lower() for one in known}:
                return code
        return ""


def marks(at: datetime) -> Marks:
    """Return the signs of the city's shifts, in the order in which the rulebook offers them."""
    titles = fieldwork.shift_titles(at)
    return Marks({code: titles.get(code, (code, code)) for code in fieldwork.roster_rules(at).templates})


def remarks(leaves: Sequence[fieldwork.LeaveView], loan: fieldwork.LoanView | None) -> list[str]:
    """Return leave and loan of a cell in words."""
    said = [
        code_words(one.kind, "leave") + ("" if one.decision == "approved" else _(" (not decided)")) for one in leaves
    ]
    return [*said, *([_("lent to %(unit)s") % {"unit": loan.unit_name}] if loan else [])]
