"""Address points from the field: somebody stood there and it was elsewhere; a dispatcher decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref_id
from yuanxin.web.components.lists import list_response
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm


def point_address(row: Any) -> str:
    """Return where a row of proposals is opened."""
    return reverse("dispatch_desk:point", args=[row.id])


@require_safe
@page("parties.accept_address_point")
def points(request: HttpRequest) -> HttpResponse:
    """List the proposals, the newest first."""
    return list_response(request, parties.point_proposals, "dispatch_desk/points.html", row_url=point_address)


@require_safe
@page("parties.accept_address_point")
def point(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show one proposal with the photo that was taken there."""
    return _shown(request, proposal_id)


@require_POST
@page("parties.accept_address_point")
def accept(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The address lies there from now on."""
    return _decide(request, proposal_id, parties.accept_address_point)


@require_POST
@page("parties.refuse_address_point")
def refuse(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The address stays where it is."""
    return _decide(request, proposal_id, parties.refuse_address_point)


def _decide(request: HttpRequest, proposal_id: UUID, command: Callable[..., Any]) -> HttpResponse:
    form = CommandForm(request.POST)
    if form.is_valid() and form.attempt(lambda: _done(command, form, proposal_id)):
        messages.success(request, _("Saved."))
        return redirect("dispatch_desk:points")
    return _shown(request, proposal_id, form)


def _done(command: Callable[..., Any], form: CommandForm, proposal_id: UUID) -> bool:
    command(key=form.idempotency_key, proposal_id=proposal_id, at=now())
    return True


def _shown(request: HttpRequest, proposal_id: UUID, form: CommandForm | None = None) -> HttpResponse:
    found = parties.point_proposal(proposal_id)
    order = fieldwork.work_order(ref_id(found.cause, "work_order"))
    context = {
        "proposal": found,
        "order": order,
        "photos": [one for one in fieldwork.evidence_of(order.id) if one.kind == "arrival"],
        "form": form or CommandForm(),
    }
    return render(request, "dispatch_desk/point.html", context, status=422 if form else 200)
