"""The loop through HTTP, and what each desk shows of it."""

from __future__ import annotations

import re
import struct
import time
import zlib
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yuanxin.kernel import clock, runner
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def foshan_city() -> city.City:
    city.rules()
    return city.city()


def test_the_loop_leads_from_the_report_to_the_pay(foshan_city: city.City) -> None:
    done = loop.run(foshan_city)
    supervisor = make.client("city_supervisor")
    assert "为什么是这个金额" in page(supervisor, f"/quality/{done.work_order_id}/")
    assert "已关闭" in page(make.client("agent"), f"/service/tickets/{done.ticket_id}/")
    assert "今日收入" in page(make.client_of(foshan_city.technician_id), "/t/earned/")


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_complaint_is_taken_from_the_customers_page(foshan_city: city.City) -> None:
    agent = make.client("agent")
    address = f"/service/customers/{foshan_city.customer_id}/contact/"
    told = {"channel": "phone", "reason_code": "billing", "outcome": "complaint", "note": "账单不对"}
    loop.posted(agent, address, **told)
    assert "账单" in page(agent, "/service/complaints/")
    assert "投诉" in page(agent, f"/service/customers/{foshan_city.customer_id}/")


def test_a_fault_solved_on_the_telephone_needs_no_visit(foshan_city: city.City) -> None:
    agent = make.client("agent")
    ticket_id = loop.report(agent, foshan_city)
    loop.posted(agent, f"/service/tickets/{ticket_id}/solved/")
    runner.drain()
    assert "已关闭" in page(agent, f"/service/tickets/{ticket_id}/")
    assert "没有符合筛选条件" in page(make.client("dispatcher"), "/dispatch/?state=pending")


def test_the_promise_stands_on_the_page_before_anything_is_saved(foshan_city: city.City) -> None:
    address = f"/service/customers/{foshan_city.customer_id}/promise/?address_id={foshan_city.address_id}&service="
    agent = make.client("agent")
    broadband, television = page(agent, address + "broadband"), page(agent, address + "tv")
    assert "电信条例" in broadband
    assert "法定时钟" in broadband
    assert "尚无已核实的法定时限" in television
    assert "法定时钟" not in television
    assert "目前没有内容" in page(agent, "/service/")


def test_the_window_that_the_caller_agrees_to_is_promised_at_once(foshan_city: city.City) -> None:
    agent = make.client("agent")
    address = f"/service/customers/{foshan_city.customer_id}/"
    offers = page(agent, f"{address}promise/?address_id={foshan_city.address_id}&service=broadband")
    window = re.findall(r'name="window"[^>]* value="([^"]+/[^"]+)"', offers)[0]
    told = {"address_id": foshan_city.address_id, "service": "broadband", "fault_code": "no_internet"}
    loop.posted(agent, f"{address}report/", **told, channel="phone", window=window)
    order = loop.pool_order(make.client("dispatcher"))
    assert "已预约时段" in page(make.client("dispatcher"), f"/dispatch/{order}/")


def test_the_best_three_windows_stand_first_with_their_price_and_a_wish_filters(foshan_city: city.City) -> None:
    agent = make.client("agent")
    asked = f"/service/customers/{foshan_city.customer_id}/promise/?address_id={foshan_city.address_id}"
    shown = page(agent, asked + "&service=broadband")
    best, _others, _ = shown.partition("其余时段")
    assert best.count("代价") == 3
    assert best.count("可约") + best.count("紧张") == 3
    assert "可约" in shown
    tomorrow = timezone.localdate(clock.now()) + timedelta(days=1)
    wished = page(agent, f"{asked}&service=broadband&wish={tomorrow}:pm")
    times = re.findall(r'name="window"[^>]* value="([^"]+)/', wished)
    assert times
    assert all(datetime.fromisoformat(one).date() == tomorrow for one in times)
    assert all(datetime.fromisoformat(one).hour >= 12 for one in times)
    assert "明天" in page(agent, f"/service/customers/{foshan_city.customer_id}/report/")


def test_a_second_report_is_warned_of_the_first(foshan_city: city.City) -> None:
    agent = make.client("agent")
    loop.report(agent, foshan_city)
    address = f"/service/customers/{foshan_city.customer_id}/promise/?address_id={foshan_city.address_id}"
    assert "这户已报过障" in page(agent, address + "&service=broadband")
    television = page(agent, address + "&service=tv")
    assert "这户已报过障" not in television
    assert "该户另有业务未修复" in television


def test_a_second_click_saves_one_ticket(foshan_city: city.City) -> None:
    agent, key = make.client("agent"), "01a20000-0000-7000-8000-000000000001"
    told = {"key": key, "address_id": foshan_city.address_id, "service": "tv", "fault_code": "tv_fault"}
    address = f"/service/customers/{foshan_city.customer_id}/report/"
    first, second = (agent.post(address, {**told, "channel": "phone"})["Location"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fault_code": "tv_fault"}, "选择一个有效的选项"),
        ({"wanted_from": "2026-11-25T10:00"}, "请同时填写起止时间"),
        ({"wanted_from": "2026-11-20T10:00", "wanted_to": "2026-11-20T12:00"}, "希望的时间已过"),
        ({"window": "tomorrow/maybe"}, "请从列表中选择时段"),
        ({"note": "长" * 501}, "500"),
        ({"key": ""}, "这个字段是必填项"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_saved(
    foshan_city: city.City, changes: dict[str, str], words: str
) -> None:
    agent = make.client("agent")
    told = {"key": str(uuid4()), "address_id": foshan_city.address_id, "service": "broadband"}
    told |= {"fault_code": "no_internet", "channel": "phone"} | changes
    answer = agent.post(f"/service/customers/{foshan_city.customer_id}/report/", told)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "目前没有内容" in page(agent, "/service/")


HOSTILE = {
    "svg": ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "image/svg+xml"),
    "page": ("x.jpg", b"<html><script>1</script></html>", "image/jpeg"),
    "empty": ("x.jpg", b"\xff\xd8\xff", "image/jpeg"),
    "heavy": ("x.jpg", b"\xff\xd8\xff" + bytes(13 * 1024 * 1024), "image/jpeg"),
}


@pytest.mark.parametrize("kind", [*HOSTILE, "wide"])
def test_hostile_pictures_are_refused_at_once(foshan_city: city.City, kind: str) -> None:
    dispatcher, technician = make.client("dispatcher"), make.client_of(foshan_city.technician_id)
    loop.report(make.client("agent"), foshan_city)
    order = loop.pool_order(dispatcher)
    loop.assign(dispatcher, order)
    loop.begin(technician, order)
    name, content, content_type = HOSTILE.get(kind) or ("x.png", wide_picture(), "image/png")
    told = {"key": uuid4(), "close_type": "fixed", "fault_cause": "home.box_failed", "signature_name": "黄婉仪"}
    told["signature_png"] = loop.signature()
    started = time.monotonic()
    answer = technician.post(f"/t/{order}/finish/", told | {"photo": SimpleUploadedFile(name, content, content_type)})
    assert time.monotonic() - started < 5
    assert answer.status_code == 422
    assert "施工中" in page(technician, f"/t/{order}/")


def wide_picture() -> bytes:
    """Return a PNG whose header claims 50,000 pixels each way."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
