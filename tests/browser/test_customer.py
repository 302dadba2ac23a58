"""The customer's pages on a telephone, the simulated telephones, the quality desk; axe everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import PHONE_WIDTH, Person
from yuanxin.kernel import runner
from yuanxin.kernel.clock import now
from yuanxin.messaging import api as messaging
from yuanxin.messaging.tests import make as messages
from yuanxin.published.refs import ref
from yuanxin.web.tests import city, loop, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Customer(Person):
    """Somebody at home with a telephone and no account; scripts are off, as on very old telephones."""

    def __init__(self, chromium: Any, server: str) -> None:
        self.server, self.faults = server, list[str]()
        self.context = chromium.new_context(viewport={"width": PHONE_WIDTH, "height": 844})
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))


@pytest.fixture
def foshan(settings: Settings) -> city.City:
    settings.YUANXIN_SIMULATORS = settings.YUANXIN_DEMO = True
    settings.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.simulator.SimulatorChannel"}
    caches["limits"].clear()
    city.rules()
    return city.city()


def test_the_customer_follows_and_answers(chromium: Any, live_server: LiveServer, foshan: city.City) -> None:
    agent, dispatcher = make.client("agent"), make.client("dispatcher")
    ticket_id = loop.report(agent, foshan)
    work_order_id = loop.pool_order(dispatcher)
    with city.inside("4406"):
        address = f"/c/{messaging.token_of(ref('ticket', ticket_id), city='4406', at=now())}/"
    customer = Customer(chromium, live_server.url)
    customer.goes_to(address)
    customer.looks()
    customer.page.get_by_role("link", name="选择上门时间").click()
    customer.looks()
    customer.page.get_by_role("radio").last.check()
    customer.presses("确认预约")
    assert "新的上门时间已约好" in customer.page.content()
    loop.assign(dispatcher, work_order_id)
    loop.visit(make.client_of(foshan.technician_id), work_order_id)
    runner.drain()
    customer.goes_to(address)
    customer.looks()
    customer.presses("9")
    assert "感谢您的评分" in customer.page.content()
    customer.page.get_by_label("还有什么问题").fill("晚上又断网")
    customer.presses("没修好")
    assert "再次上门" in customer.page.content()
    customer.looks()
    assert customer.page.goto(f"{live_server.url}/c/nobody/").status == 404
    customer.leaves()
    runner.drain()
    with city.inside("4406"):
        until = now()
    messages.deliver(at=until)
    the_desks(chromium, live_server, work_order_id)


def the_desks(chromium: Any, live_server: LiveServer, work_order_id: Any) -> None:
    """Look at the telephones and at the quality desk, and inspect."""
    desk = Person(chromium, live_server.url, make.staff("agent"))
    desk.goes_to("/simulator/inbox/")
    desk.looks()
    desk.leaves()
    inspector = Person(chromium, live_server.url, make.staff("quality_inspector"))
    for page in ("", "lines/", "statements/", "inspections/?state=open", f"inspections/{work_order_id}/"):
        inspector.goes_to(f"/quality/{page}")
        inspector.looks()
    inspector.page.get_by_label("故障未修复").check()
    inspector.presses("保存质检结果")
    inspector.goes_to(f"/quality/{work_order_id}/")
    inspector.page.locator("summary").last.click()
    inspector.looks()
    inspector.leaves()
