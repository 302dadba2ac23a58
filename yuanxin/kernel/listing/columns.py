"""What a list is made of: columns and filters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds; decides how a filter is read and how a cell is written."""

    TEXT = "text"
    INSTANT = "instant"
    DAY = "day"
    NUMBER = "number"
    FEN = "fen"
    CODE = "code"
    ID = "id"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column:
    """A column. name: the field (or annotation) of the rows; label: an English msgid; choices: codes with msgids."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    is_sortable: bool = False
    is_shown: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Filter:
    """A filter as a parameter of the URL. lookup: Django lookup on ``column`` (exact, gte, lt, in, startswith...).

    ``startswith`` is asked as a range, so that it keeps its index under row-level security.
    """

    name: str
    column: str
    label: str
    kind: Kind = Kind.TEXT
    lookup: str = "exact"
    choices: tuple[tuple[str, str], ...] = ()
