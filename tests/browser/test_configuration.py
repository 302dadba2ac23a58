"""The configuration pages and the import of addresses at a screen and on a phone, in both languages; axe everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import Person
from yuanxin.kernel.workdays import set_calendar_day
from yuanxin.org import api as org
from yuanxin.web.tests import administrators, city, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOOD = "小区,区县,经度,纬度\n汇信华府,禅城区,113.12,23.02\n大榄村,440604,,\n"
BAD = ",禅城区,,\n汇信华府,禅城区,,\n罗马,禅城区,12.5,41.9\n"


@pytest.fixture
def foshan(settings: Settings) -> city.City:
    settings.YUANXIN_DEMO = True
    city.rules()
    made = city.city()
    with city.inside("*"):
        org.create_unit(code="440604", name="禅城区", level="district", parent_code="4406")
        set_calendar_day(on=city.FIRST_DAY, is_working=False, name="元旦")
    return made


def test_three_administrators_and_headquarters(chromium: Any, live_server: LiveServer, foshan: city.City) -> None:
    agent = make.staff("agent")
    system = Person(chromium, live_server.url, make.staff("system_admin"))
    unit_is_made(system)
    see(
        system,
        f"/admin/org/staff/{agent}/change/",
        "/admin/org/staff/",
        "/admin/org/staff/add/",
        "/admin/",
        "/admin/org/",
    )
    security = Person(chromium, live_server.url, make.staff("security_admin"))
    role_is_granted(security, make.number_of(agent))
    auditor = Person(chromium, live_server.url, make.staff("security_auditor"))
    see(auditor, f"/admin/org/staff/{agent}/change/", "/admin/kernel/calendarday/", "/admin/messaging/template/")
    keeper = Person(chromium, live_server.url, administrators.headquarters("hq_service_manager"))
    year_is_entered(keeper)
    see(keeper, "/admin/messaging/template/add/", "/admin/academy/certificatekind/add/", "/admin/academy/need/")
    for person in (system, security, auditor, keeper):
        person.leaves()


def see(person: Person, *paths: str) -> None:
    for path in paths:
        person.goes_to(path)
        person.looks()


def unit_is_made(system: Person) -> None:
    see(system, "/admin/org/orgunit/add/")
    system.page.fill("#id_code", "440605")
    system.page.fill("#id_name", "南海区")
    system.page.select_option("#id_level", "city")
    system.page.locator("[name=_save]").click()
    system.page.wait_for_selector("text=代码与层级不符")
    system.page.select_option("#id_level", "district")
    system.page.locator("[name=_save]").click()
    system.page.wait_for_selector(".messagelist .success")
    system.looks()
    system.page.locator("#result_list tbody a").first.click()
    system.looks()


def role_is_granted(security: Person, number: str) -> None:
    see(security, "/admin/org/rolegrant/add/")
    security.page.fill("#id_number", number)
    security.page.select_option("#id_role", "trainer")
    security.page.locator("[name=_save]").click()
    security.page.wait_for_selector(".messagelist .success")
    security.looks()
    security.page.locator("#result_list tbody a").first.click()
    security.looks()


def year_is_entered(keeper: Person) -> None:
    see(keeper, "/admin/kernel/calendarday/year/")
    keeper.page.fill("#id_year", "1901")
    keeper.page.locator("input[type=submit]").click()
    keeper.page.wait_for_selector(".errorlist")
    keeper.page.fill("#id_year", "2025")
    keeper.page.locator("input[type=submit]").click()
    keeper.page.wait_for_selector(".messagelist .success")
    keeper.looks()
    see(keeper, "/admin/kernel/calendarday/2025-12-31/change/", "/admin/kernel/calendarday/add/")


def test_a_file_is_seen_and_stored(chromium: Any, live_server: LiveServer, foshan: city.City, tmp_path: Path) -> None:
    file = tmp_path / "佛山.csv"
    file.write_text(GOOD + BAD, encoding="utf-8")
    clerk = Person(chromium, live_server.url, make.staff("clerk"))
    see(clerk, "/import/addresses/")
    clerk.page.set_input_files("#id_file", str(file))
    clerk.presses("读取文件")
    clerk.page.wait_for_selector("text=坐标在中国境外")
    clerk.looks()
    clerk.presses("可入库行入库")
    clerk.page.wait_for_selector("text=请改正，或选择跳过")
    clerk.page.check("#id_leave_out_bad_rows")
    clerk.presses("可入库行入库")
    clerk.page.wait_for_selector("text=已入库2个地址")
    clerk.looks()
    clerk.page.set_input_files("#id_file", str(file))
    clerk.presses("读取文件")
    clerk.page.wait_for_selector("text=地址重复")
    clerk.leaves()
