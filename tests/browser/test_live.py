"""Pages that move by themselves: news within seconds, nothing the reader did is lost; keys; the signature of a day."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import Person
from yuanxin.kernel import runner
from yuanxin.web.tests import city, loop, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def foshan(settings: Settings) -> city.City:
    settings.YUANXIN_SIMULATORS = settings.YUANXIN_DEMO = True
    city.rules()
    here = city.city()
    agent = make.client("agent")
    loop.report(agent, here)
    loop.report(agent, here, "tv", "tv_fault")
    runner.drain()
    return here


def test_the_board_moves_by_itself_and_keeps_what_the_reader_did(
    chromium: Any, live_server: LiveServer, foshan: city.City
) -> None:
    leader = Person(chromium, live_server.url, make.staff("dispatch_leader"))
    leader.goes_to("/control/")
    leader.looks()
    page = leader.page
    page.get_by_text("数字口径").click()
    page.get_by_text("显示列").click()
    page.locator("#list [data-row] a").first.focus()
    focused = page.evaluate("document.activeElement.textContent")
    before = page.locator("#ticker li").count()
    loop.another_fault(make.client("agent"), foshan)
    runner.drain()
    page.locator("#ticker li").nth(before).wait_for(timeout=20_000)
    page.locator("#list [data-row]").nth(2).wait_for(timeout=20_000)
    assert page.locator(".yx-figures strong").nth(3).text_content() == "3"
    assert page.evaluate("document.activeElement.textContent") == focused
    assert page.locator("details[open]").count() == 2
    assert page.locator("#yx-connection").is_hidden()
    leader.leaves()


def test_a_session_that_ends_says_so_and_stops_asking(
    chromium: Any, live_server: LiveServer, foshan: city.City, settings: Settings
) -> None:
    settings.YUANXIN_LIVE_SESSION_S = 0.0
    leader = Person(chromium, live_server.url, make.staff("dispatch_leader"))
    leader.goes_to("/control/")
    page = leader.page
    leader.context.clear_cookies()
    page.locator("#yx-connection a").wait_for(timeout=20_000)
    assert "登录已失效" in page.locator("#yx-connection").text_content()
    assert page.locator("#yx-connection a").get_attribute("href").endswith("?next=%2Fcontrol%2F")


def test_the_end_of_the_day_by_keyboard(chromium: Any, live_server: LiveServer, foshan: city.City) -> None:
    leader = Person(chromium, live_server.url, make.staff("crew_leader"))
    leader.goes_to("/control/day/")
    leader.looks()
    page = leader.page
    page.keyboard.press("?")
    assert "选中当前行" in page.locator("#yx-keys").text_content()
    page.keyboard.press("Escape")
    page.locator("#yx-keys").wait_for(state="hidden")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("[data-ticked]", has_text="1").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("[data-ticked]", has_text="2").wait_for()
    page.locator("#id_person_id").select_option(str(foshan.technician_id))
    page.locator("#id_until").fill("2026-11-25T10:00")
    leader.presses("落实所选工单")
    assert "2张单已落实责任人和时限" in page.content()
    page.locator("td[data-label=网格] a").first.click()
    leader.looks()
    leader.presses("签收今日")
    assert "日清签收单" in page.content()
    leader.looks()
    leader.leaves()


def test_a_filter_is_kept_and_pinned(chromium: Any, live_server: LiveServer, foshan: city.City) -> None:
    leader = Person(chromium, live_server.url, make.staff("dispatch_leader"))
    leader.goes_to("/control/?stage=pooled,opened&size=50")
    page = leader.page
    page.keyboard.press("s")
    page.keyboard.type("没派的")
    page.get_by_label("置顶并显示条数").check()
    page.get_by_role("button", name="保存").first.click()
    assert page.locator(".yx-saved [aria-current]").text_content() == "没派的 2"
    leader.looks()
    leader.goes_to("/lists/")
    leader.looks()
    leader.leaves()
