"""A road server that plays answers back, in this process and on a port of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Road:
    """What the server does. seconds_per_degree: of the way along the parallel and the meridian. asked: every question.

    answer: (status, body) to give instead of a table. gaps: pairs (origin lng, target lng) without a way. stop: set
    when a slow answer may end.
    """

    seconds_per_degree: float = 10_000.0
    answer: tuple[int, bytes] | None = None
    is_slow: bool = False
    drips: bool = False
    is_brief: bool = False
    gaps: set[tuple[float, float]] = field(default_factory=set)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    stop: Event = field(default_factory=Event)
    port: int = 0

    def cell(self, origin: tuple[float, float], target: tuple[float, float]) -> float | None:
        """Return the seconds of one drive; slower towards the east, so that no answer is symmetric by luck."""
        if (origin[0], target[0]) in self.gaps:
            return None
        east, north = target[0] - origin[0], target[1] - origin[1]
        return round((abs(east) + abs(north) + 0.1 * max(east, 0)) * self.seconds_per_degree, 1)


def osrm(road: Road, path: str) -> Any:
    """Answer ``/table/v1`` as OSRM does."""
    asked = urlsplit(path)
    pairs = [one.split(",") for one in asked.path.split("/")[4].split(";")]
    points = [(float(lng), float(lat)) for lng, lat in pairs]
    options = parse_qs(asked.query)
    origins, targets = ([int(one) for one in options[side][0].split(";")] for side in ("sources", "destinations"))
    road.asked.append((path, (len(origins), len(targets))))
    rows = [[road.cell(points[origin], points[target]) for target in targets] for origin in origins]
    return {"code": "Ok", "durations": rows, "sources": [], "destinations": []}


def valhalla(road: Road, question: Any) -> Any:
    """Answer ``/sources_to_targets`` as Valhalla does, in its long or its short form."""
    road.asked.append(("", question))
    origins = [(one["lon"], one["lat"]) for one in question["sources"]]
    targets = [(one["lon"], one["lat"]) for one in question["targets"]]
    times = [[road.cell(origin, target) for target in targets] for origin in origins]
    if road.is_brief:
        return {"sources_to_targets": {"durations": times, "distances": times}, "units": "kilometers"}
    rows = [
        [{"distance": cell, "time": cell, "from_index": i, "to_index": j} for j, cell in enumerate(row)]
        for i, row in enumerate(times)
    ]
    return {"sources_to_targets": rows, "units": "kilometers", "algorithm": "costmatrix"}


@contextmanager
def server(road: Road) -> Iterator[str]:
    """Run the server and give its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give(osrm(road, self.path))

        def do_POST(self) -> None:
            self._give(valhalla(road, json.loads(self.rfile.read(int(self.headers["content-length"])))))

        def _give(self, found: Any) -> None:
            status, body = road.answer or (200, json.dumps(found).encode())
            if road.is_slow:
                road.stop.wait(10)
            self.send_response(status)
            self.end_headers()
            for start in range(0, len(body), 8 if road.drips else len(body) or 1):
                self.wfile.write(body[start : start + 8] if road.drips else body)
                self.wfile.flush()
                if road.drips and road.stop.wait(0.05):
                    return

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.daemon_threads = True
    thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    road.port = found.server_address[1]
    try:
        yield f"http://127.0.0.1:{road.port}"
    finally:
        road.stop.set()
        found.shutdown()
        found.server_close()
        thread.join()
