"""Pictures of close-outs, shown to those who may see their order."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.errors import NotFound
from yuanxin.published.refs import ref
from yuanxin.web.http.doors import page

DESKS = ("page.dispatch", "page.quality")


@require_safe
@page(*DESKS, "page.technician")
def evidence(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Answer with one picture; a technician sees those of his own orders. It never changes, so the browser keeps it."""
    who = current()
    if not any(who.may(desk) for desk in DESKS):
        owner = fieldwork.work_order(fieldwork.evidence_order(evidence_id)).technician_id
        if owner is None or ref("staff", owner) != who.who:
            raise NotFound(evidence=str(evidence_id))
    content, content_type = fieldwork.picture(evidence_id)
    return HttpResponse(
        content, content_type=content_type, headers={"Cache-Control": "private, max-age=86400, immutable"}
    )
