"""The doors of the phone's queue: steps as JSON, today's visits to keep."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.web.http.doors import page
from yuanxin.web.technician.forms import EvidenceForm, PhotoForm
from yuanxin.web.technician.shell import FILES
from yuanxin.web.technician.steps import myself
from yuanxin.web.technician.sync import read_item, read_queue, refusal, refused_words, run_all, taken, unreadable
from yuanxin.web.technician.visit import thread_subject


@require_POST
@page("page.technician")
def sync(request: HttpRequest) -> HttpResponse:
    """Run the queue of a phone; the answer has one line per step."""
    return JsonResponse({"items": run_all(read_queue(request.body))})


@require_POST
@page("page.technician")
def evidence(request: HttpRequest) -> HttpResponse:
    """Store one picture of the queue; it may come before or after its step."""
    key = request.POST.get("key")
    try:
        item = read_item(_line(request))
        form = EvidenceForm(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse(unreadable(key, form))
        made = taken(item.claimed_at, None)
        fieldwork.add_evidence(
            key=form.idempotency_key,
            work_order_id=item.work_order_id,
            kind=item.action,
            item=request.POST.get("item", ""),
            made_at=made.at,
            at=made.received_at,
            **form.told(),
        )
    except DomainError as error:
        return JsonResponse(refusal(key, error))
    return JsonResponse({"key": key, "state": "done", "code": "", "words": _("Sent"), "fields": {}})


@require_POST
@page("page.technician")
def message(request: HttpRequest) -> HttpResponse:
    """Tell the dispatcher of one step that was refused; the order need not be this technician's any more."""
    item = read_item(_line(request))
    order = fieldwork.work_order(item.work_order_id)
    if not any(one.technician_id == myself() for one in fieldwork.history(order.id)):
        raise NotFound(work_order=str(order.id))
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse(unreadable(request.POST.get("key"), form), status=422)
    care.post_message(
        key=form.idempotency_key,
        subject=thread_subject(order),
        text=refused_words(item, request.POST.get("reason", "")[:200]),
        picture=form.cleaned_data["photo"],
        file_name=form.told().get("photo_name", ""),
        at=now(),
    )
    return JsonResponse({"key": request.POST.get("key"), "state": "done"})


def _line(request: HttpRequest) -> dict[str, Any]:
    """Return a line of the queue that came as a form; its action is the kind of picture, or the refused step."""
    told = request.POST
    return {
        "key": told.get("key"),
        "work_order_id": told.get("work_order_id"),
        "action": told.get("kind") or told.get("step", ""),
        "acted_at": told.get("acted_at") or None,
        "offset_ms": told.get("offset_ms") or 0,
    }


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
