"""Every page that a role reaches by links: axe finds nothing, in both languages, at desk and at phone width.

The walk starts at the desks of the role and follows links. A page is looked at once for each set of forms that it
offers, because that is what a role changes about it.
"""

from __future__ import annotations

from collections import deque
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.urls import Resolver404, resolve
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import LANGUAGES, OVERFLOW, PHONE_WIDTH, RULES, Person
from yuanxin.kernel import runner
from yuanxin.kernel.clock import now
from yuanxin.messaging import api as messaging
from yuanxin.org import api as org
from yuanxin.published.refs import ref
from yuanxin.web.tests import city, loop, make

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (requirements/browser)")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"
FORMS = "[...document.forms].filter(form => form.method === 'post').map(form => form.action)"
ADMINISTRATION = "/admin/"
MOST_PAGES = 60
"""More pages than this no role reaches; a walk that finds more has lost itself."""
TECHNICIAN = "technician"


@pytest.fixture
def foshan(settings: Settings) -> city.City:
    """Something of everything: a finished order, one on its way, one in the pool, a complaint, a call, a message."""
    settings.YUANXIN_SIMULATORS = settings.YUANXIN_DEMO = True
    settings.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.simulator.SimulatorChannel"}
    caches["limits"].clear()
    city.rules()
    here = city.city()
    loop.run(here)
    agent, dispatcher = make.client("agent"), make.client("dispatcher")
    loop.another_fault(agent, here, "broadband", "no_internet")
    loop.assign(dispatcher, loop.pool_order(dispatcher))
    ticket_id = loop.another_fault(agent, here, "tv", "tv_fault")
    loop.posted(agent, f"/thread/ticket:{ticket_id}/post/", text="@机房 请查光功率")
    told = {"category": "billing", "service": "tv", "channel": "phone", "source": "own", "note": "多扣了26元"}
    loop.posted(agent, f"/service/complaints/new/?customer={here.customer_id}", **told)
    runner.drain()
    return here


class Walker(Person):
    """Somebody who opens whatever the pages offer, and notes what is wrong with each."""

    def __init__(self, chromium: Any, server: str, staff_id: Any, seen: set[Any]) -> None:
        super().__init__(chromium, server, staff_id)
        self.seen, self.wrong, self.pages = seen, list[str](), 0

    def walks(self, *starts: str) -> None:
        """Follow links from these addresses; one page for each kind of address."""
        open_ends, kinds = deque(starts), set[str]()
        while open_ends:
            path = open_ends.popleft()
            kind = kind_of(path)
            if not kind or kind in kinds:
                continue
            kinds.add(kind)
            open_ends.extend(self.opens(path, kind))
        assert self.pages <= MOST_PAGES

    def opens(self, path: str, kind: str) -> list[str]:
        """Open an address, look at it if its like was not seen yet, and return where it leads."""
        self.page.goto(self.server + path)
        self.pages += 1
        offered = frozenset(kind_of(urlsplit(one).path) for one in self.page.evaluate(FORMS))
        if (kind, offered) not in self.seen:
            self.seen.add((kind, offered))
            self.examines(path)
        here = [urlsplit(one) for one in self.page.evaluate(LINKS) if one.startswith(self.server)]
        return [one.path for one in here]

    def examines(self, path: str) -> None:
        """Run axe in both languages at both widths; nothing may stand out on a phone."""
        for language in LANGUAGES:
            self.context.add_cookies([{"name": "django_language", "value": language, "url": self.server}])
            self.page.goto(self.server + path)
            for width in (1280, PHONE_WIDTH):
                self.page.set_viewport_size({"width": width, "height": 844})
                found = axe.Axe().run(self.page, options=RULES).response["violations"]
                where = f"{path} {language} {width}"
                self.wrong += [f"{where}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found]
                if self.page.evaluate(OVERFLOW) > 0:
                    self.wrong.append(f"{where}: wider than the screen")


def kind_of(path: str) -> str:
    """Return which page an address is; empty for files, the sign-out and the administration's own tables."""
    if path.startswith(ADMINISTRATION) and path != ADMINISTRATION:
        return ""
    try:
        found = resolve(path).view_name
    except Resolver404:
        return ""
    return "" if found == "account_logout" or "picture" in found or "attachment" in found else found


def test_every_page_of_every_role_can_be_used_by_everybody(
    chromium: Any, live_server: LiveServer, foshan: city.City
) -> None:
    seen, wrong, faults = set[Any](), list[str](), list[str]()
    for role in org.known_roles():
        staff_id = foshan.technician_id if role == TECHNICIAN else make.staff(role)
        person = Walker(chromium, live_server.url, staff_id, seen)
        person.walks("/")
        wrong += [f"{role} {one}" for one in person.wrong]
        faults += [f"{role} {one}" for one in person.faults]
        person.context.close()
    assert len(seen) > 50
    assert wrong == []
    assert faults == []


def test_a_customer_s_page_can_be_used_by_everybody(chromium: Any, live_server: LiveServer, foshan: city.City) -> None:
    ticket_id = loop.another_fault(make.client("agent"), foshan, "tv", "tv_fault")
    runner.drain()
    with city.inside("4406"):
        token = messaging.token_of(ref("ticket", ticket_id), city="4406", at=now())
    customer = Walker(chromium, live_server.url, make.staff("trainer"), set())
    customer.context.clear_cookies()
    customer.walks(f"/c/{token}/")
    assert customer.pages >= 2
    assert customer.wrong == []
    assert customer.faults == []
