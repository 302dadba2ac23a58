"""What invented customers find in their inbox."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yuanxin.messaging import api as messaging
from yuanxin.web.http.doors import page

SHOWN = 50


@require_safe
@page("page.service", "page.dispatch")
def inbox(request: HttpRequest) -> HttpResponse:
    """List the newest messages that the simulator delivered."""
    if not settings.YUANXIN_SIMULATORS:
        raise Http404
    return render(request, "simulator_desk/inbox.html", {"letters": messaging.inbox(None, limit=SHOWN)})
