"""A list on a page: one ``kernel.listing`` declaration drawn as a table, with filters in the address and Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yuanxin.kernel.clock import now
from yuanxin.kernel.listing import Column, Filter, Kind, Listing, Page
from yuanxin.org import api as org
from yuanxin.web.components.codes import choices, code_words
from yuanxin.web.components.countdown import Countdown, Shares, between, paused, shares

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING_FITS = gettext_noop("Nothing fits these filters. Take one away.")
NOTHING_YET = gettext_noop("Nothing is here at the moment.")

COLUMN_FAMILIES = {
    "service": "service",
    "fault_code": "fault",
    "channel": "channel",
    "area_class": "area",
    "order_kind": "order",
    "close_type": "close",
    "resolved_how": "close",
    "segment": "segment",
    "held_reason": "pause",
    "hold_reason": "pause",
    "hold": "hold",
    "urgency": "urgency",
    "stage": "stage",
    "next_step": "next_step",
    "owner": "owner",
    "outcome": "outcome",
}
CARRIED = ("sort", "size", "columns")
FILTERS_SHOWN = 4
PEOPLE = {"technician_id"}
BY_LIST = {
    ("care.tickets", "state"): "ticket",
    ("care.callbacks_due", "state"): "ticket",
    ("care.complaints", "state"): "complaint",
    ("care.complaints", "category"): "contact_reason",
    ("care.contacts", "reason_code"): "contact_reason",
    ("fieldwork.pool", "state"): "work_order",
    ("fieldwork.work_orders", "state"): "work_order",
    ("quality.outcomes", "state"): "pay",
    ("standards.open_clocks", "kind"): "clock",
    ("supervision.open_clocks", "kind"): "board_kind",
}
RowAddress = Callable[[Any], str]


@dataclass(frozen=True)
class Head:
    """One column's head; url sorts by it, empty when the list cannot."""

    label: str
    url: str
    arrow: str
    is_number: bool


@dataclass(frozen=True)
class Cell:
    """One cell: a value drawn by its kind, or a countdown; url opens the row."""

    label: str
    kind: str
    value: Any
    url: str = ""
    clock: Countdown | None = None


@dataclass(frozen=True)
class Choice:
    """One filter as the page offers it."""

    name: str
    label: str
    value: str
    input_type: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class ListView:
    """Everything that ``components/list.html`` draws."""

    name: str
    heads: list[Head]
    rows: list[list[Cell]]
    filters: list[Choice]
    more_filters: list[Choice]
    has_quick: bool
    quick: str
    hidden: list[tuple[str, str]]
    next_url: str
    first_url: str
    excel_url: str
    empty: str


def list_response(
    request: HttpRequest,
    listing: Listing,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    row_url: RowAddress | None = None,
    clocks: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer with the page of the list, or with Excel of exactly what it shows (``format=xlsx``)."""
    params = asked(request)
    if params.pop("format", "") == "xlsx":
        answer = HttpResponse(listing.excel(params, words=_), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{listing.name}.xlsx"'
        return answer
    drawn = list_view(request, listing, row_url=row_url, clocks=clocks)
    return render(request, template, {**(context or {}), "list": drawn})


def list_view(
    request: HttpRequest,
    listing: Listing,
    *,
    row_url: RowAddress | None = None,
    clocks: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> ListView:
    """Return one page of a list, ready to draw.

    row_url: gives the address that a row's first cell opens.
    clocks: columns to draw as countdown, each with the column of its start.
    defaults: parameters for a short list inside another page, which then offers no filters.
    """
    params = {**(defaults or {}), **asked(request)}
    page = listing.page(params)
    is_short = defaults is not None
    hidden = {"number", *_ids(listing)} if listing.quick else set(_ids(listing))
    offered = [_filter(listing.name, one, params) for one in listing.filters if one.name not in hidden]
    return ListView(
        name=listing.name,
        heads=[_head(column, page, params) for column in page.columns],
        rows=_rows(listing.name, page, row_url, clocks or {}),
        filters=[] if is_short else offered[:FILTERS_SHOWN],
        more_filters=[] if is_short else offered[FILTERS_SHOWN:],
        has_quick=bool(listing.quick) and not is_short,
        quick=params.get("q", ""),
        hidden=[(name, params[name]) for name in (*CARRIED, *_ids(listing)) if params.get(name)],
        next_url=_address(page.params, cursor=page.next_cursor) if page.next_cursor else "",
        first_url=_address(page.params) if params.get("cursor") else "",
        excel_url=_address(page.params, format="xlsx"),
        empty=_(NOTHING_FITS) if (page.applied or params.get("q")) and not is_short else _(NOTHING_YET),
    )


def _ids(listing: Listing) -> list[str]:
    """Return the filters that only links set: nobody types an id."""
    return [one.name for one in listing.filters if one.kind is Kind.ID or one.name == "technician"]


def asked(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of the address, each once."""
    return {name: request.GET[name] for name in request.GET}


def _head(column: Column, page: Page, params: Mapping[str, str]) -> Head:
    is_number = column.kind in {Kind.NUMBER, Kind.FEN}
    if not column.is_sortable:
        return Head(_(column.label), "", "", is_number)
    is_up, is_down = page.sort == column.name, page.sort == f"-{column.name}"
    wanted = f"-{column.name}" if is_up else column.name
    return Head(
        _(column.label), _address({**page.params, "sort": wanted}), "↑" if is_up else "↓" if is_down else "", is_number
    )


def _rows(name: str, page: Page, row_url: RowAddress | None, clocks: Mapping[str, str]) -> list[list[Cell]]:
    turns = shares(now()) if clocks and page.rows else None
    people = _people(page)
    rows = []
    for row in page.rows:
        cells = []
        for index, column in enumerate(page.columns):
            started_at = getattr(row, clocks[column.name]) if column.name in clocks else None
            cells.append(
                Cell(
                    label=_(column.label),
                    kind=column.kind.value,
                    value=_words(name, column, getattr(row, column.name), people),
                    url=row_url(row) if row_url and index == 0 else "",
                    clock=_clock(row, column.name, turns, started_at),
                )
            )
        rows.append(cells)
    return rows


def _people(page: Page) -> dict[UUID, str]:
    """Return the names of the technicians on the page; one query, none without such a column."""
    columns = [column.name for column in page.columns if column.name in PEOPLE]
    ids = {getattr(row, name) for row in page.rows for name in columns} - {None}
    return {id_: person.name for id_, person in org.staff_many(ids).items()} if ids else {}


def _words(name: str, column: Column, value: Any, people: Mapping[UUID, str]) -> Any:
    if column.name in PEOPLE:
        return people.get(value, "—")
    family = family_of(name, column.name)
    if family and (shown := code_words(value, family)) != str(value):
        return shown
    labels = dict(column.choices)
    return _(labels[value]) if value in labels else value


def _clock(row: Any, name: str, turns: Shares | None, started_at: datetime | None) -> Countdown | None:
    """Draw a due instant; an approved hold lets the promise stand still, never the law."""
    due_at: datetime | None = getattr(row, name)
    if not (started_at and due_at and turns):
        return None
    is_law = due_at == getattr(row, "statutory_due_at", None)
    if getattr(row, "is_promise_paused", False) and not is_law:
        return paused()
    return between(started_at, due_at, turns, now())


def _filter(name: str, one: Filter, params: Mapping[str, str]) -> Choice:
    kinds = {Kind.INSTANT: "date", Kind.DAY: "date", Kind.NUMBER: "number", Kind.FEN: "number"}
    family = family_of(name, one.column)
    offered = choices(family) if family else [(code, _(label)) for code, label in one.choices]
    return Choice(one.name, _(one.label), params.get(one.name, ""), kinds.get(one.kind, "text"), offered)


def family_of(name: str, column: str) -> str:
    """Return the family of codes that a column of a list holds; empty when it holds none of ours."""
    return BY_LIST.get((name, column)) or COLUMN_FAMILIES.get(column, "")


def _address(params: Mapping[str, str], **more: str) -> str:
    return "?" + urlencode({**params, **more})
