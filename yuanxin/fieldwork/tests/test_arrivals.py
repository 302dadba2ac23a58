"""The hour of the arrival: two hours promised, one hour planned, half an hour on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.models import ToldArrival, Visit
from yuanxin.fieldwork.planning.legs import Stop
from yuanxin.fieldwork.rules.eta import DepartureTerms, ForetellTerms, around, expected_at, is_moved, narrowed
from yuanxin.fieldwork.rules.windows import PromisedWindow
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel import acting
from yuanxin.kernel.tests.make import at
from yuanxin.parties import api as parties_api
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import AreaClass

MINUTE = timedelta(minutes=1)
TERMS = ForetellTerms(60 * MINUTE, 10 * MINUTE, 30 * MINUTE, 3, 1440 * MINUTE)
LEAVING = DepartureTerms(10 * MINUTE, 120 * MINUTE, 30 * MINUTE, 5 * MINUTE)
PROMISE = PromisedWindow(at("2026-03-10 14:00"), at("2026-03-10 16:00"))


@given(st.integers(0, 120), st.integers(30, 240), st.integers(1, 30))
def test_the_narrower_window_is_inside_the_promise_and_holds_the_start(start: int, width: int, step: int) -> None:
    terms = ForetellTerms(width * MINUTE, step * MINUTE, 30 * MINUTE, 3, 1440 * MINUTE)
    begins_at = PROMISE.begins_at + start * MINUTE
    found = narrowed(PROMISE, begins_at, terms)
    if found is None:
        assert width >= 120
        return
    assert PROMISE.begins_at <= found.begins_at <= begins_at <= found.ends_at + step * MINUTE
    assert found.ends_at <= PROMISE.ends_at
    assert found.ends_at - found.begins_at == terms.width


def test_a_plan_that_misses_the_promise_narrows_nothing() -> None:
    assert narrowed(PROMISE, at("2026-03-10 16:30"), TERMS) is None
    assert narrowed(PROMISE, at("2026-03-10 15:00"), TERMS) == PromisedWindow(
        at("2026-03-10 14:30"), at("2026-03-10 15:30")
    )


def test_small_moves_are_not_told() -> None:
    told, later = (PromisedWindow(one, one + 60 * MINUTE) for one in (PROMISE.begins_at, at("2026-03-10 14:20")))
    assert not is_moved(told, later, TERMS)
    assert is_moved(told, PromisedWindow(at("2026-03-10 14:30"), at("2026-03-10 15:30")), TERMS)


def test_at_departure_the_drive_counts_but_nobody_is_expected_before_the_plan() -> None:
    leaves = at("2026-03-10 14:03")
    assert expected_at(leaves, 21 * MINUTE, None, LEAVING) == at("2026-03-10 14:24")
    assert expected_at(leaves, 21 * MINUTE, at("2026-03-10 15:00"), LEAVING) == at("2026-03-10 15:00")
    assert expected_at(leaves, 21 * MINUTE, at("2026-03-10 17:00"), LEAVING) == at("2026-03-10 14:24")
    assert expected_at(leaves, None, None, LEAVING) == at("2026-03-10 14:13")
    assert around(at("2026-03-10 14:24"), LEAVING) == PromisedWindow(at("2026-03-10 14:20"), at("2026-03-10 14:50"))


def _address(east: float) -> UUID:
    point = parties_api.Coordinate(113.1 + east, 23.0, parties_api.Datum.WGS84)
    return parties.address(estate_id=parties.estate(point=point), point=point)


def _promised(technician: UUID, start: str = "15:00", east: float = 0.0) -> UUID:
    made = make.order(address_id=_address(east))
    fieldwork.book_appointment(
        work_order_id=made, window_from=PROMISE.begins_at, window_to=PROMISE.ends_at, at=minutes(1)
    )
    fieldwork.assign(
        work_order_id=made, technician_id=technician, planned_from=at(f"2026-03-10 {start}"), at=minutes(2)
    )
    return made


def _hours(order: UUID, when: datetime) -> tuple[datetime, datetime, bool] | None:
    found = fieldwork.arrival(order, when)
    return (found.arrival_from, found.arrival_to, found.is_on_the_way) if found else None


@pytest.mark.usefixtures("field")
def test_the_hour_is_told_once_and_again_only_when_it_moves() -> None:
    chen = make.technician()
    order = _promised(chen)
    assert _hours(order, minutes(3)) == (at("2026-03-10 14:30"), at("2026-03-10 15:30"), False)
    assert fieldwork.foretell_arrivals(at=minutes(3)) == 1
    assert fieldwork.foretell_arrivals(at=minutes(8)) == 0
    fieldwork.reassign(
        work_order_id=order, technician_id=make.technician("乙"), planned_from=at("2026-03-10 15:10"),
        at=minutes(9),
    )  # fmt: skip
    assert fieldwork.foretell_arrivals(at=minutes(10)) == 0  # ten minutes are not worth a message
    assert _hours(order, minutes(10)) == (at("2026-03-10 14:30"), at("2026-03-10 15:30"), False)
    fieldwork.reassign(work_order_id=order, technician_id=chen, planned_from=at("2026-03-10 14:05"), at=minutes(11))
    assert fieldwork.foretell_arrivals(at=minutes(12)) == 1
    assert _hours(order, minutes(12)) == (at("2026-03-10 14:00"), at("2026-03-10 15:00"), False)
    assert ToldArrival.objects.filter(work_order=order).count() == 2


@pytest.mark.usefixtures("field")
def test_nothing_is_told_without_a_promise_or_long_before() -> None:
    chen = make.technician()
    make.assigned(chen, start=60)
    assert fieldwork.foretell_arrivals(at=minutes(3)) == 0
    _promised(make.technician("乙"))
    make.city_rule("dispatch.arrival", ahead_hours=1)
    assert fieldwork.foretell_arrivals(at=minutes(3)) == 0
    assert fieldwork.foretell_arrivals(at=at("2026-03-10 14:10")) == 1


@pytest.mark.usefixtures("field")
def test_another_promise_is_narrowed_anew() -> None:
    order = _promised(make.technician())
    fieldwork.foretell_arrivals(at=minutes(3))
    fieldwork.book_appointment(
        work_order_id=order, window_from=at("2026-03-10 16:00"), window_to=at("2026-03-10 18:00"), at=minutes(4),
        reason_code=fieldwork.customer_reasons(MORNING)[0],
    )  # fmt: skip
    assert fieldwork.foretell_arrivals(at=minutes(5)) == 1
    window = ToldArrival.objects.get(work_order=order, version=2)
    assert at("2026-03-10 16:00") <= window.arrival_from < window.arrival_to <= at("2026-03-10 18:00")


@pytest.mark.usefixtures("field")
def test_on_the_way_the_drive_of_the_plan_is_told() -> None:
    chen = make.technician()
    before, order = make.order(address_id=_address(0)), _promised(chen, "14:05", east=0.09)  # 9 km by the map
    fieldwork.assign(work_order_id=before, technician_id=chen, planned_from=minutes(10), at=minutes(2))
    with acting.acting_as(make.as_staff(chen)):
        fieldwork.accept(work_order_id=before, at=minutes(3))
        fieldwork.depart(work_order_id=before, at=minutes(5))
        point = parties_api.Coordinate(113.1, 23.0, parties_api.Datum.WGS84)
        fieldwork.arrive(work_order_id=before, at=minutes(20), lng=point.lng, lat=point.lat)
        fieldwork.start(work_order_id=before, at=minutes(21))
        make.close(before, after=60)
        fieldwork.accept(work_order_id=order, at=minutes(61))
        leaves = at("2026-03-10 13:50")
        fieldwork.depart(work_order_id=order, at=leaves)
    (minutes_away,) = fieldwork.drive_minutes(chen, [Stop(_address(0.09), "", leaves)], AreaClass.URBAN, leaves)
    assert minutes_away is not None
    assert 30 <= minutes_away <= 60  # 9 km and a third of detour at 20 km/h, and five minutes to the door
    expected = Visit.objects.get(work_order=order, ended_at=None).expected_at
    assert expected is not None
    told = _hours(order, leaves + MINUTE)
    assert told is not None
    assert told[2]
    assert told[0] <= expected <= told[1]
    assert abs((expected - leaves) - minutes_away * MINUTE) <= MINUTE
