"""The dispatcher's board 调度看板: list, map and time line of one day, drawn in the browser from one small text."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.web.components.codes import choices
from yuanxin.web.components.lists import asked
from yuanxin.web.components.saved_views import saved_bar
from yuanxin.web.desks.dispatch_desk.board_data import board_data, board_words, grid_outlines
from yuanxin.web.desks.dispatch_desk.board_deeds import last_deed
from yuanxin.web.desks.dispatch_desk.board_page import panel_context
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm
from yuanxin.web.http.live import answer_part, shared, tag_of

FILTERS = ("grid", "urgency", "service", "state", "q")
SHOWN_STATES = ("pending", "offered", "accepted", "booked", "en_route", "arrived", "working", "review", "callback_due")


@require_safe
@page("page.dispatch")
def board(request: HttpRequest) -> HttpResponse:
    """Show the board of a day; what changes on it comes by ``data``."""
    day = asked_day(request)
    told = board_data(day, now())
    return render(
        request,
        "dispatch_desk/board.html",
        {
            "day": day,
            "days": _days(day),
            "data": told,
            "tag": tag_of(_told(told).content),
            "words": board_words(),
            "undo": last_deed(),
            "ask_form": CommandForm(auto_id="ask_%s"),
            "reasons": choices("reassign"),
            "returns": choices("return"),
            "tiles": {"url": settings.YUANXIN_MAP_TILES, "credit": settings.YUANXIN_MAP_CREDIT},
            "bar": saved_bar(request.path, fieldwork.pool, ""),
            **_filters(),
        },
    )


@require_safe
@page("page.dispatch")
def data(request: HttpRequest) -> HttpResponse:
    """Tell the day anew; nothing when it is the same as before."""
    return _as_json(shared(request, lambda: _told(board_data(asked_day(request), now()))))


@require_safe
@page("page.dispatch")
def grids(request: HttpRequest) -> HttpResponse:
    """Tell the outlines of the grids; they change when estates do, so browsers keep them for a while."""
    answer = _as_json(answer_part(request, _told(grid_outlines()).content))
    answer["Cache-Control"] = "private, max-age=600"
    return answer


@require_safe
@page("page.dispatch")
def panel(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Draw what the board tells of one order: promise, clocks, who could go and at which price."""
    return render(request, "dispatch_desk/board_panel.html", panel_context(work_order_id, now()))


def asked_day(request: HttpRequest) -> date:
    """Return the day in the address; today when there is none or it cannot be read."""
    try:
        found = parse_date(asked(request).get("day", ""))
    except ValueError:  # such as 30 February
        found = None
    return found or local_day(now())


def _told(content: Any) -> HttpResponse:
    return HttpResponse(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def _as_json(answer: HttpResponse) -> HttpResponse:
    answer["Content-Type"] = "application/json"
    return answer


def _days(day: date) -> dict[str, date]:
    return {"before": day - timedelta(days=1), "after": day + timedelta(days=1), "today": local_day(now())}


def _filters() -> dict[str, Any]:
    units = [unit for unit in org.units() if unit.level in {"district", "grid"}]
    return {
        "places": [(unit.code, unit.name if unit.level == "district" else f"\u3000{unit.name}") for unit in units],
        "urgencies": choices("urgency"),
        "services": choices("service"),
        "states": [(code, words) for code, words in choices("work_order") if code in SHOWN_STATES],
    }
