"""What invented customers find on their telephones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yuanxin.kernel.clock import now
from yuanxin.messaging import api as messaging
from yuanxin.web.components.codes import choices
from yuanxin.web.components.words import error_words
from yuanxin.web.components.words_of_errors import ERRORS
from yuanxin.web.desks.simulator_desk.forms import InboxForm
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import CommandForm

LOOKED_AT = 12
"""Telephones searched for a link before the newest is opened."""


@dataclass(frozen=True)
class Bubble:
    """A message with the address of its link, if it carries one, and why it failed, in words."""

    letter: messaging.Letter
    before: str
    link: str
    after: str
    why: str


@require_safe
@page("page.service", "page.dispatch")
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the telephones of the scope, and one conversation."""
    _only_where_simulated()
    form = InboxForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = {"message_class": asked.get("message_class", ""), "state": asked.get("state", "")}
    telephones = messaging.telephones(**wanted)
    open_id = asked.get("customer") or _newest_with_link([one.customer_id for one in telephones], wanted)
    letters = messaging.conversation(open_id, **wanted) if open_id else []
    context = {
        "form": form,
        "telephones": telephones,
        "open_id": open_id,
        "bubbles": [_bubble(letter) for letter in letters],
        "wanted": wanted,
        "classes": choices("message"),
        "resend_form": CommandForm(),
    }
    return render(request, "simulator_desk/inbox.html", context)


@require_POST
@page("messaging.resend")
def resend(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send a failed message once more."""
    _only_where_simulated()
    form = CommandForm(request.POST)
    try:
        key = form.idempotency_key if form.is_valid() else None
        messaging.resend(message_id=message_id, at=now(), key=key)
        messages.success(request, _("The message is in its lane again."))
    except messaging.MessageNotFailed as refused:
        messages.error(request, error_words(refused))
    asked = InboxForm(request.GET)
    customer = asked.cleaned_data["customer"] if asked.is_valid() else None
    return redirect(reverse("simulator_desk:inbox") + (f"?customer={customer}" if customer else ""))


def _only_where_simulated() -> None:
    if not settings.YUANXIN_SIMULATORS:
        raise Http404


def _newest_with_link(customers: list[UUID], wanted: dict[str, Any]) -> UUID | None:
    """Return whose telephone is open at first: the newest that holds a link, else the newest."""
    for customer_id in customers[:LOOKED_AT]:
        if any(_bubble(letter).link for letter in messaging.conversation(customer_id, **wanted)):
            return customer_id
    return customers[0] if customers else None


def _bubble(letter: messaging.Letter) -> Bubble:
    found = re.search(r"https?://[^\s/]+(/c/[\w.=-]+/)", letter.text)
    why = _(ERRORS[letter.error_code]) if letter.error_code in ERRORS else letter.error_code
    if found is None:
        return Bubble(letter, letter.text, "", "", why)
    return Bubble(letter, letter.text[: found.start()], found[1], letter.text[found.end() :], why)
