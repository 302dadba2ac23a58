"""Orders of my area that wait in the pool, for those who may take them themselves (抢单)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm
from yuanxin.web.technician.frame import phone
from yuanxin.web.technician.steps import myself


@require_safe
@page("fieldwork.claim")
def claims(request: HttpRequest) -> HttpResponse:
    """List what I may take; where the city forbids it, say so."""
    return _shown(request)


@require_POST
@page("fieldwork.claim")
def take(request: HttpRequest, work_order_id: UUID) -> HttpResponse:
    """Take one order; it lands in my day at my first free time. Who comes second reads why he got nothing."""
    form, me, at = CommandForm(request.POST), myself(), now()
    if not form.is_valid() or not form.attempt(lambda: _take(form, work_order_id, me)):
        return _shown(request, form=form, status=422)
    order = fieldwork.work_order(work_order_id)
    planned = f"{localtime(order.planned_from or at):%m-%d %H:%M}"
    messages.success(
        request, _("%(number)s is yours, planned for %(time)s.") % {"number": order.number, "time": planned}
    )
    return redirect("technician:visit", work_order_id)


def _take(form: CommandForm, work_order_id: UUID, me: UUID) -> bool:
    fieldwork.claim(key=form.idempotency_key, work_order_id=work_order_id, technician_id=me, at=now())
    return True


def _shown(request: HttpRequest, *, form: CommandForm | None = None, status: int = 200) -> HttpResponse:
    at = now()
    orders = fieldwork.claimable(myself(), at)
    addresses = parties.addresses([order.address_id for order in orders])
    rows = [(order, addresses.get(order.address_id), CommandForm(auto_id=False)) for order in orders]
    context = {"rows": rows, "is_allowed": fieldwork.may_claim(at), "form": form}
    return render(request, "technician/claims.html", phone(request) | context, status=status)
