"""Reading a file of addresses: rows that can be stored, and for every other row its line and the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yuanxin.parties.rules.datum import Coordinate, Datum, is_inside_china
from yuanxin.parties.rules.errors import AddressFileNotReadable
from yuanxin.parties.rules.names import comparable

LARGEST_FILE_BYTES = 20_000_000
MOST_ROWS = 200_000
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
"""How zip (Excel's workbooks too), gzip, rar, 7z and old Excel files begin."""
_LONGEST_CELL = 200
_MOST_HOUSEHOLDS = 100_000

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "estate", "小区", "小区名称", "名称", "楼盘", "村庄"),
    "district": ("district", "区", "区县", "行政区", "所在区"),
    "town": ("town", "镇街", "街道", "乡镇", "片区"),
    "street": ("address", "street", "地址", "详细地址"),
    "households": ("households", "户数", "覆盖户数"),
    "buildings": ("buildings", "楼栋数", "栋数"),
    "grid": ("grid", "grid_code", "网格", "网格编码"),
    "area_class": ("area_class", "地区类别", "城乡类别"),
    "kind": ("kind", "类型", "地址类型"),
    "datum": ("datum", "坐标系"),
    "lng": ("lng", "lon", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
}
_REQUIRED = ("name", "district")
# The source's own pair goes before one that somebody converted.
_PAIRS = (
    ("lng_bd09", "lat_bd09", Datum.BD09),
    ("lng_gcj02", "lat_gcj02", Datum.GCJ02),
    ("lng_wgs84", "lat_wgs84", Datum.WGS84),
)
_DATUM_WORDS = {
    "wgs84": Datum.WGS84,
    "gps": Datum.WGS84,
    "cgcs2000": Datum.WGS84,
    "国家2000": Datum.WGS84,
    "": Datum.WGS84,
    "gcj02": Datum.GCJ02,
    "高德": Datum.GCJ02,
    "腾讯": Datum.GCJ02,
    "火星坐标": Datum.GCJ02,
    "bd09": Datum.BD09,
    "百度": Datum.BD09,
}
_AREA_WORDS = {
    "": "urban",
    "urban": "urban",
    "城市": "urban",
    "城镇": "urban",
    "rural": "rural",
    "农村": "rural",
    "remote": "remote",
    "偏远": "remote",
}
_KIND_WORDS = {
    "": "estate",
    "estate": "estate",
    "小区": "estate",
    "village": "village",
    "村": "village",
    "自然村": "village",
    "landmark": "landmark",
    "地标": "landmark",
}


class FileFault(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    WRONG_ENCODING = "wrong_encoding"
    WRONG_HEADER = "wrong_header"
    ARCHIVE = "archive"


class RowFault(StrEnum):
    """Why a row cannot be stored."""

    MISSING_NAME = "missing_name"
    UNKNOWN_DISTRICT = "unknown_district"
    MISSING_COORDINATES = "missing_coordinates"
    BAD_COORDINATES = "bad_coordinates"
    OUTSIDE_CHINA = "outside_china"
    UNKNOWN_DATUM = "unknown_datum"
    BAD_NUMBER = "bad_number"
    UNKNOWN_CLASS = "unknown_class"
    DUPLICATE = "duplicate"
    TOO_LONG = "too_long"
    WRONG_COLUMNS = "wrong_columns"


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """A row that can be stored; the point is WGS-84, the original is as written, None when the file has none."""

    line: int
    name: str
    district_code: str
    town: str
    street: str
    original: Coordinate | None
    households: int | None
    buildings: int | None
    grid_code: str
    area_class: str
    kind: str

    @property
    def point(self) -> Coordinate | None:
        """The point in WGS-84, rounded to 1 cm."""
        if self.original is None:
            return None
        point = self.original.to(Datum.WGS84)
        return Coordinate(round(point.lng, 7), round(point.lat, 7))

    @property
    def same_as(self) -> tuple[str, str]:
        """Two rows with the same value are the same place."""
        return self.district_code, comparable(self.name)


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be stored. line: line of the file, the header is line 1. value: at most 40 characters."""

    line: int
    column: str
    fault: RowFault
    value: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file holds."""

    rows: tuple[ParsedAddress, ...]
    errors: tuple[RowError, ...]
    encoding: str

    @property
    def lines(self) -> int:
        """Rows of data, good and bad."""
        return len(self.rows) + len({error.line for error in self.errors})


def parse_addresses(content: bytes, districts: Mapping[str, str]) -> ParsedFile:
    """Read a CSV file of addresses.

    districts: name or code as people write it -> district code; what is not in it is an error of that row.
    A row may lack coordinates only if it has no coordinate cell filled: it is kept as not located.
    Raises AddressFileNotReadable when nothing of the file can be read.
    """
    text, encoding = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = _read_header(next(reader, []))
        rows: list[ParsedAddress] = []
        errors: list[RowError] = []
        seen: dict[tuple[str, str], int] = {}
        for line, cells in _numbered(reader):
            if len(rows) + len(errors) >= MOST_ROWS:
                raise AddressFileNotReadable(field="file", reason=FileFault.TOO_MANY_ROWS.value, most=MOST_ROWS)
            row = _RowReader(line, header, cells, districts).read()
            if isinstance(row, RowError):
                errors.append(row)
            elif row.same_as in seen:
                errors.append(RowError(line, "name", RowFault.DUPLICATE, str(seen[row.same_as])))
            else:
                seen[row.same_as] = line
                rows.append(row)
    except csv.Error:
        raise AddressFileNotReadable(field="file", reason=FileFault.WRONG_ENCODING.value) from None
    if not rows and not errors:
        raise AddressFileNotReadable(field="file", reason=FileFault.EMPTY.value)
    return ParsedFile(tuple(rows), tuple(errors), encoding)


def _decode(content: bytes) -> tuple[str, str]:
    if len(content) > LARGEST_FILE_BYTES:
        raise AddressFileNotReadable(field="file", reason=FileFault.TOO_LARGE.value, most=LARGEST_FILE_BYTES)
    if not content.strip():
        raise AddressFileNotReadable(field="file", reason=FileFault.EMPTY.value)
    if content.startswith(ARCHIVES):
        raise AddressFileNotReadable(field="file", reason=FileFault.ARCHIVE.value)
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    raise AddressFileNotReadable(field="file", reason=FileFault.WRONG_ENCODING.value)


def _read_header(cells: list[str]) -> dict[str, int]:
    """Map our column names to positions."""
    typed = {cell.strip().casefold(): position for position, cell in reversed(list(enumerate(cells)))}
    known = {ours: typed[word] for ours, words in _COLUMNS.items() for word in words if word in typed}
    known |= {word: typed[word] for lng, lat, _ in _PAIRS for word in (lng, lat) if word in typed}
    missing = [column for column in _REQUIRED if column not in known]
    if missing:
        raise AddressFileNotReadable(field="file", reason=FileFault.WRONG_HEADER.value, missing=",".join(missing))
    return known


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Give each row the line on which it begins; a quoted cell may run over several lines."""
    begins = reader.line_num + 1  # type: ignore[attr-defined]  # the protocol of csv readers
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1  # type: ignore[attr-defined]  # the same


class _Bad(Exception):
    def __init__(self, column: str, fault: RowFault, value: str = "") -> None:
        self.error = (column, fault, value[:40])


@dataclass(frozen=True, slots=True)
class _RowReader:
    line: int
    header: Mapping[str, int]
    cells: list[str]
    districts: Mapping[str, str] = field(repr=False)

    def read(self) -> ParsedAddress | RowError:
        try:
            return self._read()
        except _Bad as bad:
            return RowError(self.line, *bad.error)

    def _read(self) -> ParsedAddress:
        if len(self.cells) <= max(self.header[column] for column in _REQUIRED):
            raise _Bad("", RowFault.WRONG_COLUMNS, str(len(self.cells)))
        for column in ("name", "town", "street", "grid"):
            if len(self._cell(column)) > (32 if column == "grid" else _LONGEST_CELL):
                raise _Bad(column, RowFault.TOO_LONG, str(len(self._cell(column))))
        name = self._cell("name")
        if not comparable(name):
            raise _Bad("name", RowFault.MISSING_NAME)
        district = self.districts.get(self._cell("district"))
        if district is None:
            raise _Bad("district", RowFault.UNKNOWN_DISTRICT, self._cell("district"))
        return ParsedAddress(
            line=self.line,
            name=name,
            district_code=district,
            town=self._cell("town"),
            street=self._cell("street"),
            original=self._coordinate(),
            households=self._count("households"),
            buildings=self._count("buildings"),
            grid_code=self._cell("grid"),
            area_class=self._word("area_class", _AREA_WORDS),
            kind=self._word("kind", _KIND_WORDS),
        )

    def _cell(self, column: str) -> str:
        position = self.header.get(column)
        if position is None or position >= len(self.cells):
            return ""
        return " ".join(self.cells[position].split())

    def _word(self, column: str, words: Mapping[str, str]) -> str:
        meant = words.get(self._cell(column).casefold())
        if meant is None:
            raise _Bad(column, RowFault.UNKNOWN_CLASS, self._cell(column))
        return meant

    def _count(self, column: str) -> int | None:
        typed = self._cell(column)
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 7 and int(typed) <= _MOST_HOUSEHOLDS):
            raise _Bad(column, RowFault.BAD_NUMBER, typed)
        return int(typed)

    def _coordinate(self) -> Coordinate | None:
        for lng_column, lat_column, datum in _PAIRS:
            if self._cell(lng_column) or self._cell(lat_column):
                return self._pair(lng_column, lat_column, datum)
        if not (self._cell("lng") or self._cell("lat")):
            return None
        word = self._cell("datum").casefold().replace("-", "").replace(" ", "")
        if word not in _DATUM_WORDS:
            raise _Bad("datum", RowFault.UNKNOWN_DATUM, self._cell("datum"))
        return self._pair("lng", "lat", _DATUM_WORDS[word])

    def _pair(self, lng_column: str, lat_column: str, datum: Datum) -> Coordinate:
        lng, lat = self._cell(lng_column), self._cell(lat_column)
        if not (lng and lat):
            raise _Bad(lat_column if lng else lng_column, RowFault.MISSING_COORDINATES)
        try:
            point = Coordinate(float(lng), float(lat), datum)
        except ValueError:
            raise _Bad(lng_column, RowFault.BAD_COORDINATES, f"{lng}, {lat}") from None
        if not is_inside_china(point):
            raise _Bad(lng_column, RowFault.OUTSIDE_CHINA, f"{lng}, {lat}")
        return point
