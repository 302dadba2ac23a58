"""The agent's questions, the pasted message and the complaint in a real browser, by keys, in both languages."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import Person
from yuanxin.web.tests import city, loop, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def foshan(settings: Settings) -> city.City:
    settings.YUANXIN_SIMULATORS = settings.YUANXIN_DEMO = True
    city.rules()
    return city.city()


def test_questions_are_answered_by_keys(chromium: object, live_server: LiveServer, foshan: city.City) -> None:
    agent = Person(chromium, live_server.url, make.staff("agent"))
    agent.goes_to(f"/service/customers/{foshan.customer_id}/report/")
    agent.looks()
    for words in ("所有电视都这样", "屏幕上显示什么", "机顶盒电源灯亮不亮"):
        agent.page.keyboard.press("2" if words.startswith("屏幕") else "1")
        agent.page.get_by_text(words).first.wait_for()
    agent.page.keyboard.press("1")
    agent.page.get_by_text("指导用户切换电视信号源").first.wait_for()
    agent.page.keyboard.press("1")
    agent.page.get_by_text("已保存，无需上门").wait_for()
    agent.leaves()


def test_desk_pages_are_readable_for_everybody(chromium: object, live_server: LiveServer, foshan: city.City) -> None:
    browser = make.client("agent")
    ticket_id = loop.report(browser, foshan)
    loop.posted(browser, f"/thread/ticket:{ticket_id}/post/", text="@机房 请查光功率")
    told = {"category": "billing", "service": "tv", "channel": "phone", "source": "own", "note": "多扣了26元"}
    complaint = loop.posted(browser, f"/service/complaints/new/?customer={foshan.customer_id}", **told)["Location"]
    agent = Person(chromium, live_server.url, make.staff("agent"))
    for path in (
        f"/service/tickets/{ticket_id}/", complaint, "/service/paste/", "/service/complaints/",
        "/service/complaints/new/", "/service/triage/", f"/thread/ticket:{ticket_id}/",
    ):  # fmt: skip
        agent.goes_to(path)
        agent.looks()
    agent.goes_to(f"/service/customers/{foshan.customer_id}/report/")
    agent.page.get_by_label("业务").select_option("broadband")
    agent.page.get_by_text("这户已报过障").wait_for()
    agent.leaves()
