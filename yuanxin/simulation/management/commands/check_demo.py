"""``manage check_demo``: walk through every page that the demonstration's roles can reach, in both languages."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
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

FILE = re.compile(r'(?:src|href)="(/static/[^"]+)"')
LINK = re.compile(r'<a [^>]*href="([^"#]+)"')
SERVED_BY_OTHERS = ("/static/", "/files/", "mailto:", "tel:")


class Command(BaseCommand):
    """Check the demonstration 演示自检."""

    help = "Request every page of every demo role; stop with an error at the first page that fails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--each", type=int, default=2, help="how many pages of one route to open per role")

    def handle(self, *args: Any, **options: Any) -> None:
        opened = 0
        for role in org.known_roles():
            person = _first_with(role)
            if person is None:
                continue
            for language, _name in settings.LANGUAGES:
                found = _Walk(person, language, options["each"]).go()
                opened += found
                self.stdout.write(f"{role} {language}: {found} pages")
        if not opened:
            raise CommandError("nobody of the demonstration is here: run the seed first")
        if server := os.environ.get("YUANXIN_DEMO_URL"):
            opened += _check_server(server)
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
    """One person's way through the pages: every link, at most ``each`` pages of one route."""

    def __init__(self, person: Any, language: str, each: int) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(person)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        self.person, self.language, self.each = person, language, each
        self.seen: set[str] = set()
        self.of_route: Counter[str] = Counter()

    def go(self) -> int:
        """Return how many pages opened. Raises CommandError at the first one that does not."""
        waiting, opened = ["/"], 0
        while waiting:
            address = waiting.pop()
            if not self._is_new(address):
                continue
            waiting += self._open(address)
            opened += 1
        return opened

    def _is_new(self, address: str) -> bool:
        if address in self.seen:
            return False
        self.seen.add(address)
        try:
            route = resolve(urlsplit(address).path).route
        except Resolver404:
            raise CommandError(f"{self.person} is shown a link to {address}, which leads nowhere") from None
        self.of_route[route] += 1
        return self.of_route[route] <= self.each

    def _open(self, address: str) -> Iterable[str]:
        answer = self.client.get(address, follow=True)
        if answer.status_code != 200:
            raise CommandError(f"{self.person} opened {address} in {self.language}: status {answer.status_code}")
        if "unsafe-inline" in answer.get("Content-Security-Policy", "unsafe-inline"):
            raise CommandError(f"{address} carries no strict content security policy")
        if not answer.get("Content-Type", "").startswith("text/html"):
            return []
        links = (unescape(link) for link in LINK.findall(answer.content.decode()))
        return [urljoin(address, link) for link in links if not link.startswith((*SERVED_BY_OTHERS, "http"))]
