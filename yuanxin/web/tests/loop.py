"""The loop through HTTP without a browser: report, dispatch, visit, call-back. Other stories walk its pages."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yuanxin.kernel import runner
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

CHECKED = ("service_restored", "signal_tested", "site_clean")  # what the checklist of a repair requires


@dataclass(frozen=True)
class Loop:
    """What the loop left behind."""

    city: cities.City
    ticket_id: UUID
    work_order_id: UUID


def picture(form: str = "JPEG") -> bytes:
    """Return an invented picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 150)).save(buffer, form)
    return buffer.getvalue()


def signature() -> str:
    """Return an invented signature as the canvas sends it."""
    return "data:image/png;base64," + base64.b64encode(picture("PNG")).decode()


def posted(browser: Client, path: str, **told: Any) -> Any:
    """Send a form with a fresh key; anything but a redirect is a fault of the story."""
    answer = browser.post(path, {"key": uuid4(), **told})
    assert answer.status_code == 302, (
        path,
        answer.status_code,
        re.findall(r'role="alert">(.*?)<', answer.content.decode()),
    )
    return answer


def report(
    agent: Client, city: cities.City, service: str = "broadband", fault: str = "no_internet", **decided: str
) -> UUID:
    """Report a fault as the agent does; return the ticket. decided: what she says of earlier reports."""
    answer = posted(
        agent,
        f"/service/customers/{city.customer_id}/report/",
        address_id=city.address_id,
        service=service,
        fault_code=fault,
        channel="phone",
        **decided,
    )
    return UUID(answer["Location"].rstrip("/").rpartition("/")[2])


def another_fault(agent: Client, city: cities.City, service: str = "broadband", fault: str = "no_internet") -> UUID:
    """Report one more fault of a home that reported before; return the ticket."""
    return report(agent, city, service, fault, decision="other_fault", other_reason="other_room")


def pool_order(dispatcher: Client) -> UUID:
    """Return the first order of the pool."""
    page = dispatcher.get("/dispatch/?state=pending").content.decode()
    return UUID(re.findall(r'href="/dispatch/([0-9a-f-]{36})/"', page)[0])


def assign(dispatcher: Client, work_order_id: UUID) -> None:
    """Assign the first candidate of the order's page."""
    page = dispatcher.get(f"/dispatch/{work_order_id}/").content.decode()
    choice = re.findall(r'name="choice" value="([^"]+)"', page)[0]
    posted(dispatcher, f"/dispatch/{work_order_id}/assign/", choice=choice)


def begin(technician: Client, work_order_id: UUID) -> None:
    """Accept, depart, arrive and start."""
    for step in ("accept", "depart"):
        posted(technician, f"/t/{work_order_id}/{step}/")
    posted(technician, f"/t/{work_order_id}/arrive/", lng="113.1213", lat="23.0243", error_m="10")
    posted(technician, f"/t/{work_order_id}/start/")


def visit(technician: Client, work_order_id: UUID) -> None:
    """Begin, and finish with photo and signature."""
    begin(technician, work_order_id)
    posted(
        technician,
        f"/t/{work_order_id}/finish/",
        close_type="fixed",
        fault_cause="home.router_or_wifi",
        **{f"check_{item}": "yes" for item in CHECKED},
        photo=SimpleUploadedFile("box.jpg", picture(), "image/jpeg"),
        signature_name="黄婉仪",
        signature_png=signature(),
    )


def run(city: cities.City) -> Loop:
    """Go once around."""
    agent, dispatcher = make.client("agent", city=city.code), make.client("dispatcher", city=city.code)
    ticket_id = report(agent, city)
    work_order_id = pool_order(dispatcher)
    assign(dispatcher, work_order_id)
    visit(make.client_of(city.technician_id), work_order_id)
    runner.drain()
    posted(agent, f"/service/callbacks/{ticket_id}/", reached="yes", agrees="yes", score="10", note="")
    runner.drain()
    return Loop(city, ticket_id, work_order_id)
