"""Sessions end: after idle minutes and after absolute hours; administrators must have a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from yuanxin.web.http.live import is_by_itself

STARTED, SEEN = "yuanxin.started", "yuanxin.seen"
ADMIN_PAGES = "page.admin"  # the permission that the three administrator roles share
BEAT_SECONDS = 60  # the session row is written at most once in this time


class SessionLimits:
    """Middleware after authentication: end idle and old sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and not self._goes_on(request):
            logout(request)
        return self.get_response(request)

    def _goes_on(self, request: HttpRequest) -> bool:
        now = int(time.time())  # wall time: the domain clock of a demo may run elsewhere
        is_admin = request.user.has_perm(ADMIN_PAGES)
        idle = settings.YUANXIN_SESSION_IDLE_ADMIN_S if is_admin else settings.YUANXIN_SESSION_IDLE_S
        started = request.session.setdefault(STARTED, now)
        seen = request.session.setdefault(SEEN, now)
        if now - seen > idle or now - started > settings.YUANXIN_SESSION_WHOLE_S:
            return False
        if now - seen >= BEAT_SECONDS and not is_by_itself(request):
            request.session[SEEN] = now
        return True


class SecondFactor:
    """Middleware after SessionLimits: send administrators without a second factor to its set-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._is_missing(request):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or not user.has_perm(ADMIN_PAGES):
            return False
        names = ("mfa_index", "account_reauthenticate", "account_logout", "web:language")
        open_paths = (*map(reverse, names), settings.STATIC_URL)
        return not request.path.startswith(open_paths) and not is_mfa_enabled(user)
