"""Machines at a JSON door: a signed token names the member of staff; a browser's session needs its CSRF token."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yuanxin.org import api as org
from yuanxin.web.http.errors import answer

SALT = "yuanxin.machine"
SCHEME = "Bearer "
ADMIN_PAGES = "page.admin"


def token_of(staff_id: Any) -> str:
    """Return a token with which a machine acts as this member of staff."""
    return signing.dumps(str(staff_id), salt=SALT)


class MachineTokens:
    """Middleware after the session limits: a valid token makes its member of staff the user of this request alone."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        head = request.headers.get("Authorization", "")
        if head.startswith(SCHEME):
            user = _user(head.removeprefix(SCHEME))
            if user is None:
                return answer(request, HTTPStatus.UNAUTHORIZED, _("The token is not valid."))
            request.user = user
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # no cookie carries a token
        return self.get_response(request)


def _user(token: str) -> Any:
    try:
        staff_id = signing.loads(token, salt=SALT, max_age=settings.YUANXIN_MACHINE_TOKEN_S)
    except signing.BadSignature:
        return None
    user = org.account(UUID(staff_id))
    return None if user is None or user.has_perm(ADMIN_PAGES) else user  # administrators show a second factor
