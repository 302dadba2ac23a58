"""Grid ownership 包片: the owner first, the overflow said, homes together; the city's way is rulebook data."""

from __future__ import annotations

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.rules.ownership import Mode, Ownership, Verdict, verdict
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import minutes
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at
from yuanxin.org import api as org_api
from yuanxin.org.tests import make as org
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import OrderKind, Service
from yuanxin.standards import api as standards

CAN = {"is_known": True, "is_present": True, "can_come": True, "is_late": False, "has_room": True, "is_busy": False}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, Verdict.FIRST),
        ({"is_known": False}, Verdict.NOBODY),
        ({"is_present": False}, Verdict.ABSENT),
        ({"can_come": False}, Verdict.UNFIT),
        ({"can_come": False, "is_busy": True}, Verdict.FULL),
        ({"has_room": False}, Verdict.FULL),
        ({"is_late": True}, Verdict.LATE),
    ],
)
def test_what_is_said_of_the_owner(told: dict[str, bool], said: Verdict) -> None:
    assert verdict(**{**CAN, **told}) is said


def test_a_day_is_full_at_its_share() -> None:
    rule = Ownership(Mode.OWNER, 85)
    assert rule.has_room(work_minutes=408, shift_minutes=480)
    assert not rule.has_room(work_minutes=409, shift_minutes=480)


def the_city_works(mode: Mode) -> None:
    """Let Foshan share its orders out in this way: a rulebook of the city, drafted by one and published by another."""
    entry = {
        "id": "FS-OWN", "topic": "dispatch.ownership", "title_zh": "佛山派单方式", "title_en": "Dispatch in Foshan",
        "status": "active", "applies_to": {"services": []},
        "measure": {
            "kind": "values",
            "values": {"mode": [str(mode)], "full_percent": 85},
            "stricter": {"mode": {"free": [0, 0]}, "full_percent": {"free": [50, 100]}},
        },
        "source": {"document": "佛山派单方式 (测试)", "article": "1", "kind": "assumption", "grade": "D"},
    }  # fmt: skip
    head = {
        "name": "cities/gd-foshan/dispatch", "layer": "L3", "org": "4406", "title_zh": "佛山派单方式",
        "title_en": "Dispatch in Foshan", "effective_from": "2026-03-10",
    }  # fmt: skip
    with acting_as(system("maker", scope="4406")):
        draft = standards.draft_data(data={"rulebook": head, "entries": [entry]}, at=at("2026-03-09 08:00"))
    with acting_as(system("checker", scope="4406")):
        standards.publish_version(version_id=draft, at=at("2026-03-09 09:00"))


pytestmark = pytest.mark.usefixtures("field")


def test_by_ownership_the_owner_goes_although_another_is_cheaper() -> None:
    the_city_works(Mode.OWNER)
    owner, other = make.technician("包片师傅"), make.technician("别片师傅")
    grid = org.grid(owner=owner)
    home = parties.address()
    make.assigned(other, start=10, address_id=home)
    order = make.order(grid_code=grid, address_id=home)
    told = fieldwork.advice(order, minutes(5))
    assert (told.ownership.mode, told.ownership.verdict, told.ownership.name) == ("owner", "first", "包片师傅")
    assert told.candidates[0].technician_id == owner
    assert "at_this_home" in told.candidates[1].reasons
    (one,) = fieldwork.auto_dispatch(at=minutes(5)).assigned
    assert one.technician_id == owner


def test_an_owner_without_the_skill_lets_others_go() -> None:
    the_city_works(Mode.OWNER)
    owner, other = make.technician("电视师傅", tv=3), make.technician("宽带师傅")
    order = make.order(grid_code=org.grid(owner=owner))
    told = fieldwork.advice(order, minutes(5)).ownership
    assert (told.verdict, told.cause) == ("unfit", "skill_missing")
    (one,) = fieldwork.auto_dispatch(at=minutes(5)).assigned
    assert one.technician_id == other


def test_an_owner_who_is_away_and_one_who_is_full_are_told_apart() -> None:
    the_city_works(Mode.OWNER)
    away, full = make.technician("休假师傅"), make.technician("满单师傅")
    make.technician("空闲师傅")
    first, second = make.order(grid_code=org.grid(owner=away)), make.order(grid_code=org.grid(owner=full))
    org_api.set_staff_active(staff_id=away, is_active=False)
    for number in range(7):
        make.assigned(full, start=10 + 65 * number, kind=OrderKind.INSTALL)
    assert fieldwork.advice(first, minutes(5)).ownership.verdict == "absent"
    told = fieldwork.advice(second, minutes(5)).ownership
    assert (told.verdict, told.visits, told.minutes) == ("full", 7, 420)
    assert len(fieldwork.auto_dispatch(at=minutes(5)).assigned) == 2


def test_where_the_whole_city_goes_everywhere_a_grid_costs_nothing() -> None:
    the_city_works(Mode.CITY)
    owner, other = make.technician("包片师傅"), make.technician("别片师傅")
    org.grid(owner=other)
    found = fieldwork.advice(make.order(grid_code=org.grid(owner=owner)), minutes(5)).candidates
    assert all("grid_violation" not in one.minutes for one in found)


def test_a_price_is_told_as_minutes_of_driving() -> None:
    owner, other = make.technician("包片师傅"), make.technician("别片师傅")
    org.grid(owner=other)
    order = make.order(grid_code=org.grid(owner=owner))
    found = {one.technician_id: one for one in fieldwork.advice(order, minutes(5)).candidates}
    assert found[other].minutes["grid_violation"] == 10
    assert "other_grid" in found[other].reasons
    assert found[other].total_minutes == found[owner].total_minutes + 10


def test_orders_of_one_home_go_together() -> None:
    for number in range(3):
        make.technician(f"师傅{number}")
    home, customer = parties.address(), new_id()
    orders = [
        make.order(address_id=home, customer_id=customer, service=service)
        for service in (Service.BROADBAND, Service.TV, Service.MOBILE)
    ]
    assigned = fieldwork.auto_dispatch(at=minutes(5)).assigned
    assert {one.work_order_id for one in assigned} == set(orders)
    assert len({one.technician_id for one in assigned}) == 1


def test_a_home_that_needs_two_people_is_not_left_alone() -> None:
    make.technician("宽带师傅", broadband=3)
    make.technician("电视师傅", tv=3)
    home, customer = parties.address(), new_id()
    orders = {make.order(address_id=home, customer_id=customer, service=one) for one in (Service.BROADBAND, Service.TV)}
    assert {one.work_order_id for one in fieldwork.auto_dispatch(at=minutes(5)).assigned} == orders
