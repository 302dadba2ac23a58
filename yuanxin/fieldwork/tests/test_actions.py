"""Stories of one order: from the pool to the archive, and the side ways."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import State, errors
from yuanxin.fieldwork.models import Evidence, PlannedVisit, StateChange
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel import acting, pictures
from yuanxin.kernel.errors import KeyReused, NotFound, Refused
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests import make as kernel
from yuanxin.org.tests import make as org
from yuanxin.published.codes import CloseType, OrderKind, Segment, Service

pytestmark = pytest.mark.usefixtures("field")


@pytest.fixture(autouse=True)
def _books_are_clean(field: str) -> Iterator[None]:
    """Whatever a story does, the invariants hold at its end."""
    yield
    assert make.broken() == []


def state(order: UUID) -> State:
    return fieldwork.work_order(order).state


def told(name: str) -> list[dict[str, object]]:
    return list(FactRecord.objects.filter(name=name).order_by("id").values_list("body", flat=True))


def test_an_order_goes_the_usual_way_and_every_station_is_told() -> None:
    chen = make.technician()
    order = make.working(chen)
    make.close(order)
    fieldwork.confirm_callback(work_order_id=order, reached=True, agrees=True, at=minutes(600))
    assert [step.to_state for step in fieldwork.history(order)] == [
        "pending", "offered", "accepted", "en_route", "arrived", "working", "review", "finished", "callback_due",
        "called_back", "archived",
    ]  # fmt: skip
    names = list(FactRecord.objects.order_by("id").values_list("name", flat=True))
    assert [name for name in names if name.startswith(("WorkOrder", "Visit"))] == [
        "WorkOrderCreated", "WorkOrderAssigned", "WorkOrderAccepted", "VisitDeparted", "VisitArrived", "VisitStarted",
        "WorkOrderFinished",
    ]  # fmt: skip
    (finished,) = told("WorkOrderFinished")
    assert finished["visits"] == 1
    assert finished["paused_minutes"] == 0
    assert finished["appointment_kept"] is None
    assert finished["segment"] == "field"
    (visit,) = fieldwork.visits_of(order)
    assert visit.distance_m == 0
    assert visit.is_inside_fence is True


def test_a_close_out_stores_clean_pictures_with_their_hash(tmp_path: Path) -> None:
    order = make.working(make.technician())
    make.close(order)
    photo, signature = fieldwork.evidence_of(order)
    assert (photo.kind, signature.kind) == ("photo", "signature")
    assert signature.signed_by == "陈大文"
    assert all(Path(row.file.path).is_relative_to(tmp_path) for row in Evidence.objects.all())
    content, content_type = fieldwork.picture(photo.id)
    assert (content[:3], content_type) == (b"\xff\xd8\xff", "image/jpeg")
    assert sha256(content).hexdigest() == photo.sha256
    with pytest.raises(NotFound):
        fieldwork.picture(new_id())


def test_a_refused_close_out_leaves_nothing_behind() -> None:
    order = make.working(make.technician())
    for wrong, refused in (
        ({"photo": None}, errors.EvidenceMissing),
        ({"photo": b"<svg/>"}, pictures.PictureTypeRefused),
        ({"photo_name": "../x.jpg"}, pictures.PictureNameRefused),
        ({"signature_name": " "}, errors.SignatureWithoutName),
        ({"fault_cause": "moon"}, errors.UnknownCause),
        ({"tests": {"a b": "1"}}, errors.TestValueRefused),
        ({"at": minutes(2)}, errors.TimeRunsBackwards),
    ):
        with pytest.raises(refused):
            make.close(order, **wrong)
        assert told("WorkOrderFinished") == []


def test_the_same_key_closes_once_and_a_changed_body_is_refused() -> None:
    order = make.working(make.technician())
    key = kernel.key()
    make.close(order, key=key)
    make.close(order, key=key)
    assert len(told("WorkOrderFinished")) == 1
    with pytest.raises(KeyReused):
        make.close(order, key=key, close_type=CloseType.TAUGHT)


def test_nobody_at_home_is_closed_without_work_and_without_signature() -> None:
    chen = make.technician()
    order = make.assigned(chen)
    fieldwork.accept(work_order_id=order, at=minutes(5))
    fieldwork.depart(work_order_id=order, at=minutes(10))
    fieldwork.arrive(work_order_id=order, at=minutes(20), lng=make.TOWN_HALL.lng, lat=make.TOWN_HALL.lat)
    with pytest.raises(errors.ActionRefused):
        make.close(order, after=30)
    nobody: dict[str, Any] = {"fault_cause": None, "signature_png": None, "signature_name": ""}
    for close_type in (CloseType.EMPTY_TRIP, CloseType.REFUSED_ENTRY):
        with pytest.raises(errors.VisitNotExplained) as asked:
            make.close(order, after=30, close_type=close_type, **nobody)
        assert asked.value.field == "note"
    make.close(order, after=30, close_type=CloseType.EMPTY_TRIP, note="敲门无人应答", **nobody)
    (finished,) = told("WorkOrderFinished")
    assert finished["close_type"] == "empty_trip"
    assert finished["started_at"] == finished["arrived_at"]


def test_a_check_in_far_away_needs_photo_and_reason_and_converts_its_datum() -> None:
    order = make.assigned(make.technician())
    fieldwork.accept(work_order_id=order, at=minutes(5))
    fieldwork.depart(work_order_id=order, at=minutes(10))
    with pytest.raises(errors.ArrivedFarAway):
        fieldwork.arrive(work_order_id=order, at=minutes(20), lng=113.2, lat=23.0243)
    far = fieldwork.arrive(
        work_order_id=order, at=minutes(20), lng=113.2, lat=23.0243, datum="gcj02", photo=make.photo(), reason="gate"
    )
    assert far is not None
    assert far > 7000
    assert fieldwork.evidence_of(order)[0].kind == "arrival"
    assert fieldwork.visits_of(order)[0].is_inside_fence is False


def test_two_committed_visits_of_one_technician_never_overlap() -> None:
    chen = make.technician()
    make.assigned(chen, start=60)
    other = make.order()
    with pytest.raises(errors.TechnicianBusy):
        fieldwork.assign(work_order_id=other, technician_id=chen, planned_from=minutes(80), at=minutes(2))
    assert state(other) is State.PENDING
    fieldwork.assign(work_order_id=other, technician_id=chen, planned_from=minutes(100), at=minutes(2))
    first, second = PlannedVisit.objects.order_by("starts_at")
    with pytest.raises(DatabaseError), transaction.atomic():
        PlannedVisit.objects.filter(pk=second.pk).update(starts_at=first.starts_at)


def test_only_who_is_qualified_and_a_technician_is_assigned() -> None:
    order = make.order(service=Service.BROADBAND)
    tv_man = make.technician(tv=3)
    with pytest.raises(errors.NotQualified):
        fieldwork.assign(work_order_id=order, technician_id=tv_man, planned_from=minutes(60), at=minutes(2))
    with pytest.raises(errors.NotATechnician):
        fieldwork.assign(work_order_id=order, technician_id=org.staff("agent"), planned_from=minutes(60), at=minutes(2))


def test_a_technician_acts_on_his_own_orders_only() -> None:
    chen, li = make.technician(), make.technician("李师傅")
    order = make.assigned(chen)
    with acting.acting_as(make.as_staff(li)), pytest.raises(errors.NotYourOrder):
        fieldwork.accept(work_order_id=order, at=minutes(5))
    with acting.acting_as(make.as_staff(chen)):
        fieldwork.accept(work_order_id=order, at=minutes(5))
        with pytest.raises(Refused):
            fieldwork.cancel(work_order_id=order, reason_code="no", at=minutes(6))


def test_a_replay_of_yesterdays_queue_on_a_reassigned_order_is_named() -> None:
    chen, li = make.technician(), make.technician("李师傅")
    order = make.assigned(chen)
    with acting.acting_as(make.as_staff(chen)):
        fieldwork.accept(work_order_id=order, at=minutes(5))
        fieldwork.depart(work_order_id=order, at=minutes(6))
    fieldwork.reassign(work_order_id=order, technician_id=li, planned_from=minutes(90), at=minutes(7), reason="ill")
    assert state(order) is State.OFFERED
    with acting.acting_as(make.as_staff(chen)), pytest.raises(errors.NotYourOrder):
        fieldwork.arrive(work_order_id=order, at=minutes(8))
    assert fieldwork.visits_of(order)[0].outcome == "reassign"


def test_an_appointment_is_booked_moved_and_kept_as_versions() -> None:
    chen = make.technician()
    order = make.order()
    ten, twelve = kernel.at("2026-03-10 10:00"), kernel.at("2026-03-10 12:00")
    assert fieldwork.book_appointment(work_order_id=order, window_from=ten, window_to=twelve, at=minutes(1)) == 1
    with pytest.raises(errors.OutsideAppointment):
        fieldwork.assign(work_order_id=order, technician_id=chen, planned_from=minutes(10), at=minutes(2))
    fieldwork.assign(work_order_id=order, technician_id=chen, planned_from=ten, at=minutes(2))
    fieldwork.accept(work_order_id=order, at=minutes(3))
    assert state(order) is State.BOOKED
    later = ten + timedelta(hours=4)
    moved = fieldwork.book_appointment(
        work_order_id=order,
        window_from=later,
        window_to=later + timedelta(hours=2),
        at=minutes(4),
        reason_code="customer_asked",
    )
    assert moved == 2
    view = fieldwork.work_order(order)
    assert (view.state, view.planned_from, view.technician_id) == (State.BOOKED, later, chen)
    assert [body["version"] for body in told("AppointmentBooked")] == [1, 2]


def test_a_move_into_a_full_window_returns_the_order_to_the_pool() -> None:
    chen = make.technician()
    order = make.assigned(chen, start=60)
    long = make.assigned(chen, start=300, kind=OrderKind.INSTALL)
    busy = fieldwork.work_order(long)
    assert busy.planned_from is not None
    fieldwork.book_appointment(
        work_order_id=order, window_from=busy.planned_from, window_to=busy.planned_from + timedelta(minutes=30),
        at=minutes(5),
    )  # fmt: skip
    view = fieldwork.work_order(order)
    assert (view.state, view.technician_id, view.planned_from) == (State.PENDING, None, None)
    assert told("WorkOrderReturned")[0]["reason_code"] == "no_time_in_window"


def test_a_kept_window_is_told_with_the_close_out() -> None:
    chen = make.technician()
    order = make.order()
    fieldwork.book_appointment(
        work_order_id=order, window_from=minutes(50), window_to=minutes(170), at=minutes(1), wanted_by_customer=True
    )
    fieldwork.assign(work_order_id=order, technician_id=chen, planned_from=minutes(60), at=minutes(2))
    fieldwork.accept(work_order_id=order, at=minutes(3))
    fieldwork.depart(work_order_id=order, at=minutes(40))
    fieldwork.arrive(work_order_id=order, at=minutes(62))
    fieldwork.start(work_order_id=order, at=minutes(63))
    make.close(order)
    assert told("WorkOrderFinished")[0]["appointment_kept"] is True


def test_impossible_windows_are_refused_by_name() -> None:
    order = make.order()
    with pytest.raises(errors.WindowTooShort):
        fieldwork.book_appointment(work_order_id=order, window_from=minutes(60), window_to=minutes(60), at=minutes(1))
    with pytest.raises(errors.WindowPassed):
        fieldwork.book_appointment(work_order_id=order, window_from=minutes(-60), window_to=minutes(-10), at=minutes(1))


def test_a_hold_pauses_nothing_until_a_second_person_approves() -> None:
    chen = make.technician()
    order = make.working(chen)
    with acting.acting_as(make.as_staff(chen)):
        fieldwork.hold(work_order_id=order, reason_code="resource", at=minutes(70), note="等机房", photo=make.photo())
        assert state(order) is State.HELD
    assert told("WorkOrderHeld") == []
    with acting.acting_as(make.as_staff(chen, "fieldwork.approve_hold")), pytest.raises(errors.ApprovedByRequester):
        fieldwork.approve_hold(work_order_id=order, at=minutes(71))
    (waiting,) = fieldwork.holds_to_decide()
    assert waiting.reason_code == "resource"
    fieldwork.approve_hold(work_order_id=order, at=minutes(80))
    assert told("WorkOrderHeld")[0]["reason_code"] == "resource"
    with pytest.raises(errors.NoOpenHold):
        fieldwork.approve_hold(work_order_id=order, at=minutes(81))
    with acting.acting_as(make.as_staff(chen, "fieldwork.resume")):
        fieldwork.resume(work_order_id=order, at=minutes(95))
    assert state(order) is State.WORKING
    make.close(order)
    assert told("WorkOrderFinished")[0]["paused_minutes"] == 15


def test_a_hold_before_arrival_frees_the_technician_and_returns_to_the_pool() -> None:
    chen = make.technician()
    order = make.assigned(chen)
    fieldwork.hold(work_order_id=order, reason_code="customer", at=minutes(5))
    assert not PlannedVisit.objects.filter(released_at=None).exists()
    with acting.acting_as(make.as_staff(org.staff("dispatch_leader"), "fieldwork.refuse_hold")):
        fieldwork.refuse_hold(work_order_id=order, at=minutes(9))
    assert state(order) is State.PENDING
    assert told("WorkOrderResumed") == []
    with pytest.raises(errors.UnknownReason):
        fieldwork.hold(work_order_id=order, reason_code="lazy", at=minutes(10))


def test_hand_over_return_cancel_and_merge() -> None:
    chen = make.technician()
    handed, returned, cancelled, merged = (make.assigned(chen, start=60 * n) for n in range(1, 5))
    fieldwork.hand_over(work_order_id=handed, to_segment=Segment.LINE, reason_code="fibre_cut", at=minutes(9))
    assert fieldwork.work_order(handed).segment is Segment.LINE
    with pytest.raises(errors.SameSegment):
        fieldwork.hand_over(work_order_id=handed, to_segment=Segment.LINE, reason_code="fibre_cut", at=minutes(10))
    fieldwork.return_order(work_order_id=returned, reason_code="van_broken", at=minutes(9))
    fieldwork.cancel(work_order_id=cancelled, reason_code="withdrawn", at=minutes(9))
    fieldwork.merge(work_order_id=merged, into_id=handed, reason_code="outage", at=minutes(9))
    assert [state(one) for one in (handed, returned, cancelled, merged)] == [
        State.PENDING, State.PENDING, State.VOID, State.MERGED,
    ]  # fmt: skip
    with pytest.raises(errors.MergedIntoItself):
        fieldwork.merge(work_order_id=returned, into_id=returned, reason_code="outage", at=minutes(10))
    assert not PlannedVisit.objects.filter(released_at=None).exists()


def test_a_claim_is_for_oneself() -> None:
    chen, li = make.technician(), make.technician("李师傅")
    order = make.order()
    with acting.acting_as(make.as_staff(chen, "fieldwork.claim")), pytest.raises(errors.ClaimNotAllowed):
        fieldwork.claim(work_order_id=order, technician_id=chen, planned_from=minutes(60), at=minutes(2))
    make.city_rule("dispatch.claim", is_allowed=1)
    with acting.acting_as(make.as_staff(chen, "fieldwork.claim")):
        with pytest.raises(errors.NotYourOrder):
            fieldwork.claim(work_order_id=order, technician_id=li, planned_from=minutes(60), at=minutes(2))
        fieldwork.claim(work_order_id=order, technician_id=chen, planned_from=minutes(60), at=minutes(2))
    assert state(order) is State.ACCEPTED


def test_the_same_cause_gives_one_order_and_an_unknown_one_is_not_found() -> None:
    cause = "product_order:0193f2a0-0000-7000-8000-000000000001"
    assert make.order(cause=cause) == make.order(cause=cause)
    assert [view.cause for view in fieldwork.work_orders_of(cause)] == [cause]
    with pytest.raises(NotFound):
        fieldwork.work_order(new_id())


def test_today_lists_the_technicians_open_orders_in_the_plans_order() -> None:
    chen = make.technician()
    late, early = make.assigned(chen, start=200), make.assigned(chen, start=60)
    make.assigned(chen, start=60 * 24)
    assert [item.id for item in fieldwork.today(chen, MORNING)] == [early, late]
    done = make.working(make.technician("李师傅"))
    make.close(done)
    owner = fieldwork.work_order(done).technician_id
    assert owner is not None
    assert [item.id for item in fieldwork.finished_on(owner, MORNING)] == [done]
    assert fieldwork.today(owner, MORNING) == []


def test_the_pool_is_a_list_with_filters_and_excel() -> None:
    chen = make.technician()
    make.assigned(chen, grid_code="440604001")
    soon = make.order(grid_code="440604002", due_at=minutes(30))
    rows = fieldwork.pool.page({}).rows
    assert rows[0].pk == soon
    assert [row.state for row in fieldwork.pool.page({"state": "offered"}).rows] == ["offered"]
    assert [row.pk for row in fieldwork.pool.page({"grid": "440604002"}).rows] == [soon]
    assert fieldwork.pool.excel({})[:2] == b"PK"
    first = fieldwork.work_orders.page({"size": "20", "sort": "due_at"})
    assert len(first.rows) == 2


@pytest.mark.parametrize(
    "impossible",
    [{"duration_minutes": 0}, {"crew_size": 0}, {"skills": {"tv": 0}}, {"parts": {"onu": -1}}, {"tools": ["x" * 99]}],
)
def test_an_impossible_need_is_refused_and_a_possible_one_kept(impossible: dict[str, Any]) -> None:
    order = make.order()
    with pytest.raises(errors.NeedRefused):
        fieldwork.amend(work_order_id=order, at=minutes(1), **impossible)
    fieldwork.amend(work_order_id=order, at=minutes(1), duration_minutes=90, skills={"broadband": 2})
    assert fieldwork.work_order(order).duration_minutes == 90


def test_history_cannot_be_rewritten() -> None:
    make.order()
    with pytest.raises(DatabaseError), transaction.atomic():
        StateChange.objects.update(to_state="finished")
