"""The simulated telephones: conversations, links that open, failures with their reason and a second try."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from yuanxin.kernel import runner
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.messaging.tests import make as messages
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
SOON = kernel_make.at(city.TUESDAY) + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def simulated(settings: Any) -> None:
    settings.YUANXIN_SIMULATORS = True
    settings.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.simulator.SimulatorChannel"}


def told(phone: str = city.PHONE) -> city.City:
    city.rules()
    here = city.city(phone=phone)
    loop.report(make.client("agent"), here)
    runner.drain()
    messages.deliver(at=SOON)
    return here


def page(browser: Client, query: str = "") -> str:
    answer = browser.get(f"/simulator/inbox/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_link_in_a_message_opens_the_customers_page() -> None:
    told()
    shown = page(make.client("agent"))
    assert "139****0044" in shown
    (link,) = re.findall(r'<a href="(/c/[^"]+)"', shown)
    assert "办理进度" in Client().get(link).content.decode()


def test_what_failed_says_why_and_is_sent_again() -> None:
    told(phone="13912340404")
    browser = make.client("dispatcher")
    shown = page(browser, "?state=failed")
    assert "1 失败" in shown
    (address,) = re.findall(r'action="(/simulator/inbox/[^"]+)"', shown)
    assert browser.post(address, {"key": uuid4()}).status_code == 302
    with city.inside("4406"):
        message = messages.only_one()
        assert (message.state, message.error_code, message.ended_at) == ("queued", "", None)
    messages.deliver(at=SOON)
    assert "重发" in page(browser)
    assert "没有符合筛选条件的消息" in page(browser, "?state=delivered")


def test_what_arrived_is_not_sent_again() -> None:
    told()
    with city.inside("4406"):
        message_id: UUID = messages.only_one().id
    answer = make.client("agent").post(f"/simulator/inbox/{message_id}/resend/", {"key": uuid4()}, follow=True)
    assert "只有发送失败的消息才能重发" in answer.content.decode()


@pytest.mark.parametrize("query", ["?customer=x", "?state=nonsense", "?message_class=%00"])
def test_nonsense_in_the_address_is_no_fault(query: str) -> None:
    told()
    page(make.client("agent"), query)


def test_without_simulators_there_is_no_such_page(settings: Any) -> None:
    settings.YUANXIN_SIMULATORS = False
    city.rules()
    assert make.client("agent").get("/simulator/inbox/").status_code == 404
