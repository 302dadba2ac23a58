"""The declaration of a list and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db.models import F, Model, Q, QuerySet

from yuanxin.kernel.errors import BadFilter
from yuanxin.kernel.listing.excel import workbook

SIZES = (20, 50, 100)
YEARS = range(1900, 3000)
"""Years that a filter may name: others overflow on their way to UTC."""

_SALT = "kernel.listing"
Rows = Callable[[], QuerySet[Any]]
_Day = TypeVar("_Day", bound=date)


class Kind(StrEnum):
    """What a column holds; decides how a filter is read and how a cell is written."""

    TEXT = "text"
    INSTANT = "instant"
    DAY = "day"
    NUMBER = "number"
    FEN = "fen"
    CODE = "code"
    ID = "id"


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


@dataclass(frozen=True)
class Page:
    """One page. rows: model instances in order; next_cursor: opaque, empty at the end."""

    rows: list[Any]
    columns: tuple[Column, ...]
    size: int
    sort: str
    next_cursor: str
    params: dict[str, str]
    applied: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """A list, declared once in a context's ``queries``.

    rows: the queryset in scope, without order; columns, filters: what may be shown and asked;
    default_sort: a sortable column's name, with ``-`` for descending. The primary key breaks ties.
    """

    name: str
    title: str
    rows: Rows
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    default_sort: str = "-id"
    quick: tuple[str, ...] = ()
    """Columns that the quick box searches (prefix of the text)."""

    def page(self, params: Mapping[str, str], *, size: int = 20) -> Page:
        """Return one page for URL parameters (filters, ``q``, ``sort``, ``cursor``, ``size``).

        Keyset paging: a page costs the same wherever it lies. Raises BadFilter, naming the parameter.
        """
        size = self._size(params.get("size", ""), size)
        sort = self._sort(params.get("sort", ""))
        rows = self._ordered(self._filtered(params), sort)
        if cursor := params.get("cursor", ""):
            rows = rows.filter(self._after(sort, cursor))
        found = list(rows[: size + 1])
        has_next = len(found) > size
        found = found[:size]
        return Page(
            rows=found,
            columns=self.shown(params),
            size=size,
            sort=sort,
            next_cursor=self._cursor(sort, found[-1]) if has_next else "",
            params={name: value for name, value in params.items() if name != "cursor"},
            applied={f.name: params[f.name] for f in self.filters if params.get(f.name)},
        )

    def shown(self, params: Mapping[str, str]) -> tuple[Column, ...]:
        """Return the chosen columns (parameter ``columns``, comma-separated), or the default ones."""
        chosen = [name for name in params.get("columns", "").split(",") if name]
        known = {column.name: column for column in self.columns}
        for name in chosen:
            if name not in known:
                raise BadFilter(field="columns", listing=self.name, value=name[:60])
        return tuple(known[name] for name in chosen) or tuple(c for c in self.columns if c.is_shown)

    def excel(self, params: Mapping[str, str], *, words: Callable[[str], str] = str, limit: int = 5000) -> bytes:
        """Return an .xlsx of exactly the shown columns and filtered rows, at most ``limit`` of them.

        words: translates a msgid. A text that a spreadsheet would run as a formula is written as text.
        """
        columns = self.shown(params)
        rows = self._ordered(self._filtered(params), self._sort(params.get("sort", "")))[:limit]
        header = [words(column.label) for column in columns]
        return workbook(words(self.title), header, ([_cell(row, column, words) for column in columns] for row in rows))

    def _filtered(self, params: Mapping[str, str]) -> QuerySet[Any]:
        rows = self.rows()
        for asked in self.filters:
            if value := params.get(asked.name, "").strip():
                rows = rows.filter(_condition(asked, value))
        if (quick := params.get("q", "").strip()) and self.quick:
            condition = Q()
            for name in self.quick:
                condition |= _starts(name, quick, field="q")
            rows = rows.filter(condition)
        return rows

    def _sort(self, wanted: str) -> str:
        sort = wanted or self.default_sort
        name = sort.removeprefix("-")
        if name != self.default_sort.removeprefix("-") and not any(
            column.name == name and column.is_sortable for column in self.columns
        ):
            raise BadFilter(field="sort", listing=self.name, value=sort[:60])
        return sort

    def _size(self, wanted: str, default: int) -> int:
        if not wanted:
            return default
        if wanted not in map(str, SIZES):
            raise BadFilter(field="size", listing=self.name, value=wanted[:20])
        return int(wanted)

    def _ordered(self, rows: QuerySet[Any], sort: str) -> QuerySet[Any]:
        name, descending = sort.removeprefix("-"), sort.startswith("-")
        order = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
        tie = "-pk" if descending else "pk"
        return rows.order_by(order) if name in {"id", "pk"} else rows.order_by(order, tie)

    def _cursor(self, sort: str, row: Model) -> str:
        """Return where a row stands, signed: only the list itself can make one, so its values need no reading."""
        key = row.pk if isinstance(row.pk, tuple) else (row.pk,)
        place = [_plain_value(value) for value in (getattr(row, sort.removeprefix("-")), *key)]
        return signing.dumps([self.name, sort, *place], salt=_SALT)

    def _after(self, sort: str, cursor: str) -> Q:
        name, way = sort.removeprefix("-"), "lt" if sort.startswith("-") else "gt"
        try:
            listing, of_sort, value, *parts = signing.loads(cursor, salt=_SALT)
        except signing.BadSignature:
            listing = of_sort = ""
        if (listing, of_sort) != (self.name, sort):
            raise BadFilter(field="cursor", listing=self.name, value=cursor[:40])
        key = tuple(parts) if len(parts) > 1 else parts[0]
        if name in {"id", "pk"}:
            return Q(**{f"pk__{way}": key})
        if value is None:
            return Q(**{f"{name}__isnull": True, f"pk__{way}": key})
        behind = Q(**{f"{name}__{way}": value}) | Q(**{name: value, f"pk__{way}": key})
        return behind | Q(**{f"{name}__isnull": True})


def _plain_value(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _condition(asked: Filter, text: str) -> Q:
    if asked.lookup == "startswith":
        return _starts(asked.column, text, field=asked.name)
    if asked.lookup == "in":
        return Q(**{f"{asked.column}__in": [_read(asked, part) for part in text.split(",") if part]})
    if asked.kind is Kind.INSTANT and len(text) == 10:
        return _day(asked, text)
    return Q(**{f"{asked.column}__{asked.lookup}": _read(asked, text)})


def _day(asked: Filter, text: str) -> Q:
    """A day given for an instant means that whole day of the city."""
    start = datetime.combine(_date(asked, text), time(), ZoneInfo(settings.YUANXIN_CITY_ZONE))
    if asked.lookup == "exact":
        return Q(**{f"{asked.column}__gte": start, f"{asked.column}__lt": start + timedelta(days=1)})
    if asked.lookup in {"lte", "gt"}:
        lookup = "lt" if asked.lookup == "lte" else "gte"
        return Q(**{f"{asked.column}__{lookup}": start + timedelta(days=1)})
    return Q(**{f"{asked.column}__{asked.lookup}": start})


def _starts(column: str, text: str, *, field: str) -> Q:
    if "\x00" in text:
        raise BadFilter(field=field, value="")
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + "\U0010ffff"})


def _read(asked: Filter, text: str) -> Any:
    try:
        match asked.kind:
            case Kind.INSTANT:
                moment = _possible(datetime.fromisoformat(text))
                return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.YUANXIN_CITY_ZONE))
            case Kind.DAY:
                return _possible(date.fromisoformat(text))
            case Kind.NUMBER | Kind.FEN:
                return int(text)
            case Kind.ID:
                return UUID(text)
            case Kind.CODE:
                return _code(asked, text)
            case _:
                return _plain(asked, text)
    except ValueError:
        raise BadFilter(field=asked.name, value=text[:60]) from None


def _possible(day: _Day) -> _Day:
    if day.year not in YEARS:
        raise ValueError(day)
    return day


def _date(asked: Filter, text: str) -> date:
    try:
        return _possible(date.fromisoformat(text))
    except ValueError:
        raise BadFilter(field=asked.name, value=text[:60]) from None


def _plain(asked: Filter, text: str) -> str:
    if "\x00" in text or len(text) > 200:
        raise BadFilter(field=asked.name, value="")
    return text


def _code(asked: Filter, text: str) -> str:
    if asked.choices and text not in {code for code, _ in asked.choices}:
        raise BadFilter(field=asked.name, value=text[:60])
    return _plain(asked, text)


def _cell(row: Any, column: Column, words: Callable[[str], str]) -> Any:
    value = getattr(row, column.name)
    if value is None:
        return ""
    if column.kind is Kind.FEN:
        return Decimal(value) / 100
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).replace(tzinfo=None)
    labels = dict(column.choices)
    return words(labels[value]) if value in labels else value if isinstance(value, (int, date)) else str(value)
