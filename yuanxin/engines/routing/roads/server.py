"""The two servers that are spoken to, behind one question: seconds from these cells to those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol, TypeAlias
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.roads.errors import RoadsAddressWrong, RoadsUnwilling
from yuanxin.engines.routing.roads.line import ask

Block: TypeAlias = list[list[float | None]]
"""Seconds [from][to]; None where the map knows no way."""

DEGREES = 6  # decimal places of a coordinate in a question: about 0.1 m


class RoadServer(Protocol):
    """Anything that tells driving seconds. block: most places on either side of one question."""

    @property
    def block(self) -> int: ...

    @property
    def knows_hours(self) -> bool: ...

    def seconds(self, origins: Sequence[Place], targets: Sequence[Place], hour: int | None, wait_s: float) -> Block:
        """Return the block. hour: of Beijing, for a server that knows hours. Raises RoadsDown, RoadsUnwilling."""
        ...


@dataclass(frozen=True, slots=True)
class Osrm:
    """OSRM's table service; it knows no hours. Source: OSRM HTTP API, ``/table/v1``."""

    endpoint: SplitResult
    profile: str = "driving"
    block: int = 100
    knows_hours: bool = False

    def seconds(self, origins: Sequence[Place], targets: Sequence[Place], hour: int | None, wait_s: float) -> Block:
        """Ask for the durations of one block."""
        points = ";".join(f"{one.lng:.{DEGREES}f},{one.lat:.{DEGREES}f}" for one in (*origins, *targets))
        first = ";".join(str(number) for number in range(len(origins)))
        second = ";".join(str(len(origins) + number) for number in range(len(targets)))
        path = f"/table/v1/{quote(self.profile, safe='')}/{points}?sources={first}&destinations={second}"
        found = ask(self.endpoint, "GET", path, None, wait_s=wait_s)
        if not isinstance(found, dict) or found.get("code") != "Ok":
            raise RoadsUnwilling("no table")
        return checked(found.get("durations"), len(origins), len(targets))


@dataclass(frozen=True, slots=True)
class Valhalla:
    """Valhalla's matrix service. costing: such as auto or motor_scooter. knows_hours: its tiles hold speeds by hour.

    The usual limit of a Valhalla is 2,500 pairs, hence the smaller block. With an hour there must not be more
    origins than targets, so a tall block is asked in pieces. Source: Valhalla matrix API, ``/sources_to_targets``.
    """

    endpoint: SplitResult
    costing: str = "auto"
    block: int = 50
    knows_hours: bool = False

    def seconds(self, origins: Sequence[Place], targets: Sequence[Place], hour: int | None, wait_s: float) -> Block:
        """Ask for the times of one block."""
        if hour is None or len(origins) <= len(targets):
            return self._ask(origins, targets, hour, wait_s)
        step = len(targets)
        pieces = [origins[start : start + step] for start in range(0, len(origins), step)]
        return [row for piece in pieces for row in self._ask(piece, targets, hour, wait_s)]

    def _ask(self, origins: Sequence[Place], targets: Sequence[Place], hour: int | None, wait_s: float) -> Block:
        question: dict[str, Any] = {
            "sources": [_point(one) for one in origins],
            "targets": [_point(one) for one in targets],
            "costing": self.costing,
        }
        if hour is not None:
            question["date_time"] = {"type": 1, "value": f"{USUAL_DAY}T{hour:02d}:30"}
        found = ask(self.endpoint, "POST", "/sources_to_targets", question, wait_s=wait_s)
        told = found.get("sources_to_targets") if isinstance(found, dict) else None
        if isinstance(told, dict):  # the short form of a server that was told to be brief
            return checked(told.get("durations"), len(origins), len(targets))
        return checked(_times(told), len(origins), len(targets))


USUAL_DAY = "2026-03-10"  # a Tuesday: a server with speeds by hour has them by the week
_KINDS: dict[str, tuple[type[Osrm | Valhalla], str]] = {"osrm": (Osrm, "profile"), "valhalla": (Valhalla, "costing")}


def server_of(address: str) -> Osrm | Valhalla:
    """Read ``osrm:http://host:5000`` or ``valhalla:http://host:8002``, with options behind a question mark.

    profile or costing: what drives; block: most places on either side; hours=1: the server knows hours (Valhalla).
    Raises RoadsAddressWrong.
    """
    kind, _, url = address.partition(":")
    endpoint = urlsplit(url)
    if kind not in _KINDS or endpoint.scheme not in ("http", "https") or not endpoint.hostname:
        raise RoadsAddressWrong("YUANXIN_ROADS is osrm:http://host:port or valhalla:http://host:port")
    options = {name: values[0] for name, values in parse_qs(endpoint.query).items()}
    server, driver = _KINDS[kind]
    unknown = set(options) - {driver, "block", *(("hours",) if kind == "valhalla" else ())}
    if unknown or not options.get("block", "1").isdecimal() or options.get("block") == "0":
        raise RoadsAddressWrong(f"YUANXIN_ROADS: options of {kind} are {driver}, block (at least 1), hours")
    given: dict[str, Any] = {driver: options[driver]} if driver in options else {}
    given |= {"block": int(options["block"])} if "block" in options else {}
    given |= {"knows_hours": True} if options.get("hours") == "1" else {}
    return server(endpoint, **given)


def checked(rows: Any, height: int, width: int) -> Block:
    """Return the block if it has this shape and holds only seconds and gaps. Raises RoadsUnwilling."""
    if not isinstance(rows, list) or len(rows) != height:
        raise RoadsUnwilling("another number of rows than asked")
    for row in rows:
        if not isinstance(row, list) or len(row) != width or not all(_is_seconds(cell) for cell in row):
            raise RoadsUnwilling("a row that is not seconds")
    return rows


def _is_seconds(cell: Any) -> bool:
    if cell is None:
        return True
    return isinstance(cell, int | float) and not isinstance(cell, bool) and isfinite(cell) and cell >= 0


def _point(one: Place) -> dict[str, float]:
    return {"lat": round(one.lat, DEGREES), "lon": round(one.lng, DEGREES)}


def _times(told: Any) -> Any:
    """Return the times of the long form, every cell at the place that its own numbers name."""
    if not isinstance(told, list):
        return None
    rows = []
    for number, row in enumerate(told):
        if not isinstance(row, list) or not all(isinstance(cell, dict) and "time" in cell for cell in row):
            return None
        if [(cell.get("from_index"), cell.get("to_index")) for cell in row] != [(number, to) for to in range(len(row))]:
            return None
        rows.append([cell["time"] for cell in row])
    return rows
