"""The control room: open orders by urgency, and deliveries that stopped."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.kernel.clock import now
from yuanxin.supervision import api as supervision
from yuanxin.web.components.lists import list_response
from yuanxin.web.desks.control_room.figures import figures, group_rows, order_address, technician_rows
from yuanxin.web.http.doors import page

CLOCKS = {"due_at": "clock_started_at"}


@require_safe
@page("page.control_room")
def board(request: HttpRequest) -> HttpResponse:
    """Show how many orders are green, amber, red and late, by grid and technician, and each of them."""
    shown = supervision.board(now())
    context = {
        "board": shown,
        "figures": figures(shown.all),
        "grids": group_rows(shown.by_grid),
        "technicians": technician_rows(shown.by_technician),
        "parked_count": len(supervision.parked()),
    }
    template = "control_room/board.html"
    return list_response(request, supervision.open_clocks, template, context, row_url=order_address, clocks=CLOCKS)


@require_safe
@page("page.control_room")
def parked(request: HttpRequest) -> HttpResponse:
    """List deliveries that failed too often, with their error."""
    return render(request, "control_room/parked.html", {"deliveries": supervision.parked()})


@require_POST
@page("kernel.replay_delivery")
def replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Owe a parked delivery again."""
    supervision.replay(delivery_id=delivery_id)
    messages.success(request, _("The delivery will be tried again."))
    return redirect("control_room:parked")
