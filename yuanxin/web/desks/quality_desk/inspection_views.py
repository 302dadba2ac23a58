"""Inspection 质检: what is to be looked at, and one order with all that shows the work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NotFound
from yuanxin.org import api as org
from yuanxin.quality import api as quality
from yuanxin.web.components.lists import list_response
from yuanxin.web.components.visits import order_moments
from yuanxin.web.components.words import error_words
from yuanxin.web.desks.quality_desk.forms import InspectForm
from yuanxin.web.http.doors import page


@require_safe
@page("page.quality")
def inspections(request: HttpRequest) -> HttpResponse:
    """List what inspectors look at, the newest first."""
    return list_response(request, quality.inspections, "quality_desk/inspections.html", row_url=_address)


@require_http_methods(["GET", "HEAD", "POST"])
@page("page.quality")
def inspection(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Show photos, test values and the story of an order, and take down what the inspector found."""
    asked = quality.inspection(work_order_id)
    form = InspectForm(request.POST or None, shares=quality.findings_to_choose(work_order_id))
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and _inspected(form, work_order_id):
            messages.success(request, _("The inspection is saved."))
            return redirect("quality_desk:inspections")
    order = fieldwork.work_order(work_order_id)
    context = {
        "asked": asked,
        "form": form,
        "order": order,
        "outcome": quality.outcome(work_order_id),
        "pay": quality.order_pay(work_order_id),
        "technician": org.staff(asked.technician_id),
        "inspector": _name(asked.decided_by),
        "pictures": fieldwork.evidence_of(work_order_id),
        "close_outs": fieldwork.close_outs_of(work_order_id),
        "visits": fieldwork.visits_of(work_order_id),
        "timeline": order_moments(order),
    }
    return render(request, "quality_desk/inspection.html", context, status=status)


def _inspected(form: InspectForm, work_order_id: UUID) -> bool:
    told = {"findings": form.cleaned_data["findings"], "note": form.cleaned_data["note"]}
    try:
        left = form.attempt(
            lambda: quality.inspect(work_order=work_order_id, at=now(), key=form.idempotency_key, **told)
        )
    except quality.OwnTeamRefused as refused:
        form.add_error(None, error_words(refused))
        return False
    return left is not None


def _name(actor: str) -> str:
    kind, _colon, id_ = actor.partition(":")
    return org.staff(UUID(id_)).name if kind == "staff" else actor


@require_safe
@page("page.quality")
def picture(request: HttpRequest, work_order_id: UUID, object_id: UUID) -> HttpResponse:
    """Show one picture of an inspected order."""
    quality.inspection(work_order_id)
    if object_id not in {one.id for one in fieldwork.evidence_of(work_order_id)}:
        raise NotFound(evidence=str(object_id))
    content, content_type = fieldwork.picture(object_id)
    return HttpResponse(content, content_type=content_type)


def _address(row: Any) -> str:
    return reverse("quality_desk:inspection", args=[row.work_order_id])
