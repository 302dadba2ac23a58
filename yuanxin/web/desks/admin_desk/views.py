"""Accounts and roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuanxin.kernel.clock import now
from yuanxin.org import api as org
from yuanxin.web.components.lists import list_response
from yuanxin.web.desks.admin_desk.forms import AccountForm, ActivityForm, RoleForm, role_choices
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm


@require_safe
@page("page.admin")
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts of the scope."""
    return list_response(request, org.accounts, "admin_desk/accounts.html", row_url=_address)


def _address(row: Any) -> str:
    return reverse("admin_desk:account", args=[row.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@page("org.create_staff")
def create(request: HttpRequest) -> HttpResponse:
    """Make an account; its roles are given by somebody else."""
    form = AccountForm(request.POST or None)
    if form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        made = form.attempt(lambda: org.create_staff(**told))
        if made is not None:
            return redirect("admin_desk:account", made)
    return render(request, "admin_desk/create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@page("page.admin")
def account(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Show one account."""
    return render(request, "admin_desk/account.html", _context(staff_id))


@require_POST
@page("org.grant_role")
def grant(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Give a role."""
    form = RoleForm(request.POST)
    return _change(request, staff_id, form, lambda told: org.grant_role(staff_id=staff_id, role=told["role"], at=now()))


@require_POST
@page("org.revoke_role")
def revoke(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """End a role."""
    form = RoleForm(request.POST)
    return _change(
        request, staff_id, form, lambda told: org.revoke_role(staff_id=staff_id, role=told["role"], at=now())
    )


@require_POST
@page("org.set_staff_active")
def activity(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Open or close the account."""
    form = ActivityForm(request.POST)
    return _change(
        request, staff_id, form, lambda told: org.set_staff_active(staff_id=staff_id, is_active=told["is_active"])
    )


def _change(
    request: HttpRequest, staff_id: UUID, form: CommandForm, deed: Callable[[dict[str, Any]], None]
) -> HttpResponse:
    if form.is_valid() and form.attempt(lambda: _done(deed, form)):
        messages.success(request, _("Saved."))
        return redirect("admin_desk:account", staff_id)
    return render(request, "admin_desk/account.html", _context(staff_id) | {"form": form}, status=422)


def _done(deed: Callable[[dict[str, Any]], None], form: CommandForm) -> bool:
    deed(form.cleaned_data)
    return True


def _context(staff_id: UUID) -> dict[str, Any]:
    shown, names = org.account_in_scope(staff_id), dict(role_choices())
    return {
        "account": shown,
        "roles": [(role, names.get(role, role)) for role in shown.roles],
        "form": RoleForm(),
        "activity_form": ActivityForm(initial={"is_active": not shown.is_active}, auto_id="activity_%s"),
    }
