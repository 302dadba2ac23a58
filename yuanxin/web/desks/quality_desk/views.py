"""The quality desk: finished orders, lines of pay, statements of a month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yuanxin.kernel.clock import now
from yuanxin.kernel.listing.excel import workbook
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.quality import api as quality
from yuanxin.web.components.lists import XLSX, list_response
from yuanxin.web.desks.quality_desk.forms import StatementForm
from yuanxin.web.http.doors import page

VENDOR = "vendor:"


@require_safe
@page("page.quality")
def outcomes(request: HttpRequest) -> HttpResponse:
    """List finished orders with their punctuality and pay."""
    return list_response(request, quality.outcomes, "quality_desk/outcomes.html", row_url=_address)


@require_safe
@page("page.quality")
def lines(request: HttpRequest) -> HttpResponse:
    """List every posting of pay with its reason."""
    return list_response(request, quality.pay_lines, "quality_desk/lines.html", row_url=_address)


@require_safe
@page("page.quality")
def statements(request: HttpRequest) -> HttpResponse:
    """Show what a month owes each contractor and each person, or the same as Excel."""
    form = StatementForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    month: date = asked.get("month") or local_day(now())
    vendor = asked.get("payee") or ""
    rows = quality.statement(month, payee=f"{VENDOR}{vendor}" if vendor else "")
    people = org.staff_many(row.technician_id for row in rows)
    if request.GET.get("format") == "xlsx":
        return _excel(month, rows, people)
    first, after = quality.month_of(month)
    context = {
        "form": StatementForm(initial={"month": first, "payee": vendor}),
        "rows": [(row, payee_words(row.payee), people.get(row.technician_id)) for row in rows],
        "total_fen": sum(row.total_fen for row in rows),
        "first": first,
        "after": after,
        "excel": f"?month={first:%Y-%m}&payee={vendor}&format=xlsx",
    }
    return render(request, "quality_desk/statements.html", context)


def _excel(month: date, rows: list[quality.StatementLine], people: dict[Any, org.StaffView]) -> HttpResponse:
    header = [_(label) for label in ("Payee", "Staff number", "Technician", "Orders", "Earned", "Deducted", "Total")]
    table = [
        [
            payee_words(row.payee),
            people[row.technician_id].number if row.technician_id in people else "",
            people[row.technician_id].name if row.technician_id in people else "",
            row.orders,
            *(Decimal(fen).scaleb(-2) for fen in (row.earned_fen, row.taken_fen, row.total_fen)),
        ]
        for row in rows
    ]
    answer = HttpResponse(workbook(f"{month:%Y-%m}", header, table), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="statement-{month:%Y-%m}.xlsx"'
    return answer


def payee_words(payee: str) -> str:
    """Return who is paid: a contractor's code, or our own staff."""
    return payee.removeprefix(VENDOR) if payee.startswith(VENDOR) else _("Own staff")


def _address(row: Any) -> str:
    return reverse("quality_desk:pay", args=[row.work_order_id])
