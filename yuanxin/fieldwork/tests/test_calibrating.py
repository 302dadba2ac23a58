"""A city learns from its check-ins how long a way takes, and plans with it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import override_settings

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.roads.tests.make import Road, server
from yuanxin.engines.routing.travel import DistrictTravel, GreatCircleTravel, Travel
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork import parameters, tasks
from yuanxin.fieldwork.models import DispatchRun, TravelPace, Visit, WorkOrder
from yuanxin.fieldwork.planning.day import build_day
from yuanxin.fieldwork.queries.travel import cities_to_calibrate
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING
from yuanxin.kernel import clock
from yuanxin.parties import api as parties_api
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import AreaClass

pytestmark = pytest.mark.usefixtures("field")
CHANCHENG = "440604"
STEP = 0.004  # degrees of longitude
METRES_A_DEGREE = 102_340  # of longitude at 23.02 degrees north


def doors(count: int = 8) -> list[UUID]:
    """Orders at doors in a row, each farther from the one before."""
    return [make.order(address_id=_door(number), grid_code=f"{CHANCHENG}001") for number in range(count)]


def _door(number: int) -> UUID:
    point = parties_api.Coordinate(113.10 + STEP * number * (number + 1) / 2, 23.02)
    return parties.address(point=point, grid_code=f"{CHANCHENG}001")


def drive(orders: list[UUID], *, days: int, speed_kmh: float, parking_s: int = 240) -> None:
    """One technician drives from door to door at a known speed, on so many days."""
    technician = make.technician()
    for day in range(1, days + 1):
        left = MORNING - timedelta(days=day)
        for number, order in enumerate(orders):
            metres = STEP * number * METRES_A_DEGREE  # from the door before
            arrived = left + timedelta(seconds=parking_s + metres * 1.35 * 3.6 / speed_kmh)
            Visit.objects.create(
                work_order_id=order,
                technician_id=technician,
                departed_at=left,
                arrived_at=arrived,
                ended_at=arrived + timedelta(minutes=10),
                is_inside_fence=True,
            )
            left = arrived + timedelta(minutes=15)


def planned(orders: list[UUID]) -> Travel:
    """Return how the plan of the day travels."""
    rows = list(WorkOrder.objects.filter(pk__in=orders))
    return build_day(MORNING.date(), rows, at=MORNING, city_code="4406").problem.travel


def test_the_speed_that_was_driven_becomes_the_speed_of_the_plan() -> None:
    orders = doors()
    assert isinstance(parameters.travel(AreaClass.URBAN, MORNING), GreatCircleTravel)
    drive(orders, days=6, speed_kmh=35)
    (found,) = fieldwork.calibrate_travel(at=MORNING)
    assert (found.district_code, found.is_enough) == (CHANCHENG, True)
    assert found.samples == 42
    assert found.speed_kmh == pytest.approx(35, rel=0.1)
    assert found.entry_s == pytest.approx(240, abs=40)
    travel = planned(orders)
    assert isinstance(travel, DistrictTravel)
    assert travel.speeds_kmh[CHANCHENG] == pytest.approx(35, rel=0.1)
    assert CHANCHENG in travel.where.values()


def test_too_few_trips_are_said_and_change_nothing() -> None:
    drive(doors(), days=2, speed_kmh=60)
    out = StringIO()
    with clock.standing_at(MORNING):
        call_command("calibrate_travel", stdout=out)
    assert "14 trips (0 not believed), too few: 30 are needed" in out.getvalue()
    assert fieldwork.paces(MORNING) == {}
    assert [one.is_enough for one in fieldwork.pace_history(CHANCHENG)] == [False]
    assert isinstance(parameters.travel(AreaClass.URBAN, MORNING), GreatCircleTravel)


def test_the_command_says_what_it_found() -> None:
    drive(doors(), days=6, speed_kmh=35)
    out = StringIO()
    with clock.standing_at(MORNING):
        call_command("calibrate_travel", stdout=out)
    assert out.getvalue().startswith(f"{CHANCHENG} ")
    assert "42 trips (0 not believed), 3" in out.getvalue()
    assert "km/h on the road" in out.getvalue()


def test_a_city_where_nobody_checked_in_is_said_too() -> None:
    out = StringIO()
    with clock.standing_at(MORNING):
        call_command("calibrate_travel", stdout=out)
    assert "nobody checked in during the last 28 days" in out.getvalue()


def test_a_newer_calibration_counts_and_the_older_stays() -> None:
    orders = doors()
    drive(orders, days=6, speed_kmh=35)
    fieldwork.calibrate_travel(at=MORNING - timedelta(hours=1))
    drive(orders, days=20, speed_kmh=15)
    fieldwork.calibrate_travel(at=MORNING)
    assert [one.samples for one in fieldwork.pace_history(CHANCHENG)][1] == 42
    assert fieldwork.paces(MORNING)[CHANCHENG].speed_kmh < 25
    assert fieldwork.paces(MORNING - timedelta(minutes=1))[CHANCHENG].speed_kmh == pytest.approx(35, rel=0.1)


def test_a_check_in_far_from_the_door_and_the_first_way_of_a_day_do_not_count() -> None:
    drive(doors(), days=6, speed_kmh=35)
    Visit.objects.filter(departed_at__lt=MORNING - timedelta(days=3)).update(is_inside_fence=False)
    (found,) = fieldwork.calibrate_travel(at=MORNING)
    assert found.samples < 30
    assert not found.is_enough


def test_the_week_calibrates_each_city_once() -> None:
    drive(doors(), days=6, speed_kmh=35)
    since = parameters.calibration_since(MORNING)
    assert (MORNING - since).days == 1  # Tuesday morning looks back to Monday, three o'clock
    assert since.isoweekday() == 1
    tasks.wake_travel_calibration(MORNING)
    with clock.standing_at(MORNING):
        tasks.calibrate_city_travel(tenant="4406")
    assert TravelPace.objects.count() == 1
    assert cities_to_calibrate(since, MORNING) == []


def test_a_road_server_is_asked_for_the_places_of_the_plan() -> None:
    parameters.road_server.cache_clear()
    orders = doors()
    road = Road()
    with server(road) as url, override_settings(YUANXIN_ROADS=f"osrm:{url}"):
        make.technician()
        travel = planned(orders)
        assert travel.seconds(Place(113.10, 23.02), Place(113.104, 23.02)) == 44 + travel.entry_s
        assert not travel.estimated
    assert len(road.asked) == 1
    parameters.road_server.cache_clear()


@pytest.mark.parametrize("answer", [None, (500, b"down")], ids=["answers", "down"])
def test_a_run_says_whether_its_travel_was_estimated(answer: tuple[int, bytes] | None) -> None:
    parameters.road_server.cache_clear()
    make.technician()
    doors(3)
    with server(Road(answer=answer)) as url, override_settings(YUANXIN_ROADS=f"osrm:{url}"):
        fieldwork.auto_dispatch(at=MORNING)
    assert {run.travel_estimated for run in DispatchRun.objects.all()} == {answer is not None}
    parameters.road_server.cache_clear()
