"""Reading the two files: what is good, what is listed, what is refused. All rows are invented."""

from datetime import date, time

import pytest

from yuanxin.published.codes import Channel
from yuanxin.simulation.replay.reading import FileUnreadable, RowError, read_communities, read_contacts

DISTRICTS = ("禅城区", "南海区")
COMMUNITIES = "name,district,town,address,lng_wgs84,lat_wgs84,households\n"
CONTACTS = "Ticket #,Customer Complaint,Date,Date_month_year,Time,Received Via,Status\n"


def communities(*rows: str) -> bytes:
    return (COMMUNITIES + "\n".join(rows)).encode()


def contacts(*rows: str) -> bytes:
    return (CONTACTS + "\n".join(rows)).encode()


def test_a_community_without_a_household_count_is_kept_and_says_so() -> None:
    table = read_communities(communities("春风里,禅城区,,暂无资料,113.1,23.0,"), districts=DISTRICTS)
    assert table.errors == ()
    place = table.rows[0]
    assert (place.name, place.households, place.address, place.line) == ("春风里", None, "", 2)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",禅城区,,一路,113.1,23.0,10", "missing_name"),
        ("甲,天河区,,一路,113.1,23.0,10", "unknown_district"),
        ("甲,禅城区,,一路,,23.0,10", "coordinates_missing"),
        ("甲,禅城区,,一路,east,23.0,10", "coordinates_missing"),
        ("甲,禅城区,,一路,23.0,113.1,10", "coordinates_outside_china"),
        ("甲,禅城区,,一路,nan,23.0,10", "coordinates_outside_china"),
        ("甲,禅城区,,一路,113.1,23.0,-5", "bad_households"),
        ("甲,禅城区,,一路,113.1,23.0", "wrong_number_of_columns"),
    ],
)
def test_a_bad_community_is_listed_with_line_and_reason_and_the_rest_goes_on(row: str, reason: str) -> None:
    table = read_communities(communities(row, "乙,南海区,,二路,113.1,23.0,20"), districts=DISTRICTS)
    assert [place.name for place in table.rows] == ["乙"]
    assert [(error.line, error.reason) for error in table.errors] == [(2, reason)]


def test_one_place_listed_by_two_portals_is_kept_once_in_each_district() -> None:
    rows = (
        "春风里,禅城区,,一路,113.1,23.0,10",
        "春风·里,禅城区,,一路,113.1,23.0,12",
        "春风里,南海区,,一路,113.1,23.0,9",
    )
    table = read_communities(communities(*rows), districts=DISTRICTS)
    assert [place.line for place in table.rows] == [2, 4]
    assert [(error.line, error.reason) for error in table.errors] == [(3, "duplicate_community")]


def test_a_contact_is_read_with_the_month_that_has_a_name() -> None:
    table = read_contacts(contacts("7,No picture,05-06-15,05-Jun-15,3:53:50 PM,Internet,Open"))
    contact = table.rows[0]
    assert (contact.on, contact.wall_time, contact.channel) == (date(2015, 6, 5), time(15, 53, 50), Channel.WEB)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("8,Slow,05-06-15,05-Jun-15,,Internet,Open", "missing_time"),
        ("8,Slow,05-06-15,05-Jun-15,25:10,Internet,Open", "bad_time"),
        ("8,Slow,05-06-15,31-Feb-15,1:00:00 PM,Internet,Open", "bad_date"),
        ("8,Slow,05-06-15,05-06-15,1:00:00 PM,Internet,Open", "bad_date"),
        ("8,Slow,05-06-15,,1:00:00 PM,Internet,Open", "bad_date"),
        (",Slow,05-06-15,05-Jun-15,1:00:00 PM,Internet,Open", "missing_number"),
        ("8,,05-06-15,05-Jun-15,1:00:00 PM,Internet,Open", "missing_title"),
        ("8,Slow,05-06-15,05-Jun-15,1:00:00 PM,Pigeon,Open", "unknown_channel"),
        ("7,Again,05-06-15,05-Jun-15,1:00:00 PM,Internet,Open", "duplicate_ticket_number"),
    ],
)
def test_a_bad_contact_is_listed_with_line_and_reason_and_the_rest_goes_on(row: str, reason: str) -> None:
    first, last = "7,Slow,,05-Jun-15,1:00:00 PM,Internet,Open", "9,Slow,,05-Jun-15,2:00:00 PM,Internet,Open"
    table = read_contacts(contacts(first, row, last))
    assert [contact.number for contact in table.rows] == ["7", "9"]
    assert [(error.line, error.reason) for error in table.errors] == [(3, reason)]


def test_a_row_in_another_encoding_is_listed_and_the_rest_goes_on() -> None:
    content = contacts(
        "7,Slow,,05-Jun-15,1:00:00 PM,Internet,Open"
    ) + "\n8,网速慢,,05-Jun-15,1:00:00 PM,Internet,Open".encode("gbk")
    table = read_contacts(content)
    assert len(table.rows) == 1
    assert table.errors == (RowError(3, "wrong_encoding"),)


def test_a_title_over_two_lines_is_named_by_its_first_line() -> None:
    table = read_contacts(contacts('7,"Slow\nvery slow",,05-Jun-15,,Internet,Open', "8,Slow,,05-Jun-15,,Internet,Open"))
    assert [error.line for error in table.errors] == [2, 4]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", "姓名,电话\n".encode(), "\ufeffTicket #\n".encode(), b"\x00\x01\x02"]
)
def test_another_file_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        read_contacts(content)
