"""The start page: the desks of the one who is signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from yuanxin.web.components.frame import navigation


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Open the only workplace at once; with several, let the person choose."""
    desks = navigation(request)
    workplaces = [desk for desk in desks if desk.is_workplace] or desks
    if len(workplaces) == 1:
        return redirect(workplaces[0].url)
    return render(request, "components/home.html", {"desks": desks})


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for an icon without being told of one to ours."""
    return redirect(static("yuanxin/mark.svg"))
