"""Live pages: browsers ask every second whether anything happened, and fetch a part of a page only when it did.

``/live/`` answers with the version of the reader's scope. It is the most asked address of all, so it is answered before
sessions and transactions are set up: who a session cookie belongs to is remembered for some seconds, and so is a
scope's version. Neither it nor a part that a page fetches by itself keeps an idle session alive.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable
from http import HTTPStatus
from typing import Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yuanxin.kernel import acting, horizon
from yuanxin.kernel.tenancy import scope

PATH = "/live/"
HEADER = "X-Yuanxin-Live"
"""Sent with everything that a page asks for by itself; its value is the version that the page heard of, or ``1``."""

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """Values of this process, each kept for some seconds; of several askers one makes it, the others wait for it."""

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        self._values: dict[Hashable, tuple[float, _Value]] = {}
        self._locks: dict[Hashable, threading.Lock] = {}

    def find(self, key: Hashable) -> _Value | None:
        """Return what is kept under the key, None when nothing is or its time is over."""
        until, value = self._values.get(key, (0.0, None))
        return value if until > time.monotonic() else None

    def keep(self, key: Hashable, value: _Value, seconds: float) -> _Value:
        """Keep a value for that long."""
        if len(self._values) >= self._most:
            self._values.clear()
            self._locks.clear()
        self._values[key] = (time.monotonic() + seconds, value)
        return value

    def get(self, key: Hashable, make: Callable[[], _Value], seconds: float) -> _Value:
        """Return what is kept under the key, made now when nothing is."""
        if (known := self.find(key)) is not None:
            return known
        with self._locks.setdefault(key, threading.Lock()):
            known = self.find(key)
            return self.keep(key, make(), seconds) if known is None else known


_scopes: Kept[str] = Kept()
_versions: Kept[str] = Kept()
_parts: Kept[bytes] = Kept(most=200)


class LiveVersions:
    """Middleware right behind the headers: answer ``/live/`` for sessions that are known, leave the rest alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == PATH and request.method == "GET":
            code = _scopes.find(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
            if code is not None:
                return _answer(request, _version_of(code))
        return self.get_response(request)


@require_safe
def version(request: HttpRequest) -> HttpResponse:
    """Answer a session that this process does not know yet; 401 ends the asking of a page whose session is over."""
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not request.user.is_authenticated:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    code = acting.current().scope
    if cookie:
        _scopes.keep(cookie, code, settings.YUANXIN_LIVE_SESSION_S)
    return _answer(request, _versions.get(code, horizon.version, settings.YUANXIN_LIVE_VERSION_S))


def is_by_itself(request: HttpRequest) -> bool:
    """Tell whether a page asks, not a person: no reason to keep a session alive."""
    return request.path == PATH or HEADER in request.headers


def shared(request: HttpRequest, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer with a part that all readers of one scope, role and language see alike; drawn once per version.

    Only for parts without anything of the one reader: no form, no name, no filter of one's own. What depends on the
    time alone is at most YUANXIN_LIVE_PART_S old. Readers who already have it get 304.
    """
    who = acting.current()
    now = _versions.get(who.scope, horizon.version, settings.YUANXIN_LIVE_VERSION_S)
    if request.headers.get(HEADER, "1").strip('"') not in {"1", now}:  # another process told of a newer one
        now = _versions.keep(who.scope, horizon.version(), settings.YUANXIN_LIVE_VERSION_S)
    key = (now, who.scope, who.permissions, who.units, get_language(), request.get_full_path())
    body = _parts.get(key, lambda: draw().content, settings.YUANXIN_LIVE_PART_S)
    return answer_part(request, body)


def answer_part(request: HttpRequest, body: bytes) -> HttpResponse:
    """Answer with a part of a page, or 304 when the reader has the same."""
    tag = tag_of(body)
    same = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=HTTPStatus.NOT_MODIFIED) if same else HttpResponse(body)
    response["ETag"] = tag
    return response


def tag_of(body: bytes) -> str:
    """Return the ETag of a part."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _version_of(code: str) -> str:
    def read() -> str:
        with transaction.atomic(), scope(code, until_commit=True):
            return horizon.version()

    return _versions.get(code, read, settings.YUANXIN_LIVE_VERSION_S)


def _answer(request: HttpRequest, now: str) -> HttpResponse:
    tag = f'"{now}"'
    same = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=HTTPStatus.NOT_MODIFIED if same else HTTPStatus.NO_CONTENT)
    response["ETag"] = tag
    return response
