"""A pasted WeChat message becomes a pre-filled report; several homes that fit are a choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel
from yuanxin.published.refs import ref_id
from yuanxin.web.components.words import error_words
from yuanxin.web.desks.service_desk.forms import PasteForm
from yuanxin.web.desks.service_desk.report_views import report_form
from yuanxin.web.desks.service_desk.triage_views import triage_context
from yuanxin.web.http.doors import page

MOST = 8


@dataclass(frozen=True)
class Candidate:
    """A home that the message may mean. fits: by phone, by address, or by both, which stands first."""

    customer: parties.CustomerView
    address: parties.AddressView | None
    by_phone: bool
    by_address: bool


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.open_ticket")
def paste(request: HttpRequest) -> HttpResponse:
    """Read a message; show the homes that it may mean, or at once the form of the only one."""
    form = PasteForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        read = form.attempt(lambda: care.read_message(form.cleaned_data["text"]))
        if read is not None:
            found = candidates(form, read)
            chosen = _chosen(found, form.cleaned_data["customer_id"])
            if chosen is not None:
                return render(request, "service_desk/report.html", _prefilled(chosen, read))
            context |= {"read": read, "candidates": found}
            if not found and not form.errors:
                form.add_error("text", _nobody(read))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "service_desk/paste.html", context, status=status)


def candidates(form: PasteForm, read: care.PastedMessage) -> list[Candidate]:
    """Return the homes that fit the number, the address, or both; those that fit both stand first."""
    try:
        by_phone = [one for phone in read.phones for one in _customers(phone)]
        by_address = next((found for asked in _asked(read) if (found := _customers(asked))), [])
    except parties.SearchTooWide as error:
        form.add_error("text", error_words(error))
        return []
    ids = sorted(dict.fromkeys([*by_phone, *by_address]), key=lambda one: (one not in by_phone, one not in by_address))
    ids.sort(key=lambda one: -((one in by_phone) + (one in by_address)))
    people = parties.customers(ids[:MOST])
    return [
        Candidate(people[one], next(iter(parties.addresses_of(one)), None), one in by_phone, one in by_address)
        for one in ids[:MOST]
        if one in people
    ]


def _asked(read: care.PastedMessage) -> Iterator[str]:
    yield from care.ways_to_ask(read.address) if read.address else ()


def _customers(asked: str) -> list[UUID]:
    hits = parties.find(asked, limit=MOST).hits
    return [ref_id(hit.subject, "customer") for hit in hits if hit.subject.startswith("customer:")]


def _chosen(found: list[Candidate], asked: UUID | None) -> Candidate | None:
    """Return the one that the agent chose, or the only one."""
    if asked is not None:
        return next((one for one in found if one.customer.id == asked), None)
    sure = [one for one in found if one.by_phone and one.by_address]
    return sure[0] if len(sure) == 1 else found[0] if len(found) == 1 else None


def _nobody(read: care.PastedMessage) -> str:
    if not read.address:
        return _("The message holds no address, and nobody is known under its number. Ask for the address.")
    return _("Nobody is known at “%(address)s” or under the number. Ask again or register the customer.") % {
        "address": read.address
    }


def _prefilled(one: Candidate, read: care.PastedMessage) -> dict[str, Any]:
    """Return the report page filled with what the message says."""
    told = {"note": read.text, "channel": Channel.WECHAT.value}
    told |= {"address_id": str(one.address.id)} if one.address else {}
    told |= {"service": read.service.value} if read.service else {}
    told |= {"fault_code": read.fault.value} if read.fault else {}
    context = {"form": report_form(one.customer.id, told), "customer": one.customer, "pasted": read, "candidate": one}
    return context | triage_context(told, one.customer.id, now())
