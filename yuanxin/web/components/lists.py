"""A list on a page: one ``kernel.listing`` declaration drawn as a table, with filters in the address and Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NothingSelected, TooManyRows
from yuanxin.kernel.listing import COUNTED, PAGING, SIZES, Column, Filter, Kind, Listing, Page
from yuanxin.web.components.cells import GRIDS, countdown_of, family_of, grid_names, meant_by, names_for, shown_value
from yuanxin.web.components.codes import choices
from yuanxin.web.components.countdown import Countdown, shares
from yuanxin.web.components.saved_views import SavedBar, saved_bar
from yuanxin.web.http.live import answer_part, is_by_itself, shared

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING_FITS = gettext_noop("Nothing fits these filters. Take one away.")
NOTHING_YET = gettext_noop("Nothing is here at the moment.")
CARRIED = ("sort", "size", "columns")
FILTERS_SHOWN = 4
IN_EXCEL = 20_000
SELECTED = 500
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
class Row:
    """One row; key names it for live pages and for what is ticked."""

    key: str
    cells: list[Cell]

    @property
    def name(self) -> str:
        """What the row is called: its first cell."""
        return str(self.cells[0].value) if self.cells else ""


@dataclass(frozen=True)
class Choice:
    """One filter as the page offers it."""

    name: str
    label: str
    value: str
    input_type: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Applied:
    """One filter that is in force; url takes it away."""

    label: str
    words: str
    url: str


@dataclass(frozen=True)
class Option:
    """One choice of a size or a column; for a size, url takes it."""

    name: str
    label: str
    is_on: bool
    url: str = ""


@dataclass(frozen=True)
class ListView:
    """Everything that ``components/list.html`` draws."""

    name: str
    heads: list[Head]
    rows: list[Row]
    filters: list[Choice]
    more_filters: list[Choice]
    has_quick: bool
    quick: str
    quick_covers: str
    hidden: list[tuple[str, str]]
    carried: list[tuple[str, str]]
    columns: list[Option]
    sizes: list[Option]
    applied: list[Applied]
    total: int
    is_more: bool
    next_url: str
    previous_url: str
    first_url: str
    excel_url: str
    all_url: str
    empty: str
    query: str
    is_short: bool = False
    has_bulk: bool = False
    live_url: str = ""
    saved: SavedBar | None = field(default=None)

    @property
    def part_id(self) -> str:
        """The id of the part that changes by itself."""
        return "list-" + self.name.replace(".", "-").replace("_", "-")

    @property
    def bulk_form(self) -> str:
        """The id of the form to which the ticks belong; the page places it where its buttons stand."""
        return "bulk-" + self.name.replace(".", "-").replace("_", "-")


def list_response(
    request: HttpRequest,
    listing: Listing,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    row_url: RowAddress | None = None,
    clocks: Mapping[str, str] | None = None,
    has_bulk: bool = False,
    live: str = "own",
) -> HttpResponse:
    """Answer with the page of the list, or with Excel of exactly what it shows (``format=xlsx``).

    has_bulk: rows can be ticked for a form with the id ``list.bulk_form``; see ``selected_ids``.
    live: ``own`` fetches the table again when something happened, ``shared`` draws it once for all readers of one
    scope and role (only when the rows do not depend on who reads), empty never.
    """
    params = asked(request)
    if params.pop("format", "") == "xlsx":
        return excel_response(listing, params)

    draw = partial(list_view, request, listing, row_url=row_url, clocks=clocks, has_bulk=has_bulk, live=live)

    def part() -> HttpResponse:
        return render(request, "components/list_table.html", {"shown": draw(is_part=True)})

    if live and is_by_itself(request):
        return shared(request, part) if live == "shared" else answer_part(request, part().content)
    return render(request, template, {**(context or {}), "list": draw()})


def excel_response(listing: Listing, params: Mapping[str, str]) -> HttpResponse:
    """Answer with Excel of the shown columns in the words of the page. Raises TooManyRows rather than cut them off."""
    rows = listing.found(params, limit=IN_EXCEL + 1, meaning=partial(meant_by, listing.name))
    if len(rows) > IN_EXCEL:
        raise TooManyRows(most=IN_EXCEL)
    names = names_for(rows, listing.shown(params))

    def show(column: Column, value: Any) -> Any:
        return shown_value(listing.name, column, value, names)

    answer = HttpResponse(listing.excel(params, words=_, rows=rows, show=show), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{listing.name}.xlsx"'
    return answer


def list_view(
    request: HttpRequest,
    listing: Listing,
    *,
    row_url: RowAddress | None = None,
    clocks: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    has_bulk: bool = False,
    live: str = "",
    is_part: bool = False,
    path: str = "",
) -> ListView:
    """Return one page of a list, ready to draw.

    row_url: gives the address that a row's first cell opens.
    clocks: columns to draw as countdown, each with the column of its start.
    defaults: parameters for a short list inside another page, which then offers no filters.
    is_part: only the table is drawn; path: the page's own when the list comes by another address.
    """
    params = {**(defaults or {}), **asked(request)}
    params.pop("format", "")
    meaning = partial(meant_by, listing.name)
    page = listing.page(params, meaning=meaning)
    is_short = defaults is not None
    total = 0 if is_short else listing.count(params, meaning=meaning)
    offered = [] if is_short or is_part else _offered(listing, params)
    applied = _applied(listing, page)
    return ListView(
        name=listing.name,
        heads=[_head(column, page) for column in page.columns],
        rows=_rows(listing.name, page, row_url, clocks or {}),
        filters=offered[:FILTERS_SHOWN],
        more_filters=offered[FILTERS_SHOWN:],
        has_quick=bool(listing.quick or listing.finds) and not is_short,
        quick=params.get("q", ""),
        quick_covers=_covers(listing, params),
        hidden=[(name, params[name]) for name in (*CARRIED, *_ids(listing)) if params.get(name)],
        carried=[(name, value) for name, value in page.params.items() if name != "columns" and value],
        columns=[Option(one.name, _(one.label), one in page.columns) for one in listing.columns],
        sizes=[
            Option(str(size), str(size), size == page.size, _address(page.params, size=str(size))) for size in SIZES
        ],
        applied=[] if is_short else applied,
        total=min(total, COUNTED),
        is_more=total > COUNTED,
        next_url=_address(page.params, cursor=page.next_cursor) if page.next_cursor else "",
        previous_url=_address(page.params, before=page.previous_cursor) if page.previous_cursor else "",
        first_url=_address(page.params) if page.previous_cursor else "",
        excel_url=_address(page.params, format="xlsx"),
        all_url=_address(_without_filters(listing, page.params)) if applied else "",
        empty=_(NOTHING_FITS) if (applied or params.get("q")) and not is_short else _(NOTHING_YET),
        query=urlencode(page.params),
        is_short=is_short,
        has_bulk=has_bulk,
        live_url=request.get_full_path() if live else "",
        saved=None if is_short or is_part else saved_bar(path or request.path, listing, urlencode(page.params)),
    )


def selected_ids(request: HttpRequest, listing: Listing, *, most: int = SELECTED) -> list[UUID]:
    """Return the rows that a bulk form names: those ticked, or with ``all_matching`` all that match its filters.

    Only rows of the list in the reader's scope come back. Raises NothingSelected, TooManyRows, BadFilter.
    """
    if request.POST.get("all_matching"):
        params = dict(parse_qsl(request.POST.get("matching", "")))
        found: list[UUID] = listing.ids(params, most=most, meaning=partial(meant_by, listing.name))
    else:
        found = listing.among(_uuids(request.POST.getlist("row")))
    if not found:
        raise NothingSelected(field="row")
    if len(found) > most:
        raise TooManyRows(field="row", most=most)
    return found


def asked(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of the address, each once; columns that were ticked one by one are one parameter."""
    params = {name: request.GET[name] for name in request.GET}
    if len(chosen := request.GET.getlist("columns")) > 1:
        params["columns"] = ",".join(chosen)
    return params


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[: 4 * SELECTED]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # no row of ours has such a name
    return found


def _ids(listing: Listing) -> list[str]:
    """Return the filters that only links set: nobody types an id."""
    return [one.name for one in listing.filters if one.kind in {Kind.ID, Kind.BOOLEAN} or one.name == "technician"]


def _offered(listing: Listing, params: Mapping[str, str]) -> list[Choice]:
    hidden = {"number", *_ids(listing)} if listing.quick else set(_ids(listing))
    return [_filter(listing.name, one, params) for one in listing.filters if one.name not in hidden]


def _covers(listing: Listing, params: Mapping[str, str]) -> str:
    """Say in which columns the quick box looks."""
    begins, parts, codes = listing.searched(params)
    known = [column for column in codes if column.choices or family_of(listing.name, column.name)]
    told = [_("%(column)s (beginning)") % {"column": _(column.label)} for column in begins]
    return _(", ").join([*told, *(_(column.label) for column in (*parts, *known))])


def _applied(listing: Listing, page: Page) -> list[Applied]:
    """Return the filters in force, in words, each with the address without it."""
    found = []
    for one in listing.filters:
        if value := page.applied.get(one.name):
            words = dict(_filter(listing.name, one, page.applied).choices).get(value, value)
            if one.kind in {Kind.ID, Kind.BOOLEAN}:
                words = _("chosen by a link")
            rest = {name: text for name, text in page.params.items() if name != one.name}
            found.append(Applied(_(one.label), words, _address(rest)))
    return found


def _without_filters(listing: Listing, params: Mapping[str, str]) -> dict[str, str]:
    names = {one.name for one in listing.filters}
    return {name: value for name, value in params.items() if name not in names}


def _head(column: Column, page: Page) -> Head:
    is_number = column.kind in {Kind.NUMBER, Kind.FEN}
    if not column.is_sortable:
        return Head(_(column.label), "", "", is_number)
    is_up, is_down = page.sort == column.name, page.sort == f"-{column.name}"
    wanted = f"-{column.name}" if is_up else column.name
    return Head(
        _(column.label), _address({**page.params, "sort": wanted}), "↑" if is_up else "↓" if is_down else "", is_number
    )


def _rows(name: str, page: Page, row_url: RowAddress | None, clocks: Mapping[str, str]) -> list[Row]:
    turns = shares(now()) if clocks and page.rows else None
    names = names_for(page.rows, page.columns)
    labels = [_(column.label) for column in page.columns]
    rows = []
    for row in page.rows:
        cells = []
        for index, column in enumerate(page.columns):
            started_at = getattr(row, clocks[column.name]) if column.name in clocks else None
            cells.append(
                Cell(
                    label=labels[index],
                    kind=column.kind.value,
                    value=shown_value(name, column, getattr(row, column.name), names),
                    url=row_url(row) if row_url and index == 0 else "",
                    clock=countdown_of(row, column.name, turns, started_at),
                )
            )
        rows.append(Row(str(row.pk), cells))
    return rows


def _filter(name: str, one: Filter, params: Mapping[str, str]) -> Choice:
    kinds = {Kind.INSTANT: "date", Kind.DAY: "date", Kind.NUMBER: "number", Kind.FEN: "number"}
    family, value = family_of(name, one.column), params.get(one.name, "")
    offered = choices(family) if family else [(code, _(label)) for code, label in one.choices]
    if one.column in GRIDS:
        offered = list(grid_names().items())
    if offered and value and value not in dict(offered):
        offered = [*offered, (value, value)]  # a part of a code, or several: it came by a link and stays
    return Choice(one.name, _(one.label), value, kinds.get(one.kind, "text"), offered)


def _address(params: Mapping[str, str], **more: str) -> str:
    return "?" + urlencode({**{name: value for name, value in params.items() if name not in PAGING}, **more})
