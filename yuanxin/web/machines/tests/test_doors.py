"""The machines' doors take columns, name what is wrong, and are closed to everybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import runner
from yuanxin.kernel.clock import now
from yuanxin.web.http.machine import token_of
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
NOBODY = "01930000-0000-7000-8000-000000000000"
INSTANT = "2026-11-24T09:10:00+08:00"  # when the city of the stories wakes


@pytest.fixture
def home() -> city.City:
    city.rules()
    return city.city()


def send(door: str, told: Any, *, role: str = "gateway") -> Any:
    bearer = f"Bearer {token_of(make.staff(role))}"
    return Client().post(f"/api/{door}", told, content_type="application/json", headers={"Authorization": bearer})


def columns(technician: Any, **changes: Any) -> dict[str, Any]:
    return {
        "technician": [str(technician)],
        "at": [INSTANT],
        "lng": [113.12],
        "lat": [23.02],
        "error_m": [12],
    } | changes


def test_positions_of_a_technician_on_the_way_are_kept(home: city.City) -> None:
    assert send("positions", columns(home.technician_id)).json() == {"taken": 0, "refused": 1}
    loop.report(make.client("agent"), home)
    runner.drain()
    dispatcher = make.client("dispatcher")
    order = loop.pool_order(dispatcher)
    loop.assign(dispatcher, order)
    technician = make.client_of(home.technician_id)
    loop.posted(technician, f"/t/{order}/accept/")
    assert send("positions", columns(home.technician_id)).json() == {"taken": 1, "refused": 0}
    with city.inside("4406"):
        assert fieldwork.last_positions([home.technician_id], now())[home.technician_id].lng == 113.12


@pytest.mark.parametrize(
    ("door", "told", "error"),
    [
        ("positions", {"technician": []}, "web.bad_batch"),
        ("positions", columns(NOBODY, lng=[500]), "web.bad_batch"),
        ("positions", columns(NOBODY, at=["2026-11-24T09:00"]), "web.bad_batch"),
        ("positions", columns(NOBODY, lat=[]), "fieldwork.batch_uneven"),
        ("heartbeats", {"serial": ["盒"], "at": [], "signal_centi": []}, "web.bad_batch"),
        ("heartbeats", {"serial": ["A1"], "at": [], "signal_centi": []}, "inventory.heartbeats_uneven"),
        (f"calls/{NOBODY}/end", {"ended_as": "vanished"}, "web.bad_batch"),
    ],
)
def test_a_bad_body_is_named(home: city.City, door: str, told: Any, error: str) -> None:
    answer = send(door, told)
    assert (answer.status_code, answer.json()["error"]) == (422, error)


def test_heartbeats_and_ends_of_calls_come_in(home: city.City) -> None:
    known = {"serial": ["NOT-OURS"], "at": [now().isoformat()], "signal_centi": [None]}
    assert send("heartbeats", known).json() == {"taken": 0}
    assert send(f"calls/{NOBODY}/end", {"ended_as": "busy"}).status_code == 404


@pytest.mark.parametrize("door", ["positions", "heartbeats", f"calls/{NOBODY}/end"])
def test_people_and_strangers_stay_outside(home: city.City, door: str) -> None:
    assert send(door, {}, role="agent").status_code == 403
    assert Client().post(f"/api/{door}", {}, content_type="application/json").status_code in (302, 401, 403)
