"""Saved filters around a list: those pinned to the desk with their count, the others of the list, a way to save."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yuanxin.kernel.errors import BadFilter
from yuanxin.kernel.listing import PAGING, Listing, SavedView, registry, saved_filters
from yuanxin.web.components.cells import meant_by

SHARING = {
    "private": gettext_noop("Only me"),
    "team": gettext_noop("My team"),
    "all": gettext_noop("Everybody"),
}
COUNTED_TO = 999
MOST_PINNED = 8


@dataclass(frozen=True)
class Chip:
    """A saved filter as a link; count: in figures, empty when it is not pinned."""

    name: str
    url: str
    count: str
    is_here: bool
    sharing: str


@dataclass(frozen=True)
class SavedBar:
    """What stands above a list. path and query: what a new filter would keep."""

    listing: str
    path: str
    query: str
    pinned: list[Chip]
    others: list[Chip]
    sharing: list[tuple[str, str]]


def saved_bar(path: str, listing: Listing, query: str) -> SavedBar:
    """Return the bar of a list's page: one statement, and one more for each pinned filter."""
    desk = desk_of(path)
    views = saved_filters(path=desk)
    pinned = [view for view in views if view.is_pinned][:MOST_PINNED]
    others = [view for view in views if view not in pinned and (view.listing == listing.name or view.is_pinned)]
    here = {(path, _plain(query))}
    return SavedBar(
        listing=listing.name,
        path=path,
        query=query,
        pinned=[_chip(view, here, count_of(view)) for view in pinned],
        others=[_chip(view, here, "") for view in others],
        sharing=sharing_choices(),
    )


def desk_of(path: str) -> str:
    """Return the beginning of the addresses of the desk that a page belongs to."""
    return "/" + path.strip("/").partition("/")[0] + "/"


def sharing_choices() -> list[tuple[str, str]]:
    """Return who may use a saved filter, in words."""
    return [(code, _(words)) for code, words in SHARING.items()]


def count_of(view: SavedView) -> str:
    """Return how many rows a saved filter finds now; empty when its list or a filter of it is no more."""
    listing = registry.get(view.listing)
    if listing is None:
        return ""
    try:
        found = listing.count(dict(parse_qsl(view.query)), most=COUNTED_TO, meaning=partial(meant_by, listing.name))
    except BadFilter:
        return ""
    return f"{COUNTED_TO}+" if found > COUNTED_TO else str(found)


def _chip(view: SavedView, here: set[tuple[str, tuple[tuple[str, str], ...]]], count: str) -> Chip:
    is_here = (view.path, _plain(view.query)) in here
    return Chip(view.name, f"{view.path}?{view.query}", count, is_here, _(SHARING[view.sharing]))


def _plain(query: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in parse_qsl(query) if name not in PAGING))
