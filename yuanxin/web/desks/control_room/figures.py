"""The figures of the board as rows of a page, each with the address of its orders, and where an order is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from yuanxin.care import api as care
from yuanxin.kernel.acting import current
from yuanxin.kernel.tenancy import current_scope
from yuanxin.kernel.time import at_minute, local_day
from yuanxin.org import api as org
from yuanxin.published.refs import ref_id
from yuanxin.standards import api as standards
from yuanxin.supervision import api as supervision
from yuanxin.web.components.cells import grid_names
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.countdown import SHAPES

SHOWN = 12
COLOURS = ("overdue", "red", "amber", "green")
HOTLINE = "hotline.answer"


@dataclass(frozen=True)
class Figure:
    """One big figure of the board; url opens the orders behind it."""

    level: str
    shape: str
    words: str
    count: int
    url: str


@dataclass(frozen=True)
class Count:
    """One figure of a table."""

    label: str
    value: int
    url: str


@dataclass(frozen=True)
class GroupRow:
    """One grid's, segment's or technician's orders: by colour, then those that stand still."""

    name: str
    url: str
    counts: list[Count]


@dataclass(frozen=True)
class Forecast:
    """How many clocks will be over within so many minutes if nobody acts."""

    minutes: int
    count: int
    url: str


@dataclass(frozen=True)
class Hotline:
    """The share of today's calls that a person answered in time (P-01), in per mille, beside the promise."""

    permille: int | None
    target_permille: int
    within_seconds: int
    calls: int

    @property
    def percent(self) -> str:
        """The share with one place; a dash without a call."""
        return "—" if self.permille is None else f"{self.permille / 10:.1f} %"

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept so far."""
        return self.permille is None or self.permille >= self.target_permille


@dataclass(frozen=True)
class News:
    """One line of the ticker, in words; url opens what it is about, empty when the reader may not."""

    key: str
    at: datetime
    words: str
    number: str
    about: str
    url: str


def figures(tally: supervision.Tally) -> list[Figure]:
    """Return the colours of all orders, the worst first."""
    levels = {"overdue": "late"}
    found = [
        Figure(
            levels.get(colour, colour),
            SHAPES[levels.get(colour, colour)],
            code_words(colour, "colour"),
            getattr(tally, colour),
            rows(colour=colour),
        )
        for colour in COLOURS
    ]
    return [
        *found,
        Figure("paused", SHAPES["paused"], _("On hold"), tally.paused, rows(standing="yes")),
        Figure("stopped", SHAPES["stopped"], code_words("none", "colour"), tally.none, rows(colour="none")),
    ]


def rows(**filters: str) -> str:
    """Return the address of the board's list with these filters."""
    return f"{reverse('control_room:board')}?{urlencode(filters)}#list"


def grid_rows(groups: Mapping[str, supervision.Tally]) -> list[GroupRow]:
    """Return the grids that need attention most, by name."""
    names = grid_names()
    return [
        _group(names.get(code, code) or _("no grid"), tally, {"grid": code or "none"}) for code, tally in _worst(groups)
    ]


def segment_rows(groups: Mapping[str, supervision.Tally]) -> list[GroupRow]:
    """Return the segments to which work was handed over."""
    return [_group(code_words(code, "segment"), tally, {"segment": code}) for code, tally in _worst(groups) if code]


def technician_rows(groups: Mapping[UUID | None, supervision.Tally]) -> list[GroupRow]:
    """Return the technicians whose orders need attention most, by name."""
    people = org.staff_many(id_ for id_ in groups if id_)
    return [
        _group(people[id_].name if id_ in people else "—", tally, {"technician": str(id_)})
        if id_
        else _group(_("nobody yet"), tally, {"nobody": "yes"})
        for id_, tally in _worst(groups)
    ]


def forecasts(board: supervision.BoardView) -> list[Forecast]:
    """Return the breaches foretold, the nearer first."""
    ahead = supervision.forecast(board.at)
    return [
        Forecast(ahead.near_minutes, board.near, rows(foretold="near")),
        Forecast(ahead.far_minutes, board.far, rows(foretold="near,far")),
    ]


def hotline(at: datetime) -> Hotline | None:
    """Return how soon the hotline answered today; None above a city."""
    if len(current_scope()) != 4:
        return None
    since = at_minute(local_day(at), 0)
    hours = care.answer_shares(since, at, zone=settings.YUANXIN_CITY_ZONE)
    calls, within = sum(hour.calls for hour in hours), sum(hour.answered_within for hour in hours)
    return Hotline(
        within * 1000 // calls if calls else None,
        standards.parameter(HOTLINE, "target_permille", at=at),
        standards.parameter(HOTLINE, "within_seconds", at=at),
        calls,
    )


def news(limit: int = 30) -> list[News]:
    """Return what just happened, newest first, with names of grids and people."""
    lines = supervision.ticker(limit=limit)
    grids = grid_names()
    people = org.staff_many(UUID(line.technician_id) for line in lines if line.technician_id)
    return [
        News(
            key=str(line.id),
            at=line.at,
            words=code_words(line.name, "ticker"),
            number=line.number,
            about=" · ".join(_about(line, grids, people)),
            url=_news_address(line),
        )
        for line in lines
    ]


def order_address(row: Any) -> str:
    """Return where the actor may open this order; empty when nowhere."""
    may = current().may
    if row.work_order and may("page.dispatch"):
        return reverse("dispatch_desk:order", args=[ref_id(row.work_order, "work_order")])
    if row.subject.startswith("ticket:") and may("page.service"):
        return reverse("service_desk:ticket", args=[ref_id(row.subject, "ticket")])
    return ""


def _about(line: supervision.TickerLine, grids: Mapping[str, str], people: Mapping[UUID, org.StaffView]) -> list[str]:
    who = people.get(UUID(line.technician_id)) if line.technician_id else None
    place = line.grid_code or line.unit_code
    told = [
        grids.get(place, place),
        who.name if who else "",
        code_words(line.segment, "segment"),
        code_words(line.reason_code, "pause"),
        code_words(line.topic, "topic"),
    ]
    return [one for one in told if one]


def _news_address(line: supervision.TickerLine) -> str:
    may = current().may
    kind = line.subject.partition(":")[0]
    if kind == "work_order" and may("page.dispatch"):
        return reverse("dispatch_desk:order", args=[ref_id(line.subject, "work_order")])
    ticket = next((one for one in (line.subject, line.cause) if one.startswith("ticket:")), "")
    if ticket and may("page.service"):
        return reverse("service_desk:ticket", args=[ref_id(ticket, "ticket")])
    if kind == "day_sign_off":
        return reverse("control_room:signed", args=[ref_id(line.subject, "day_sign_off")])
    return ""


def _group(name: str, tally: supervision.Tally, filters: Mapping[str, str]) -> GroupRow:
    counts = [
        Count(code_words(colour, "colour"), getattr(tally, colour), rows(**filters, colour=colour))
        for colour in COLOURS
    ]
    standing = Count(_("On hold"), tally.paused, rows(**filters, standing="yes"))
    return GroupRow(name, rows(**filters), [*counts, standing])


def _worst(groups: Mapping[Any, supervision.Tally]) -> list[tuple[Any, supervision.Tally]]:
    return sorted(groups.items(), key=lambda item: (-item[1].overdue, -item[1].red, -item[1].total))[:SHOWN]
