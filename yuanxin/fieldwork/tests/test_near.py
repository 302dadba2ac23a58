"""One order among those who are near it: the same best candidate, windows that can be kept."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yuanxin.academy import api as academy
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.asking import found_in
from yuanxin.fieldwork.planning.near import day_of, near_problem, ring
from yuanxin.fieldwork.rules.windows import free_percent
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel import prepared
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at
from yuanxin.org import api as org_api
from yuanxin.org.tests import make as org
from yuanxin.parties import api as parties_api
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import AreaClass, OrderKind, Service

pytestmark = pytest.mark.usefixtures("field")
TODAY = date(2026, 3, 10)
NUMBERS = count(1)
DEGREE = 0.01  # about a kilometre


def _point(east: float, north: float) -> parties_api.Coordinate:
    return parties_api.Coordinate(113.1 + east * DEGREE, 23.0 + north * DEGREE, parties_api.Datum.WGS84)


def _technician(east: float, north: float, **skills: int) -> UUID:
    made = org_api.create_staff(
        number=f"N{next(NUMBERS):05d}",
        name="师傅",
        unit_code=org.city(),
        home=(Decimal(f"{113.1 + east * DEGREE:.6f}"), Decimal(f"{23.0 + north * DEGREE:.6f}")),
    )
    org_api.grant_role(staff_id=made, role="technician", at=make.HIRED)
    for code, level in (skills or {"tv": 3, "broadband": 3}).items():
        academy.record_skill(staff_id=made, code=code, level=level, valid_from=make.HIRED.date(), at=make.HIRED)
    return made


def _address(east: float, north: float, grid_code: str = "") -> UUID:
    home = parties.estate(grid_code=grid_code, point=_point(east, north))
    return parties.address(estate_id=home, point=_point(east, north))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_best_of_those_near_is_the_best_of_the_city_when_all_are_near(seed: int) -> None:
    dice = random.Random(seed)
    people = [_technician(dice.uniform(0, 8), dice.uniform(0, 8), **_skills(dice)) for _ in range(6)]
    grids = [org.grid(owner=person) for person in people[:4]]
    for number in range(8):
        made = make.order(
            address_id=_address(dice.uniform(0, 8), dice.uniform(0, 8), dice.choice(grids)),
            service=Service.TV, grid_code=dice.choice(grids),
        )  # fmt: skip
        found = fieldwork.candidates(made, minutes(number))
        if found:
            chosen = dice.choice(found)
            fieldwork.assign(
                work_order_id=made, technician_id=chosen.technician_id, planned_from=chosen.start, at=minutes(number)
            )
    for service in (Service.TV, Service.BROADBAND):
        asked = make.order(
            address_id=_address(dice.uniform(0, 8), dice.uniform(0, 8)), grid_code=dice.choice(grids), service=service
        )
        order = WorkOrder.objects.get(pk=asked)
        near = found_in(near_problem(order, TODAY, minutes(9)), order)
        city = found_in(day_of(order, TODAY, None, minutes(9)), order)
        assert [(one.technician_id, one.start, one.delta) for one in near] == [
            (one.technician_id, one.start, one.delta) for one in city
        ]
        assert near


def _skills(dice: random.Random) -> dict[str, int]:
    return {"tv": dice.randint(1, 3)} if dice.random() < 0.3 else {"tv": 2, "broadband": dice.randint(1, 3)}


def test_only_those_with_the_skill_are_near_and_the_owner_of_the_grid_in_any_case() -> None:
    owner, able, far = _technician(0, 0, tv=1), _technician(1, 1), _technician(30, 30)
    grid = org.grid(owner=owner)
    order = WorkOrder.objects.get(pk=make.order(address_id=_address(0, 0, grid), grid_code=grid))
    assert [one.id for one in ring(order, MORNING)] == [owner, able, far]
    make.city_rule("dispatch.near", people=2)
    assert [one.id for one in ring(order, MORNING)] == [owner, able]
    assert fieldwork.advice(order.pk, MORNING).ownership.verdict == "unfit"


def test_who_has_work_in_the_next_grid_is_near_wherever_he_lives() -> None:
    close, guest = _technician(2, 2), _technician(40, 40)
    here, next_door = org.grid(), org.grid()
    make.assigned(guest, address_id=_address(1, 0, next_door), grid_code=next_door)
    order = WorkOrder.objects.get(pk=make.order(address_id=_address(0, 0, here), grid_code=here))
    assert [one.id for one in ring(order, minutes(5))] == [guest, close]


def test_when_nobody_near_can_come_the_whole_city_is_asked() -> None:
    near, far = _technician(0, 0), _technician(20, 20)
    make.city_rule("dispatch.near", people=1)
    for start in range(60, 1020, 60):
        make.assigned(near, start=start, kind=OrderKind.INSTALL, address_id=_address(0, 0))
    advice = fieldwork.advice(make.order(address_id=_address(0, 0)), minutes(30))
    assert [one.technician_id for one in advice.candidates] == [far]
    assert advice.obstacles == ()


def test_the_reasons_name_everybody_of_the_city() -> None:
    people = {_technician(0, 0, tv=1), _technician(30, 30, tv=2)}
    make.city_rule("dispatch.near", people=1)
    order = make.order(address_id=_address(0, 0), service=Service.BROADBAND)
    advice = fieldwork.advice(order, MORNING)
    assert {one.technician_id for one in advice.obstacles} == people
    assert {one.technician_id for one in fieldwork.obstacles(order, MORNING)} == people


def test_candidates_cost_the_same_few_statements_in_a_larger_city() -> None:
    order = make.order(address_id=_address(0, 0))

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            fieldwork.candidates(order, minutes(5))
        return len(seen)

    _technician(1, 1)
    few = statements()
    for place in range(8):
        make.assigned(_technician(place, place), address_id=_address(place, place))
    assert statements() <= few


def _offers(address: UUID, when: datetime = MORNING, **wish: Any) -> list[fieldwork.WindowOffer]:
    return fieldwork.offer_windows(
        order_kind=OrderKind.REPAIR, service=Service.BROADBAND, address_id=address, area_class=AreaClass.URBAN,
        grid_code="", at=when, **wish,
    )  # fmt: skip


def test_a_window_that_has_begun_is_not_offered() -> None:
    _technician(0, 0)
    noon = at("2026-03-10 12:31")
    offers = _offers(_address(0, 0), noon)
    assert all(one.window_from >= noon for one in offers)
    assert min(one.window_from for one in offers) == at("2026-03-10 14:30")


def test_no_window_lies_outside_the_shift_and_an_evening_has_none_left() -> None:
    _technician(0, 0)
    offers = _offers(_address(0, 0), at("2026-03-10 17:00"))
    assert {one.window_from.date() for one in offers} == {TODAY + timedelta(days=1), TODAY + timedelta(days=2)}
    assert min(one.window_from for one in offers) == at("2026-03-11 08:30")


def test_a_full_day_is_said_to_be_full_and_the_next_one_open() -> None:
    busy = _technician(0, 0)
    for start in range(0, 1020, 60):
        make.assigned(busy, start=start, kind=OrderKind.INSTALL, address_id=_address(0, 0))
    offers = _offers(_address(0, 0), minutes(1))
    assert {one.ease for one in offers if one.window_from.date() == TODAY} == {"full"}
    assert all(one.ease == "open" and one.technician_id == busy for one in offers if one.window_from.date() > TODAY)


def test_a_window_with_little_time_left_is_tight_even_when_it_is_cheap() -> None:
    first = _technician(0, 0)
    make.assigned(first, start=330, kind=OrderKind.INSTALL, address_id=_address(0, 0))
    make.city_rule("dispatch.near", scarce_percent=60)
    found = {one.window_from: one for one in _offers(_address(0, 0), minutes(1))}
    afternoon, tomorrow = found[at("2026-03-10 14:30")], found[at("2026-03-11 14:30")]
    assert (afternoon.ease, tomorrow.ease) == ("tight", "open")
    assert afternoon.free_percent < 60 < tomorrow.free_percent


def test_the_best_windows_are_open_cheap_and_soon_and_name_their_price() -> None:
    chen = _technician(0, 0)
    there = _address(8, 8)
    make.assigned(chen, start=345, address_id=there)
    offers = _offers(there, minutes(1))
    best = fieldwork.best_windows(offers, MORNING)
    assert len(best) == 3
    far = {one.window_from: one for one in _offers(_address(0, 9), minutes(1)) if one.minutes}
    assert [one.extra_cost or 0 for one in best] == sorted(one.extra_cost or 0 for one in best)
    assert best[0].window_from.date() == TODAY  # he drives there anyway
    assert all(sum(one.minutes.values()) == pytest.approx(one.total_minutes, abs=2) for one in far.values())
    assert 1 <= len(far) <= 3
    assert all(one.starts_at and one.window_from <= one.starts_at <= one.window_to for one in best)


def test_the_callers_wish_filters_the_windows() -> None:
    _technician(0, 0)
    tomorrow = TODAY + timedelta(days=1)
    address = _address(0, 0)
    assert {one.window_from.date() for one in _offers(address, on=tomorrow)} == {tomorrow}
    mornings = _offers(address, on=tomorrow, half="am")
    assert [one.window_from for one in mornings] == [at("2026-03-11 08:30"), at("2026-03-11 10:30")]


def test_the_free_share_of_a_window_counts_only_people_at_work() -> None:
    begins, ends = at("2026-03-10 10:00"), at("2026-03-10 12:00")
    day, half_day = (at("2026-03-10 08:30"), at("2026-03-10 18:00")), (at("2026-03-10 11:00"), at("2026-03-10 18:00"))
    assert free_percent((begins, ends), [], []) == 0
    assert free_percent((begins, ends), [day], []) == 100
    assert free_percent((begins, ends), [day, half_day], [(begins, at("2026-03-10 11:30"))]) == 50


def test_who_is_behind_time_keeps_his_visits_and_is_asked_for_the_time_after_them() -> None:
    late = _technician(0, 0)
    make.assigned(late, start=10, address_id=_address(9, 9))  # half an hour's drive away
    (one,) = fieldwork.candidates(make.order(address_id=_address(9, 9)), minutes(9))
    assert one.technician_id == late
    assert one.start >= minutes(50)


def test_a_row_read_by_a_prepared_statement_is_the_row() -> None:
    made = make.order(service=Service.BROADBAND)
    usual, found = WorkOrder.objects.get(pk=made), prepared.row(WorkOrder, made)
    assert found is not None
    columns = [one.attname for one in WorkOrder._meta.concrete_fields]
    assert [getattr(found, name) for name in columns] == [getattr(usual, name) for name in columns]
    assert prepared.row(WorkOrder, new_id()) is None


def test_of_many_only_the_cheapest_and_the_owner_are_described() -> None:
    people = [_technician(east, 0.0) for east in (1, 2, 3, 4, 5)]
    grid = org.grid(owner=people[-1])
    made = make.order(address_id=_address(0.0, 0.0, grid), service=Service.TV, grid_code=grid)
    order = WorkOrder.objects.get(pk=made)
    day = near_problem(order, TODAY, MORNING)
    everybody, few = found_in(day, order), found_in(day, order, 1)
    assert {view.technician_id for view in few} == {everybody[0].technician_id, people[-1]}
    assert few[0] == everybody[0]
