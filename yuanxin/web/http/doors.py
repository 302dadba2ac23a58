"""Who may open a page: signed in and with the permission. Commands check theirs again behind the door."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yuanxin.kernel import acting
from yuanxin.kernel.commands import alone
from yuanxin.kernel.errors import Refused
from yuanxin.web.http.errors import answer, wants_json
from yuanxin.web.http.live import is_by_itself

View = Callable[..., HttpResponse]


def page(*permissions: str, is_one_command: bool = False) -> Callable[[View], View]:
    """Make a view that signed-in staff with one of the permissions open; others sign in or read why not.

    is_one_command: the view runs one command and answers its errors without the database, as machines' doors do.
    """

    def make(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if wants_json(request) or getattr(request, "htmx", False) or is_by_itself(request):
                    return answer(request, HTTPStatus.UNAUTHORIZED, _("Please sign in first."))
                return redirect_to_login(request.get_full_path())
            who = acting.current()
            if not any(who.may(permission) for permission in permissions):
                raise Refused(permission=permissions[0])
            with alone() if is_one_command else nullcontext():
                return view(request, *args, **kwargs)

        opened.permissions = permissions  # type: ignore[attr-defined]
        return opened

    return make
