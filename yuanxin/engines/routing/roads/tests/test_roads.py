"""Road servers: their answers, their silence and their nonsense. The formula stands in, and the plan says so."""

import json
import pickle

import numpy as np
import pytest

from yuanxin.engines.routing.engine import engine
from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.roads.errors import RoadsAddressWrong
from yuanxin.engines.routing.roads.roads import Roads
from yuanxin.engines.routing.roads.server import Osrm, Valhalla, server_of
from yuanxin.engines.routing.roads.tests.make import Road, server
from yuanxin.engines.routing.roads.travel import RoadTravel
from yuanxin.engines.routing.tests import make
from yuanxin.engines.routing.travel import GreatCircleTravel

FORMULA = GreatCircleTravel(detour=1.35, speed_kmh=25.0, entry_s=180)
PLACES = [Place(113.10, 23.02), Place(113.12, 23.02), Place(113.15, 23.05)]
TOLD = [[0, 220, 850], [200, 0, 630], [800, 600, 0]]  # what ``Road`` drives between them


def roads(address: str, **changed: float) -> Roads:
    limits = {"wait_s": 2.0, "budget_s": 20.0, "rest_s": 60.0} | changed
    return Roads(server_of(address), **limits)  # type: ignore[arg-type]


def travel(address: str, **changed: float) -> RoadTravel:
    return RoadTravel(roads(address, **changed), FORMULA, PLACES)


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_the_servers_seconds_are_the_tables(kind: str) -> None:
    with server(Road()) as url:
        asked = travel(f"{kind}:{url}")
        assert asked.table(PLACES).tolist() == TOLD
    assert not asked.estimated
    assert asked.seconds(PLACES[0], PLACES[2]) == 850 + FORMULA.entry_s
    assert asked.seconds(PLACES[0], PLACES[0]) == 0


def test_valhallas_short_form_is_read_too() -> None:
    with server(Road(is_brief=True)) as url:
        assert travel(f"valhalla:{url}").table(PLACES).tolist() == TOLD


def test_what_was_told_is_not_asked_again_and_one_new_place_asks_for_its_own_drives_only() -> None:
    road = Road()
    with server(road) as url:
        known = roads(f"osrm:{url}")
        RoadTravel(known, FORMULA).table(PLACES)
        RoadTravel(known, FORMULA).table(PLACES)
        assert [shape for _, shape in road.asked] == [(3, 3)]
        RoadTravel(known, FORMULA).table([*PLACES, Place(113.20, 23.00)])
    assert [shape for _, shape in road.asked[1:]] == [(1, 3), (3, 1)]


def test_a_large_table_is_asked_in_blocks() -> None:
    road = Road()
    places = [Place(113.0 + 0.001 * number, 23.0) for number in range(25)]
    with server(road) as url:
        whole = RoadTravel(roads(f"osrm:{url}?block=10"), FORMULA)
        table = whole.table(places)
    assert max(max(shape) for _, shape in road.asked) == 10
    assert len(road.asked) == 9
    assert not whole.estimated
    assert table[0, 24] == 264  # 0.024 degrees to the east
    assert table[24, 0] == 240


def test_a_gap_in_the_map_is_filled_by_the_formula_and_marked() -> None:
    with server(Road(gaps={(113.10, 113.15)})) as url:
        asked = travel(f"osrm:{url}")
        table = asked.table(PLACES)
    assert table[0, 2] == FORMULA.table(PLACES)[0, 2]
    assert table[2, 0] == TOLD[2][0]
    assert asked.estimated


BROKEN: dict[str, tuple[int, bytes]] = {
    "error": (500, b"oops"),
    "refused": (400, json.dumps({"code": "TooBig", "message": "too many"}).encode()),
    "not json": (200, b"<html>gateway</html>"),
    "cut short": (200, b'{"code":"Ok","durations":[[0,1'),
    "no table": (200, b'{"code":"NoTable"}'),
    "a list": (200, b"[1,2]"),
    "another shape": (200, b'{"code":"Ok","durations":[[0,1],[1,0]]}'),
    "words": (200, b'{"code":"Ok","durations":[[0,"1",2],[1,0,2],[1,2,0]]}'),
    "negative": (200, b'{"code":"Ok","durations":[[0,-5,2],[1,0,2],[1,2,0]]}'),
    "endless": (200, b'{"code":"Ok","durations":[[0,Infinity,2],[1,0,2],[1,2,0]]}'),
    "no number": (200, b'{"code":"Ok","durations":[[0,NaN,2],[1,0,2],[1,2,0]]}'),
    "nothing": (200, b""),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_a_broken_answer_never_becomes_a_number(kind: str, answer: tuple[int, bytes]) -> None:
    with server(Road(answer=answer)) as url:
        asked = travel(f"{kind}:{url}")
        assert np.array_equal(asked.table(PLACES), FORMULA.table(PLACES))
    assert asked.estimated


def test_valhallas_cells_must_stand_where_they_say() -> None:
    cell = {"time": 7, "distance": 1}
    rows = [[{**cell, "from_index": i, "to_index": 2 - j} for j in range(3)] for i in range(3)]
    with server(Road(answer=(200, json.dumps({"sources_to_targets": rows}).encode()))) as url:
        asked = travel(f"valhalla:{url}")
        assert np.array_equal(asked.table(PLACES), FORMULA.table(PLACES))
    assert asked.estimated


@pytest.mark.parametrize("seconds_per_degree", [1.0, 5_000_000.0])
def test_a_drive_that_nobody_can_drive_is_not_believed(seconds_per_degree: float) -> None:
    with server(Road(seconds_per_degree=seconds_per_degree)) as url:
        asked = travel(f"osrm:{url}")
        assert np.array_equal(asked.table(PLACES), FORMULA.table(PLACES))
    assert asked.estimated


def test_a_server_that_is_not_there_is_asked_once_and_then_left_in_peace() -> None:
    road = Road()
    with server(road) as url:
        pass
    known = roads(f"osrm:{url}?block=1")
    asked = RoadTravel(known, FORMULA)
    assert np.array_equal(asked.table(PLACES), FORMULA.table(PLACES))
    assert asked.estimated
    assert road.asked == []


def test_a_server_that_was_down_is_asked_again_after_its_rest() -> None:
    road = Road(answer=(503, b"busy"))
    with server(road) as url:
        tired, fresh = roads(f"osrm:{url}", rest_s=60.0), roads(f"osrm:{url}", rest_s=0.0)
        for known in (tired, fresh):
            assert RoadTravel(known, FORMULA).table(PLACES)[0, 2] == FORMULA.table(PLACES)[0, 2]
        road.answer = None
        assert RoadTravel(tired, FORMULA).table(PLACES)[0, 2] == FORMULA.table(PLACES)[0, 2]
        assert RoadTravel(fresh, FORMULA).table(PLACES).tolist() == TOLD


@pytest.mark.parametrize("road", [Road(is_slow=True), Road(drips=True)], ids=["late", "drop by drop"])
def test_a_slow_server_does_not_hold_the_plan_up(road: Road) -> None:
    with server(road) as url:
        asked = travel(f"osrm:{url}", wait_s=0.2)
        assert np.array_equal(asked.table(PLACES), FORMULA.table(PLACES))
        road.stop.set()
    assert asked.estimated


def test_only_a_server_that_knows_hours_is_told_the_hour_and_remembered_by_it() -> None:
    road = Road()
    with server(road) as url:
        known = roads(f"valhalla:{url}?hours=1")
        for hour in (8, 8, 14):
            RoadTravel(known, FORMULA, hour=hour).table(PLACES)
        RoadTravel(roads(f"valhalla:{url}"), FORMULA, hour=8).table(PLACES)
    assert [question.get("date_time", {}).get("value", "")[-5:] for _, question in road.asked] == ["08:30", "14:30", ""]


def test_an_hour_is_never_asked_for_more_origins_than_targets() -> None:
    road = Road()
    with server(road) as url:
        Valhalla(server_of(f"valhalla:{url}").endpoint, knows_hours=True).seconds(PLACES, PLACES[:1], 9, 2.0)
    assert [(len(asked["sources"]), len(asked["targets"])) for _, asked in road.asked] == [(1, 1)] * 3


def test_a_full_memory_forgets_the_oldest_and_stays_right() -> None:
    with server(Road()) as url:
        known = Roads(server_of(f"osrm:{url}"), wait_s=2.0, budget_s=20.0, rest_s=60.0, most_cells=4)
        far = [Place(113.30, 23.02), Place(113.32, 23.02), Place(113.35, 23.05)]
        for places in (PLACES, far, PLACES):
            found = RoadTravel(known, FORMULA)
            assert found.table(places).tolist() == TOLD
            assert not found.estimated
        more = RoadTravel(known, FORMULA)
        more.table([*PLACES, *far])
    assert more.estimated


def test_two_doors_of_one_cell_keep_the_formula_unmarked() -> None:
    doors = [Place(113.10000, 23.02000), Place(113.10010, 23.02005)]
    with server(Road()) as url:
        asked = RoadTravel(roads(f"osrm:{url}"), FORMULA)
        assert asked.table(doors).tolist() == FORMULA.table(doors).tolist()
    assert not asked.estimated


def test_an_engine_plans_on_a_road_server() -> None:
    jobs = [make.job("a", at=make.place(2, 1)), make.job("b", at=make.place(-3, 2))]
    with server(Road()) as url:
        asked = RoadTravel(roads(f"osrm:{url}"), FORMULA, [make.place(), *(one.place for one in jobs)])
        problem = make.problem(make.technician(), *jobs)
        road = Problem(problem.now, problem.technicians, problem.jobs, asked, problem.weights, problem.rules)
        plan = engine("greedy").solve(road, 1.0)
    assert {visit.job for visit in plan.visits} == {"a", "b"}
    assert not asked.estimated


def test_another_process_gets_the_table_that_was_read_and_may_ask_on() -> None:
    road = Road()
    with server(road) as url:
        here = travel(f"osrm:{url}")
        told = here.seconds(PLACES[0], PLACES[2])
        there = pickle.loads(pickle.dumps(here))  # noqa: S301 - our own bytes
        assert there.seconds(PLACES[0], PLACES[2]) == told
        assert len(road.asked) == 1
        assert there.table(PLACES).tolist() == TOLD


@pytest.mark.parametrize(
    "address",
    [
        "http://host",
        "osrm:host:5000",
        "osrm:ftp://host",
        "osrm:http://",
        "osrm:http://h?block=0",
        "osrm:http://h?hours=1",
    ],
)
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(RoadsAddressWrong):
        server_of(address)


def test_addresses_carry_their_options() -> None:
    assert server_of("osrm:http://roads:5000/osrm?profile=bike&block=80").block == 80
    scooter = server_of("valhalla:https://roads?costing=motor_scooter&hours=1")
    assert isinstance(scooter, Valhalla)
    assert (scooter.costing, scooter.knows_hours, scooter.block) == ("motor_scooter", True, 50)
    assert isinstance(server_of("osrm:http://roads:5000"), Osrm)
