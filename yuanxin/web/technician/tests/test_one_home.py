"""Orders of one home on the phone and on the dispatcher's page: one stop, three countdowns, one button for all."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import clock
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db


def planned(home: city.City) -> list[UUID]:
    """Three reports of one home, given to one technician together."""
    agent, dispatcher = make.client("agent"), make.client("dispatcher")
    loop.report(agent, home)
    loop.another_fault(agent, home, "tv", "tv_fault")
    loop.another_fault(agent, home, "broadband", "slow_speed")
    orders = re.findall(
        r'href="/dispatch/([0-9a-f-]{36})/"', dispatcher.get("/dispatch/?state=pending").content.decode()
    )
    first, *others = list(dict.fromkeys(orders))
    page = dispatcher.get(f"/dispatch/{first}/").content.decode()
    choice = re.findall(r'name="choice" value="([^"]+)"', page)[0]
    loop.posted(dispatcher, f"/dispatch/{first}/assign/", choice=choice, together=others)
    return [UUID(order) for order in (first, *others)]


@pytest.fixture
def home() -> city.City:
    city.rules()
    return city.city()


def test_the_day_shows_one_stop_with_three_countdowns(home: city.City) -> None:
    orders = planned(home)
    today = make.client_of(home.technician_id).get("/t/").content.decode()
    assert today.count("yx-stop-place") == 1
    assert "合并上门 · 3张工单" in today
    assert today.count("data-due=") + today.count("yx-due") >= 3
    assert all(f"/t/{order}/" in today for order in orders)


def test_one_press_counts_for_all_and_the_page_says_what_else_is_done_here(home: city.City) -> None:
    orders = planned(home)
    phone = make.client_of(home.technician_id)
    page = phone.get(f"/t/{orders[0]}/").content.decode()
    assert "接单、出发、到场打卡只需一次" in page
    assert all(f"/t/{order}/" in page for order in orders[1:])
    loop.posted(phone, f"/t/{orders[1]}/accept/")
    loop.posted(phone, f"/t/{orders[2]}/depart/")
    with city.inside(home.code):
        found = {one.state for one in fieldwork.today(home.technician_id, clock.now())}
    assert found == {fieldwork.State.EN_ROUTE}


def test_the_dispatcher_reads_which_orders_go_together(home: city.City) -> None:
    first, *others = planned(home)
    page = make.client("dispatcher").get(f"/dispatch/{first}/").content.decode()
    assert page.count('<span class="yx-tag">合并上门</span>') == 2
    assert "只跑一趟、打一次卡" in page
    assert all(str(order) in page for order in others)
