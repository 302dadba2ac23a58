"""The frame around every page: who is signed in, which desks the role has, the platform's time, the demo banner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yuanxin.kernel import acting, clock, tenancy
from yuanxin.kernel.errors import NoActor


@dataclass(frozen=True)
class Desk:
    """A desk 工作台: the start of its addresses, its name, the permissions of which one opens it."""

    path: str
    label: str
    permissions: tuple[str, ...]
    is_workplace: bool = True  # not for what one only looks something up in


DESKS = (
    Desk("/service/", gettext_noop("Service desk"), ("page.service",)),
    Desk("/dispatch/", gettext_noop("Dispatch"), ("page.dispatch",)),
    Desk("/dispatch/board/", gettext_noop("Dispatch board"), ("page.dispatch",), is_workplace=False),
    Desk("/dispatch/roster/", gettext_noop("Roster"), ("page.roster",)),
    Desk("/t/", gettext_noop("My visits"), ("page.technician",)),
    Desk("/control/", gettext_noop("Control room"), ("page.control_room",)),
    Desk("/quality/", gettext_noop("Quality and pay"), ("page.quality",)),
    Desk("/standards/", gettext_noop("Standards"), ("page.standards",), is_workplace=False),
    Desk("/simulator/inbox/", gettext_noop("Message simulator"), ("page.service", "page.dispatch"), is_workplace=False),
    Desk("/simulator/calls/", gettext_noop("Call simulator"), ("care.ring_call",), is_workplace=False),
    Desk("/import/addresses/", gettext_noop("Address import"), ("parties.preview_import",)),
    Desk("/admin/", gettext_noop("Configuration"), ("page.admin", "page.configuration")),
)


@dataclass(frozen=True)
class NavigationItem:
    """One link of the top bar."""

    url: str
    label: str
    is_here: bool
    is_workplace: bool


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """Return the desks that the actor's role opens; empty before sign-in. Never queries."""
    try:
        who = acting.current()
    except NoActor:
        return []
    here = max((desk.path for desk in DESKS if request.path.startswith(desk.path)), key=len, default="")
    return [
        NavigationItem(desk.path, _(desk.label), desk.path == here, desk.is_workplace)
        for desk in DESKS
        if any(who.may(permission) for permission in desk.permissions)
        and (settings.YUANXIN_SIMULATORS or not desk.path.startswith("/simulator/"))
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every page. Inside a scope the time costs no query."""
    person = str(request.user) if getattr(request, "user", None) and request.user.is_authenticated else ""
    return {"person": person, "nav": navigation(request), "is_demo": settings.YUANXIN_DEMO} | _time()


def _time() -> dict[str, Any]:
    if not tenancy.is_scoped():
        return {}
    now = clock.now()
    return {"now_ms": int(now.timestamp() * 1000), "now_text": f"{timezone.localtime(now):%Y-%m-%d %H:%M}"}
