"""Journey: one day of contacts runs through the whole loop and every contact has a fate.

The small files are invented. The real ones run when their folder is there; it is never part of the product.
"""

import os
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from yuanxin.kernel.workdays import days_of_year
from yuanxin.simulation.replay.districts import DISTRICTS
from yuanxin.simulation.replay.plan import DayPlan, plan_day
from yuanxin.simulation.replay.reading import read_communities, read_contacts
from yuanxin.simulation.replay.report import Report
from yuanxin.simulation.replay.run import CityNotEmpty, prepare_rules, replay

DATA = Path(os.environ.get("YUANXIN_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
REAL_ADDRESSES = DATA / "foshan-communities" / "foshan_communities.csv"
REAL_CONTACTS = DATA / "cable-complaints-2015h1" / "complaints.csv"
DAY = date(2015, 6, 24)

COMMUNITIES = """name,district,town,address,lng_wgs84,lat_wgs84,households
春风里,禅城区,祖庙,一路1号,113.110,23.020,800
夏荷苑,禅城区,石湾,二路2号,113.090,23.010,
秋水台,南海区,桂城,三路3号,113.150,23.030,300
冬雪园,顺德区,大良,四路4号,113.250,22.840,500
天外村,天河区,,五路5号,113.330,23.130,10
海外岛,禅城区,,六路6号,10.000,50.000,10
"""
CONTACTS = """Ticket #,Customer Complaint,Date,Date_month_year,Time,Received Via
1001,No internet since yesterday,24-06-15,24-Jun-15,7:05:00 AM,Internet
1002,Slow speed in the evening,24-06-15,24-Jun-15,8:10:00 AM,Customer Care Call
1003,Connection drops,24-06-15,24-Jun-15,8:40:00 AM,Internet
1004,TV has no signal,24-06-15,24-Jun-15,9:15:00 AM,Customer Care Call
1005,Billed twice,24-06-15,24-Jun-15,9:20:00 AM,Internet
1006,Data cap,24-06-15,24-Jun-15,9:25:00 AM,Internet
1007,Email account locked,24-06-15,24-Jun-15,9:30:00 AM,Internet
1008,Modem broken,24-06-15,24-Jun-15,10:00:00 AM,Customer Care Call
1009,Area outage,24-06-15,24-Jun-15,10:30:00 AM,Customer Care Call
1010,qwerty,24-06-15,24-Jun-15,11:00:00 AM,Internet
1011,No internet at night,24-06-15,24-Jun-15,11:30:00 PM,Internet
1012,Slow,24-06-15,24-Jun-15,,Internet
1001,Again,24-06-15,24-Jun-15,1:00:00 PM,Internet
1013,Slow,23-06-15,23-Jun-15,1:00:00 PM,Internet
"""


def plan_of(addresses: bytes, contacts: bytes) -> DayPlan:
    holidays = days_of_year(2026)
    return plan_day(
        read_communities(addresses, districts=DISTRICTS),
        read_contacts(contacts),
        original_day=DAY,
        effective_from=date(2026, 1, 1),
        is_working_day=lambda day: holidays[day][0],
    )


def run(plan: DayPlan, *, technicians: int = 2, seed: int = 1) -> Report:
    prepare_rules(plan.day)
    return replay(plan, technicians=technicians, seed=seed, say=lambda step: None)


def figure(report: Report, name: str) -> int | str:
    return next(one.value for section in report.sections for one in section.figures if one.name == name)


@pytest.mark.django_db(transaction=True)
def test_every_contact_of_an_invented_day_has_a_fate_and_the_tables_agree() -> None:
    plan = plan_of(COMMUNITIES.encode(), CONTACTS.encode())
    report = run(plan)
    assert report.findings == ()
    assert report.identity.holds
    assert report.identity.received == 11
    assert [row[2] for row in report.bad_rows] == [
        "unknown_district",
        "coordinates_outside_china",
        "missing_time",
        "duplicate_ticket_number",
    ]
    assert figure(report, "no visit needed: complaint") == 3
    assert figure(report, "no visit needed: informed") == 1
    assert int(figure(report, "finished")) >= 3
    assert figure(report, "tickets with a promise") == 7
    assert figure(report, "tickets without a verified statutory limit") == 1
    assert figure(report, "yuan of all") != "0.00"
    asked = figure(report, "orders given to both")
    for policy in ("engine", "baseline"):
        assert 0 < int(figure(report, f"visits made: {policy}")) <= int(asked)
        assert float(figure(report, f"hours of driving: {policy}")) > 0
    with pytest.raises(CityNotEmpty):
        run(plan)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not REAL_CONTACTS.is_file(), reason=f"the real contacts are not here: {REAL_CONTACTS}")
def test_all_218_real_contacts_of_the_busiest_day_are_accounted_for() -> None:
    report = run(plan_of(REAL_ADDRESSES.read_bytes(), REAL_CONTACTS.read_bytes()), technicians=20)
    assert report.identity.received == 218
    assert report.identity.holds
    assert report.findings == ()


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (["--technicians", "0"], "technicians"),
        (["--technicians", "many"], "technicians"),
        (["--day", "24 June"], "no day"),
        (["--day", "2015-06-25"], "busiest days are 2015-06-24"),
        (["--addresses", "nowhere.csv"], "no file"),
        (["--json", "nowhere/report.json"], "no such folder"),
        (["--seed", "x"], "seed"),
    ],
)
def test_bad_arguments_are_named_before_anything_is_made(tmp_path: Path, wrong: list[str], word: str) -> None:
    (tmp_path / "places.csv").write_text(COMMUNITIES, encoding="utf-8")
    (tmp_path / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    good = {
        "--addresses": str(tmp_path / "places.csv"),
        "--contacts": str(tmp_path / "contacts.csv"),
        "--day": DAY.isoformat(),
    }
    given = good | {wrong[0]: wrong[1]}
    with pytest.raises((CommandError, SystemExit)) as caught:
        call_command("replay_contacts", *[part for pair in given.items() for part in pair])
    assert word in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    files = ["--addresses", str(tmp_path / "places.csv"), "--contacts", str(tmp_path / "contacts.csv")]
    with pytest.raises(CommandError, match="columns_missing: name"):
        call_command("replay_contacts", *files, "--day", DAY.isoformat())
