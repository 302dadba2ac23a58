"""The customer's way through the link of a message; nobody signs in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import caches
from django.test import Client

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import clock, runner
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.messaging import api as messaging
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref
from yuanxin.quality import api as quality
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
NOW = kernel_make.at(city.TUESDAY)


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any, tmp_path: Any) -> None:
    caches["limits"].clear()


@pytest.fixture
def here() -> city.City:
    city.rules()
    return city.city()


def link_of(ticket_id: UUID, at: Any = NOW) -> str:
    return f"/c/{messaging.token_of(ref('ticket', ticket_id), city='4406', at=at)}/"


def reported(here: city.City) -> UUID:
    return loop.report(make.client("agent"), here)


def repaired(here: city.City) -> tuple[UUID, UUID]:
    ticket_id, dispatcher = reported(here), make.client("dispatcher")
    work_order_id = loop.pool_order(dispatcher)
    loop.assign(dispatcher, work_order_id)
    loop.visit(make.client_of(here.technician_id), work_order_id)
    runner.drain()
    return ticket_id, work_order_id


def page(address: str, browser: Client | None = None, status: int = 200) -> str:
    answer = (browser or Client()).get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_the_message_carries_a_link_that_shows_the_order_without_a_login(here: city.City) -> None:
    ticket_id = reported(here)
    shown = page(link_of(ticket_id))
    assert "办理进度" in shown
    assert "电信条例" in shown
    assert "婉仪" not in shown
    assert city.PHONE not in shown
    assert "黄**" in shown


def test_the_customer_chooses_another_time_and_then_confirms_and_rates(here: city.City) -> None:
    ticket_id, browser = reported(here), Client()
    address = link_of(ticket_id)
    window = re.findall(r'name="window" value="([^"]+)"', page(f"{address}window/", browser))[-1]
    loop.posted(browser, f"{address}window/", window=window)
    with city.inside("4406"):
        (order,) = fieldwork.work_orders_of(ref("ticket", ticket_id))
        assert order.window_from is not None
        assert order.window_from == datetime.fromisoformat(window.partition("/")[0])
        assert fieldwork.history(order.id)[-1].actor == f"customer:{here.customer_id}"
    assert "新的上门时间已约好" in page(address, browser)
    later = re.findall(r'name="window" value="([^"]+)"', page(f"{address}window/", browser))[-2]
    answer = browser.post(f"{address}window/", {"key": uuid4(), "window": later})
    assert answer.status_code == 422
    loop.posted(browser, f"{address}window/", window=later, reason_code="customer_absent")
    with city.inside("4406"):
        assert fieldwork.history(order.id)[-1].reason_code == "customer_absent"


def test_the_customer_agrees_and_the_ticket_closes(here: city.City) -> None:
    ticket_id, _ = repaired(here)
    browser, address = Client(), link_of(ticket_id)
    assert "修好了吗" in page(address, browser)
    loop.posted(browser, f"{address}confirm/", agrees="yes")
    runner.drain()
    with city.inside("4406"):
        assert care.ticket(ticket_id).state == care.TicketState.CLOSED
    assert "修好了吗" not in page(address, browser)


def test_a_fault_that_is_still_there_reopens_the_ticket(here: city.City) -> None:
    ticket_id, work_order_id = repaired(here)
    browser, address = Client(), link_of(ticket_id)
    loop.posted(browser, f"{address}confirm/", agrees="no", note="还是没信号")
    runner.drain()
    with city.inside("4406"):
        assert care.ticket(ticket_id).state == care.TicketState.IN_PROGRESS
        assert quality.outcome(work_order_id).is_callback_agreed is False


def test_a_begged_score_is_kept_and_does_not_count(here: city.City) -> None:
    ticket_id, work_order_id = repaired(here)
    browser, address = Client(), link_of(ticket_id)
    loop.posted(browser, f"{address}rate/", score="10", begged="on")
    runner.drain()
    with city.inside("4406"):
        rated = care.rating_of(ticket_id)
        assert rated is not None
        assert (rated.score, rated.is_begged) == (10, True)
        assert quality.outcome(work_order_id).is_score_begged
        assert [line.reason_code for line in quality.pay_of(work_order_id)] == ["finished"]
    assert "您的评分" in page(address, browser)


@pytest.mark.parametrize(
    ("path", "told", "words"),
    [
        ("rate/", {"score": "11"}, "11"),
        ("rate/", {}, "请点一个分数"),
        ("confirm/", {}, "请告诉我们是否修好"),
        ("message/", {"text": " "}, "请填写留言"),
        ("window/", {"window": "tomorrow/maybe"}, "tomorrow"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(here: city.City, path: str, told: dict[str, str], words: str) -> None:
    ticket_id = reported(here) if path == "window/" else repaired(here)[0]
    with city.inside("4406"):
        before = care.thread_of(ticket_id)
    answer = Client().post(link_of(ticket_id) + path, {"key": uuid4(), **told})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with city.inside("4406"):
        assert care.thread_of(ticket_id) == before


def test_the_customers_words_reach_the_thread_and_the_staffs_do_not_reach_the_customer(here: city.City) -> None:
    ticket_id, browser = reported(here), Client()
    with city.inside("4406"):
        care.post_message(subject=ref("ticket", ticket_id), text="内部: 机房查一下", at=NOW)
    loop.posted(browser, f"{link_of(ticket_id)}message/", text="门铃坏了, 请打电话")
    shown = page(link_of(ticket_id), browser)
    assert "门铃坏了" in shown
    assert "机房查一下" not in shown
    with city.inside("4406"):
        assert care.thread(ref("ticket", ticket_id))[-1].author == f"customer:{here.customer_id}"


def test_a_score_before_the_work_is_refused_in_words(here: city.City) -> None:
    answer = Client().post(f"{link_of(reported(here))}rate/", {"key": uuid4(), "score": "9"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_second_tap_changes_nothing(here: city.City) -> None:
    ticket_id, _ = repaired(here)
    told = {"key": uuid4(), "score": "9"}
    for _turn in range(2):
        assert Client().post(f"{link_of(ticket_id)}rate/", told).status_code == 302


def test_english_one_tap_away_and_messages_follow(here: city.City) -> None:
    ticket_id, browser = reported(here), Client()
    address = link_of(ticket_id)
    assert browser.post(f"{address}language/", {"language": "en"}).status_code == 302
    assert "We have your report" in page(address, browser)
    assert "We have your report" in page(address)
    with city.inside("4406"):
        assert parties.language_of(here.customer_id) == "en"
    assert browser.post(f"{address}language/", {"language": "xx"}).status_code == 409


def test_a_wrong_link_is_a_friendly_page(here: city.City) -> None:
    token = messaging.token_of(ref("ticket", uuid4()), city="4406", at=NOW)
    for wrong in ("nobody", token, token[:-1], "x" * 300):
        shown = page(f"/c/{wrong}/", status=404)
        assert "链接不完整" in shown
        assert Client().post(f"/c/{wrong}/rate/", {"score": "9"}).status_code == 404


def test_a_link_of_another_city_opens_nothing_here(here: city.City) -> None:
    ticket_id = reported(here)
    page(f"/c/{messaging.token_of(ref('ticket', ticket_id), city='4401', at=NOW)}/", status=404)


def test_an_old_link_is_gone_for_good(here: city.City) -> None:
    ticket_id, _ = repaired(here)
    browser, address = Client(), link_of(ticket_id)
    loop.posted(browser, f"{address}confirm/", agrees="yes")
    clock.set_clock(at=NOW + timedelta(days=16))
    assert "链接已失效" in page(address, status=410)
    later = link_of(ticket_id, at=NOW + timedelta(days=16))
    assert "链接已失效" in page(later, status=410)


def test_who_knocks_too_often_waits(here: city.City, settings: Any) -> None:
    settings.YUANXIN_LINK_REQUESTS = 3
    address = link_of(reported(here))
    assert [Client().get(address).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_link_opens_nothing_else(here: city.City) -> None:
    browser = Client()
    page(link_of(reported(here)), browser)
    assert browser.get("/service/").status_code == 302


def test_the_promised_window_narrows_on_every_page(here: city.City) -> None:
    address = link_of(reported(here))
    dispatcher, technician = make.client("dispatcher"), make.client_of(here.technician_id)
    order = loop.pool_order(dispatcher)
    first = re.findall(r'name="window" value="([^"]+)"', page(f"{address}window/"))[0]
    loop.posted(Client(), f"{address}window/", window=first)
    assert "预计到达" not in page(address)
    loop.assign(dispatcher, order)
    planned = page(address)
    assert "按当前排程，师傅预计到达" in planned
    assert "预计到达" in page(f"/dispatch/{order}/", dispatcher)
    hours = re.findall(r"师傅预计到达 <strong>\S+ (\d\d:\d\d)–(\d\d:\d\d)", planned)[0]
    begins, ends = (datetime.fromisoformat(one) for one in first.split("/"))
    assert f"{begins:%H:%M}" <= hours[0] < hours[1] <= f"{ends:%H:%M}"
    assert "geo:" in page("/t/", technician)
    for step in ("accept", "depart"):
        loop.posted(technician, f"/t/{order}/{step}/")
    assert "师傅已出发，预计到达" in page(address)
    assert "已出发" in page(f"/dispatch/{order}/", dispatcher)
