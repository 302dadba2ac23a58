"""The dispatcher's pages through HTTP, with the real role."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel.tests.make import at
from yuanxin.parties import api as parties
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

pytestmark = pytest.mark.django_db
MORNING = at(cities.TUESDAY)


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
    assert browser.get("/dispatch/rows/?state=pending").content.decode().count("data-row>") == 1
    assert browser.get("/dispatch/?urgency=nonsense").status_code == 422
