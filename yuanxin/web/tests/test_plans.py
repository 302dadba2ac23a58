"""Other plans through HTTP: asked for, watched, taken over in whole or part, refused, taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel import clock
from yuanxin.parties import api as parties
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> cities.City:
    cities.rules()
    return cities.city()


def in_pool(city: cities.City, count: int) -> list[UUID]:
    """Put orders of the city's home, due tomorrow, into the pool."""
    with cities.inside(city.code):
        now = clock.now()
        grid_code = str(parties.address(city.address_id).grid_code)
        at_home: dict[str, Any] = {"address_id": city.address_id, "grid_code": grid_code}
        return [
            field.order(opened_at=now - timedelta(hours=1), due_at=now + timedelta(days=1), **at_home)
            for _ in range(count)
        ]


def asked(browser: Client, city: cities.City) -> UUID:
    """Ask for a plan on the page and let it be computed."""
    answer = browser.post("/dispatch/runs/ask/", {"key": uuid4()})
    assert answer.status_code == 302
    plan = UUID(re.findall(r"[0-9a-f-]{36}", answer.headers["Location"])[0])
    with cities.inside(city.code):
        fieldwork.compute_proposal(proposal_id=plan, at=clock.now())
    return plan


def text(answer: Any) -> str:
    return str(answer.content.decode())


def state_of(city: cities.City, orders: list[UUID]) -> set[str]:
    with cities.inside(city.code):
        return {str(fieldwork.work_order(one).state) for one in orders}


def test_the_button_of_the_pool_asks_for_a_plan_and_the_page_shows_how_far_it_is(city: cities.City) -> None:
    in_pool(city, 1)
    browser = make.client("dispatcher")
    assert "运算改派方案" in text(browser.get("/dispatch/"))
    answer = browser.post("/dispatch/runs/ask/", {"key": uuid4()}, follow=True)
    assert "排队中" in text(answer)
    assert 'data-live-every="1"' in text(answer)
    plan = re.findall(r"/dispatch/runs/([0-9a-f-]{36})/", answer.request["PATH_INFO"])[0]
    assert "0 %" in text(browser.get(f"/dispatch/runs/{plan}/state/"))
    assert browser.post(f"/dispatch/runs/{plan}/cancel/", {"key": uuid4()}).status_code == 302
    assert "已停止" in text(browser.get(f"/dispatch/runs/{plan}/"))


def test_a_plan_is_read_taken_over_and_taken_back(city: cities.City) -> None:
    orders = in_pool(city, 3)
    browser = make.client("dispatcher")
    plan = asked(browser, city)
    page = text(browser.get(f"/dispatch/runs/{plan}/"))
    assert "变动 3 单" in page
    assert "基线（就近派单）" in page
    assert "影响已告知用户 0 户" in page
    answer = browser.post(f"/dispatch/runs/{plan}/accept/", {"key": uuid4(), "what": "all"}, follow=True)
    assert "已按方案改派 3 单。" in text(answer)
    assert state_of(city, orders) == {"offered"}
    deeds = text(browser.get("/dispatch/undo/"))
    assert "采纳方案" in deeds
    (deed,) = re.findall(r'name="deed" value="([0-9a-f-]{36})"', deeds)
    answer = browser.post("/dispatch/undo/last/", {"key": uuid4(), "deed": deed}, follow=True)
    assert "已撤销" in text(answer)
    assert state_of(city, orders) == {"pending"}
    assert "暂无可撤销的操作" in text(browser.get("/dispatch/undo/"))


def test_only_what_is_ticked_is_taken_and_what_moved_on_is_named(city: cities.City) -> None:
    orders = in_pool(city, 3)
    browser = make.client("dispatcher")
    plan = asked(browser, city)
    with cities.inside(city.code):
        changes = fieldwork.proposal(plan).changes
        gone = changes[0]
        fieldwork.cancel(work_order_id=gone.work_order_id, reason_code="duplicate", at=clock.now())
    nothing = browser.post(f"/dispatch/runs/{plan}/accept/", {"key": uuid4(), "what": "ticked"})
    assert nothing.status_code == 422
    assert "请至少勾选一单" in text(nothing)
    told = {"key": uuid4(), "what": "ticked", "change": [str(one.id) for one in changes[:2]]}
    page = text(browser.post(f"/dispatch/runs/{plan}/accept/", told, follow=True))
    assert f"工单 {gone.number} 在方案生成后又有变动" in page
    assert "部分采纳" in page
    assert state_of(city, orders) == {"void", "offered", "pending"}
    again = browser.post(f"/dispatch/runs/{plan}/accept/", {"key": uuid4(), "what": "all"})
    assert again.status_code == 422
    assert "该方案已处理" in text(again)


def test_a_plan_is_refused_with_a_reason_and_the_record_keeps_it(city: cities.City) -> None:
    in_pool(city, 1)
    browser = make.client("dispatcher")
    plan = asked(browser, city)
    told = {"key": uuid4(), "reason": "knows_better"}
    assert "现场另有安排" in text(browser.post(f"/dispatch/runs/{plan}/refuse/", told, follow=True))
    assert "不采纳" in text(browser.get("/dispatch/runs/"))
    assert str(plan) in text(browser.get("/dispatch/runs/log/"))


def test_an_agent_neither_sees_nor_decides(city: cities.City) -> None:
    in_pool(city, 1)
    plan = asked(make.client("dispatcher"), city)
    agent = make.client("agent")
    assert agent.get(f"/dispatch/runs/{plan}/").status_code == 403
    assert agent.post(f"/dispatch/runs/{plan}/accept/", {"key": uuid4(), "what": "all"}).status_code == 403


def test_a_stale_undo_is_said_on_the_page(city: cities.City) -> None:
    (order,) = in_pool(city, 1)
    browser = make.client("dispatcher")
    plan = asked(browser, city)
    browser.post(f"/dispatch/runs/{plan}/accept/", {"key": uuid4(), "what": "all"})
    with cities.inside(city.code):
        fieldwork.accept(work_order_id=order, at=clock.now())
    assert "不能撤销" in text(browser.get("/dispatch/undo/"))
    answer = browser.post("/dispatch/undo/last/", {"key": uuid4()})
    assert answer.status_code == 422
    assert "不能再撤销" in text(answer)
