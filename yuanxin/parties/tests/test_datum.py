"""Coordinates come and go through three datums and lose less than a millimetre."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.parties.rules.datum import Coordinate, Datum, is_inside_china

FOSHAN = Coordinate(113.121312, 23.024309)
inland = st.builds(Coordinate, st.floats(74, 134), st.floats(4, 53), st.sampled_from(Datum))


def metres_between(a: Coordinate, b: Coordinate) -> float:
    north = (a.lat - b.lat) * 111_195
    east = (a.lng - b.lng) * 111_195 * cos(radians(a.lat))
    return hypot(north, east)


@given(inland, st.sampled_from(Datum))
def test_there_and_back_errs_by_less_than_a_millimetre(point: Coordinate, datum: Datum) -> None:
    back = point.to(datum).to(point.datum)
    assert back.datum is point.datum
    assert metres_between(point, back) < 0.001


@given(inland)
def test_the_way_round_through_all_three_ends_where_it_began(point: Coordinate) -> None:
    around = point.to(Datum.BD09).to(Datum.GCJ02).to(Datum.WGS84).to(point.datum)
    assert metres_between(point, around) < 0.001


def test_in_foshan_the_datums_lie_hundreds_of_metres_apart() -> None:
    gcj, bd = FOSHAN.to(Datum.GCJ02), FOSHAN.to(Datum.BD09)
    assert 550 < metres_between(FOSHAN, gcj) < 700
    assert 850 < metres_between(gcj, bd) < 1000


def test_a_baidu_point_lands_where_an_independent_converter_put_it() -> None:
    assert metres_between(Coordinate(113.133286, 23.02769, Datum.BD09).to(Datum.WGS84), FOSHAN) < 3


def test_outside_the_shifted_rectangle_gcj_is_wgs() -> None:
    paris = Coordinate(2.35, 48.85)
    assert paris.to(Datum.GCJ02) == Coordinate(2.35, 48.85, Datum.GCJ02)


@pytest.mark.parametrize("lng_lat", [(23.02, 113.12), (0.0, 0.0), (2.35, 48.85), (float("nan"), 23.0), (113.0, 60.0)])
def test_swapped_zero_foreign_and_missing_numbers_are_not_in_china(lng_lat: tuple[float, float]) -> None:
    assert not is_inside_china(Coordinate(*lng_lat))
    assert is_inside_china(FOSHAN)
