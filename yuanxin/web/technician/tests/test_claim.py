"""Taking orders oneself: off by default, of two the second reads why."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as field_make
from yuanxin.kernel import clock
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> city.City:
    city.rules()
    made = city.city()
    loop.report(make.client("agent"), made)
    return made


def test_where_the_city_forbids_it_the_page_says_so_and_today_has_no_link(home: city.City) -> None:
    phone = make.client_of(home.technician_id)
    assert "本市未开放抢单" in phone.get("/t/claim/").content.decode()
    assert "/t/claim/" not in phone.get("/t/").content.decode()
    order = loop.pool_order(make.client("dispatcher"))
    refused = phone.post(f"/t/claim/{order}/", {"key": uuid4()})
    assert (refused.status_code, "本市未开放抢单" in refused.content.decode()) == (422, True)


def test_of_two_technicians_one_takes_it_and_the_other_reads_why(home: city.City) -> None:
    with city.inside(home.code):
        field_make.city_rule("dispatch.claim", is_allowed=1)
        other_id = city.technician("何师傅")
    first, second = make.client_of(home.technician_id), make.client_of(other_id)
    assert "/t/claim/" in first.get("/t/").content.decode()
    shown = first.get("/t/claim/").content.decode()
    (address,) = re.findall(r'action="(/t/claim/[0-9a-f-]+/)"', shown)
    assert address in second.get("/t/claim/").content.decode()
    loop.posted(first, address)
    late = second.post(address, {"key": uuid4()})
    assert (late.status_code, "刚被别的师傅抢走" in late.content.decode()) == (422, True)
    with city.inside(home.code):
        (order,) = fieldwork.today(home.technician_id, clock.now())
        assert (order.state, order.technician_id) == (fieldwork.State.ACCEPTED, home.technician_id)
    assert "暂无符合您技能" in second.get("/t/claim/").content.decode()
