"""The technician's phone: today's list, one visit with its next step, what was earned and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.quality import api as quality
from yuanxin.web.http.doors import page
from yuanxin.web.technician.day import homes_of
from yuanxin.web.technician.forms import StepForm
from yuanxin.web.technician.frame import phone
from yuanxin.web.technician.steps import STEPS, Step, form_of, myself, own_order
from yuanxin.web.technician.visit import visit_context

ENDS = {"finish", "return", "hand_over", "hand_back"}


@require_safe
@page("page.technician")
def today(request: HttpRequest) -> HttpResponse:
    """List today's visits in the order of the plan, those at one home together."""
    at, me = now(), myself()
    homes = homes_of(fieldwork.today(me, at), me, at)
    context = {"homes": homes, "earned_fen": quality.earned(me, localdate(at)).total.fen}
    context["may_claim"] = current().may("fieldwork.claim") and fieldwork.may_claim(at)
    return render(request, "technician/today.html", phone(request) | context)


@require_safe
@page("page.technician")
def earned(request: HttpRequest) -> HttpResponse:
    """Show what today's visits earned, each with its calculation."""
    day = quality.earned(myself(), localdate(now()))
    reasons = [quality.why(line.id) for line in day.lines]
    context = {"total_fen": day.total.fen, "reasons": reasons}
    return render(request, "technician/earned.html", phone(request) | context)


@require_safe
@page("page.technician")
def visit(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show one visit and the button for its next step."""
    return _visit(request, own_order(work_order_id))


@require_POST
@page("page.technician")
def step(request: HttpRequest, work_order_id: UUID, step: str) -> HttpResponse:
    """Take one step from a plain form, without the phone's queue."""
    order, one = own_order(work_order_id), STEPS[step]
    form = form_of(one, order, request.POST, request.FILES)
    if not form.is_valid() or not form.attempt(lambda: _take(one, form, order.id, request.FILES.dict())):
        return _visit(request, order, {step: form}, status=422)
    if step == "finish":
        messages.success(request, _("Finished. What it earned stands under “Earned today”."))
    return redirect("technician:today") if step in ENDS else redirect("technician:visit", order.id)


def _visit(
    request: HttpRequest, order: Any, wrong: dict[str, Form] | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "technician/visit.html", phone(request) | visit_context(order, wrong), status=status)


def _take(one: Step, form: StepForm, work_order_id: UUID, photos: Mapping[str, Any]) -> bool:
    """Store the photos of single items, then run the step."""
    at = now()
    for name, file in photos.items():
        if name.startswith("photo_"):
            key = IdempotencyKey(str(uuid5(form.cleaned_data["key"], name)))
            fieldwork.add_evidence(
                work_order_id=work_order_id,
                kind="photo",
                photo=file.read(),
                photo_name=str(file.name),
                item=name.removeprefix("photo_"),
                at=at,
                key=key,
            )
    one.command(key=form.idempotency_key, work_order_id=work_order_id, at=at, **form.told())
    return True
