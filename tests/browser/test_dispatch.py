"""A dispatcher's morning in the browser: the pool by keyboard, a selection assigned, holds and close-outs decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import Person, foshan
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tests.make import at
from yuanxin.org.tests import make as org
from yuanxin.parties import api as parties
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.codes import OrderKind, Service
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

__all__ = ["foshan"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = at(cities.TUESDAY)
YESTERDAY = MORNING - timedelta(hours=30)


def an_order(city: cities.City, **more: Any) -> UUID:
    """Put an order of the city's home, or of another one, into the pool."""
    at_home = {
        "address_id": city.address_id, "customer_id": city.customer_id, "opened_at": MORNING,
        "grid_code": parties.address(city.address_id).grid_code,
    }  # fmt: skip
    return field.order(**{**at_home, **more})


def a_morning(city: cities.City) -> dict[str, UUID]:
    """Fill the pool: a home with two orders, a late one, a hold to decide, a close-out to look at."""
    with cities.inside(city.code):
        other = field.technician("李建国")
        estate = parties_make.estate("南桂花园", grid_code=org.grid(owner=other))
        elsewhere = {"address_id": parties_make.address(estate_id=estate)}
        made = {
            "first": an_order(city, due_at=MORNING + timedelta(minutes=50), fault_code="no_internet"),
            "second": an_order(city, service=Service.TV, fault_code="tv_fault"),
            "late": an_order(city, opened_at=YESTERDAY, due_at=MORNING - timedelta(hours=2), **elsewhere),
            "install": an_order(city, kind=OrderKind.INSTALL, **elsewhere),
            "held": an_order(city, **elsewhere),
            "review": an_order(city),
        }
        with acting_as(field.as_staff(other, "fieldwork.hold", "fieldwork.act_for_others")):
            fieldwork.hold(
                work_order_id=made["held"], reason_code="customer", note="客户出差", photo=field.photo(), at=MORNING
            )
        place = parties.address(city.address_id)
        fieldwork.assign(
            work_order_id=made["review"], technician_id=city.technician_id, planned_from=MORNING, at=MORNING
        )
        with acting_as(field.as_staff(city.technician_id)):
            for step in (fieldwork.accept, fieldwork.depart):
                step(work_order_id=made["review"], at=MORNING)
            fieldwork.arrive(work_order_id=made["review"], at=MORNING, lng=place.lng, lat=place.lat)
            fieldwork.start(work_order_id=made["review"], at=MORNING)
            field.close(made["review"], at=MORNING + timedelta(minutes=20), tests={"optical_power_dbm": "-29.5 dBm"})
    clock.set_clock(at=MORNING + timedelta(minutes=25))
    return made


def test_a_dispatchers_morning(chromium: Any, live_server: LiveServer, foshan: cities.City) -> None:
    made = a_morning(foshan)
    person = Person(chromium, live_server.url, make.staff("dispatcher"))
    person.goes_to("/dispatch/")
    person.looks()
    page = person.page
    page.goto(f"{live_server.url}/dispatch/?state=pending")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.keyboard.press("a")
    page.wait_for_selector("text=可派 2 张")
    person.fits()
    page.keyboard.press("a")
    page.wait_for_selector("text=已派 2 张，共 2 张")
    for path in (f"{made['install']}/", f"{made['first']}/", f"{made['review']}/review/", "reviews/", "holds/"):
        person.goes_to(f"/dispatch/{path}")
        person.looks()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=客户出差")
    page.keyboard.press("a")
    page.wait_for_url("**/dispatch/holds/")
    person.goes_to(f"/dispatch/{made['review']}/review/")
    page.keyboard.press("a")
    page.wait_for_url("**/dispatch/reviews/")
    page.goto("about:blank")  # nothing is asked any more while the tables are emptied
    page.wait_for_timeout(1000)
    person.leaves()
