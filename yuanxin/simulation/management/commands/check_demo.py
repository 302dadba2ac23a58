"""``manage check_demo``: walk through every page that the demonstration's roles can reach, in both languages."""

from __future__ import annotations

import os
import re
from collections import Counter
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client
from django.urls import Resolver404, resolve

from yuanxin.org import api as org
from yuanxin.simulation.checking.reading import Reading, untranslated

FILE = re.compile(r'(?:src|href)="(/static/[^"]+)"')
SERVED_BY_OTHERS = ("/static/", "/files/", "mailto:", "tel:", "sms:", "weixin:")
BEGINNINGS = {"technician": ("/t/", "/t/queue/", "/t/today.json", "/t/worker.js", "/t/manifest.webmanifest")}
"""Where a role begins besides its home: what no page links to, since a phone asks for it by itself."""
MUST_OPEN = frozenset(
    {
        "technician:queue", "technician:visit", "self_service:order", "web:thread", "service_desk:complaints",
        "service_desk:callbacks", "control_room:board", "control_room:day", "dispatch_desk:order",
        "dispatch_desk:reviews", "dispatch_desk:holds",
    }
)  # fmt: skip
MOST_FAULTS = 40  # shown
MOST_PAGES = 400  # of one role in one language


class Command(BaseCommand):
    """Check the demonstration 演示自检."""

    help = "Open every page of every demo role in both languages; an error when one fails or is half translated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--each", type=int, default=2, help="how many pages of one route to open per role")

    def handle(self, *args: Any, **options: Any) -> None:
        opened, faults, routes = 0, [], set()
        for role in org.known_roles():
            person = _first_with(role)
            if person is None:
                continue
            for language, _name in settings.LANGUAGES:
                walk = _Walk(person, language, options["each"])
                walk.go(("/", *BEGINNINGS.get(role, ())))
                opened += walk.opened
                faults += walk.faults
                routes |= walk.routes
                self.stdout.write(f"{role} {language}: {walk.opened} pages")
        if not opened:
            raise CommandError("nobody of the demonstration is here: run the seed first")
        faults += [f"no role found a way to {name}" for name in sorted(MUST_OPEN - routes)]
        if server := os.environ.get("YUANXIN_DEMO_URL"):
            opened += _check_server(server)
        for fault in sorted(set(faults))[:MOST_FAULTS]:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{opened} pages opened, {len(set(faults))} faults")
        self.stdout.write(f"{opened} pages opened, no fault")


def _check_server(server: str) -> int:
    """Ask the running server for the sign-in page and for every file that it names. Raises CommandError."""
    page = _fetch(urljoin(server, "/accounts/login/"))
    files = [unescape(name) for name in FILE.findall(page)]
    for name in files:
        _fetch(urljoin(server, name))
    return 1 + len(files)


def _fetch(address: str) -> str:
    try:
        with urlopen(address, timeout=20) as answer:  # noqa: S310 - our own server, the address comes from ./run
            return str(answer.read().decode("utf-8", "replace"))
    except OSError as error:
        raise CommandError(f"{address}: {error}") from None


def _first_with(role: str) -> Any:
    people = get_user_model().objects.filter(is_active=True, grants__role=role, grants__revoked_at=None)
    return people.order_by("number").first()


class _Walk:
    """One person's way through the pages: every link and every part fetched later, ``each`` pages of one route."""

    def __init__(self, person: Any, language: str, each: int) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(person)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        self.person, self.language, self.each = person, language, each
        self.seen: set[str] = set()
        self.of_route: Counter[str] = Counter()
        self.opened = 0
        self.faults: list[str] = []
        self.routes: set[str] = set()

    def go(self, beginnings: tuple[str, ...]) -> None:
        """Open page after page; what is wrong is kept in ``faults``."""
        waiting = list(reversed(beginnings))
        while waiting and self.opened < MOST_PAGES:
            address = waiting.pop()
            if self._is_new(address):
                waiting += self._open(address)
                self.opened += 1

    def _is_new(self, address: str) -> bool:
        if address in self.seen or address.startswith("geo:"):  # which opens the phone's own map
            return False
        self.seen.add(address)
        try:
            match = resolve(urlsplit(address).path)
        except Resolver404:
            self.faults.append(f"{self.person} is shown a link to {address}, which leads nowhere")
            return False
        self.of_route[match.route] += 1
        if self.of_route[match.route] <= self.each:
            self.routes.add(match.view_name)
            return True
        return False

    def _open(self, address: str) -> list[str]:
        answer = self.client.get(address, follow=True)
        if answer.status_code != 200:
            self.faults.append(f"{self.person} opened {address} in {self.language}: status {answer.status_code}")
            return []
        if "unsafe-inline" in answer.get("Content-Security-Policy", "unsafe-inline"):
            self.faults.append(f"{address} carries no strict content security policy")
        if not answer.get("Content-Type", "").startswith("text/html"):
            return []
        page = Reading(answer.content.decode())
        if self.language.startswith("zh"):
            route = resolve(urlsplit(address).path).route
            self.faults += [f"/{route} says in Chinese: {words}" for words in untranslated(page.words)]
        here = [link.removeprefix(settings.YUANXIN_PUBLIC_URL) for link in page.addresses]
        return [
            urljoin(address, link.split("#")[0])
            for link in here
            if link and not link.startswith((*SERVED_BY_OTHERS, "http", "#"))
        ]
