"""Other plans (改派方案): the list, one with everything it changes, taking over, refusing, and taking back (撤销)."""

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
from yuanxin.web.components.lists import list_response
from yuanxin.web.components.words import words_of
from yuanxin.web.desks.dispatch_desk.proposals_forms import AcceptPlanForm, RefusePlanForm, ScopeForm
from yuanxin.web.desks.dispatch_desk.proposals_page import plan_context, runs_context, undo_context, units_to_plan
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm


def plan_address(row: Any) -> str:
    """Return where a row of the plans is opened."""
    return reverse("dispatch_desk:plan", args=[row.id])


def run_address(row: Any) -> str:
    """Return where a recorded run is opened: at its plan, if it made one."""
    return reverse("dispatch_desk:plan", args=[row.proposal_id]) if row.proposal_id else ""


@require_safe
@page("page.dispatch")
def runs(request: HttpRequest) -> HttpResponse:
    """List the plans, the newest first."""
    return list_response(request, fieldwork.proposals, "dispatch_desk/plans.html", runs_context(), row_url=plan_address)


@require_safe
@page("page.dispatch")
def log(request: HttpRequest) -> HttpResponse:
    """List every planning run that was recorded, with and without a plan to decide."""
    return list_response(request, fieldwork.dispatch_runs, "dispatch_desk/plan_log.html", row_url=run_address)


@require_POST
@page("fieldwork.plan_city")
def ask(request: HttpRequest) -> HttpResponse:
    """Let the engine look for another plan; its page shows how far it is."""
    form = ScopeForm(request.POST, units=units_to_plan())
    if not form.is_valid():
        return redirect("dispatch_desk:runs")
    asked = fieldwork.plan_city(at=now(), scope=form.cleaned_data["scope"], key=form.idempotency_key)
    return redirect("dispatch_desk:plan", asked)


@require_safe
@page("page.dispatch")
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show one plan beside the one in force."""
    return render(request, "dispatch_desk/plan.html", plan_context(plan_id))


@require_safe
@page("page.dispatch")
def state(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Draw how far a run is, for the page that is open."""
    return render(request, "dispatch_desk/plan_progress.html", {"plan": fieldwork.proposal(plan_id)})


@require_POST
@page("fieldwork.accept_proposal")
def accept(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take the plan over, all of it or what is ticked; what the world has overtaken is said by name."""
    known = [one.id for one in fieldwork.proposal(plan_id).changes]
    form = AcceptPlanForm(request.POST, known=known)

    def take_over() -> bool:
        done = fieldwork.accept_proposal(proposal_id=plan_id, changes=form.chosen, at=now(), key=form.idempotency_key)
        messages.success(request, _("%(count)d visits stand as proposed.") % {"count": len(done.done)})
        for one in done.stale:
            messages.warning(request, words_of(one.error, {"work_order": one.number, **one.params}))
        return True

    return _decide(request, plan_id, form, "accept_form", take_over)


@require_POST
@page("fieldwork.refuse_proposal")
def refuse(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Leave everything as it is, with a reason."""
    form = RefusePlanForm(request.POST, auto_id="refuse_%s")

    def leave() -> bool:
        told = form.cleaned_data["reason"]
        fieldwork.refuse_proposal(proposal_id=plan_id, reason=told, at=now(), key=form.idempotency_key)
        return True

    return _decide(request, plan_id, form, "refuse_form", leave)


@require_POST
@page("fieldwork.cancel_proposal")
def cancel(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Stop a run."""
    form = CommandForm(request.POST)

    def stop() -> bool:
        fieldwork.cancel_proposal(proposal_id=plan_id, at=now(), key=form.idempotency_key)
        return True

    return _decide(request, plan_id, form, "cancel_form", stop)


def _decide(
    request: HttpRequest, plan_id: UUID, form: CommandForm, name: str, deed: Callable[[], bool]
) -> HttpResponse:
    if form.is_valid() and form.attempt(deed):
        return redirect("dispatch_desk:plan", plan_id)
    context = {**plan_context(plan_id), name: form}
    context["refused"] = [error for errors in form.errors.values() for error in errors]
    return render(request, "dispatch_desk/plan.html", context, status=422)


@require_safe
@page("page.dispatch")
def deeds(request: HttpRequest) -> HttpResponse:
    """Show my last ten deeds; the newest can be taken back."""
    return render(request, "dispatch_desk/undo.html", undo_context())


@require_POST
@page("fieldwork.undo_last")
def undo(request: HttpRequest) -> HttpResponse:
    """Take my last deed back, if nothing has moved on since."""
    form = CommandForm(request.POST)

    def take_back() -> bool:
        done = fieldwork.undo_last(at=now(), deed_id=_seen(request), key=form.idempotency_key)
        messages.success(request, _("Taken back: %(orders)s.") % {"orders": "、".join(done.orders)})
        return True

    if form.is_valid() and form.attempt(take_back):
        return redirect("dispatch_desk:undo")
    context = {**undo_context(), "refused": [error for errors in form.errors.values() for error in errors]}
    return render(request, "dispatch_desk/undo.html", context, status=422)


def _seen(request: HttpRequest) -> UUID | None:
    """Return the deed that the page showed as the last one."""
    try:
        return UUID(request.POST.get("deed", ""))
    except ValueError:
        return None
