"""Files of addresses: uploaded, looked at row by row, and then stored as a whole or thrown away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.web.desks.admin_desk.forms import CommitForm, FileForm
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

BAD_SHOWN, GOOD_SHOWN = 200, 50


@require_http_methods(["GET", "HEAD", "POST"])
@page("parties.preview_import")
def imports(request: HttpRequest) -> HttpResponse:
    """List the files of the city, and take a new one."""
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        batch_id = form.attempt(lambda: _previewed(form))
        if batch_id is not None:
            return redirect("admin_desk:preview", batch_id)
    context = {"form": form, "batches": parties.import_batches()}
    return render(request, "admin_desk/imports.html", context, status=422 if form.is_bound else 200)


def _previewed(form: FileForm) -> UUID:
    file = form.cleaned_data["file"]
    return parties.preview_import(content=file.read(), file_name=str(file.name), at=now(), key=form.idempotency_key)


@require_safe
@page("parties.preview_import")
def preview(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show what the file holds: the bad rows with line and reason, and the first of the good ones."""
    return render(request, "admin_desk/preview.html", _context(batch_id))


@require_POST
@page("parties.commit_import")
def commit(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Store the good rows, all or none."""
    form = CommitForm(request.POST)
    stored = form.attempt(lambda: _stored(form, batch_id)) if form.is_valid() else None
    if stored is None:
        return render(request, "admin_desk/preview.html", _context(batch_id) | {"commit_form": form}, status=422)
    messages.success(request, _("%(stored)d addresses are stored.") % {"stored": stored})
    return redirect("admin_desk:imports")


def _stored(form: CommitForm, batch_id: UUID) -> int:
    leave_out = form.cleaned_data["leave_out_bad_rows"]
    return parties.commit_import(batch_id=batch_id, at=now(), leave_out_bad_rows=leave_out, key=form.idempotency_key)


@require_POST
@page("parties.discard_import")
def discard(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Throw the file away."""
    form = CommandForm(request.POST)
    if form.is_valid() and form.attempt(lambda: _discarded(form, batch_id)):
        messages.success(request, _("The file was thrown away; nothing of it is stored."))
        return redirect("admin_desk:imports")
    return render(request, "admin_desk/preview.html", _context(batch_id) | {"discard_form": form}, status=422)


def _discarded(form: CommandForm, batch_id: UUID) -> bool:
    parties.discard_import(batch_id=batch_id, at=now(), key=form.idempotency_key)
    return True


def _context(batch_id: UUID) -> dict[str, Any]:
    batch = parties.import_batch(batch_id)
    bad = parties.import_rows(batch_id, only_bad=True, limit=BAD_SHOWN)
    good = parties.import_rows(batch_id, only_good=True, limit=GOOD_SHOWN)
    return {
        "batch": batch,
        "faults": parties.import_faults(batch_id),
        "bad": bad,
        "more_bad": max(0, batch.bad_rows - len(bad)) if bad else 0,
        "good": good,
        "more_good": max(0, batch.good_rows - len(good)) if good else 0,
        "commit_form": CommitForm(),
        "discard_form": CommandForm(auto_id="discard_%s"),
    }
