"""What somebody meets who sees the screens for the first time, or means no good."""

from __future__ import annotations

import logging
import re
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from yuanxin.care import api as care
from yuanxin.published.codes import OrderKind, Service
from yuanxin.web.accounts.people import active_staff
from yuanxin.web.technician.closing_form import FinishForm
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
END_OF_TIME = {"window_from": "9999-12-31T20:00", "window_to": "9999-12-31T23:59"}


@pytest.fixture
def home() -> city.City:
    city.rules()
    return city.city()


def shown(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize(("role", "desk"), [("agent", "/service/"), ("technician", "/t/")])
def test_who_has_one_workplace_starts_there(role: str, desk: str, settings: Settings) -> None:
    settings.YUANXIN_SIMULATORS = True
    assert make.client(role).get("/")["Location"] == desk


def test_a_supervisor_chooses_the_desk() -> None:
    assert make.client("city_supervisor").get("/").status_code == 200


def test_dispatcher_and_technician_read_what_is_broken_and_who_goes(home: city.City) -> None:
    dispatcher = make.client("dispatcher")
    loop.report(make.client("agent"), home)
    order = loop.pool_order(dispatcher)
    page = shown(dispatcher, f"/dispatch/{order}/")
    assert "上不了网" in page
    assert make.number_of(home.technician_id) in page
    loop.assign(dispatcher, order)
    assert "上不了网" in shown(make.client_of(home.technician_id), f"/t/{order}/")


def test_the_timeline_speaks_words_and_no_codes(home: city.City) -> None:
    done = loop.run(home)
    page = shown(make.client("agent"), f"/service/tickets/{done.ticket_id}/")
    assert "已关闭 · 客户认可" in page
    assert "customer_agrees" not in page
    told = [page.index(words) for words in ("已关闭 · 客户认可", "待回访 · 已修复", "已解决 · 已修复", "报障</strong>")]
    assert told == sorted(told)
    assert not re.search(r"\bfixed\b", page)


def test_one_click_sent_twice_is_one_chase(home: city.City) -> None:
    agent = make.client("agent")
    ticket_id, key = loop.report(agent, home), uuid4()
    for _ in range(2):
        assert agent.post(f"/service/tickets/{ticket_id}/chase/", {"key": key}).status_code == 302
    agent.post(f"/service/tickets/{ticket_id}/chase/", {"key": "nonsense"})
    with city.inside("4406"):
        assert care.ticket(ticket_id).chases == 1


def test_a_window_at_the_end_of_time_is_refused_at_its_field_and_the_desks_still_open(home: city.City) -> None:
    dispatcher = make.client("dispatch_leader")
    loop.report(make.client("agent"), home)
    order = loop.pool_order(dispatcher)
    answer = dispatcher.post(f"/dispatch/{order}/book/", {"key": uuid4(), **END_OF_TIME})
    assert answer.status_code == 422
    assert "时间太远：最多可约90天内。" in answer.content.decode()
    assert shown(dispatcher, "/dispatch/")


def test_a_login_with_a_nul_is_nobody() -> None:
    assert active_staff("A0001\x00") is None


def test_unexpected_errors_reach_the_error_stream() -> None:
    assert logging.StreamHandler in map(type, logging.getLogger("django").handlers)


def test_a_stale_page_is_told_why_its_button_does_nothing(home: city.City) -> None:
    dispatcher = make.client("dispatch_leader")
    loop.report(make.client("agent"), home)
    order = loop.pool_order(dispatcher)
    for step in ("hold/approve", "hold/refuse", "resume"):
        answer = dispatcher.post(f"/dispatch/{order}/{step}/", {"key": uuid4()})
        assert answer.status_code == 422, step
        assert 'role="alert"' in answer.content.decode(), step


def test_a_stale_phone_is_told_why_its_button_does_nothing(home: city.City) -> None:
    order, technician = loop.run(home).work_order_id, make.client_of(home.technician_id)
    for step in ("accept", "arrive", "finish", "return"):
        told = {"key": uuid4(), "close_type": "fixed", "reason_code": "no_time"}
        answer = technician.post(f"/t/{order}/{step}/", told)
        assert answer.status_code == 422, step
        assert 'role="alert"' in answer.content.decode(), step


@pytest.mark.parametrize(
    "text", ["data:image/png;base64,é", "data:image/png;base64,@@@", "data:image/svg+xml,<svg/>", "x"]
)
def test_a_signature_that_is_no_picture_is_refused_at_its_field(text: str) -> None:
    city.rules()
    with city.inside("4406"):
        form = FinishForm({"signature_png": text}, kind=OrderKind.REPAIR, service=Service.TV)
        assert "signature_png" in form.errors
