"""Stories of the close-out: what must be shown, what is looked at, what moves with it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import DeviceMove, State, errors
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import minutes
from yuanxin.inventory import api as inventory
from yuanxin.inventory.tests import make as stock
from yuanxin.kernel import acting
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.parties import api as parties
from yuanxin.parties.tests import make as people
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Service
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

pytestmark = pytest.mark.usefixtures("field")

CHECKED = {"service_restored": True, "signal_tested": True, "site_clean": True}


@pytest.fixture(autouse=True)
def _books_are_clean(field: str) -> Iterator[None]:
    """Whatever a story does, the invariants hold at its end."""
    yield
    assert make.broken() == []


def told(name: str) -> list[dict[str, Any]]:
    return list(FactRecord.objects.filter(name=name).order_by("id").values_list("body", flat=True))


def state(order: UUID) -> State:
    return fieldwork.work_order(order).state


def at_customer(service: Service = Service.BROADBAND) -> tuple[UUID, UUID]:
    """Return an order at work and its customer, who has the service."""
    customer = people.customer()
    stock.subscriber(customer, service)
    (address, *_) = parties.customer(customer).address_ids
    order = make.working(make.technician(), service=service, customer_id=customer, address_id=address)
    return order, customer


def test_photos_are_stamped_kept_with_both_hashes_and_tied_to_their_item() -> None:
    order = make.working(make.technician())
    shot = make.dark()
    made = fieldwork.add_evidence(
        work_order_id=order, kind="photo", photo=shot, item="service_restored", made_at=minutes(90), at=minutes(95)
    )
    (row,) = fieldwork.evidence_of(order)
    number = fieldwork.work_order(order).number
    assert row.id == made
    assert row.item == "service_restored"
    assert row.stamp == f"{number}  2026-03-10 10:40  0 m"
    assert row.original_sha256 == sha256(shot).hexdigest()
    content, _ = fieldwork.picture(made)
    assert sha256(content).hexdigest() == row.sha256
    picture = Image.open(io.BytesIO(content)).convert("L")
    lower_edge = picture.crop((0, picture.height - 30, picture.width, picture.height))
    shades = lower_edge.tobytes()
    assert min(shades) < 60
    assert max(shades) > 200  # the grey photo has neither: a stamp is there


def test_a_picture_that_is_none_an_unknown_item_or_kind_is_refused() -> None:
    order = make.working(make.technician())
    for wrong, refused in (
        ({"photo": b"MZ"}, "kernel.picture_type_refused"),
        ({"item": "moon"}, "fieldwork.checklist_item_unknown"),
        ({"kind": "film"}, "fieldwork.evidence_kind_unknown"),
    ):
        told_: dict[str, Any] = {"kind": "photo", "photo": make.photo(), "at": minutes(70)} | wrong
        with pytest.raises(DomainError) as found:
            fieldwork.add_evidence(work_order_id=order, **told_)
        assert found.value.code == refused
    li = make.as_staff(make.technician("李师傅"), "fieldwork.add_evidence")
    with acting.acting_as(li), pytest.raises(errors.NotYourOrder):
        fieldwork.add_evidence(work_order_id=order, kind="photo", photo=make.photo(), at=minutes(70))


def test_a_checklist_asks_for_its_required_items_and_their_photos() -> None:
    order = make.working(make.technician())
    assert [item.code for item in fieldwork.checklist(OrderKind.REPAIR, Service.BROADBAND, minutes(0))][:2] == [
        "service_restored",
        "signal_tested",
    ]
    with pytest.raises(errors.ChecklistIncomplete) as missing:
        make.close(order, checklist={"service_restored": True})
    assert missing.value.params["item"] == "signal_tested"
    with pytest.raises(errors.ChecklistItemUnknown):
        make.close(order, checklist=CHECKED | {"moon": True})
    for kind, photo in (("photo", make.photo()), ("signature", make.signature())):
        name = "s.png" if kind == "signature" else "p.jpg"
        fieldwork.add_evidence(work_order_id=order, kind=kind, photo=photo, photo_name=name, at=minutes(80))
    make.close(order, photo=None, signature_png=None, checklist=CHECKED)
    assert state(order) is State.CALLBACK_DUE
    assert fieldwork.evidence_of(order)[1].signed_by == "陈大文"


def test_an_item_that_needs_a_photo_is_not_believed_without_one() -> None:
    order = make.working(make.technician(), kind=OrderKind.INSTALL)
    done = {item.code: True for item in fieldwork.checklist(OrderKind.INSTALL, Service.BROADBAND, minutes(0))}
    with pytest.raises(errors.EvidenceMissing) as missing:
        make.close(order, checklist=done)  # one photo, two items that need one
    assert missing.value.params["item"] == "service_works"
    fieldwork.add_evidence(work_order_id=order, kind="photo", photo=make.photo(), item="service_works", at=minutes(90))
    make.close(order, checklist=done)
    assert state(order) is State.CALLBACK_DUE


def test_materials_come_from_the_catalogue() -> None:
    order = make.working(make.technician())
    assert "f_connector" in fieldwork.materials(minutes(0))
    for wrong in ({"gold": 1}, {"f_connector": -1}, {"f_connector": 100_000}):
        with pytest.raises(errors.MaterialRefused):
            make.close(order, materials=wrong)
    make.close(order, materials={"f_connector": 2, "cable_clip": 0})
    (handed_in,) = fieldwork.close_outs_of(order)
    assert handed_in.materials == {"f_connector": 2}
    assert (handed_in.decision, handed_in.reasons) == ("passed", ())


def test_a_bad_test_value_is_not_refused_but_looked_at_and_pay_follows_the_approval() -> None:
    order = make.working(make.technician())
    with pytest.raises(errors.TestValueRefused):
        make.close(order, tests={"optical_power_dbm": "weak"})
    make.close(order, tests={"optical_power_dbm": "-29.5 dBm"}, note="线路老化")
    assert state(order) is State.REVIEW
    assert told("WorkOrderFinished") == []
    assert told("CloseoutSubmitted")[0]["reasons"] == ["test_out_of_limits:optical_power_dbm"]
    assert [row.why for row in fieldwork.reviews.page({}).rows] == ["test_out_of_limits:optical_power_dbm"]
    make.approve(order, after=130)
    (finished,) = told("WorkOrderFinished")
    view = fieldwork.work_order(order)
    assert view.state is State.CALLBACK_DUE
    assert view.finished_at == minutes(100)
    assert finished["finished_at"] < finished["at"]
    assert fieldwork.close_outs_of(order)[0].decision == "approved"
    with pytest.raises(errors.NothingToReview):
        make.approve(order, after=131)


def clocked() -> tuple[UUID, str]:
    """Return an order at work whose cause has repair clocks that run since the morning."""
    cause = ref("product_order", new_id())
    standards.start_clocks(
        topic="fault.repair", subject=cause, service=Service.BROADBAND, area_class=AreaClass.URBAN, at=minutes(0)
    )
    return make.working(make.technician(), cause=cause), cause


def overdue(cause: str, after: float) -> int:
    """Tick long after the promise and return how many clocks of the cause are breached."""
    with acting.acting_as(acting.system("ticker", scope=ALL)), scope(ALL):
        standards.tick(at=minutes(after))
    return sum(clock.breached_at is not None for clock in standards.clocks_of(cause))


NEXT_WEEK = 7 * 24 * 60


def test_a_repair_done_in_time_is_not_late_for_waiting_to_be_looked_at() -> None:
    order, cause = clocked()
    make.close(order, tests={"optical_power_dbm": "-31"})
    assert overdue(cause, NEXT_WEEK) == 0
    make.approve(order, after=NEXT_WEEK + 1)
    standards.stop_clocks(subject=cause, at=minutes(100))
    assert {clock.late_minutes for clock in standards.clocks_of(cause)} == {0}


def test_work_sent_back_was_not_done_so_its_clocks_never_stood_still() -> None:
    order, cause = clocked()
    make.close(order, tests={"optical_power_dbm": "-31"})
    make.send_back(order, "work_not_done")
    assert {clock.state for clock in standards.clocks_of(cause)} == {"running"}
    assert overdue(cause, NEXT_WEEK) == len(standards.clocks_of(cause))


def test_papers_sent_back_keep_the_clocks_parked_until_there_is_work_left() -> None:
    order, cause = clocked()
    make.close(order, tests={"optical_power_dbm": "-31"})
    make.send_back(order, "photo_unclear")
    assert overdue(cause, NEXT_WEEK) == 0
    fieldwork.return_order(work_order_id=order, reason_code="no_time", at=minutes(NEXT_WEEK + 1))
    assert overdue(cause, NEXT_WEEK + 2) == len(standards.clocks_of(cause))


def test_nobody_approves_what_he_handed_in_himself() -> None:
    chen = make.technician()
    order = make.working(chen)
    with acting.acting_as(make.as_staff(chen, "fieldwork.finish", "fieldwork.approve_closeout")):
        make.close(order, tests={"optical_power_dbm": "-31"})
        with pytest.raises(errors.ReviewedBySubmitter):
            fieldwork.approve_closeout(work_order_id=order, at=minutes(120))


def test_papers_sent_back_are_completed_without_another_trip() -> None:
    chen = make.technician()
    order = make.working(chen)
    make.close(order, tests={"optical_power_dbm": "-31"})
    with pytest.raises(errors.UnknownReason):
        make.send_back(order, "ugly")
    make.send_back(order, "photo_unclear", note="看不清端口")
    assert state(order) is State.WORKING
    assert [item.id for item in fieldwork.today(chen, minutes(111))] == [order]
    assert told("CloseoutSentBack")[0]["reason_code"] == "photo_unclear"
    make.close(order, after=120, tests={"optical_power_dbm": "-21"})
    assert state(order) is State.CALLBACK_DUE
    assert [one.decision for one in fieldwork.close_outs_of(order)] == ["sent_back", "passed"]
    assert told("WorkOrderFinished")[0]["visits"] == 1


def test_work_sent_back_is_done_again_in_the_next_free_time() -> None:
    chen = make.technician()
    order = make.working(chen)
    make.assigned(chen, start=110)
    make.close(order, tests={"optical_power_dbm": "-31"})
    make.send_back(order, "work_not_done")
    view = fieldwork.work_order(order)
    assert view.state is State.ACCEPTED
    assert view.planned_from == minutes(150)  # after the other order's forty minutes
    fieldwork.depart(work_order_id=order, at=minutes(160))
    fieldwork.arrive(work_order_id=order, at=minutes(170))
    fieldwork.start(work_order_id=order, at=minutes(171))
    make.close(order, after=200, tests={"optical_power_dbm": "-21"})
    (finished,) = told("WorkOrderFinished")
    assert finished["visits"] == 2
    assert fieldwork.work_order(order).finished_at == minutes(200)


def test_devices_move_with_the_close_out() -> None:
    order, customer = at_customer(Service.TV)
    (used,) = inventory.subscribers_of(customer, minutes(0))
    old, new = stock.device("OLD1"), stock.device("NEW1")
    inventory.install_device(device_id=old, subscriber_id=used.id, at=minutes(0))
    inventory.issue_device(serial="NEW1", technician_id=make.technician("李师傅"), at=minutes(1))
    make.close(order, devices=[DeviceMove("NEW1", "installed"), DeviceMove("OLD1 ", "removed")])
    assert [device.serial for device in inventory.devices_of(customer, minutes(101))] == ["NEW1"]
    steps = inventory.device_steps(ref("work_order", order))
    assert [(step.serial, step.from_state, step.to_state) for step in steps] == [
        ("NEW1", "carried", "in_use"),
        ("OLD1", "in_use", "to_test"),
    ]
    assert fieldwork.close_outs_of(order)[0].devices == (("installed", "NEW1"), ("removed", "OLD1"))
    assert new


def test_a_wrong_serial_is_named_at_its_field_and_nothing_moves() -> None:
    order, customer = at_customer(Service.TV)
    other = stock.subscriber(service=Service.TV)
    for serial in ("THEIRS", "STOCK", "GONE"):
        stock.device(serial)
    theirs = stock.device("THEIRS2")
    inventory.install_device(device_id=theirs, subscriber_id=other, at=minutes(0))
    good = DeviceMove("STOCK", "installed")
    for wrong, refused in (
        (DeviceMove("NOBODY", "installed"), inventory.SerialUnknown),
        (DeviceMove("THEIRS2", "installed"), inventory.DeviceOfAnotherCustomer),
        (DeviceMove("THEIRS2", "removed"), inventory.DeviceOfAnotherCustomer),
        (DeviceMove("GONE", "removed"), inventory.DeviceNotInUse),
        (DeviceMove("STOCK", "removed"), inventory.SerialRepeated),
        (DeviceMove(" ", "removed"), inventory.SerialMissing),
    ):
        with pytest.raises(refused) as found:
            make.close(order, devices=[good, wrong])
        assert found.value.field == "devices"
    assert inventory.devices_of(customer, minutes(101)) == []
    assert state(order) is State.WORKING


def test_a_second_close_out_may_repeat_the_devices_of_the_first() -> None:
    order, customer = at_customer(Service.BROADBAND)
    stock.device("ONU1", "onu")
    moves = [DeviceMove("ONU1", "installed")]
    make.close(order, devices=moves, tests={"optical_power_dbm": "-31"})
    make.send_back(order, "data_wrong")
    make.close(order, after=120, devices=moves)
    assert [device.serial for device in inventory.devices_of(customer, minutes(121))] == ["ONU1"]
    assert state(order) is State.CALLBACK_DUE


def test_an_arrival_photo_sent_before_the_check_in_counts_for_it() -> None:
    order = make.assigned(make.technician())
    fieldwork.accept(work_order_id=order, at=minutes(5))
    fieldwork.depart(work_order_id=order, at=minutes(10))
    fieldwork.add_evidence(work_order_id=order, kind="arrival", photo=make.photo(), at=minutes(20))
    far = fieldwork.arrive(work_order_id=order, at=minutes(21), lng=113.2, lat=23.0243, reason="gate")
    assert far is not None
    fieldwork.start(work_order_id=order, at=minutes(22))
    make.close(order)
    assert fieldwork.close_outs_of(order)[0].reasons == ("outside_fence",)
    assert fieldwork.work_order(order).state_since == minutes(20) + timedelta(minutes=80)


@pytest.mark.parametrize("close_type", [CloseType.EMPTY_TRIP, CloseType.REFUSED_ENTRY])
def test_nobody_checks_a_list_where_nobody_worked(close_type: CloseType) -> None:
    order = make.working(make.technician())
    make.close(
        order, close_type=close_type, fault_cause=None, signature_png=None, signature_name="", checklist={},
        note="敲门无人应答",
    )  # fmt: skip
    assert told("WorkOrderFinished")[0]["close_type"] == close_type
