"""The loop through HTTP, and what each desk shows of it."""

from __future__ import annotations

import pytest
from django.test import Client

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
