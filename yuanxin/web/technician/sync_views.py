"""The doors of the phone's queue: steps as JSON, today's visits to keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.web.http.doors import page
from yuanxin.web.technician.shell import FILES
from yuanxin.web.technician.steps import myself
from yuanxin.web.technician.sync import read_queue, run_all


@require_POST
@page("page.technician")
def sync(request: HttpRequest) -> HttpResponse:
    """Run the queue of a phone; the answer has one line per step."""
    return JsonResponse({"items": run_all(read_queue(request.body))})


@require_safe
@page("page.technician")
def today(request: HttpRequest) -> HttpResponse:
    """Tell a phone whose session this is, what time it is, and which pages it needs for a day without signal."""
    at = now()
    orders = fieldwork.today(myself(), at)
    return JsonResponse(
        {
            "staff": str(myself()),
            "csrf": get_token(request),
            "now_ms": int(at.timestamp() * 1000),
            "orders": [
                {
                    "id": str(order.id),
                    "number": order.number,
                    "state": str(order.state),
                    "url": reverse("technician:visit", args=[order.id]),
                    "version": f"{order.state}.{order.state_since.timestamp():.0f}.{order.window_version}",
                }
                for order in orders
            ],
            "pages": [reverse(f"technician:{name}") for name in ("today", "earned", "queue")],
            "files": [static(name) for name in FILES],
        }
    )
