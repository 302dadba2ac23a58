"""Travel by district: the speed of a drive, its hours, and the law that table and single drives agree."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.engines.routing.errors import ImpossibleSpeed
from yuanxin.engines.routing.place import Place, distance_m
from yuanxin.engines.routing.travel import DistrictTravel, GreatCircleTravel, Travel

TOWN, VILLAGE, ELSEWHERE = Place(113.10, 23.02), Place(113.20, 23.05), Place(113.15, 22.90)
WHERE = {TOWN: "440604", VILLAGE: "440605"}
SPEEDS = {"440604": 20.0, "440605": 60.0}


def travel(**changed: Any) -> DistrictTravel:
    usual: dict[str, Any] = {"detour": 1.4, "usual_kmh": 25.0, "entry_s": 180, "speeds_kmh": SPEEDS, "where": WHERE}
    return DistrictTravel(**(usual | changed))


def test_a_drive_between_two_districts_has_the_harmonic_mean_of_their_speeds() -> None:
    metres = distance_m(TOWN, VILLAGE) * 1.4
    assert travel().seconds(TOWN, VILLAGE) == pytest.approx(180 + metres * 3.6 / 30, abs=1)  # 2 / (1/20 + 1/60)


def test_a_place_without_a_district_has_the_usual_speed() -> None:
    metres = distance_m(ELSEWHERE, Place(113.16, 22.90)) * 1.4
    assert travel().seconds(ELSEWHERE, Place(113.16, 22.90)) == pytest.approx(180 + metres * 3.6 / 25, abs=1)


def test_the_hour_of_leaving_stretches_the_drive_but_not_the_parking() -> None:
    bands = tuple(1500 if hour == 8 else 1000 for hour in range(24))
    rush = int(datetime(2026, 3, 10, 0, 30, tzinfo=UTC).timestamp())  # half past eight in Beijing
    known = travel(bands=bands)
    plain = known.seconds(TOWN, VILLAGE, rush + 3600)
    assert known.seconds(TOWN, VILLAGE, rush) - 180 == pytest.approx(1.5 * (plain - 180), abs=2)


@pytest.mark.parametrize(
    "changed", [{"detour": 0.9}, {"usual_kmh": 0}, {"entry_s": -1}, {"speeds_kmh": {"440604": 0}}, {"bands": (1000,)}]
)
def test_impossible_speeds_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleSpeed):
        travel(**changed)


points = st.builds(Place, st.floats(112.5, 113.5), st.floats(22.5, 23.5))


@given(st.lists(points, min_size=2, max_size=6), st.sampled_from(["district", "circle"]))
def test_the_table_and_a_single_drive_agree(places: list[Place], kind: str) -> None:
    where = dict(zip(places, ["440604", "440605"], strict=False))
    known: Travel = travel(where=where) if kind == "district" else GreatCircleTravel(1.4, 25.0, 180)
    table = known.table(places)
    for i, origin in enumerate(places):
        for j, destination in enumerate(places):
            driving = int(table[i, j])
            if origin == destination:
                assert driving == 0
            else:
                assert known.seconds(origin, destination) == pytest.approx(driving + 180, abs=1)
