"""The dispatch desk: the pool, and the planner's help with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.web.components.lists import asked, list_response
from yuanxin.web.desks.dispatch_desk.pool_page import pool_context, pool_view, tabs_of
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm
from yuanxin.web.http.live import is_by_itself, shared


@require_safe
@page("page.dispatch")
def pool(request: HttpRequest) -> HttpResponse:
    """List the work orders that wait, the most urgent first."""
    if request.GET.get("format"):
        return list_response(request, fieldwork.pool, "dispatch_desk/pool.html")
    if is_by_itself(request):
        template = "components/list_table.html"
        return shared(request, lambda: render(request, template, {"shown": pool_view(request, is_part=True)}))
    return render(request, "dispatch_desk/pool.html", {"auto_form": CommandForm(), **pool_context(request)})


@require_safe
@page("page.dispatch")
def tabs(request: HttpRequest) -> HttpResponse:
    """Draw the tabs with their counts again, for the page that is open."""
    return shared(request, lambda: render(request, "dispatch_desk/tabs.html", {"tabs": tabs_of(asked(request))}))
