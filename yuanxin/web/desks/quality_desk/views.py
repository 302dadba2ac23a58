"""The quality desk: finished orders, and why each earned what it earned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yuanxin.org import api as org
from yuanxin.quality import api as quality
from yuanxin.web.components.lists import list_response
from yuanxin.web.http.doors import page


@require_safe
@page("page.quality")
def outcomes(request: HttpRequest) -> HttpResponse:
    """List finished orders with their punctuality and pay."""
    return list_response(request, quality.outcomes, "quality_desk/outcomes.html", row_url=_address)


@require_safe
@page("page.quality")
def pay(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show what one order earned, line by line, each with its stored calculation."""
    shown = quality.order_pay(work_order_id)
    context = {
        "pay": shown,
        "technician": org.staff(shown.technician_id),
        "reasons": [quality.why(line.id) for line in quality.pay_of(work_order_id)],
    }
    return render(request, "quality_desk/pay.html", context)


def _address(row: Any) -> str:
    return reverse("quality_desk:pay", args=[row.work_order_id])
