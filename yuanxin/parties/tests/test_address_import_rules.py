"""Address files in every state in which they arrive."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.parties.rules.address_import import FileFault, RowFault, parse_addresses
from yuanxin.parties.rules.datum import Datum
from yuanxin.parties.rules.errors import AddressFileNotReadable

DISTRICTS = {"禅城区": "440604", "440604": "440604", "南海区": "440605"}
HEADER = "name,district,town,address,lng_bd09,lat_bd09,lng_wgs84,lat_wgs84,households\n"
GOOD = '汇信华府,禅城区,祖庙,"文华北路181号, 同济东路33号",113.133286,23.02769,113.121312,23.024309,5229\n'


def fault_of(content: bytes) -> str:
    with pytest.raises(AddressFileNotReadable) as refused:
        parse_addresses(content, DISTRICTS)
    assert refused.value.field == "file"
    return str(refused.value.params["reason"])


def test_the_original_pair_is_kept_and_the_point_is_wgs84() -> None:
    (row,) = parse_addresses((HEADER + GOOD).encode(), DISTRICTS).rows
    assert row.original is not None
    assert row.point is not None
    assert (row.original.datum, row.original.lng) == (Datum.BD09, 113.133286)
    assert row.point.lng == pytest.approx(113.121312, abs=3e-5)
    assert row.point.lat == pytest.approx(23.024309, abs=3e-5)
    assert (row.district_code, row.street, row.households, row.kind) == (
        "440604",
        "文华北路181号, 同济东路33号",
        5229,
        "estate",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_are_read(encoding: str) -> None:
    assert parse_addresses((HEADER + GOOD).encode(encoding), DISTRICTS).rows[0].name == "汇信华府"


def test_chinese_headings_villages_and_declared_datums_are_read() -> None:
    header = "小区名称,区县,经度,纬度,坐标系,户数,地区类别,地址类型\n"
    text = header + "大榄村,禅城区,113.1,23.0,GCJ-02,120,农村,自然村\n无坐标村,禅城区,,,,,,村\n"
    located, lost = parse_addresses(text.encode(), DISTRICTS).rows
    assert located.original is not None
    assert (located.original.datum, located.area_class, located.kind) == (Datum.GCJ02, "rural", "village")
    assert lost.point is None


@pytest.mark.parametrize(
    ("row", "column", "fault"),
    [
        (",禅城区,,,1,1,113.1,23.0,5", "name", RowFault.MISSING_NAME),
        ("甲,火星区,,,,,113.1,23.0,5", "district", RowFault.UNKNOWN_DISTRICT),
        ("甲,禅城区,,,,,2.35,48.85,5", "lng_wgs84", RowFault.OUTSIDE_CHINA),
        ("甲,禅城区,,,,,23.0,113.1,5", "lng_wgs84", RowFault.OUTSIDE_CHINA),
        ("甲,禅城区,,,,,nan,23.0,5", "lng_wgs84", RowFault.OUTSIDE_CHINA),
        ("甲,禅城区,,,,,东,23.0,5", "lng_wgs84", RowFault.BAD_COORDINATES),
        ("甲,禅城区,,,,,113.1,,5", "lat_wgs84", RowFault.MISSING_COORDINATES),
        ("甲,禅城区,,,,,113.1,23.0,-5", "households", RowFault.BAD_NUMBER),
        ("甲,禅城区,,,,,113.1,23.0,1e9", "households", RowFault.BAD_NUMBER),
        ("甲" * 201 + ",禅城区,,,,,113.1,23.0,5", "name", RowFault.TOO_LONG),
        ("甲", "", RowFault.WRONG_COLUMNS),
    ],
)
def test_a_bad_row_is_named_by_line_column_and_reason_and_the_rest_goes_on(
    row: str, column: str, fault: RowFault
) -> None:
    read = parse_addresses((HEADER + GOOD + row + "\n").encode(), DISTRICTS)
    (error,) = read.errors
    assert (error.line, error.column, error.fault) == (3, column, fault)
    assert (len(read.rows), read.lines) == (1, 2)


def test_the_second_of_two_equal_rows_is_a_duplicate_that_names_the_first() -> None:
    (error,) = parse_addresses((HEADER + GOOD + GOOD).encode(), DISTRICTS).errors
    assert (error.line, error.fault, error.value) == (3, RowFault.DUPLICATE, "2")


def test_lines_are_counted_through_quoted_line_breaks_and_blank_lines() -> None:
    text = HEADER + '"甲",禅城区,,"一\n二",,,113.1,23.0,\n\n,禅城区,,,,,113.1,23.0,\n'
    assert [error.line for error in parse_addresses(text.encode(), DISTRICTS).errors] == [5]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b" \n", FileFault.EMPTY),
        (HEADER.encode(), FileFault.EMPTY),
        (b"a,b\n1,2\n", FileFault.WRONG_HEADER),
        (b"PK\x03\x04\x00\x00", FileFault.ARCHIVE),
        ((HEADER + GOOD).encode("utf-16"), FileFault.WRONG_ENCODING),
        (b"\xff\xff\xff,\xff", FileFault.WRONG_ENCODING),
        (b"x" * 20_000_001, FileFault.TOO_LARGE),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, fault: FileFault) -> None:
    assert fault_of(content) == fault


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_name(junk: bytes) -> None:
    with suppress(AddressFileNotReadable):
        assert parse_addresses(HEADER.encode() + junk, DISTRICTS).lines > 0
