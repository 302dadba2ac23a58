"""The pool as the dispatcher sees it: tabs with counts, filters by name, both clocks of every order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.web.components.lists import ListView, asked, list_view

CLOCKS = {"due_at": "opened_at", "statutory_due_at": "opened_at", "assessment_due_at": "opened_at"}
TABBED = ("state", "hold")
LATE_OR_SOON = "late,red"
FIRST = ("grid", "urgency", "service", "window_on")
UNDER_WAY = ",".join(fieldwork.UNDER_WAY)


@dataclass(frozen=True)
class Tab:
    """One state of the pool, with how many orders stand there."""

    label: str
    count: int
    url: str
    is_here: bool


def order_address(row: Any) -> str:
    """Return where a row of the pool is opened."""
    return reverse("dispatch_desk:order", args=[row.id])


def pool_view(request: HttpRequest, *, is_part: bool = False) -> ListView:
    """Return the rows of the pool; a page that asks by itself gets no filters."""
    drawn = list_view(
        request, fieldwork.pool, row_url=order_address, clocks=CLOCKS, has_bulk=True, live="shared", is_part=is_part
    )
    units = [unit for unit in org.units() if unit.level in {"district", "grid"}]
    return _with_names(_in_words(drawn, units), asked(request), units)


def _in_words(drawn: ListView, units: list[org.UnitView]) -> ListView:
    """Say the filters in force in words; what the tabs set is said by the tabs."""
    tabbed = {_("State"), _("Hold")}
    names = {unit.code: unit.name for unit in units} | {LATE_OR_SOON: _("Overdue or about to be")}
    said = [replace(one, words=names.get(one.words, one.words)) for one in drawn.applied if one.label not in tabbed]
    return replace(drawn, applied=said)


def pool_context(request: HttpRequest) -> dict[str, Any]:
    """Return tabs, shortcuts and list; about twenty statements, whatever the number of orders."""
    params = asked(request)
    return {
        "list": pool_view(request),
        "tabs": tabs_of(params),
        "tabs_url": reverse("dispatch_desk:tabs") + "?" + urlencode(params),
        "shortcuts": _shortcuts(params, _own_area(request)),
    }


def tabs_of(params: Mapping[str, str]) -> list[Tab]:
    """Return the states of the pool in the order of an order's life; other filters stay when one changes the tab."""
    counts = fieldwork.pool_counts()
    kept = {name: value for name, value in params.items() if name not in {*TABBED, "cursor", "before", "format"}}
    here = {name: params[name] for name in TABBED if params.get(name)}
    every: tuple[tuple[str, int, dict[str, str]], ...] = (
        (_("All"), counts.every, {}),
        (_("Waits for assignment"), counts.pending, {"state": "pending"}),
        (_("Waits for acceptance"), counts.offered, {"state": "offered"}),
        (_("Under way"), counts.under_way, {"state": UNDER_WAY}),
        (_("Hold to approve"), counts.hold_asked, {"state": "held", "hold": "asked"}),
        (_("On hold"), counts.held, {"state": "held", "hold": "approved"}),
        (_("Close-out in review"), counts.review, {"state": "review"}),
        (_("Waits for the call-back"), counts.callback_due, {"state": "callback_due"}),
    )
    return [Tab(label, count, "?" + urlencode({**kept, **asks}), here == asks) for label, count, asks in every]


def _with_names(drawn: ListView, params: Mapping[str, str], units: list[org.UnitView]) -> ListView:
    """Offer districts before their grids and urgency with its usual pair; the tabs carry what they set."""
    if not drawn.filters:
        return drawn
    offered = {one.name: one for one in (*drawn.filters, *drawn.more_filters) if one.name not in TABBED}
    places = [(unit.code, unit.name if unit.level == "district" else f"\u3000{unit.name}") for unit in units]
    others = [(code, words) for code, words in offered["urgency"].choices if code != LATE_OR_SOON]
    offered["grid"] = replace(offered["grid"], choices=places)
    offered["urgency"] = replace(offered["urgency"], choices=[(LATE_OR_SOON, _("Overdue or about to be")), *others])
    first = [offered.pop(name) for name in FIRST]
    kept = [(name, params[name]) for name in TABBED if params.get(name)]
    return replace(drawn, filters=first, more_filters=list(offered.values()), hidden=[*drawn.hidden, *kept])


def _shortcuts(params: Mapping[str, str], area: str) -> list[Tab]:
    """Return the questions a dispatcher asks most."""
    every = [
        (_("Overdue or about to be"), {"urgency": LATE_OR_SOON}),
        (_("Window today"), {"window_on": local_day(now()).isoformat()}),
        (_("Chased"), {"chased": "1"}),
        *([(_("My area"), {"grid": area})] if area else []),
    ]
    return [
        Tab(label, 0, "?" + urlencode(asks), all(params.get(name) == value for name, value in asks.items()))
        for label, asks in every
    ]


def _own_area(request: HttpRequest) -> str:
    """Return the code of the district or grid in which the reader works; empty for the whole city."""
    by_id = {unit.id: unit for unit in org.units()}
    unit = by_id.get(request.user.unit_id)  # type: ignore[union-attr]
    if unit is not None and unit.level == "crew" and unit.parent_id:
        unit = by_id.get(unit.parent_id)
    return unit.code if unit is not None and unit.level in {"district", "grid"} else ""
