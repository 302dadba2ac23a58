"""The declaration of a list and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db.models import F, Model, Q, QuerySet

from yuanxin.kernel.errors import BadFilter
from yuanxin.kernel.listing.columns import Column, Filter, Kind
from yuanxin.kernel.listing.conditions import condition, starts
from yuanxin.kernel.listing.excel import workbook

SIZES = (20, 50, 100)
COUNTED = 10_000
"""Rows up to which a list is counted exactly."""
PAGING = ("cursor", "before")
"""Parameters that say where a page begins: they are no part of what was asked."""

_SALT = "kernel.listing"
Rows = Callable[[], QuerySet[Any]]
Meaning = Callable[[Column, str], Collection[str]]
"""The codes of a column that the quick box's text means, in words that only the reader's page knows."""
Shown = Callable[[Column, Any], Any]
"""What a page shows for a column's value."""

registry: dict[str, Listing] = {}
"""Every declared list by its name."""


@dataclass(frozen=True)
class Page:
    """One page. rows: model instances in order; the cursors are opaque, empty at the ends."""

    rows: list[Any]
    columns: tuple[Column, ...]
    size: int
    sort: str
    next_cursor: str
    previous_cursor: str
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
    """Columns that the quick box searches by the beginning of the text; indexed."""
    finds: tuple[str, ...] = ()
    """Text columns in which the quick box finds any part while they are shown; only for lists that stay small."""

    def __post_init__(self) -> None:
        registry[self.name] = self

    def page(self, params: Mapping[str, str], *, size: int = 20, meaning: Meaning | None = None) -> Page:
        """Return one page for URL parameters (filters, ``q``, ``sort``, ``cursor`` or ``before``, ``size``).

        Keyset paging: a page costs the same wherever it lies. Raises BadFilter, naming the parameter.
        """
        size = self._size(params.get("size", ""), size)
        sort = self._sort(params.get("sort", ""))
        rows = self._filtered(params, meaning)
        before, cursor = params.get("before", ""), params.get("cursor", "")
        if before:
            behind = list(self._ordered(rows.filter(self._place(sort, before, is_before=True)), sort, True)[: size + 1])
            found, has_previous, has_next = behind[:size][::-1], len(behind) > size, True
            if len(behind) < size:  # rows went away: the first page is what stands before
                before = cursor = ""
        if not before:
            if cursor:
                rows = rows.filter(self._place(sort, cursor, is_before=False))
            ahead = list(self._ordered(rows, sort)[: size + 1])
            found, has_previous, has_next = ahead[:size], bool(cursor), len(ahead) > size
        return Page(
            rows=found,
            columns=self.shown(params),
            size=size,
            sort=sort,
            next_cursor=self._cursor(sort, found[-1]) if has_next and found else "",
            previous_cursor=self._cursor(sort, found[0]) if has_previous and found else "",
            params={name: value for name, value in params.items() if name not in PAGING},
            applied={f.name: params[f.name] for f in self.filters if params.get(f.name)},
        )

    def shown(self, params: Mapping[str, str]) -> tuple[Column, ...]:
        """Return the chosen columns (parameter ``columns``, comma-separated), or the default ones."""
        chosen = list(dict.fromkeys(name for name in params.get("columns", "").split(",") if name))
        known = {column.name: column for column in self.columns}
        for name in chosen:
            if name not in known:
                raise BadFilter(field="columns", listing=self.name, value=name[:60])
        return tuple(known[name] for name in chosen) or tuple(c for c in self.columns if c.is_shown)

    def count(self, params: Mapping[str, str], *, most: int = COUNTED, meaning: Meaning | None = None) -> int:
        """Return how many rows match, ``most + 1`` when there are more than ``most``; one statement."""
        return self._filtered(params, meaning)[: most + 1].count()

    def ids(self, params: Mapping[str, str], *, most: int, meaning: Meaning | None = None) -> list[Any]:
        """Return the primary keys of all rows that match, in the list's order, at most ``most + 1``."""
        rows = self._ordered(self._filtered(params, meaning), self._sort(params.get("sort", "")))
        return list(rows.values_list("pk", flat=True)[: most + 1])

    def among(self, ids: Iterable[UUID]) -> list[Any]:
        """Return those of the primary keys that are rows of this list, in its order."""
        rows = self._ordered(self.rows().filter(pk__in=list(ids)), self.default_sort)
        return list(rows.values_list("pk", flat=True))

    def found(self, params: Mapping[str, str], *, limit: int, meaning: Meaning | None = None) -> list[Any]:
        """Return the first ``limit`` rows that match, in the order asked for."""
        return list(self._ordered(self._filtered(params, meaning), self._sort(params.get("sort", "")))[:limit])

    def excel(
        self,
        params: Mapping[str, str],
        *,
        words: Callable[[str], str] = str,
        limit: int = 5000,
        rows: Iterable[Any] | None = None,
        show: Shown | None = None,
    ) -> bytes:
        """Return an .xlsx of exactly the shown columns and filtered rows, at most ``limit`` of them.

        words: translates a msgid; rows: the rows when they are read already; show: what the page shows for a value.
        A text that a spreadsheet would run as a formula is written as text.
        """
        columns = self.shown(params)
        rows = self.found(params, limit=limit) if rows is None else rows
        header = [words(column.label) for column in columns]
        cells = ([_cell(getattr(row, column.name), column, words, show) for column in columns] for row in rows)
        return workbook(words(self.title), header, cells)

    def searched(self, params: Mapping[str, str]) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[Column, ...]]:
        """Return what the quick box covers: columns by their beginning, by any part, and codes by their words."""
        shown = self.shown(params)
        begins = tuple(column for column in self.columns if column.name in self.quick)
        parts = tuple(column for column in shown if column.name in self.finds and column.name not in self.quick)
        return begins, parts, tuple(column for column in shown if column.kind is Kind.CODE)

    def _filtered(self, params: Mapping[str, str], meaning: Meaning | None = None) -> QuerySet[Any]:
        rows = self.rows()
        for asked in self.filters:
            if value := params.get(asked.name, "").strip():
                rows = rows.filter(condition(asked, value))
        if (quick := params.get("q", "").strip()) and (self.quick or self.finds):
            rows = rows.filter(self._quick(params, quick, meaning))
        return rows

    def _quick(self, params: Mapping[str, str], text: str, meaning: Meaning | None) -> Q:
        wanted = Q()
        for name in self.quick:
            wanted |= starts(name, text, field="q")
        _, parts, codes = self.searched(params)
        for column in parts:
            wanted |= Q(**{f"{column.name}__icontains": text})
        for column in codes if meaning else ():
            if meant := meaning(column, text):  # type: ignore[misc]  # there is one in this loop
                wanted |= Q(**{f"{column.name}__in": list(meant)})
        return wanted

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

    def _ordered(self, rows: QuerySet[Any], sort: str, is_backwards: bool = False) -> QuerySet[Any]:
        """Order by the sort, rows without a value last; backwards, they come first."""
        name, descending = sort.removeprefix("-"), sort.startswith("-") != is_backwards
        nulls: dict[str, bool] = {"nulls_first": True} if is_backwards else {"nulls_last": True}
        order = F(name).desc(**nulls) if descending else F(name).asc(**nulls)
        tie = "-pk" if descending else "pk"
        return rows.order_by(order) if name in {"id", "pk"} else rows.order_by(order, tie)

    def _cursor(self, sort: str, row: Model) -> str:
        """Return where a row stands, signed: only the list itself can make one, so its values need no reading."""
        key = row.pk if isinstance(row.pk, tuple) else (row.pk,)
        place = [_plain_value(value) for value in (getattr(row, sort.removeprefix("-")), *key)]
        return signing.dumps([self.name, sort, *place], salt=_SALT)

    def _place(self, sort: str, cursor: str, *, is_before: bool) -> Q:
        """Return what stands behind a row, or before it."""
        name, way = sort.removeprefix("-"), "lt" if sort.startswith("-") != is_before else "gt"
        try:
            listing, of_sort, value, *parts = signing.loads(cursor, salt=_SALT)
        except signing.BadSignature:
            listing = of_sort = ""
        if (listing, of_sort) != (self.name, sort):
            raise BadFilter(field="before" if is_before else "cursor", listing=self.name, value=cursor[:40])
        key = tuple(parts) if len(parts) > 1 else parts[0]
        if name in {"id", "pk"}:
            return Q(**{f"pk__{way}": key})
        tie = Q(**{f"{name}__isnull": True} if value is None else {name: value}) & Q(**{f"pk__{way}": key})
        if value is None:
            return Q(**{f"{name}__isnull": False}) | tie if is_before else tie
        further = Q(**{f"{name}__{way}": value}) | tie
        return further if is_before else further | Q(**{f"{name}__isnull": True})


def _plain_value(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _cell(value: Any, column: Column, words: Callable[[str], str], show: Shown | None) -> Any:
    if value is None:
        return ""
    if column.kind is Kind.FEN:
        return Decimal(value) / 100
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).replace(tzinfo=None)
    if show is not None:
        value = show(column, value)
    labels = dict(column.choices)
    return words(labels[value]) if value in labels else value if isinstance(value, (int, date)) else str(value)
