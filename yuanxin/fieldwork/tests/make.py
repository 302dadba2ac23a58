"""Factories of field service; codes come from the scope in force. The story's day is Tuesday, 10 March 2026."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from PIL import Image

from yuanxin.academy import api as academy
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork import invariants
from yuanxin.fieldwork.models import CallAttempt
from yuanxin.kernel import acting
from yuanxin.kernel.acting import Acting
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests import make as kernel
from yuanxin.kernel.tests.make import at
from yuanxin.org.tests import make as org
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Service
from yuanxin.published.refs import ref
from yuanxin.standards import api as rulebook
from yuanxin.standards.tests import make as standards

INVARIANTS = (
    invariants.state_is_its_last_change,
    invariants.one_home_one_trip,
    invariants.finished_has_evidence,
    invariants.planned_when_offered,
    invariants.held_has_a_hold,
    invariants.segments_cover_life,
    invariants.devices_moved_with_close_out,
    invariants.reviewed_close_out_waits,
)
MORNING = at("2026-03-10 09:10")
HIRED = at("2026-01-05 08:00")
TOWN_HALL = parties.TOWN_HALL


def minutes(number: float) -> datetime:
    """Return the instant so many minutes after the morning's report."""
    return MORNING + timedelta(minutes=number)


def rulebooks() -> None:
    """Publish the seed rulebooks and this year's working days."""
    standards.rulebooks()
    standards.calendar()


def city_rule(topic: str, **values: int) -> None:
    """Let the city publish numbers of its own, with two persons, in force on the story's day."""
    name = "cities/gd-foshan/" + topic.replace(".", "-")
    text = "\n".join(
        [
            f"rulebook: {{name: {name}, layer: L3, org: '4406', title_zh: 本市, title_en: Own, "
            "effective_from: 2026-03-09}",
            "entries:",
            f"  - id: CITY-{topic}",
            f"    topic: {topic}",
            "    title_zh: 本市",
            "    title_en: Own",
            "    status: active",
            "    applies_to: {services: []}",
            "    measure:",
            "      kind: values",
            f"      values: {json.dumps(values)}",
            f"      stricter: {json.dumps({field: {'free': [0, 1000]} for field in values})}",
            "    source: {document: 本市规定, article: one, kind: company, grade: D}",
        ]
    )
    published_at = at("2026-03-08 09:00")
    with acting.acting_as(kernel.acting("4406", who="staff:maker")):
        draft = rulebook.draft_version(text=text, file=name, at=published_at)
    with acting.acting_as(kernel.acting("4406", who="staff:checker")):
        rulebook.publish_version(version_id=draft, at=published_at)


def technician(name: str = "陈师傅", **skills: int) -> UUID:
    """Make a technician; without skills named he can do everything."""
    made = org.technician(name)
    for code, level in (skills or {"tv": 3, "broadband": 3, "mobile": 3}).items():
        academy.record_skill(staff_id=made, code=code, level=level, valid_from=HIRED.date(), at=HIRED)
    return made


def as_staff(staff_id: UUID, *permissions: str) -> Acting:
    """Return a member of staff who acts, with a technician's permissions unless others are named."""
    mine = permissions or (
        "fieldwork.accept", "fieldwork.depart", "fieldwork.arrive", "fieldwork.start", "fieldwork.finish",
        "fieldwork.hold", "fieldwork.return_order",
    )  # fmt: skip
    return Acting(who=f"staff:{staff_id}", scope="4406", permissions=frozenset(mine), source="test")


def order(
    *,
    kind: OrderKind = OrderKind.REPAIR,
    service: Service = Service.BROADBAND,
    address_id: UUID | None = None,
    grid_code: str = "",
    due_at: datetime | None = None,
    opened_at: datetime = MORNING,
    **more: Any,
) -> UUID:
    """Put an order of a customer in town into the pool."""
    made = fieldwork.create_work_order(
        cause=more.pop("cause", "") or ref("product_order", new_id()),
        order_kind=kind,
        service=service,
        customer_id=more.pop("customer_id", None) or new_id(),
        address_id=address_id or parties.address(),
        grid_code=grid_code,
        area_class=more.pop("area_class", AreaClass.URBAN),
        statutory_due_at=None,
        assessment_due_at=due_at or opened_at + timedelta(hours=10),
        at=opened_at,
        **more,
    )
    return made.id


def assigned(technician_id: UUID, *, start: float = 60, **more: Any) -> UUID:
    """Put an order into the pool and plan it for a technician, minutes after the report."""
    made = order(**more)
    fieldwork.assign(work_order_id=made, technician_id=technician_id, planned_from=minutes(start), at=minutes(1))
    return made


def walk(work_order_id: UUID, *, from_minute: float, steps: int = 4) -> None:
    """Let the assigned technician accept, depart, arrive and start, a minute each, or only the first of these."""
    ways: list[Callable[..., Any]] = [fieldwork.accept, fieldwork.depart, fieldwork.arrive, fieldwork.start]
    for number, step in enumerate(ways[:steps]):
        step(work_order_id=work_order_id, at=minutes(from_minute + number))


def working(technician_id: UUID, **more: Any) -> UUID:
    """Bring an order to the point where work has begun, 65 minutes after the report."""
    made = assigned(technician_id, **more)
    with acting.acting_as(as_staff(technician_id)):
        fieldwork.accept(work_order_id=made, at=minutes(5))
        fieldwork.depart(work_order_id=made, at=minutes(45))
        fieldwork.arrive(work_order_id=made, at=minutes(60), lng=TOWN_HALL.lng, lat=TOWN_HALL.lat)
        fieldwork.start(work_order_id=made, at=minutes(65))
    return made


def close(work_order_id: UUID, *, after: float = 100, **more: Any) -> None:
    """Close an order out with everything that is asked."""
    arguments: dict[str, Any] = {
        "close_type": CloseType.FIXED,
        "fault_cause": "home.box_failed",
        "photo": photo(),
        "signature_name": "陈大文",
        "signature_png": signature(),
        "at": minutes(after),
    }
    if "checklist" not in more and more.get("close_type") not in (CloseType.EMPTY_TRIP, CloseType.REFUSED_ENTRY):
        arguments["checklist"] = checked(work_order_id)
    fieldwork.finish(work_order_id=work_order_id, **(arguments | more))


def checked(work_order_id: UUID) -> dict[str, bool]:
    """Return the order's checklist with everything done."""
    order = fieldwork.work_order(work_order_id)
    return {item.code: True for item in fieldwork.checklist(order.order_kind, order.service, MORNING)}


def approve(work_order_id: UUID, *, after: float) -> None:
    """Approve a close-out as another person."""
    with acting.acting_as(as_staff(new_id(), "fieldwork.approve_closeout")):
        fieldwork.approve_closeout(work_order_id=work_order_id, at=minutes(after))


def send_back(work_order_id: UUID, reason_code: str, *, after: float = 110, note: str = "") -> None:
    """Send a close-out back as another person."""
    with acting.acting_as(as_staff(new_id(), "fieldwork.send_back")):
        fieldwork.send_back(work_order_id=work_order_id, reason_code=reason_code, note=note, at=minutes(after))


def call_attempt(work_order_id: UUID, technician_id: UUID, *, at: datetime = MORNING) -> UUID:
    """Make a call through the relay that has not ended yet."""
    attempt = CallAttempt.objects.create(
        work_order_id=work_order_id, technician_id=technician_id, way=CallAttempt.Way.RELAY, called_at=at
    )
    return attempt.pk


@lru_cache(maxsize=1)
def photo() -> bytes:
    """Return a small honest JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "navy").save(out, "JPEG")
    return out.getvalue()


@lru_cache(maxsize=1)
def signature() -> bytes:
    """Return a small honest PNG."""
    out = io.BytesIO()
    Image.new("RGBA", (200, 80), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def dark(text: str = "") -> bytes:
    """Return another honest JPEG, so that two photos differ."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), text or "grey").save(out, "JPEG")
    return out.getvalue()


def broken() -> list[str]:
    """Return what the invariants of field service find."""
    return [line for question in INVARIANTS for line in question()]
