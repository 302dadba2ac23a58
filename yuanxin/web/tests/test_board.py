"""The dispatcher's board through HTTP: who may open it, what it tells, and that an unchanged day is not sent."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel import clock
from yuanxin.kernel.tests.make import at
from yuanxin.parties import api as parties
from yuanxin.web.desks.dispatch_desk.board_data import hull
from yuanxin.web.http.headers import POLICY, policy_with
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

pytestmark = pytest.mark.django_db
MORNING = at(cities.TUESDAY)
LIVE = {"X-Yuanxin-Live": "1"}
DATA = "/dispatch/board/data/"


@pytest.fixture
def city() -> cities.City:
    cities.rules()
    return cities.city()


def an_order(city: cities.City, **more: Any) -> UUID:
    """Put an order at the home of the city into the pool."""
    with cities.inside(city.code):
        grid_code = parties.address(city.address_id).grid_code
        at_home = {"address_id": city.address_id, "customer_id": city.customer_id, "grid_code": grid_code}
        return field.order(**{**at_home, "opened_at": MORNING, **more})


def planned(city: cities.City, **more: Any) -> UUID:
    """Put an order into the technician's morning."""
    made = an_order(city, **more)
    with cities.inside(city.code):
        fieldwork.assign(
            work_order_id=made, technician_id=city.technician_id, planned_from=MORNING + timedelta(hours=1), at=MORNING
        )
    return made


def test_the_board_tells_the_day_without_doors_and_telephones(city: cities.City) -> None:
    waiting, with_somebody = an_order(city), planned(city)
    told = make.client("dispatcher").get(DATA)
    assert told["Content-Type"] == "application/json"
    day = json.loads(told.content)
    assert [one["id"] for one in day["orders"]] == [str(waiting)]
    assert [(one["id"], one["technician"]) for one in day["visits"]] == [(str(with_somebody), str(city.technician_id))]
    assert [one["name"] for one in day["technicians"]] == ["陈志强"]
    assert "栋101" not in told.content.decode()
    assert cities.PHONE not in told.content.decode()


def test_an_unchanged_board_is_not_sent_again(city: cities.City) -> None:
    an_order(city)
    browser = make.client("dispatcher")
    first = browser.get(DATA, headers=LIVE)
    clock.set_clock(at=MORNING + timedelta(minutes=1))
    again = browser.get(DATA, headers={**LIVE, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    planned(city)
    assert browser.get(f"{DATA}?day=", headers={**LIVE, "If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("day", ["2026-11-25", "2026-02-30", "yesterday", ""])
def test_any_day_can_be_asked_for(city: cities.City, day: str) -> None:
    an_order(city)
    browser = make.client("dispatcher")
    assert browser.get(f"/dispatch/board/?day={day}").status_code == 200
    assert json.loads(browser.get(f"{DATA}?day={day}").content)["day"] == (day if day == "2026-11-25" else "2026-11-24")


def test_only_the_desk_opens_the_board(city: cities.City) -> None:
    order = an_order(city)
    for path in ("", "data/", "grids/", f"{order}/"):
        assert make.client("dispatcher").get(f"/dispatch/board/{path}").status_code == 200
        assert make.client("agent").get(f"/dispatch/board/{path}").status_code == 403


def test_another_city_s_board_is_empty_and_its_orders_are_not_found(city: cities.City) -> None:
    order = an_order(city)
    with cities.inside("4401"):
        cities.technician("区师傅")
    stranger = make.client("dispatcher", city="4401")
    day = json.loads(stranger.get(DATA).content)
    assert (day["orders"], day["visits"], [one["name"] for one in day["technicians"]]) == ([], [], ["区师傅"])
    assert stranger.get(f"/dispatch/board/{order}/").status_code == 404
    assert json.loads(stranger.get("/dispatch/board/grids/").content) == []


def test_the_panel_tells_clocks_and_candidates_with_their_price(city: cities.City) -> None:
    order = an_order(city)
    page = make.client("dispatcher").get(f"/dispatch/board/{order}/").content.decode()
    assert "陈志强" in page
    assert "价格" in page or "代价" in page
    assert "<html" not in page


def sent(browser: Any, deed: str, **told: Any) -> Any:
    """Send a deed as the page's script does."""
    body = json.dumps({"key": str(uuid4()), **told})
    return browser.post(f"/dispatch/board/{deed}/", body, content_type="application/json")


def at_hour(hours: float) -> int:
    """Return the Unix second so many hours after the morning."""
    return int((MORNING + timedelta(hours=hours)).timestamp())


def test_a_move_is_tried_then_placed_then_taken_back(city: cities.City) -> None:
    order = an_order(city, due_at=MORNING + timedelta(hours=2))
    browser = make.client("dispatcher")
    where: dict[str, Any] = {
        "work_order_id": str(order),
        "technician_id": str(city.technician_id),
        "starts_at": at_hour(3),
    }
    tried = browser.get("/dispatch/board/try/", where).json()["warnings"]
    assert [one["code"] for one in tried] == ["comes_late"]
    told = sent(browser, "place", **where, seen="").json()
    assert told["said"] == "已派给陈志强，12:10 上门。"
    assert told["warnings"] == [one["words"] for one in tried]
    assert json.loads(browser.get(DATA).content)["visits"][0]["from"] == at_hour(3)
    back = sent(browser, "undo", deed_id=told["undo"]["id"]).json()
    assert back["undo"] is None
    assert [one["id"] for one in json.loads(browser.get(f"{DATA}?since=1").content)["orders"]] == [str(order)]


def test_a_double_click_places_once(city: cities.City) -> None:
    order = an_order(city)
    browser = make.client("dispatcher")
    where = {"work_order_id": str(order), "technician_id": str(city.technician_id), "starts_at": at_hour(1)}
    key = str(uuid4())
    first, second = (sent(browser, "place", key=key, **where) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["said"] == second.json()["said"]


def test_a_pinned_visit_is_told_so_and_one_taken_off_waits_again(city: cities.City) -> None:
    order = planned(city)
    browser = make.client("dispatcher")
    for deed, pinned in (("pin", True), ("unpin", False)):
        assert sent(browser, deed, work_order_id=str(order)).status_code == 200
        assert json.loads(browser.get(f"{DATA}?since={deed}").content)["visits"][0]["pinned"] is pinned
    assert sent(browser, "unassign", work_order_id=str(order), reason="no such reason").status_code == 422
    assert sent(browser, "unassign", work_order_id=str(order), reason="no_time").status_code == 200
    assert json.loads(browser.get(f"{DATA}?since=off").content)["orders"][0]["id"] == str(order)


def test_what_is_refused_is_said_in_words(city: cities.City) -> None:
    first, second = planned(city), an_order(city)
    browser = make.client("dispatcher")
    where = {"work_order_id": str(second), "technician_id": str(city.technician_id), "starts_at": at_hour(1)}
    overlap = sent(browser, "place", **where)
    assert (overlap.status_code, overlap.json()["error"]) == (409, "fieldwork.technician_busy")
    with cities.inside(city.code):
        other = cities.technician("何志文")
    taken = where | {"work_order_id": str(first), "technician_id": str(other), "seen": str(city.technician_id)}
    assert sent(browser, "place", **taken).json()["field"] == "reason"
    stale = sent(browser, "place", **where | {"work_order_id": str(first), "starts_at": at_hour(3), "seen": ""})
    assert stale.status_code == 409
    assert stale.json()["error"] == "fieldwork.assigned_meanwhile"
    assert sent(browser, "undo", deed_id=str(uuid4())).status_code == 409


@pytest.mark.parametrize("deed", ["place", "unassign", "pin", "unpin", "undo"])
def test_nothing_that_cannot_be_read_and_nobody_without_the_permission_changes_anything(
    city: cities.City, deed: str
) -> None:
    browser = make.client("dispatcher")
    for body in ("", "[]", "null", '{"work_order_id": {"a": 1}, "starts_at": 1e400, "mates": "x,y"}'):
        answer = browser.post(f"/dispatch/board/{deed}/", body, content_type="application/json")
        assert answer.status_code == 422
    assert sent(make.client("agent"), deed).status_code == 403
    assert browser.get("/dispatch/board/try/").status_code == 422


def test_the_pool_and_the_navigation_lead_to_the_board(city: cities.City) -> None:
    page = make.client("dispatcher").get("/dispatch/").content.decode()
    assert page.count('href="/dispatch/board/"') == 2


def test_a_grid_is_outlined_by_its_estates(city: cities.City) -> None:
    (grid,) = json.loads(make.client("dispatcher").get("/dispatch/board/grids/").content)
    assert grid["name"].startswith("网格")
    assert len(grid["outline"]) == 1
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert set(hull([*square, (1.0, 1.0), (1.0, 0.0)])) == set(square)


def test_the_policy_names_the_host_of_the_map_only_when_there_is_one(settings: Settings) -> None:
    assert policy_with("") == POLICY
    opened = policy_with("https://{s}.tiles.example/vec/{z}/{x}/{y}.png")
    assert "img-src 'self' https://*.tiles.example data: blob:" in opened
    assert "script-src 'self';" in opened
