"""The dispatcher's pages through HTTP, with the real role."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel import clock, runner
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tests.make import at
from yuanxin.parties import api as parties
from yuanxin.published.codes import Service
from yuanxin.web.components.codes import code_words
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import loop, make

NOBODY = "01930000-0000-7000-8000-000000000000"
pytestmark = pytest.mark.django_db
MORNING = at(cities.TUESDAY)
LATER = at("2026-11-24 10:30")


@pytest.fixture
def city() -> cities.City:
    cities.rules()
    return cities.city()


def an_order(city: cities.City, **more: Any) -> UUID:
    """Put an order at the home of the city into the pool."""
    with cities.inside(city.code):
        at_home = {"address_id": city.address_id, "customer_id": city.customer_id, "grid_code": grid_of(city)}
        return field.order(**{**at_home, "opened_at": MORNING, **more})


def grid_of(city: cities.City) -> str:
    """Return the grid of the city's home."""
    return str(parties.address(city.address_id).grid_code)


def test_the_pool_shows_grid_owner_and_counts(city: cities.City) -> None:
    an_order(city)
    page = make.client("dispatcher").get("/dispatch/").content.decode()
    assert "陈志强" in page
    assert "试验花园" in page
    assert re.search(r"待派\s*<span class=\"yx-count\">1<", page)


def test_the_pool_asks_few_questions(city: cities.City) -> None:
    for _ in range(30):
        an_order(city)
    browser = make.client("dispatcher")
    browser.get("/dispatch/")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/dispatch/").status_code == 200
    assert len(asked) <= 25, [one["sql"][:90] for one in asked]


def test_filters_keep_the_tab_and_excel_shows_the_pool(city: cities.City) -> None:
    an_order(city)
    browser = make.client("dispatcher")
    page = browser.get("/dispatch/?state=pending&urgency=late,red").content.decode()
    assert "yx-empty" in page
    assert 'name="state" value="pending"' in page
    assert browser.get("/dispatch/?state=pending&format=xlsx").content[:2] == b"PK"
    assert browser.get("/dispatch/tabs/?state=pending").content.decode().count('aria-current="page"') == 1
    by_itself = browser.get("/dispatch/?state=pending", headers={"X-Yuanxin-Live": "1"}).content.decode()
    assert "<html" not in by_itself
    assert by_itself.count("data-tick ") == 1
    assert browser.get("/dispatch/?urgency=nonsense").status_code == 422


def choice_of(page: str, place: int = 0) -> str:
    """Return what the button of a candidate sends."""
    return re.findall(r'name="choice" value="([^"]+)"', page)[place]


def words_of_reason(code: str) -> str:
    """Return what the timeline says for a reason, in Chinese."""
    with translation.override("zh-hans"):
        return code_words(code, "reassign")


def sent(browser: Client, path: str, **told: Any) -> Any:
    """Send a form with a fresh key."""
    return browser.post(path, {"key": uuid4(), **told})


def test_the_order_page_tells_the_owner_and_prices_in_words(city: cities.City) -> None:
    order = an_order(city)
    page = make.client("dispatcher").get(f"/dispatch/{order}/").content.decode()
    assert 'data-verdict="first"' in page
    assert "包片人" in page
    assert "不用多跑" in page or "路程" in page
    assert "电信条例" in page or "没有在走的时限" in page


def test_where_nobody_can_come_the_page_says_what_would_help(city: cities.City) -> None:
    order = an_order(city, crew_size=2)
    page = make.client("dispatcher").get(f"/dispatch/{order}/").content.decode()
    told = re.search(r'data-way-out="(\w+)"><strong>可行办法</strong> · ([^<]*)</p>', page)
    assert told is not None
    assert told[1] == "hands"
    assert re.search(r"借调人手 × 1 · [\d: –-]+ · 代价相当于 \d+ 分钟车程", told[2])


def test_the_clock_of_the_first_contact_stands_on_the_desk_and_on_the_phone(city: cities.City) -> None:
    order = an_order(city)
    with cities.inside(city.code):
        fieldwork.assign(work_order_id=order, technician_id=city.technician_id, planned_from=LATER, at=MORNING)
        assert fieldwork.start_first_contacts(at=MORNING) == 1
    assert "首次联系 · 考核时钟" in make.client("dispatcher").get(f"/dispatch/{order}/").content.decode()
    phone = make.client_of(city.technician_id)
    assert "首次联系 · 考核时钟" in phone.get(f"/t/{order}/calls/").content.decode()


def test_two_orders_of_one_home_go_together(city: cities.City) -> None:
    first, second = an_order(city), an_order(city, service=Service.TV)
    browser = make.client("dispatcher")
    page = browser.get(f"/dispatch/{first}/").content.decode()
    assert "同一户 2 张单" in page
    assert sent(browser, f"/dispatch/{first}/assign/", choice=choice_of(page), together=str(second)).status_code == 302
    with cities.inside(city.code):
        found = [fieldwork.work_order(one) for one in (first, second)]
    assert {one.technician_id for one in found} == {city.technician_id}
    assert found[0].planned_to == found[1].planned_from


def test_the_second_dispatcher_reads_what_happened(city: cities.City) -> None:
    order = an_order(city)
    one, two = make.client("dispatcher"), make.client("dispatcher")
    choice = choice_of(two.get(f"/dispatch/{order}/").content.decode())
    assert sent(one, f"/dispatch/{order}/assign/", choice=choice).status_code == 302
    answer = sent(two, f"/dispatch/{order}/assign/", choice=choice)
    assert answer.status_code == 422
    assert "刚被别人派给另一名师傅" in answer.content.decode()
    assert "陈志强" in answer.content.decode()


def test_taking_an_order_from_somebody_needs_a_reason(city: cities.City) -> None:
    with cities.inside(city.code):
        other = field.technician("李师傅")
    order, browser = an_order(city), make.client("dispatcher")
    page = browser.get(f"/dispatch/{order}/").content.decode()
    sent(browser, f"/dispatch/{order}/assign/", choice=choice_of(page))
    with cities.inside(city.code):
        had = fieldwork.work_order(order).technician_id
    page = browser.get(f"/dispatch/{order}/").content.decode()
    wanted = next(one for one in re.findall(r'name="choice" value="([^"]+)"', page) if not one.startswith(str(had)))
    refused = sent(browser, f"/dispatch/{order}/assign/", choice=wanted, seen=had)
    assert (refused.status_code, "请写明换人的原因" in refused.content.decode()) == (422, True)
    done = sent(browser, f"/dispatch/{order}/assign/", choice=wanted, seen=had, reason="technician_ill")
    assert done.status_code == 302
    with cities.inside(city.code):
        found = fieldwork.work_order(order)
    assert found.technician_id in {other, city.technician_id} - {had}
    assert words_of_reason("technician_ill") in browser.get(f"/dispatch/{order}/").content.decode()


@pytest.mark.parametrize("choice", ["", "nonsense", "a|b|c", f"{NOBODY}|2026-11-24T10:00|"])
def test_a_broken_choice_is_said_and_changes_nothing(city: cities.City, choice: str) -> None:
    order = an_order(city)
    answer = sent(make.client("dispatcher"), f"/dispatch/{order}/assign/", choice=choice)
    assert (answer.status_code, "请选择一名师傅" in answer.content.decode()) == (422, True)


def test_own_hold_is_told_before_the_click_and_another_decides(city: cities.City) -> None:
    order = an_order(city)
    one, two = make.client("dispatcher"), make.client("dispatcher")
    picture = SimpleUploadedFile("hold.jpg", loop.picture(), "image/jpeg")
    asked = sent(one, f"/dispatch/{order}/hold/", reason_code="customer", note="客户出差", photo=picture)
    assert asked.status_code == 302
    own = one.get(f"/dispatch/{order}/").content.decode()
    assert "须由另一人审批" in own
    assert "批准挂起" not in own
    listed = two.get("/dispatch/holds/").content.decode()
    assert "客户出差" in listed
    other = two.get(f"/dispatch/{order}/?flow=holds").content.decode()
    image = re.findall(rf'src="(/dispatch/{order}/pictures/[^"]+)"', other)[0]
    assert two.get(image)["Content-Type"] == "image/jpeg"
    assert sent(two, f"/dispatch/{order}/hold/approve/", flow="holds")["Location"] == "/dispatch/holds/"
    stale = sent(two, f"/dispatch/{order}/hold/approve/")
    assert stale.status_code == 422


def test_a_selection_is_previewed_and_then_assigned_row_by_row(city: cities.City) -> None:
    orders, browser = [an_order(city) for _ in range(3)], make.client("dispatcher")
    page = browser.post("/dispatch/share/", {"row": orders}).content.decode()
    lines = re.findall(r'name="line" value="([^"]+)"', page)
    assert len(lines) == 3
    with cities.inside(city.code):
        assert {fieldwork.work_order(one).state for one in orders} == {fieldwork.State.PENDING}
    key = uuid4()
    done = browser.post("/dispatch/share/accept/", {"key": key, "line": lines}).content.decode()
    assert "已派 3 张，共 3 张" in done
    assert "已派 3 张，共 3 张" in browser.post("/dispatch/share/accept/", {"key": key, "line": lines}).content.decode()
    again = browser.post("/dispatch/share/accept/", {"key": uuid4(), "line": lines}).content.decode()
    assert "已派 0 张，共 3 张" in again
    assert again.count("您的操作没有生效") == 3


def test_an_empty_or_broken_selection_is_said(city: cities.City) -> None:
    browser = make.client("dispatcher")
    assert browser.post("/dispatch/share/", {}, follow=True).status_code == 200
    assert (
        "预览已失效"
        in browser.post("/dispatch/share/accept/", {"key": uuid4(), "line": "x"}, follow=True).content.decode()
    )
    assert browser.post("/dispatch/share/", {"row": [an_order(city)], "to": str(uuid4())}).status_code == 422


def test_an_order_is_corrected_merged_and_called_off(city: cities.City) -> None:
    first, second, third = (an_order(city) for _ in range(3))
    browser = make.client("dispatcher")
    assert sent(browser, f"/dispatch/{first}/amend/", duration_minutes=90, crew_size=1).status_code == 302
    assert sent(browser, f"/dispatch/{first}/amend/", duration_minutes=0, crew_size=1).status_code == 422
    with cities.inside(city.code):
        number = fieldwork.work_order(first).number
    unknown = sent(browser, f"/dispatch/{second}/merge/", number="W0", reason_code="same_fault")
    assert "没有这个工单号" in unknown.content.decode()
    assert sent(browser, f"/dispatch/{second}/merge/", number=number, reason_code="same_fault").status_code == 302
    assert sent(browser, f"/dispatch/{third}/cancel/", reason_code="customer_withdrew").status_code == 302
    stale = sent(browser, f"/dispatch/{third}/cancel/", reason_code="customer_withdrew")
    assert stale.status_code == 422
    with cities.inside(city.code):
        states = [fieldwork.work_order(one).state for one in (first, second, third)]
        assert fieldwork.work_order(first).duration_minutes == 90
    assert states == [fieldwork.State.PENDING, fieldwork.State.MERGED, fieldwork.State.VOID]


def test_a_handed_over_order_waits_with_the_other_segment(city: cities.City) -> None:
    order, browser = an_order(city), make.client("dispatcher")
    assert "hand-back" not in browser.get(f"/dispatch/{order}/").content.decode()
    told = {"to_segment": "line", "reason_code": "fibre_cut", "note": "3 号楼前光缆被挖断"}
    assert sent(browser, f"/dispatch/{order}/hand-over/", **told).status_code == 302
    assert str(order) in browser.get("/dispatch/?segment=line").content.decode()
    page = browser.get(f"/dispatch/{order}/").content.decode()
    assert "各段用时" in page
    back = sent(browser, f"/dispatch/{order}/hand-back/", reason_code="needs_home_visit", note="")
    assert back.status_code == 302
    assert str(order) in browser.get("/dispatch/?segment=field").content.decode()


def test_a_promised_window_moves_only_with_a_reason(city: cities.City) -> None:
    order, browser = an_order(city), make.client("dispatcher")
    first = {"window_from": "2026-11-25T10:00", "window_to": "2026-11-25T12:00"}
    assert sent(browser, f"/dispatch/{order}/book/", **first).status_code == 302
    later = {"window_from": "2026-11-25T14:00", "window_to": "2026-11-25T16:00"}
    assert sent(browser, f"/dispatch/{order}/book/", **later).status_code == 422
    assert sent(browser, f"/dispatch/{order}/book/", **later, reason_code="customer_asked").status_code == 302
    with cities.inside(city.code):
        assert fieldwork.work_order(order).window_version == 2


def in_review(city: cities.City, *, at: int = 0) -> UUID:
    """Bring an order to the point where its bad test value is looked at; the platform lives three hours later."""
    start = MORNING + timedelta(minutes=at)
    order = an_order(city, opened_at=start)
    with cities.inside(city.code):
        fieldwork.assign(work_order_id=order, technician_id=city.technician_id, planned_from=start, at=start)
        place = parties.address(city.address_id)
        with acting_as(field.as_staff(city.technician_id)):
            fieldwork.accept(work_order_id=order, at=start)
            fieldwork.depart(work_order_id=order, at=start)
            fieldwork.arrive(work_order_id=order, at=start, lng=place.lng, lat=place.lat)
            fieldwork.start(work_order_id=order, at=start)
            field.close(order, at=start + timedelta(minutes=20), tests={"optical_power_dbm": "-29.5 dBm"})
    clock.set_clock(at=MORNING + timedelta(hours=3))
    return order


def test_close_outs_are_looked_at_one_after_the_other(city: cities.City) -> None:
    first, second = in_review(city), in_review(city, at=60)
    browser = make.client("dispatcher")
    listed = browser.get("/dispatch/reviews/").content.decode()
    assert "测试值超限" in listed or "test_out_of_limits" not in listed
    page = browser.get(f"/dispatch/{first}/review/").content.decode()
    assert "超限" in page
    assert page.count("<figure>") >= 1
    image = re.findall(rf'src="(/dispatch/{first}/pictures/[^"]+)"', page)[0]
    assert browser.get(image)["Content-Type"] == "image/jpeg"
    went = sent(browser, f"/dispatch/{first}/review/approve/")
    assert went["Location"] == f"/dispatch/{second}/review/"
    stale = sent(browser, f"/dispatch/{first}/review/approve/")
    assert stale.status_code == 422
    no_reason = sent(browser, f"/dispatch/{second}/review/send-back/")
    assert no_reason.status_code == 422
    back = sent(browser, f"/dispatch/{second}/review/send-back/", reason_code="photo_unclear", note="看不清铭牌")
    assert back["Location"] == "/dispatch/reviews/"
    with cities.inside(city.code):
        states = [fieldwork.work_order(one).state for one in (first, second)]
    assert states == [fieldwork.State.CALLBACK_DUE, fieldwork.State.WORKING]
    assert "看不清铭牌" in browser.get(f"/dispatch/{second}/review/").content.decode()


def test_a_chasing_customer_is_seen_in_the_pool(city: cities.City) -> None:
    agent, browser = make.client("agent"), make.client("dispatcher")
    ticket = loop.report(agent, city)
    order = loop.pool_order(browser)
    with cities.inside(city.code):
        care.chase(ticket_id=ticket, at=MORNING)
    runner.drain()
    assert str(order) in browser.get("/dispatch/?chased=1").content.decode()
    assert "催单 1 次" in browser.get(f"/dispatch/{order}/").content.decode()
