"""The queue of a phone: once, in order, with named answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import clock
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
SEEN = kernel_make.at("2026-11-24 09:30")


@dataclass(frozen=True)
class Scene:
    """A technician with one order that is offered to him, and the city's dispatcher."""

    city: city.City
    technician: Client
    dispatcher: Client
    order: UUID


@pytest.fixture
def scene() -> Scene:
    city.rules()
    made = city.city()
    agent, dispatcher = make.client("agent"), make.client("dispatcher")
    loop.report(agent, made)
    order = loop.pool_order(dispatcher)
    loop.assign(dispatcher, order)
    clock.set_clock(at=SEEN)
    return Scene(made, make.client_of(made.technician_id), dispatcher, order)


def item(order: Any, action: str, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "work_order_id": str(order), "action": action, "acted_at": None} | more


def send(browser: Client, *items: Any) -> list[dict[str, Any]]:
    answer = browser.post("/t/sync/", {"items": list(items)}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return list(answer.json()["items"])


def states(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["state"] for answer in answers]


def history(order: UUID) -> list[str]:
    with city.inside("4406"):
        return [step.action for step in fieldwork.history(order)]


def test_a_queue_runs_once_however_often_it_is_sent(scene: Scene) -> None:
    steps = [item(scene.order, "accept"), item(scene.order, "depart")]
    first, second = send(scene.technician, *steps), send(scene.technician, *steps)
    assert states(first) == states(second) == ["done", "done"]
    assert first[1]["order"]["state"] == "en_route"
    assert history(scene.order).count("depart") == 1


def test_what_follows_a_refused_step_waits_and_other_orders_go_on(scene: Scene) -> None:
    loop.report(make.client("agent"), scene.city, service="tv", fault="tv_fault")
    other = loop.pool_order(scene.dispatcher)
    loop.assign(scene.dispatcher, other)
    answers = send(
        scene.technician,
        item(scene.order, "start"),
        item(other, "accept"),
        item(scene.order, "accept"),
    )
    assert states(answers) == ["refused", "done", "waits"]
    assert answers[0]["code"] == "fieldwork.action_refused"
    assert answers[0]["words"]


def test_the_phone_says_when_and_the_timeline_shows_both(scene: Scene) -> None:
    acted = SEEN + timedelta(minutes=10)
    a_year_behind = acted - timedelta(days=365)
    clock.set_clock(at=SEEN + timedelta(minutes=90))
    step = item(scene.order, "accept", acted_at=a_year_behind.isoformat(), offset_ms=365 * 24 * 3600 * 1000)
    assert states(send(scene.technician, step)) == ["done"]
    with city.inside("4406"):
        order, (late,) = fieldwork.work_order(scene.order), fieldwork.offline_steps_of(scene.order)
    assert order.accepted_at == acted == late.claimed_at == late.taken_at
    assert late.received_at >= SEEN + timedelta(minutes=90)
    assert "离线补传" in scene.dispatcher.get(f"/dispatch/{scene.order}/").content.decode()


def test_a_phone_with_a_wrong_clock_is_not_believed(scene: Scene) -> None:
    step = item(scene.order, "accept", acted_at=(SEEN + timedelta(days=365)).isoformat())
    assert states(send(scene.technician, step)) == ["done"]
    with city.inside("4406"):
        accepted = fieldwork.work_order(scene.order).accepted_at
    assert accepted is not None
    assert accepted - SEEN < timedelta(minutes=5)


def test_yesterdays_queue_on_a_reassigned_order_is_refused_by_name(scene: Scene) -> None:
    steps = [item(scene.order, "accept"), item(scene.order, "depart")]
    assert states(send(scene.technician, steps[0])) == ["done"]
    loop.posted(scene.technician, f"/t/{scene.order}/return/", reason_code="no_time")
    answers = send(scene.technician, *steps)
    assert states(answers) == ["done", "refused"]
    assert answers[1]["code"] == "fieldwork.not_your_order"


@pytest.mark.parametrize("body", ["{", "[]", '{"items": 3}', '"x"', '{"items": [', "\x00"])
def test_a_broken_body_is_named(scene: Scene, body: str) -> None:
    answer = scene.technician.post("/t/sync/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (422, "web.bad_queue")


def test_five_hundred_steps_are_too_many(scene: Scene) -> None:
    body = json.dumps({"items": [item(scene.order, "accept")] * 500})
    answer = scene.technician.post("/t/sync/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (422, "web.queue_too_long")
    assert "accept" not in history(scene.order)


@pytest.mark.parametrize(
    "wrong",
    [
        3,
        None,
        {"key": "x"},
        {"action": "assign"},
        {"work_order_id": 7},
        {"told": {"photo": {"deep": 1}}},
        {"offset_ms": 10**15},
        {"acted_at": "yesterday"},
    ],
)
def test_a_step_that_cannot_be_read_stops_nobody_else(scene: Scene, wrong: Any) -> None:
    bad = item(uuid4(), "accept") | wrong if isinstance(wrong, dict) else wrong
    answers = send(scene.technician, bad, item(scene.order, "accept"))
    assert states(answers) == ["refused", "done"]
    assert answers[0]["code"] == "web.bad_queue_item"


def test_somebody_elses_order_and_an_unknown_one_are_refused(scene: Scene) -> None:
    other = make.client_of(make.staff("technician"))
    assert send(other, item(scene.order, "accept"))[0]["code"] == "fieldwork.not_your_order"
    assert send(other, item(uuid4(), "accept"))[0]["code"] == "kernel.not_found"


def test_a_signature_without_a_name_is_said_at_its_field(scene: Scene) -> None:
    loop.begin(scene.technician, scene.order)
    told = {"close_type": "taught", "signature_png": loop.signature()}
    (answer,) = send(scene.technician, item(scene.order, "finish", told=told))
    assert answer["state"] == "refused"
    assert answer["fields"]


def test_the_phone_learns_what_to_keep(scene: Scene) -> None:
    told = scene.technician.get("/t/today.json").json()
    assert told["staff"] == str(scene.city.technician_id)
    assert [order["url"] for order in told["orders"]] == [f"/t/{scene.order}/"]
    assert Client().get("/t/today.json").status_code == 302


def test_photos_come_for_themselves_and_the_close_out_finds_them(scene: Scene) -> None:
    loop.begin(scene.technician, scene.order)
    assert photo(scene, kind="photo", item="service_restored")["state"] == "done"
    assert photo(scene, kind="signature", name="sign.png", content=loop.picture("PNG"))["state"] == "done"
    told = {"close_type": "fixed", "fault_cause": "home.router_or_wifi", "signature_name": "黄婉仪"}
    told |= {f"check_{one}": "yes" for one in loop.CHECKED} | {
        "test_optical_power_dbm": "-18.5",
        "material_rj45_connector": "2",
    }
    (answer,) = send(scene.technician, item(scene.order, "finish", told=told))
    assert answer["state"] == "done", answer
    with city.inside("4406"):
        assert fieldwork.work_order(scene.order).is_done
        assert {one.item for one in fieldwork.evidence_of(scene.order) if one.kind == "photo"} == {"service_restored"}


def photo(
    scene: Scene, *, kind: str, name: str = "box.jpg", content: bytes | None = None, **more: Any
) -> dict[str, Any]:
    file = SimpleUploadedFile(name, content if content is not None else loop.picture(), "application/octet-stream")
    told = {"key": uuid4(), "work_order_id": scene.order, "kind": kind, "photo": file, "offset_ms": "0"} | more
    answer = scene.technician.post("/t/evidence/", told)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"content": b"MZ this is a program"}, "kernel.picture_type_refused"),
        ({"content": b""}, "web.form"),
        ({"name": "box.exe"}, "kernel.picture_type_differs"),
        ({"kind": "selfie"}, "fieldwork.evidence_kind_unknown"),
        ({"item": "nonsense"}, "fieldwork.checklist_item_unknown"),
        ({"key": "x"}, "web.bad_queue_item"),
        ({"work_order_id": "x"}, "web.bad_queue_item"),
        ({"offset_ms": "often"}, "web.bad_queue_item"),
    ],
)
def test_a_picture_that_is_none_is_refused_by_name(scene: Scene, told: dict[str, Any], code: str) -> None:
    answer = photo(scene, **({"kind": "photo"} | told))
    assert answer["state"] == "refused"
    assert answer["code"] == code
    assert answer["words"]


def test_a_lost_order_can_still_be_told_to_the_dispatcher(scene: Scene) -> None:
    told = {
        "key": uuid4(),
        "work_order_id": scene.order,
        "step": "depart",
        "acted_at": SEEN.isoformat(),
        "reason": "转派",
    }
    assert scene.technician.post("/t/message/", told).json()["state"] == "done"
    stranger = make.client_of(make.staff("technician"))
    assert stranger.post("/t/message/", told | {"key": uuid4()}).status_code == 404
    with city.inside("4406"):
        assert any("出发" in one.text for one in care.thread(fieldwork.work_order(scene.order).cause))
