"""The simulated exchange: somebody calls, in any dress that a number can have, and may give up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.parties import api as parties
from yuanxin.web.components.codes import code_words
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

SHOWN = 20
DRESSES = {
    "plain": ("", "", gettext_noop("bare digits")),
    "plus": ("+86 ", "-", gettext_noop("with +86")),
    "zeros": ("0086", "", gettext_noop("with 0086")),
    "slashes": ("", "/", gettext_noop("with slashes")),
    "blanks": ("", " ", gettext_noop("with blanks")),
}
"""How an exchange may write a number: what stands before it, what between its groups, and the words for it."""


class RingForm(CommandForm):
    """Who calls: a typed number, or a customer; neither is a hidden number."""

    caller_number = forms.CharField(
        label=gettext_lazy("Caller number"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Any dress: 138/0013/8000, +86 …, 0757-8333 1234. Empty: hidden."),
    )
    customer_id = forms.ChoiceField(label=gettext_lazy("Or a customer"), required=False)
    dress = forms.ChoiceField(label=gettext_lazy("The exchange shows the customer's number"), required=False)
    queue = forms.ChoiceField(label=gettext_lazy("Dialled"))

    def __init__(self, *args: Any, customers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["customer_id"].choices = [("", _("nobody: the typed number")), *customers]
        fields["dress"].choices = [(code, _(words)) for code, (_before, _between, words) in DRESSES.items()]
        queues = (care.CallQueue.PROVINCIAL, care.CallQueue.NATIONAL)
        fields["queue"].choices = [(queue.value, code_words(queue, "call_queue")) for queue in queues]


@require_http_methods(["GET", "HEAD", "POST"])
@page("care.ring_call")
def calls(request: HttpRequest) -> HttpResponse:
    """Ring, and see what became of the last calls."""
    if not settings.YUANXIN_SIMULATORS:
        raise Http404
    form = RingForm(request.POST or None, customers=_customers())
    if form.is_valid() and form.attempt(lambda: bool(_ring(form))):
        messages.success(request, _("It rings."))
        return redirect("simulator_desk:calls")
    context = {"form": form, "calls": care.newest_calls(SHOWN)}
    return render(request, "simulator_desk/calls.html", context, status=422 if form.is_bound else 200)


@require_POST
@page("care.give_up_call")
def give_up(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Let the caller hang up."""
    if not settings.YUANXIN_SIMULATORS:
        raise Http404
    care.give_up_call(call_id=call_id, at=now())
    return redirect("simulator_desk:calls")


def _ring(form: RingForm) -> UUID:
    told = form.cleaned_data
    number = told["caller_number"]
    if told["customer_id"]:
        before, between, _words = DRESSES.get(told["dress"], DRESSES["plain"])
        digits = parties.phone_of(UUID(told["customer_id"]))
        number = before + between.join((digits[:3], digits[3:7], digits[7:]))
    return care.ring_call(key=form.idempotency_key, caller_number=number, queue=told["queue"], at=now())


def _customers() -> list[tuple[str, str]]:
    """Return customers who have lately had a ticket, masked: those for whom a call shows most."""
    ids = care.customers_with_tickets(limit=SHOWN)
    people = parties.customers(ids)
    return [(str(id_), f"{people[id_].number} · {people[id_].name_masked}") for id_ in ids if id_ in people]
