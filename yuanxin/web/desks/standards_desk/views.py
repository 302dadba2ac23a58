"""The standards desk: rulebooks, their rules, drafts without a number, and what rests on assumption."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yuanxin.kernel.clock import now
from yuanxin.standards import api as standards
from yuanxin.web.desks.standards_desk.measures import rule_rows
from yuanxin.web.http.doors import page


@require_safe
@page("page.standards")
def rulebooks(request: HttpRequest) -> HttpResponse:
    """List the versions of all rulebooks, the ones in force marked."""
    return render(request, "standards_desk/rulebooks.html", {"versions": standards.versions(at=now())})


@require_safe
@page("page.standards")
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show every rule of one version with number and source."""
    rows = rule_rows(standards.entries_of(version_id))
    shown = next(one for one in standards.versions(at=now()) if one.id == version_id)
    return render(request, "standards_desk/version.html", {"version": shown, "rows": rows})


@require_safe
@page("page.standards")
def assumptions(request: HttpRequest) -> HttpResponse:
    """List what nobody may take for law: assumed numbers, and clauses whose text nobody has read."""
    at = now()
    context = {"assumed": rule_rows(standards.assumptions(at=at)), "drafts": rule_rows(standards.drafts(at=at))}
    return render(request, "standards_desk/assumptions.html", context)
