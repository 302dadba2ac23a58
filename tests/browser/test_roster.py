"""A crew leader's morning in the browser: a week filled by keyboard, the month, leave granted; the phone too."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import PHONE_WIDTH, Person, foshan
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.time import at_minute
from yuanxin.org.tests import make as org
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

__all__ = ["foshan"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = "/dispatch/roster/?from=2026-11-24"
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def a_crew(city: cities.City) -> None:
    """Add technicians of two more grids; one of them has asked for leave, one is lent, one works at night."""
    now = clock.now()
    with cities.inside(city.code):
        crew = [cities.technician(name) for name in ("李建国", "欧阳俊杰", "何敏仪", "梁伟强")]
        grid = org.grid(owner=crew[0])
        shifts = (("day",), ("night",), ("on_call",), ("day", "on_call"))
        cells = [fieldwork.RosterCell(one, FRIDAY, shift) for one, shift in zip(crew, shifts, strict=True)]
        fieldwork.set_duties(cells=cells, at=now)
        fieldwork.lend(technician_id=crew[3], unit_code=grid, from_on=FRIDAY, to_on=FRIDAY, at=now)
        with acting_as(field.as_staff(crew[2], "fieldwork.ask_leave")):
            fieldwork.ask_leave(
                kind=fieldwork.LeaveKind.ANNUAL, starts_at=at_minute(FRIDAY, 0), ends_at=at_minute(FRIDAY, 1440),
                at=now, note="家中有事",
            )  # fmt: skip


def test_a_week_is_filled_by_keyboard_and_leave_is_granted(
    chromium: Any, live_server: LiveServer, foshan: cities.City
) -> None:
    a_crew(foshan)
    leader = Person(chromium, live_server.url, make.staff("crew_leader"))
    leader.goes_to(DESK)
    leader.looks()
    page = leader.page
    page.get_by_label("陈志强").first.focus()
    page.keyboard.press("Space")
    page.get_by_label("排哪些天").select_option("working")
    page.get_by_role("button", name="批量排班：预览").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="保存").wait_for()
    shot(page, "preview")
    page.get_by_role("button", name="保存").focus()
    page.keyboard.press("Enter")
    page.get_by_text("已保存5格").wait_for()
    shot(page, "week")
    leader.goes_to(DESK + "&span=month")
    leader.looks()
    shot(page, "month")
    leader.goes_to(f"{DESK}&person={foshan.technician_id}&on={MONDAY}")
    leader.looks()
    leader.goes_to("/dispatch/roster/requests/")
    leader.looks()
    shot(page, "requests")
    page.get_by_role("button", name="批准").first.click()
    page.get_by_text("已办理").wait_for()
    leader.leaves()
    with cities.inside(foshan.code):
        assert fieldwork.leave_to_decide() == []
        assert foshan.technician_id in fieldwork.shifts_on(MONDAY, [foshan.technician_id], clock.now())


def test_the_technician_sees_his_month_on_the_phone(
    chromium: Any, live_server: LiveServer, foshan: cities.City
) -> None:
    a_crew(foshan)
    leader = Person(chromium, live_server.url, make.staff("crew_leader"), phone=True)
    leader.goes_to(DESK)
    shot(leader.page, "phone-week")
    leader.leaves()
    me = Person(chromium, live_server.url, foshan.technician_id, phone=True)
    me.goes_to("/t/roster/")
    me.looks()
    shot(me.page, "phone-mine")
    page = me.page
    page.get_by_text("申请请假").first.click()
    page.get_by_label("假别").select_option("personal")
    me.presses("申请请假")
    page.get_by_text("已提交").wait_for()
    assert page.viewport_size["width"] == PHONE_WIDTH
    me.leaves()


def shot(page: Any, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
