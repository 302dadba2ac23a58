"""The door of the customer's link: who knocks with a good token acts as that customer, for that order only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from yuanxin.kernel.acting import Acting, acting_as
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.kernel.tenancy import scope
from yuanxin.messaging import api as messaging
from yuanxin.parties import api as parties
from yuanxin.web.components.words import error_words
from yuanxin.web.http.limits import is_over
from yuanxin.web.self_service.case import Case, case_of

PERMISSIONS = frozenset(
    {
        "fieldwork.book_appointment",
        "care.record_callback",
        "care.record_rating",
        "care.post_message",
        "parties.choose_language",
    }
)
"""All that a customer does through a link; the views give it the ids of the token's order and no others."""

View = Callable[..., HttpResponse]
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def customer_page(view: View) -> View:
    """Make a view that the holder of a link opens: ``view(request, case, token)`` in the city of the order."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        address = request.META.get("REMOTE_ADDR", "")
        if is_over("link", address, most=settings.YUANXIN_LINK_REQUESTS, seconds=settings.YUANXIN_LINK_SECONDS):
            return _closed(request, HTTPStatus.TOO_MANY_REQUESTS)
        try:
            link = messaging.read_token(token)
        except messaging.LinkUnknown:
            return _closed(request, HTTPStatus.NOT_FOUND)
        with scope(link.city):
            answer = _inside(view, request, link, token)
        answer["X-Robots-Tag"] = "noindex"
        return answer

    opened.is_customers = True  # type: ignore[attr-defined]
    return opened


def _inside(view: View, request: HttpRequest, link: messaging.Link, token: str) -> HttpResponse:
    try:
        case = case_of(link)
        messaging.require_open(link, closed_at=case.closed_at, at=now())
    except messaging.LinkExpired:
        return _closed(request, HTTPStatus.GONE)
    except NotFound:
        return _closed(request, HTTPStatus.NOT_FOUND)
    who = Acting(who=f"customer:{case.customer_id}", scope=link.city, permissions=PERMISSIONS, source="link")
    with acting_as(who), translation.override(_language(request, case)):
        answer = _viewed(view, request, case, token)
        answer["Content-Language"] = translation.get_language() or ""
        return answer


def _viewed(view: View, request: HttpRequest, case: Case, token: str) -> HttpResponse:
    try:
        return view(request, case, token)
    except DomainError as refused:
        return page(request, "refused", {"words": error_words(refused), "token": token}, status=HTTPStatus.CONFLICT)


def _language(request: HttpRequest, case: Case) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in LANGUAGES.values():
        return chosen
    return LANGUAGES[parties.customer(case.customer_id).language]


def _closed(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    words = {
        HTTPStatus.NOT_FOUND: _("This link is not complete. Please open it from the message again."),
        HTTPStatus.GONE: _("This link is no longer valid, because the order ended some time ago."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests. Please try again in a few minutes."),
    }
    return page(request, "closed", {"words": words[status]}, status=status)


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return one of our pages."""
    return render(request, f"self_service/{name}.html", context | {"hotline": settings.YUANXIN_HOTLINE}, status=status)
