"""Read the two files of a replay: communities (小区) and contacts, row by row.

A bad row is listed with its line and its reason and the rest goes on. A file that is no such file at all
(no header, columns missing) is refused as a whole. Nothing here touches a database or a clock.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Generic, TypeVar

from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import Channel

# The surroundings of the mainland and its islands, WGS-84 degrees; a point outside is a typing error.
CHINA_LNG = (73.4, 135.1)
CHINA_LAT = (3.8, 53.6)
_BROKEN = "\ufffd"
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_CHANNELS = {"internet": Channel.WEB, "customer care call": Channel.PHONE}
COMMUNITY_COLUMNS = ("name", "district", "town", "address", "lng_wgs84", "lat_wgs84", "households")
CONTACT_COLUMNS = ("Ticket #", "Customer Complaint", "Date_month_year", "Time", "Received Via")
LONGEST_TITLE = 500
Row = TypeVar("Row")


class FileUnreadable(DomainError):
    """The file is not the expected table. Params: file, reason (no_header | columns_missing), columns."""

    code = "simulation.file_unreadable"


@dataclass(frozen=True)
class RowError:
    """One row that was left out: its first line in the file (the header is line 1), the reason and the cell."""

    line: int
    reason: str
    value: str = ""


@dataclass(frozen=True)
class Community:
    """小区: a place where contacts may come from. Coordinates are WGS-84 degrees; households may be unknown."""

    line: int
    name: str
    district: str
    town: str
    address: str
    lng: float
    lat: float
    households: int | None


@dataclass(frozen=True)
class ReadContact:
    """一次来电: a contact as the file has it; the wall time has no zone of its own."""

    line: int
    number: str
    title: str
    on: date
    wall_time: time
    channel: Channel


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The rows of a file that are good and the list of those that are not."""

    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]


class _Bad(Exception):
    """A cell that cannot be used: reason, value."""

    def __init__(self, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.reason, self.value = reason, value


def read_communities(content: bytes, *, districts: Iterable[str], file: str = "") -> Table[Community]:
    """Read communities; reasons: wrong_encoding, missing_name, unknown_district, coordinates_missing,
    coordinates_outside_china, bad_households, duplicate_community (the same name in the district up to punctuation,
    as when two portals list one place; the first stays). Raises FileUnreadable."""
    known = frozenset(districts)
    seen: set[tuple[str, str]] = set()

    def row_of(line: int, cells: Mapping[str, str]) -> Community:
        if not cells["name"]:
            raise _Bad("missing_name")
        if cells["district"] not in known:
            raise _Bad("unknown_district", cells["district"])
        lng, lat = _coordinates(cells["lng_wgs84"], cells["lat_wgs84"])
        address = "" if cells["address"] == "暂无资料" else cells["address"]
        households = _households(cells["households"])
        place = (cells["district"], _plain(cells["name"]))
        if place in seen:
            raise _Bad("duplicate_community", cells["name"])
        seen.add(place)
        return Community(line, cells["name"], cells["district"], cells["town"], address, lng, lat, households)

    return _read(content, COMMUNITY_COLUMNS, row_of, file)


def read_contacts(content: bytes, *, file: str = "") -> Table[ReadContact]:
    """Read contacts; reasons: wrong_encoding, missing_number, duplicate_ticket_number, missing_title, title_too_long,
    bad_date, missing_time, bad_time, unknown_channel. The first row of a number stays. Raises FileUnreadable."""
    seen: set[str] = set()

    def row_of(line: int, cells: Mapping[str, str]) -> ReadContact:
        number, title = cells["Ticket #"], cells["Customer Complaint"]
        if not number:
            raise _Bad("missing_number")
        if number in seen:
            raise _Bad("duplicate_ticket_number", number)
        if not title:
            raise _Bad("missing_title")
        if len(title) > LONGEST_TITLE:
            raise _Bad("title_too_long", str(len(title)))
        on = read_date(cells["Date_month_year"])
        wall_time = read_time(cells["Time"])
        channel = _CHANNELS.get(cells["Received Via"].lower())
        if channel is None:
            raise _Bad("unknown_channel", cells["Received Via"])
        seen.add(number)
        return ReadContact(line, number, title, on, wall_time, channel)

    return _read(content, CONTACT_COLUMNS, row_of, file)


def read_date(text: str) -> date:
    """Read dd-Mon-yy, English month, years 2000-2099; this column cannot be mistaken for month-first."""
    try:
        day, month, year = text.split("-")
        return date(2000 + int(year) if len(year) == 2 else int(year), _MONTHS[month.lower()], int(day))
    except (ValueError, KeyError):
        raise _Bad("bad_date", text) from None


def read_time(text: str) -> time:
    """Read a wall time as 3:53:50 PM or 15:53:50."""
    if not text:
        raise _Bad("missing_time")
    for form in ("%I:%M:%S %p", "%H:%M:%S", "%H:%M"):
        try:
            # The wall time has no zone until the day is moved (placing.moved).
            return datetime.strptime(text.upper(), form).time()  # noqa: DTZ007
        except ValueError:
            continue
    raise _Bad("bad_time", text)


def _read(
    content: bytes, columns: tuple[str, ...], row_of: Callable[[int, Mapping[str, str]], Row], file: str
) -> Table[Row]:
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    if not any(header):
        raise FileUnreadable(file=file, reason="no_header", columns=", ".join(columns))
    missing = [name for name in columns if name not in header]
    if missing:
        raise FileUnreadable(file=file, reason="columns_missing", columns=", ".join(missing))
    rows: list[Row] = []
    errors: list[RowError] = []
    line = reader.line_num + 1
    while True:
        try:
            values = next(reader, None)
            if values is None:
                break
            if values:
                rows.append(row_of(line, _cells(header, values)))
        except _Bad as bad:
            errors.append(RowError(line, bad.reason, bad.value[:80]))
        except csv.Error as error:
            errors.append(RowError(line, "unreadable_row", str(error)[:80]))
        line = reader.line_num + 1
    return Table(tuple(rows), tuple(errors))


def _cells(header: list[str], values: list[str]) -> Mapping[str, str]:
    if len(values) != len(header):
        raise _Bad("wrong_number_of_columns", str(len(values)))
    if any(_BROKEN in value or "\x00" in value for value in values):
        raise _Bad("wrong_encoding")
    return {name: value.strip() for name, value in zip(header, values, strict=True)}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _coordinates(lng_text: str, lat_text: str) -> tuple[float, float]:
    if not lng_text or not lat_text:
        raise _Bad("coordinates_missing")
    try:
        lng, lat = float(lng_text), float(lat_text)
    except ValueError:
        raise _Bad("coordinates_missing", f"{lng_text} {lat_text}") from None
    if not (CHINA_LNG[0] <= lng <= CHINA_LNG[1] and CHINA_LAT[0] <= lat <= CHINA_LAT[1]):
        raise _Bad("coordinates_outside_china", f"{lng_text} {lat_text}")
    return lng, lat


def _households(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise _Bad("bad_households", text)
    return int(text) or None
