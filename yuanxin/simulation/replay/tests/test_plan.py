"""The plan of a day and the cut of a city into grids. All names are invented."""

from datetime import date

import pytest

from yuanxin.simulation.replay.districts import DISTRICTS, grids_of
from yuanxin.simulation.replay.plan import NothingOnDay, plan_day
from yuanxin.simulation.replay.reading import Community, read_communities, read_contacts

COMMUNITIES = """name,district,town,address,lng_wgs84,lat_wgs84,households
春风里,禅城区,,一路,113.10,23.02,100
夏荷苑,南海区,,二路,113.15,23.05,
秋水台,天河区,,三路,113.15,23.05,50
""".encode()
CONTACTS = b"""Ticket #,Customer Complaint,Date_month_year,Time,Received Via
1,No internet,24-Jun-15,9:00:00 AM,Internet
2,Billed twice,24-Jun-15,8:00:00 AM,Customer Care Call
3,Slow,23-Jun-15,8:00:00 AM,Internet
4,Slow,24-Jun-15,,Internet
"""


def communities(*places: tuple[str, float]) -> list[Community]:
    return [Community(line, f"小区{line}", name, "", "", lng, 23.0, 10) for line, (name, lng) in enumerate(places)]


def test_a_plan_holds_the_good_contacts_of_the_day_in_order_of_time_and_names_the_bad_rows() -> None:
    plan = plan_day(
        read_communities(COMMUNITIES, districts=DISTRICTS),
        read_contacts(CONTACTS),
        original_day=date(2015, 6, 24),
        effective_from=date(2026, 1, 1),
        is_working_day=lambda day: day.weekday() < 5,
    )
    assert [contact.number for contact in plan.contacts] == ["2", "1"]
    assert plan.day == date(2026, 1, 2)
    assert plan.contacts[0].at.isoformat() == "2026-01-02T08:00:00+08:00"
    assert [error.reason for error in plan.address_errors] == ["unknown_district"]
    assert [error.reason for error in plan.contact_errors] == ["missing_time"]
    assert plan.by_reason() == [("billing", "complaint", 1), ("no_internet", "field", 1)]


def test_a_day_without_contacts_is_refused_and_names_the_busiest_days() -> None:
    with pytest.raises(NothingOnDay) as caught:
        plan_day(
            read_communities(COMMUNITIES, districts=DISTRICTS),
            read_contacts(CONTACTS),
            original_day=date(2015, 6, 25),
            effective_from=date(2026, 1, 1),
            is_working_day=lambda day: True,
        )
    assert caught.value.params["busiest"] == "2015-06-24 (2), 2015-06-23 (1)"


def test_every_community_lies_in_exactly_one_grid_of_its_district() -> None:
    places = communities(*[("禅城区", 113.0 + step / 100) for step in range(10)], ("南海区", 113.2))
    grids = grids_of(places, technicians=4)
    assert sorted(one.line for grid in grids for one in grid.communities) == list(range(11))
    assert {grid.district_code for grid in grids} == {"440604", "440605"}
    assert all(one.district == "禅城区" for grid in grids if grid.district_code == "440604" for one in grid.communities)
    assert [grid.centre[0] for grid in grids] == sorted(grid.centre[0] for grid in grids)
