"""A technician's day without signal, in a real browser that is killed in between; a reassignment made meanwhile."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import ARGUMENTS
from tests.browser.test_loop import OVERFLOW, PHONE_WIDTH, photo_at, technician_closes_out
from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import clock
from yuanxin.web.tests import city, loop, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = {"latitude": 23.0243, "longitude": 113.1213, "accuracy": 10}
KEPT = "async (url) => Boolean(await caches.match(url)) && Boolean(navigator.serviceWorker.controller)"


class Phone:
    """A technician's phone: a browser with a profile of its own on the disk, which outlives the browser."""

    def __init__(self, chromium: Any, server: str, staff_id: UUID, profile: Path) -> None:
        self.server, self.profile, self.faults = server, profile, list[str]()
        self.kind, self.session = chromium.browser_type, make.client_of(staff_id).cookies["sessionid"].value
        self.opens()

    def opens(self, *, offline: bool = False) -> None:
        self.context = self.kind.launch_persistent_context(
            str(self.profile),
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=ARGUMENTS,
            viewport={"width": PHONE_WIDTH, "height": 844},
            permissions=["geolocation"],
            geolocation=HOME,
        )
        self.context.add_cookies([{"name": "sessionid", "value": self.session, "url": self.server}])
        self.context.set_offline(offline)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        quiet = (
            "ERR_INTERNET_DISCONNECTED",
            "Failed to fetch",
            "422",
            "404",
        )  # 404: not mine any more
        if message.type in ("error", "warning") and not any(words in message.text for words in quiet):
            self.faults.append(message.text)

    def dies(self) -> None:
        """Kill the browser's own process, as a phone with an empty battery does."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    if f"--user-data-dir={self.profile}".encode() in words:
                        os.kill(int(entry.name), signal.SIGKILL)
        with suppress(Exception):  # the connection to it is gone
            self.context.close()

    def goes_to(self, path: str) -> None:
        self.page.goto(self.server + path)

    def keeps(self, path: str) -> None:
        """Wait until the page is on the phone."""
        for _ in range(100):
            if self.page.evaluate(KEPT, path):
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(path)

    def presses(self, words: str) -> None:
        self.page.locator("button:visible").get_by_text(words, exact=True).first.click()

    def waits_for(self, number: int) -> None:
        self.page.wait_for_selector(f'[data-count]:text-is("{number}")')


@pytest.fixture
def foshan(settings: Settings) -> city.City:
    settings.YUANXIN_SIMULATORS = settings.YUANXIN_DEMO = True
    city.rules()
    return city.city()


@pytest.fixture
def order(foshan: city.City) -> UUID:
    """An order that is offered to the technician."""
    dispatcher = make.client("dispatcher")
    loop.report(make.client("agent"), foshan)
    made = loop.pool_order(dispatcher)
    loop.assign(dispatcher, made)
    return made


@pytest.fixture
def phone(chromium: Any, live_server: LiveServer, foshan: city.City, tmp_path: Path) -> Iterator[Phone]:
    made = Phone(chromium, live_server.url, foshan.technician_id, tmp_path / "phone")
    yield made
    made.context.close()


def steps_of(order: UUID) -> list[str]:
    with city.inside("4406"):
        return [step.action for step in fieldwork.history(order)]


def begins_without_signal(phone: Phone, order: UUID) -> None:
    """Open today's page with signal, lose it, and do three steps."""
    phone.goes_to("/t/")
    phone.keeps(f"/t/{order}/")
    phone.context.set_offline(True)
    phone.page.locator("[data-card] a").first.click()
    phone.page.wait_for_selector("html[data-kept] #visit")
    for words, waiting in (("接单", 1), ("出发", 2), ("我已到达", 3)):
        phone.presses(words)
        phone.waits_for(waiting)


def test_a_day_without_signal_survives_the_phone(phone: Phone, order: UUID, tmp_path: Path) -> None:
    photo = photo_at(tmp_path)
    begins_without_signal(phone, order)
    phone.presses("开始施工")
    phone.waits_for(4)
    phone.page.set_input_files("[name=photo_service_restored]", str(photo))
    phone.waits_for(5)
    phone.page.set_input_files("#finish_photo", str(photo))
    phone.waits_for(6)
    assert "accept" not in steps_of(order)
    phone.dies()
    phone.opens(offline=True)
    phone.goes_to("/t/")
    phone.waits_for(6)
    phone.page.locator("[data-card] a").first.click()
    phone.page.wait_for_selector("#visit")
    assert phone.page.locator("[data-standing]").inner_text() == "施工中"
    phone.context.set_offline(False)
    phone.waits_for(0)
    steps = steps_of(order)
    assert [steps.count(one) for one in ("accept", "depart", "arrive", "start")] == [1, 1, 1, 1]
    with city.inside("4406"):
        photos = [one for one in fieldwork.evidence_of(order) if one.kind == "photo"]
    assert sorted(one.item for one in photos) == ["", "service_restored"]
    assert phone.faults == []


def test_an_order_given_to_somebody_else_meanwhile(phone: Phone, order: UUID, foshan: city.City) -> None:
    begins_without_signal(phone, order)
    given_away(foshan, order)
    phone.context.set_offline(False)
    phone.page.wait_for_selector(".yx-sync-refused")
    phone.goes_to("/t/queue/")
    refused = phone.page.locator(".yx-queued-refused")
    refused.wait_for()
    assert refused.count() == 1
    assert "此单现属于另一名装维员" in refused.inner_text()
    phone.waits_for(3)
    phone.presses("以留言发给调度")
    phone.waits_for(0)
    assert "depart" not in steps_of(order)
    with city.inside("4406"):
        told = [one.text for one in care.thread(fieldwork.work_order(order).cause)]
    assert sum("手机补传未入账" in text for text in told) == 3
    assert phone.faults == []


def given_away(foshan: city.City, order: UUID) -> None:
    """Give the order to another technician of the city, as its dispatcher does."""
    with city.inside("4406"):
        other = city.technician("何志远")
        planned = fieldwork.work_order(order).planned_from
        assert planned is not None
        fieldwork.reassign(work_order_id=order, technician_id=other, planned_from=planned, at=clock.now())


def test_a_close_out_without_signal_says_what_is_missing_and_is_sent_later(
    phone: Phone, order: UUID, foshan: city.City, tmp_path: Path
) -> None:
    loop.begin(make.client_of(foshan.technician_id), order)
    phone.goes_to("/t/")
    phone.keeps(f"/t/{order}/")
    phone.context.set_offline(True)
    phone.page.locator("[data-card] a").first.click()
    phone.page.wait_for_selector("#visit")
    phone.page.check("[name=close_type][value=fixed]")
    assert phone.page.evaluate(OVERFLOW) <= 0
    phone.presses("完工")
    phone.page.wait_for_selector("text=还缺照片")
    phone.waits_for(0)
    technician_closes_out(phone, photo_at(tmp_path))
    phone.page.wait_for_url(re.compile("/t/$"))
    phone.waits_for(3)
    phone.context.set_offline(False)
    phone.waits_for(0)
    assert "submit" in steps_of(order)
    assert phone.faults == []
