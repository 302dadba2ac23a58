"""An agent without a mouse: from the ringing call to the saved ticket and the wrap-up; every page is looked at."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import Person
from yuanxin.care import api as care
from yuanxin.kernel import clock
from yuanxin.web.tests import city, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(settings: Settings) -> city.City:
    settings.YUANXIN_SIMULATORS = settings.YUANXIN_DEMO = True
    settings.YUANXIN_EXCHANGE = "yuanxin.care.cti.simulator.SimulatedExchange"
    city.rules()
    return city.city()


def ring(number: str) -> UUID:
    """Let somebody call, as the exchange does."""
    with city.inside("4406"):
        return care.ring_call(caller_number=number, queue="96956", at=clock.now())


def press(agent: Person, key: str, arrives: str) -> None:
    """Press a key and wait for the words that come of it."""
    agent.page.keyboard.press(key)
    agent.page.wait_for_selector(f"text={arrives}")


def test_from_the_ring_to_the_saved_ticket_by_keyboard(chromium: Any, live_server: LiveServer, home: city.City) -> None:
    agent = Person(chromium, live_server.url, make.staff("agent"))
    agent.goes_to("/service/")
    press(agent, "g", "示忙")
    ring("+86 139/1234 0044")
    agent.page.wait_for_selector("[data-key=a]")  # the bar learns of it by itself
    agent.looks()
    press(agent, "?", "关闭")
    assert "接听" in agent.page.inner_text("#yx-keys")
    agent.page.keyboard.press("Escape")
    press(agent, "a", "下一步")
    agent.looks()
    press(agent, "r", "作出承诺并保存")
    agent.page.wait_for_selector("text=尚无已核实的法定时限")  # the promise stands there before anything is saved
    agent.page.keyboard.press("s")
    agent.page.wait_for_url(re.compile("/service/tickets/"))
    agent.looks()
    press(agent, "4", "已催单")
    press(agent, "u", "已撤回")
    press(agent, "e", "话后小结")
    agent.looks()
    press(agent, "n", "就绪")
    with city.inside("4406"):
        [call], [ticket] = care.calls_of(home.customer_id), care.tickets_of(home.customer_id)
    assert (call.outcome, ticket.chases) == ("ticket", 1)
    agent.leaves()


def test_search_open_and_one_key_without_a_mouse(chromium: Any, live_server: LiveServer, home: city.City) -> None:
    agent = Person(chromium, live_server.url, make.staff("agent"))
    agent.goes_to("/service/")
    agent.page.keyboard.press("/")
    agent.page.keyboard.type("0044")
    agent.page.keyboard.press("Enter")
    agent.page.wait_for_url(re.compile("/service/customers/"))
    press(agent, "2", "已记录：余额")
    press(agent, "u", "已撤回")
    agent.page.evaluate("localStorage.setItem('yuanxin.keys.off', '1')")
    agent.page.reload()
    agent.page.keyboard.press("2")  # switched off: nothing is saved
    agent.page.evaluate("localStorage.removeItem('yuanxin.keys.off')")
    with city.inside("4406"):
        assert care.contacts_of(home.customer_id) == []
    agent.leaves()


def test_the_other_pages_of_calls_are_fit_for_everybody(
    chromium: Any, live_server: LiveServer, home: city.City
) -> None:
    agent = Person(chromium, live_server.url, make.staff("agent"))
    ring("0757-8333 1234")
    for path in ("/simulator/calls/", "/service/calls/"):
        agent.goes_to(path)
        agent.looks()
    agent.goes_to("/service/")
    press(agent, "g", "示忙")
    press(agent, "a", "来电是谁")
    agent.looks()
    press(agent, "t", "首问责任")
    agent.looks()
    agent.leaves()
