"""The whole loop as its people see it: report, promise, dispatch, visit, evidence, call-back, pay; axe everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from yuanxin.kernel import runner
from yuanxin.web.tests import city, loop, make

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (requirements/browser)")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE_WIDTH = 390
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LANGUAGES = ("zh-hans", "en")
# Without preload: axe would put the sheets that forms.css imports into <style>, which the policy rightly blocks.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], "preload": False}


class Person:
    """Somebody at a screen: a browser of his own, whose every page is looked at in both languages."""

    def __init__(self, chromium: Any, server: str, staff_id: Any, *, phone: bool = False) -> None:
        size = {"width": PHONE_WIDTH, "height": 844} if phone else {"width": 1280, "height": 800}
        self.server, self.faults = server, list[str]()
        self.context = chromium.new_context(viewport=size)
        session = make.client_of(staff_id).cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": server}])
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "422" not in message.text:
            self.faults.append(message.text)

    def goes_to(self, path: str) -> None:
        assert self.page.goto(self.server + path).status == 200

    def looks(self) -> None:
        """Look at the page in both languages; axe must find nothing."""
        address = self.page.url
        for language in LANGUAGES:
            self.context.add_cookies([{"name": "django_language", "value": language, "url": self.server}])
            self.page.goto(address)
            found = axe.Axe().run(self.page, options=RULES).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == [], address
            assert self.fits(), address
        self.context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": self.server}])
        self.page.goto(address)

    def fits(self) -> bool:
        """Tell whether the page is nowhere wider than a phone, nor than this screen."""
        size, overflow = self.page.viewport_size, []
        for width in {PHONE_WIDTH, size["width"]}:
            self.page.set_viewport_size({**size, "width": width})
            overflow.append(self.page.evaluate(OVERFLOW))
        self.page.set_viewport_size(size)
        return max(overflow) <= 0

    def presses(self, words: str) -> None:
        self.page.get_by_role("button", name=words).first.click()

    def leaves(self) -> None:
        assert self.faults == []
        self.context.close()


@pytest.fixture
def foshan(settings: Settings) -> city.City:
    settings.YUANXIN_SIMULATORS = settings.YUANXIN_DEMO = True
    city.rules()
    return city.city()


def test_from_the_call_to_the_pay(chromium: Any, live_server: LiveServer, foshan: city.City, tmp_path: Path) -> None:
    agent = Person(chromium, live_server.url, make.staff("agent"))
    agent_reports_a_fault(agent)
    dispatcher = Person(chromium, live_server.url, make.staff("dispatcher"))
    dispatcher_sends_somebody(dispatcher)
    technician = Person(chromium, live_server.url, foshan.technician_id, phone=True)
    technician_repairs(technician, photo_at(tmp_path))
    runner.drain()
    agent_calls_back(agent)
    runner.drain()
    supervisor = Person(chromium, live_server.url, make.staff("city_supervisor"))
    supervisor_asks_why(supervisor)
    administrator = Person(chromium, live_server.url, make.staff("system_admin"))
    administrator_opens_the_configuration(administrator)
    for person in (agent, dispatcher, technician, supervisor, administrator):
        person.leaves()


def photo_at(folder: Path) -> Path:
    """Return an invented photo."""
    photo = folder / "box.jpg"
    Image.new("RGB", (640, 480), (90, 120, 150)).save(photo)
    return photo


def agent_reports_a_fault(agent: Person) -> None:
    agent.goes_to("/service/")
    agent.looks()
    agent.page.keyboard.press("?")
    assert agent.page.locator("#yx-keys").get_attribute("open") is not None
    agent.presses("关闭")
    agent.page.keyboard.press("/")
    agent.page.keyboard.type("0044")
    agent.page.get_by_role("link", name="黄*").first.click()
    agent.looks()
    agent.page.get_by_role("link", name="报障").first.click()
    agent.looks()
    agent.page.select_option("#id_service", "tv")
    agent.page.wait_for_selector("text=尚无已核实的法定时限")
    agent.page.select_option("#id_service", "broadband")
    agent.page.wait_for_selector("text=电信条例")
    agent.page.select_option("#id_fault_code", "no_internet")
    agent.presses("作出承诺并保存")
    agent.page.wait_for_url(re.compile("/service/tickets/"))
    agent.looks()
    agent.goes_to("/service/tickets/")
    agent.looks()


def dispatcher_sends_somebody(dispatcher: Person) -> None:
    dispatcher.goes_to("/dispatch/")
    dispatcher.looks()
    dispatcher.page.locator("[data-row] a").first.click()
    dispatcher.looks()
    dispatcher.presses("指派")
    dispatcher.page.wait_for_selector("text=待接")


def technician_repairs(technician: Person, photo: Path) -> None:
    technician.goes_to("/t/")
    technician.looks()
    technician.page.locator("[data-row] a").first.click()
    technician.looks()
    for words, follows in (("接单", "出发"), ("出发", "我已到达"), ("我已到达", "开始施工"), ("开始施工", "完工")):
        technician.presses(words)
        technician.page.wait_for_selector(f"button:visible:text-is('{follows}')")
        technician.looks()
    technician_closes_out(technician, photo)
    technician.page.wait_for_url(re.compile("/t/$"))
    for path in ("/t/earned/", "/t/queue/"):
        technician.goes_to(path)
        technician.looks()


def technician_closes_out(technician: Any, photo: Path) -> None:
    """Fill the close-out in, with photo and signature."""
    technician.page.check("[name=close_type][value=fixed]")
    technician.page.locator("summary:visible", has_text="户内").click()
    technician.page.check("[name=fault_cause][value='home.router_or_wifi']")
    for item in loop.CHECKED:
        technician.page.check(f"[name=check_{item}][value=yes]")
    technician.page.set_input_files("[name=photo_service_restored]", str(photo))
    technician.page.fill("#finish_signature_name", "黄婉仪")
    technician.page.locator("canvas").scroll_into_view_if_needed()
    pad = technician.page.locator("canvas").bounding_box()
    technician.page.mouse.move(pad["x"] + 30, pad["y"] + 60)
    technician.page.mouse.down()
    technician.page.mouse.move(pad["x"] + 160, pad["y"] + 110, steps=8)
    technician.page.mouse.up()
    technician.page.wait_for_selector("text=已拍1张")
    technician.page.get_by_role("button", name="完工").click()


def agent_calls_back(agent: Person) -> None:
    agent.goes_to("/service/callbacks/")
    agent.looks()
    agent.page.locator("[data-row] a").first.click()
    agent.looks()
    agent.page.select_option("#id_reached", "yes")
    agent.page.select_option("#id_agrees", "yes")
    agent.page.select_option("#id_score", "10")
    agent.presses("保存回访")
    agent.page.wait_for_selector("text=回访已保存")
    agent.goes_to("/simulator/inbox/")
    agent.looks()


def supervisor_asks_why(supervisor: Person) -> None:
    for path in ("/control/", "/control/parked/", "/standards/", "/standards/assumptions/"):
        supervisor.goes_to(path)
        supervisor.looks()
    supervisor.goes_to("/quality/")
    supervisor.looks()
    supervisor.page.locator("[data-row] a").first.click()
    supervisor.looks()
    assert supervisor.page.get_by_text("为什么是这个金额").count()


def administrator_opens_the_configuration(administrator: Person) -> None:
    administrator.goes_to("/admin/")
