"""One visit for three orders of a home, at a phone and at a screen: one press for all, then order by order."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import Person
from tests.browser.test_offline import foshan
from yuanxin.web.technician.tests.test_one_home import planned
from yuanxin.web.tests import city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["foshan"]  # a fixture


@pytest.mark.parametrize("is_phone", [True, False], ids=["390", "1280"])
def test_one_press_counts_for_every_order_of_the_home(
    chromium: Any, live_server: LiveServer, foshan: city.City, is_phone: bool
) -> None:
    first, second, third = planned(foshan)
    person = Person(chromium, live_server.url, foshan.technician_id, phone=is_phone)
    person.goes_to("/t/")
    person.page.wait_for_selector("text=合并上门 · 3张工单")
    assert person.page.locator(".yx-stop").count() == 1
    assert person.page.locator(".yx-stop-order").count() == 3
    person.looks()
    person.goes_to(f"/t/{first}/")
    person.looks()
    for step, state in (("accept", "已接"), ("depart", "在途")):
        person.page.click(f"form[data-step={step}] button")
        person.page.wait_for_selector(f"[data-standing]:text('{state}')")
    for other in (second, third):
        person.goes_to(f"/t/{other}/")
        person.page.wait_for_selector("[data-standing]:text('在途')")
        person.page.wait_for_selector("form[data-step=arrive]:visible")
    person.leaves()
