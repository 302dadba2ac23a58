"""The control room: open orders by urgency with what just happened, and work of the platform that stopped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.kernel.clock import now
from yuanxin.supervision import api as supervision
from yuanxin.web.components.lists import list_response
from yuanxin.web.desks.control_room import figures
from yuanxin.web.http.doors import page
from yuanxin.web.http.live import is_by_itself, shared

CLOCKS = {"due_at": "clock_started_at"}


@require_safe
@page("page.control_room")
def board(request: HttpRequest) -> HttpResponse:
    """Show how many orders are green, amber, red and late, by grid and technician, and each of them."""
    clocks, url, template = CLOCKS, figures.order_address, "control_room/board.html"
    context = {} if is_by_itself(request) or request.GET.get("format") else {"top": top(), "news": figures.news()}
    return list_response(request, supervision.open_clocks, template, context, row_url=url, clocks=clocks, live="shared")


@require_safe
@page("page.control_room")
def board_top(request: HttpRequest) -> HttpResponse:
    """Draw the figures again, for the page that is open; once for all who see the same."""
    return shared(request, lambda: render(request, "control_room/top.html", {"top": top()}))


@require_safe
@page("page.control_room")
def ticker(request: HttpRequest) -> HttpResponse:
    """Draw what just happened again."""
    return shared(request, lambda: render(request, "control_room/ticker.html", {"news": figures.news()}))


@require_safe
@page("page.control_room")
def parked(request: HttpRequest) -> HttpResponse:
    """List deliveries that failed too often, with their error, and jobs that used up their attempts."""
    context = {"deliveries": supervision.parked(), "jobs": supervision.dead_jobs()}
    return render(request, "control_room/parked.html", context)


@require_POST
@page("kernel.replay_delivery", "supervision.replay")
def replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Owe a parked delivery again."""
    supervision.replay(delivery_id=delivery_id)
    messages.success(request, _("The delivery will be tried again."))
    return redirect("control_room:parked")


@require_POST
@page("supervision.revive_job")
def revive(request: HttpRequest, job_id: int) -> HttpResponse:
    """Queue a dead job again."""
    supervision.revive_job(job_id=job_id)
    messages.success(request, _("The job will be tried again."))
    return redirect("control_room:parked")


def top() -> dict[str, Any]:
    """Return everything above the list: figures, forecast, tables, hotline."""
    shown = supervision.board(now())
    return {
        "at": shown.at,
        "figures": figures.figures(shown.all),
        "total": shown.all.total,
        "forecasts": figures.forecasts(shown),
        "grids": figures.grid_rows(shown.by_grid),
        "technicians": figures.technician_rows(shown.by_technician),
        "segments": figures.segment_rows(shown.by_segment),
        "hotline": figures.hotline(shown.at),
        "parked_count": len(supervision.parked()) + len(supervision.dead_jobs()),
    }
