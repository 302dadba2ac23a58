"""Errors as answers: a named error in words, in the shape the asker reads (page, fragment or JSON).

These answers never query: after an error the request's transaction may already be lost.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yuanxin.kernel.errors import Conflict, DomainError, NotFound, Refused
from yuanxin.kernel.patience import AWAY
from yuanxin.web.components.words import error_words

log = logging.getLogger(__name__)
RETRY_AFTER_S = 2


def status_of(error: DomainError) -> HTTPStatus:
    """Return the HTTP status that a named error means."""
    for kind, status in (
        (NotFound, HTTPStatus.NOT_FOUND),
        (Refused, HTTPStatus.FORBIDDEN),
        (Conflict, HTTPStatus.CONFLICT),
    ):
        if isinstance(error, kind):
            return status
    return HTTPStatus.UNPROCESSABLE_ENTITY


class NamedErrors:
    """Middleware outside the transaction: turn a DomainError that no view answered into words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer named errors; everything else stays Django's."""
        if not isinstance(exception, DomainError):
            return None
        log.info("refused: %s", exception)
        return answer(request, status_of(exception), error_words(exception), exception)


def answer(request: HttpRequest, status: HTTPStatus, words: str, error: DomainError | None = None) -> HttpResponse:
    """Return the error as JSON, as a fragment for htmx, or as a page."""
    if wants_json(request):
        return JsonResponse(error_body(words, error, status), status=status)
    template = "components/error_fragment.html" if getattr(request, "htmx", False) else "components/error.html"
    titles = {404: _("Nothing here"), 403: _("Not allowed"), 500: _("Something broke"), 503: _("Something broke")}
    title = titles.get(status, _("Not possible"))
    html = render_to_string(template, {"title": title, "words": words, "status": int(status)})
    return HttpResponse(html, status=status)


def error_body(words: str, error: DomainError | None, status: HTTPStatus) -> dict[str, str | None]:
    """Return the JSON body of an error: stable code, words in the asker's language, the field at fault."""
    code = error.code if error else f"http.{int(status)}"
    return {"error": code, "message": words, "field": error.field if error else None}


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a machine asks."""
    return "/api/" in request.path or request.content_type == "application/json"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404"""
    return answer(request, HTTPStatus.NOT_FOUND, _("There is nothing at this address, or it is not yours to see."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403"""
    return answer(request, HTTPStatus.FORBIDDEN, _("Your role does not include this."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400"""
    return answer(request, HTTPStatus.BAD_REQUEST, _("The request could not be read."))


def broken(request: HttpRequest) -> HttpResponse:
    """handler500; 503 with a time to try again when the database is away or too busy."""
    words = _("An error on our side. Nothing was saved.")
    if not isinstance(sys.exc_info()[1], AWAY):
        return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, words)
    response = answer(request, HTTPStatus.SERVICE_UNAVAILABLE, words)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW; a machine without a token never had a page."""
    if wants_json(request) and not request.user.is_authenticated:
        return answer(request, HTTPStatus.UNAUTHORIZED, _("Please sign in first."))
    return answer(request, HTTPStatus.FORBIDDEN, _("The page was open for too long. Please reload it and send again."))
