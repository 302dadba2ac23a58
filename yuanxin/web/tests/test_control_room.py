"""The control room: every figure opens its orders, what just happened is told in words, the day is signed."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.html import strip_tags

from yuanxin.kernel import runner
from yuanxin.supervision import api as supervision
from yuanxin.web.http import live
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
BY_ITSELF = {live.HEADER: "1"}


@pytest.fixture
def here(settings: Any) -> city.City:
    settings.YUANXIN_LIVE_VERSION_S = settings.YUANXIN_LIVE_PART_S = 0.0
    city.rules()
    home = city.city()
    agent = make.client("agent")
    loop.report(agent, home)
    loop.report(agent, home, "tv", "tv_fault")
    runner.drain()
    return home


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def test_every_figure_opens_as_many_orders_as_it_says(here: city.City) -> None:
    browser = make.client("city_supervisor")
    page = text(browser.get("/control/"))
    figures = re.findall(r'href="/control/(\?[^"#]+)#list"[^>]*>(?:<strong>)?(\d+)<', page.replace("&amp;", "&"))
    assert any("colour=green" in query and count == "2" for query, count in figures)
    for query, count in figures:
        assert f"共{count}条" in text(browser.get(f"/control/{query}")), query


def test_grids_stand_by_name_and_the_forecast_says_its_minutes(here: city.City) -> None:
    page = text(make.client("city_supervisor").get("/control/top/"))
    assert "网格" in page
    assert "40分钟后将超时0单" in strip_tags(page)
    assert not re.search(r">4406\d+</a>", page)


def test_what_just_happened_is_told_in_words_to_an_open_page(here: city.City) -> None:
    browser, agent = make.client("city_supervisor"), make.client("agent")
    before = browser.get("/control/ticker/", headers=BY_ITSELF)
    assert text(before).count("新报障") == 2
    same = browser.get("/control/ticker/", headers={**BY_ITSELF, "If-None-Match": before["ETag"]})
    assert same.status_code == 304
    loop.another_fault(agent, here)
    assert text(browser.get("/control/ticker/", headers=BY_ITSELF)).count("新报障") == 3


def test_the_day_names_people_and_is_signed_with_a_remark(here: city.City) -> None:
    leader = make.client("crew_leader")
    with city.inside("4406"):
        (unit,) = supervision.units_today()
        both = supervision.day_list.ids({}, most=10)
    page = text(leader.get(f"/control/day/?grid={unit.unit_code}"))
    assert "在途2单，未落实2单" in page
    refused = leader.post("/control/day/sign/", {"key": uuid4(), "unit_code": unit.unit_code, "remark": ""})
    assert "还有2张单没有责任人或时限" in text(refused, 422)
    told = {"person_id": here.technician_id, "until": "2026-11-25T10:00", "row": [str(one) for one in both]}
    assert leader.post("/control/day/name/", {"key": uuid4(), **told}).status_code == 302
    signed = leader.post("/control/day/sign/", {"key": uuid4(), "unit_code": unit.unit_code, "remark": ""}, follow=True)
    assert text(signed).count("陈志强") == 2
    assert re.search(r"签收</th>.*?\d\d:\d\d", text(leader.get("/control/day/")), re.S)


def test_naming_nobody_or_no_order_is_said_on_the_page(here: city.City) -> None:
    leader = make.client("crew_leader")
    told = {"key": uuid4(), "person_id": here.technician_id, "until": "2026-11-25T10:00"}
    assert "请先至少选中一条" in text(leader.post("/control/day/name/", told), 422)
    past = {**told, "key": uuid4(), "until": "2026-11-01T10:00", "all_matching": "1", "matching": ""}
    assert "请选择当前时间之后的时限" in text(leader.post("/control/day/name/", past), 422)


def test_a_dead_job_is_shown_in_its_city_and_tried_again(here: city.City) -> None:
    with city.inside("4406"):
        from_here = job("4406")
        from_there = job("4401")
    browser = make.client("city_supervisor")
    page = text(browser.get("/control/parked/"))
    assert f"/control/jobs/{from_here}/revive/" in page
    assert f"/control/jobs/{from_there}/revive/" not in page
    assert browser.post(f"/control/jobs/{from_there}/revive/").status_code == 404
    browser.post(f"/control/jobs/{from_here}/revive/")
    assert "没有失败的后台任务" in text(browser.get("/control/parked/"))


def job(tenant: str) -> int:
    """Make a job that used up its attempts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, priority, args, status, attempts) VALUES"
            " ('messaging.send', 'default', 0, jsonb_build_object('tenant', %s::text), 'failed', 8) RETURNING id",
            [tenant],
        )
        return int(cursor.fetchone()[0])
