"""Stories of an order between segments, of crews, of orders that wait for one another, and of corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import State, errors
from yuanxin.fieldwork.rules.segments import Stay, faults_of, minutes_of
from yuanxin.fieldwork.rules.windows import Booked, PromisedWindow, is_kept
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel import acting
from yuanxin.kernel.models import FactRecord
from yuanxin.published.codes import Segment
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

pytestmark = pytest.mark.usefixtures("field")


@pytest.fixture(autouse=True)
def _books_are_clean(field: str) -> Iterator[None]:
    """Whatever a story does, the invariants hold at its end."""
    yield
    assert make.broken() == []


def told(name: str) -> list[dict[str, Any]]:
    return list(FactRecord.objects.filter(name=name).order_by("id").values_list("body", flat=True))


def segment_clocks(order: UUID) -> dict[str, str]:
    return {
        clock.topic: clock.state
        for clock in standards.clocks_of(ref("work_order", order))
        if clock.topic.startswith("segment.")
    }


def test_an_order_that_nobody_hands_over_has_one_stay_without_a_row() -> None:
    order = make.working(make.technician())
    (stay,) = fieldwork.segments_of(order, at=minutes(90))
    assert (stay.segment, stay.entered_at, stay.left_at, stay.minutes) == (Segment.FIELD, MORNING, None, 90)
    make.close(order)
    assert fieldwork.segments_of(order)[0].minutes == 100
    assert segment_clocks(order) == {}


def test_a_cut_fibre_goes_to_the_line_crew_and_back_with_a_clock_for_each_stay() -> None:
    chen = make.technician()
    order = make.working(chen)
    with acting.acting_as(make.as_staff(chen, "fieldwork.hand_over")):
        fieldwork.hand_over(
            work_order_id=order, to_segment=Segment.LINE, reason_code="fibre_cut", note="井内断纤", at=minutes(75)
        )
    view = fieldwork.work_order(order)
    assert (view.state, view.segment, view.technician_id) == (State.PENDING, Segment.LINE, None)
    assert segment_clocks(order) == {"segment.field": "stopped", "segment.line": "running"}
    with pytest.raises(errors.NotQualified):
        fieldwork.assign(work_order_id=order, technician_id=chen, planned_from=minutes(120), at=minutes(80))
    liner = make.technician("线路班", line=3)
    fieldwork.assign(work_order_id=order, technician_id=liner, planned_from=minutes(120), at=minutes(80))
    fieldwork.accept(work_order_id=order, at=minutes(81))
    with acting.acting_as(make.as_staff(chen, "fieldwork.hand_back")), pytest.raises(errors.NotYourOrder):
        fieldwork.hand_back(work_order_id=order, reason_code="segment_done", at=minutes(200))
    with acting.acting_as(make.as_staff(liner, "fieldwork.hand_back")):
        fieldwork.hand_back(work_order_id=order, reason_code="segment_done", at=minutes(195))
    stays = fieldwork.segments_of(order, at=minutes(200))
    assert [(stay.segment, stay.minutes, stay.reason_code) for stay in stays] == [
        (Segment.FIELD, 75, ""),
        (Segment.LINE, 120, "fibre_cut"),
        (Segment.FIELD, 5, "segment_done"),
    ]
    assert stays[1].note == "井内断纤"
    assert segment_clocks(order)["segment.line"] == "stopped"
    assert [clock.state for clock in standards.clocks_of(ref("work_order", order))].count("running") == 1
    fieldwork.assign(work_order_id=order, technician_id=chen, planned_from=minutes(240), at=minutes(205))
    make.walk(order, from_minute=210, steps=4)
    make.close(order, after=250)
    (finished,) = told("WorkOrderFinished")
    assert finished["segment_minutes"] == {"field": 130, "line": 120}
    assert finished["elsewhere_minutes"] == 120
    assert set(segment_clocks(order).values()) == {"stopped"}


def test_what_nobody_handed_over_cannot_be_handed_back_and_reasons_come_from_the_rulebook() -> None:
    order = make.order()
    with pytest.raises(errors.NothingToHandBack):
        fieldwork.hand_back(work_order_id=order, reason_code="segment_done", at=minutes(5))
    with pytest.raises(errors.UnknownReason):
        fieldwork.hand_over(work_order_id=order, to_segment=Segment.LINE, reason_code="lazy", at=minutes(5))
    fieldwork.hand_over(work_order_id=order, to_segment=Segment.HEADEND, reason_code="headend_fault", at=minutes(5))
    fieldwork.cancel(work_order_id=order, reason_code="withdrawn", at=minutes(9))
    assert fieldwork.segments_of(order)[-1].left_at == minutes(9)
    assert set(segment_clocks(order).values()) == {"stopped"}


def test_an_approved_hold_pauses_the_segments_clock_too() -> None:
    order = make.order()
    fieldwork.hand_over(work_order_id=order, to_segment=Segment.LINE, reason_code="fibre_cut", at=minutes(5))
    with acting.acting_as(make.as_staff(make.technician("调度"), "fieldwork.hold")):
        fieldwork.hold(work_order_id=order, reason_code="weather", at=minutes(10), photo=make.photo())
    fieldwork.approve_hold(work_order_id=order, at=minutes(12))
    assert segment_clocks(order)["segment.line"] == "paused"
    fieldwork.resume(work_order_id=order, at=minutes(40))
    assert segment_clocks(order)["segment.line"] == "running"


def test_a_crew_of_two_goes_together_and_both_stand_on_the_visit() -> None:
    chen, li = make.technician(), make.technician("李师傅")
    order = make.order(crew_size=2)
    with pytest.raises(errors.CrewIncomplete):
        fieldwork.assign(work_order_id=order, technician_id=chen, planned_from=minutes(60), at=minutes(1))
    fieldwork.assign(work_order_id=order, technician_id=chen, mates=[li], planned_from=minutes(60), at=minutes(1))
    assert [item.id for item in fieldwork.today(li, MORNING)] == [order]
    make.walk(order, from_minute=50, steps=4)
    make.close(order)
    assert fieldwork.visits_of(order)[0].mates == (li,)
    assert told("WorkOrderFinished")[0]["mates"] == [str(li)]


def test_a_successor_does_not_start_before_its_predecessor_is_done() -> None:
    chen, li = make.technician(), make.technician("李师傅")
    first = make.assigned(chen)
    second = make.order(predecessor_id=first, cause="product_order:0193f2a0-0000-7000-8000-000000000002")
    fieldwork.assign(work_order_id=second, technician_id=li, planned_from=minutes(60), at=minutes(1))
    make.walk(second, from_minute=10, steps=3)
    with pytest.raises(errors.PredecessorOpen):
        fieldwork.start(work_order_id=second, at=minutes(20))
    fieldwork.cancel(work_order_id=first, reason_code="withdrawn", at=minutes(21))
    fieldwork.start(work_order_id=second, at=minutes(22))
    assert fieldwork.work_order(second).state is State.WORKING


def test_an_amendment_leaves_before_and_after_in_the_history() -> None:
    order = make.order(fault_code="no_internet")
    fieldwork.amend(work_order_id=order, at=minutes(1), duration_minutes=90, fault_code="slow_speed")
    fieldwork.amend(work_order_id=order, at=minutes(2), duration_minutes=90)
    amended = [step for step in fieldwork.history(order) if step.action == "amend"]
    assert [step.changes for step in amended] == [
        {"duration_minutes": [40, 90], "fault_code": ["no_internet", "slow_speed"]}
    ]
    with pytest.raises(errors.NeedRefused):
        fieldwork.amend(work_order_id=order, at=minutes(3), fault_code="not a code 13812345678")


def test_a_planned_order_is_planned_anew_when_the_correction_leaves_no_room() -> None:
    chen = make.technician()
    order = make.assigned(chen, start=60)
    make.assigned(chen, start=120)
    fieldwork.amend(work_order_id=order, at=minutes(2), duration_minutes=55)
    view = fieldwork.work_order(order)
    assert (view.technician_id, view.planned_to) == (chen, minutes(115))
    fieldwork.amend(work_order_id=order, at=minutes(3), duration_minutes=90)
    assert fieldwork.work_order(order).state is State.PENDING
    two = make.assigned(chen, start=300)
    fieldwork.amend(work_order_id=two, at=minutes(4), crew_size=2)
    assert fieldwork.work_order(two).technician_id is None
    assert fieldwork.history(two)[-1].reason_code == "amended"


def test_a_customer_moves_his_window_himself_and_a_reason_outside_the_rulebook_is_refused() -> None:
    order = make.order()
    first, later = (minutes(120), minutes(240)), (minutes(300), minutes(420))
    fieldwork.book_appointment(work_order_id=order, window_from=first[0], window_to=first[1], at=minutes(1))
    with pytest.raises(errors.UnknownReason) as refused:
        fieldwork.book_appointment(
            work_order_id=order, window_from=later[0], window_to=later[1], reason_code="moon", at=minutes(2)
        )
    assert refused.value.field == "reason_code"
    customer = acting.Acting(
        who=ref("customer", fieldwork.work_order(order).customer_id),
        scope="4406",
        permissions=frozenset({"fieldwork.book_appointment"}),
        source="link",
    )
    with acting.acting_as(customer):
        version = fieldwork.book_appointment(
            work_order_id=order, window_from=later[0], window_to=later[1], at=minutes(3)
        )
    assert version == 2
    assert fieldwork.history(order)[-1].reason_code == "customer_asked"


def test_only_windows_that_the_company_moved_count_as_broken() -> None:
    early = PromisedWindow(minutes(0), minutes(60))
    late = PromisedWindow(minutes(120), minutes(180))
    free = timedelta(minutes=15)
    assert is_kept([], minutes(5), free) is None
    assert is_kept([Booked(early, True), Booked(late, True)], minutes(130), free) is True
    assert is_kept([Booked(early, True), Booked(late, True)], minutes(30), free) is False
    assert is_kept([Booked(early, True), Booked(late, False)], minutes(130), free) is False
    assert is_kept([Booked(early, False)], minutes(70), free) is True


def test_stays_with_a_gap_are_found() -> None:
    good = [Stay(Segment.FIELD, minutes(0), minutes(5)), Stay(Segment.LINE, minutes(5), None)]
    assert faults_of(good, minutes(0), None) == []
    assert faults_of([], minutes(0), None) == []
    assert len(faults_of([good[0], Stay(Segment.LINE, minutes(6), None)], minutes(1), minutes(9))) == 3
    assert minutes_of([*good, Stay(Segment.FIELD, minutes(5), minutes(6))], minutes(9)) == {
        Segment.FIELD: 6,
        Segment.LINE: 4,
    }
