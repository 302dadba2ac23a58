"""A city whose technicians are on their way and whose boxes are heard; bodies of batches and who sends them."""

from __future__ import annotations

import http.client
import importlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from benchmarks.serving_people import AT, CITY

TECHNICIANS = 200
BOXES = 50_000
COLUMNS = "recorded_at, id, province_code, city_code, technician_id, at, lng, lat, error_m"


@dataclass(frozen=True)
class People:
    """Who moves and what is heard: technician ids, serials, the gateway's token."""

    technicians: list[UUID]
    serials: list[str]
    token: str


def populate() -> People:
    """Give every technician an accepted order at an invented home, and put boxes into the books."""
    acting: Any = importlib.import_module("yuanxin.kernel.acting")
    tenancy: Any = importlib.import_module("yuanxin.kernel.tenancy")
    transaction: Any = importlib.import_module("django.db.transaction")
    org: Any = importlib.import_module("yuanxin.org.api")
    with acting.acting_as(acting.system("bench", scope="*")), transaction.atomic(), tenancy.scope("*"):
        gateway = org.create_staff(number="G0001", name="网关", unit_code=CITY)
        org.grant_role(staff_id=gateway, role="gateway", at=AT)
    with acting.acting_as(acting.system("bench", scope=CITY)), transaction.atomic(), tenancy.scope(CITY):
        staff = [one.id for one in org.technicians(CITY)]
        _orders(staff)
        serials = _boxes()
    token = importlib.import_module("yuanxin.web.http.machine").token_of(gateway)
    return People(staff, serials, str(token))


def _orders(staff: list[UUID]) -> None:
    make: Any = importlib.import_module("yuanxin.fieldwork.api")
    academy: Any = importlib.import_module("yuanxin.academy.api")
    parties: Any = importlib.import_module("yuanxin.parties.api")
    ids: Any = importlib.import_module("yuanxin.kernel.ids")
    codes: Any = importlib.import_module("yuanxin.published.codes")
    estate = parties.EstateRow(
        id=ids.new_id(), name="试验花园", district_code=f"{CITY}04", grid_code=f"{CITY}04000", households=TECHNICIANS,
        point=parties.Coordinate(113.12, 23.02),
    )  # fmt: skip
    parties.load_estates(rows=[estate], at=AT)
    for nth, technician in enumerate(staff):
        academy.record_skill(staff_id=technician, code="tv", level=3, valid_from=AT.date(), at=AT)
        home = parties.add_address(estate_id=estate.id, door=f"{nth + 1}栋101", at=AT)
        order = make.create_work_order(
            cause=f"product_order:{ids.new_id()}", order_kind=codes.OrderKind.REPAIR, service=codes.Service.TV,
            customer_id=ids.new_id(), address_id=home, grid_code=f"{CITY}04000", area_class=codes.AreaClass.URBAN,
            statutory_due_at=None, assessment_due_at=AT + timedelta(hours=8), at=AT,
        )  # fmt: skip
        make.assign(work_order_id=order.id, technician_id=technician, planned_from=AT + timedelta(hours=1), at=AT)
        make.accept(work_order_id=order.id, at=AT)


def _boxes() -> list[str]:
    inventory: Any = importlib.import_module("yuanxin.inventory.api")
    ids: Any = importlib.import_module("yuanxin.kernel.ids")
    serials = [f"STB{nth:09d}" for nth in range(BOXES)]
    rows = [inventory.DeviceRow(id=ids.new_id(), serial=serial, kind="set_top_box") for serial in serials]
    inventory.load_devices(rows=rows, at=AT)
    return serials


def positions(people: People, nth: int, count: int) -> bytes:
    """Return the nth batch of positions: every technician some metres further, a second later."""
    rows = [_position(people, nth * count + row) for row in range(count)]
    told = {
        "technician": [str(row[0]) for row in rows],
        "at": [row[1].isoformat() for row in rows],
        "lng": [row[2] for row in rows],
        "lat": [row[3] for row in rows],
        "error_m": [12] * count,
    }
    return json.dumps(told).encode()


def _position(people: People, nth: int) -> tuple[UUID, Any, float, float]:
    turn = nth // len(people.technicians)
    at = AT - timedelta(hours=8) + timedelta(seconds=turn)
    return people.technicians[nth % len(people.technicians)], at, 113.1 + turn % 1000 * 1e-5, 23.0 + nth % 200 * 1e-4


def heartbeats(people: People, nth: int, count: int) -> bytes:
    """Return the nth batch of heartbeats: each box of a part of the city, later than the last time."""
    chosen = [people.serials[(nth * count + row) % len(people.serials)] for row in range(count)]
    at = AT - timedelta(hours=8) + timedelta(seconds=nth)
    told = {"serial": chosen, "at": [at.isoformat()] * count, "signal_centi": [6000 + nth % 500] * count}
    return json.dumps(told).encode()


def rows(people: People, count: int) -> Iterator[tuple[Any, ...]]:
    """Yield the same positions as rows for COPY."""
    ids: Any = importlib.import_module("yuanxin.kernel.ids")
    for nth in range(count):
        technician, at, lng, lat = _position(people, nth)
        yield at, ids.new_id(), CITY[:2], CITY, technician, at, round(lng, 6), round(lat, 6), 12


def send_all(port: int, door: str, token: str, bodies: list[bytes], clients: int) -> list[dict[str, Any]]:
    """Send the bodies from that many threads, each over its own connection; return the answers."""
    queue, lock, answers = list(reversed(bodies)), threading.Lock(), list[dict[str, Any]]()
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def work() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                if not queue:
                    return
                body = queue.pop()
            line.request("POST", door, body, head)
            answers.append(json.loads(line.getresponse().read()))

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
