"""A dispatcher's hand on the board: drag, take off, pin, and the way back of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import State, errors
from yuanxin.fieldwork.models import DispatchDeed, PlannedVisit, Visit, WorkOrder
from yuanxin.fieldwork.queries.deeds import picture_of
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import minutes
from yuanxin.kernel import acting
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.tests.make import at
from yuanxin.org.tests import make as org
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import Service

pytestmark = pytest.mark.usefixtures("field")


def place(
    order: UUID, technician: UUID, start: float, *, seen: UUID | None = None, after: float = 5
) -> tuple[str, ...]:
    placed = fieldwork.place(
        work_order_id=order, technician_id=technician, starts_at=minutes(start), seen=seen, at=minutes(after)
    )
    return placed.warnings


def stands(order: UUID) -> dict[str, Any]:
    """Return how an order stands, with what an undo must bring back."""
    return picture_of(WorkOrder.objects.get(pk=order))


def span(order: UUID) -> tuple[datetime, datetime]:
    visit = PlannedVisit.objects.get(work_order=order, released_at=None)
    return visit.starts_at, visit.ends_at


def test_placing_assigns_then_moves_then_gives_to_another() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    order = make.order()
    assert place(order, chen, 60) == ()
    assert fieldwork.work_order(order).state is State.OFFERED
    with acting.acting_as(make.as_staff(chen)):
        fieldwork.accept(work_order_id=order, at=minutes(6))
    place(order, chen, 90, seen=chen, after=7)
    moved = fieldwork.work_order(order)
    assert (moved.state, moved.planned_from) == (State.ACCEPTED, minutes(90))
    place(order, li, 120, seen=chen, after=8)
    given_away = fieldwork.work_order(order)
    assert (given_away.state, given_away.technician_id, given_away.planned_from) == (State.OFFERED, li, minutes(120))
    assert make.broken() == []


def test_only_overlap_and_closed_states_stop_a_drag() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅", tv=1)
    first, second, working = make.order(), make.order(), make.working(li, service=Service.TV)
    place(first, chen, 60)
    with pytest.raises(errors.TechnicianBusy):
        place(second, chen, 70)
    with pytest.raises(errors.ActionRefused):
        place(working, chen, 200, seen=li, after=80)
    assert fieldwork.work_order(second).state is State.PENDING
    assert "skill_missing" in place(second, li, 240)
    assert fieldwork.work_order(second).technician_id == li


def test_warnings_name_window_shift_and_lateness_before_anything_is_written() -> None:
    chen = make.technician()
    order = make.order(due_at=minutes(100))
    fieldwork.book_appointment(
        work_order_id=order, window_from=minutes(60), window_to=minutes(120), at=minutes(2), reason_code=""
    )

    def causes(when: datetime) -> set[str]:
        return {one.cause for one in fieldwork.warnings_of(order, chen, when, minutes(5))}

    assert causes(minutes(60)) <= {"comes_late"}
    assert {"window", "comes_late"} <= causes(minutes(200))
    assert "shift" in causes(at("2026-03-10 21:30"))
    assert "shift" in causes(at("2026-03-11 06:00"))
    assert fieldwork.work_order(order).state is State.PENDING


def test_a_visit_that_cannot_be_reached_after_the_one_before_is_warned_of() -> None:
    chen = make.technician()
    far = parties.address(point=replace(make.TOWN_HALL, lng=make.TOWN_HALL.lng + 0.2))
    first, second = make.order(), make.order(address_id=far)
    place(first, chen, 60)
    ends_at = span(first)[1]
    found = fieldwork.warnings_of(second, chen, ends_at, minutes(6))
    assert "pinned_start" in {one.cause for one in found}
    assert {one.cause for one in fieldwork.warnings_of(second, chen, ends_at + timedelta(hours=3), minutes(6))} <= {
        "comes_late"
    }


def test_what_moved_on_since_the_dispatcher_looked_is_a_conflict_by_name() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    order = make.order()
    place(order, chen, 60)
    with pytest.raises(errors.AssignedMeanwhile) as refused:
        place(order, li, 60)
    assert refused.value.params["technician"] == str(chen)


def test_somebody_who_is_no_technician_is_refused() -> None:
    from_office = org.staff("dispatcher")
    with pytest.raises(errors.NotATechnician):
        place(make.order(), from_office, 60)


def test_the_same_key_places_once() -> None:
    chen, order = make.technician(), make.order()
    for _ in range(2):
        fieldwork.place(
            work_order_id=order, technician_id=chen, starts_at=minutes(60), at=minutes(5), key=IdempotencyKey("drag-1")
        )
    assert DispatchDeed.objects.count() == 1


def test_a_pin_stays_when_a_person_moves_the_visit_and_needs_a_visit() -> None:
    chen, order = make.technician(), make.order()
    with pytest.raises(errors.NothingPlanned):
        fieldwork.pin(work_order_id=order, at=minutes(3))
    place(order, chen, 60)
    fieldwork.pin(work_order_id=order, at=minutes(6))
    place(order, chen, 90, seen=chen, after=7)
    assert PlannedVisit.objects.get(work_order=order, released_at=None).pinned
    fieldwork.unpin(work_order_id=order, at=minutes(8))
    assert not PlannedVisit.objects.get(work_order=order, released_at=None).pinned


def test_undo_goes_back_deed_by_deed() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    order = make.order()
    pictures = [stands(order)]
    place(order, chen, 60)
    pictures.append(stands(order))
    fieldwork.pin(work_order_id=order, at=minutes(6))
    pictures.append(stands(order))
    place(order, li, 90, seen=chen, after=7)
    pictures.append(stands(order))
    fieldwork.unassign(work_order_id=order, at=minutes(8))
    assert [one.deed for one in fieldwork.undoable(minutes(9))] == ["unassign", "place", "pin", "place"]
    for minute, before in enumerate(reversed(pictures), start=10):
        fieldwork.undo_last(at=minutes(minute))
        assert stands(order) == before
        assert make.broken() == []
    with pytest.raises(errors.NothingToUndo):
        fieldwork.undo_last(at=minutes(20))
    assert DispatchDeed.objects.exclude(undoes=None).count() == 4


def test_undo_brings_back_a_trip_that_was_under_way() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    order = make.assigned(chen, start=60)
    with acting.acting_as(make.as_staff(chen)):
        make.walk(order, from_minute=10, steps=2)
    before = stands(order)
    place(order, li, 90, seen=chen, after=20)
    assert fieldwork.work_order(order).state is State.OFFERED
    fieldwork.undo_last(at=minutes(21))
    assert stands(order) == before
    assert fieldwork.work_order(order).state is State.EN_ROUTE
    assert Visit.objects.get(work_order=order).ended_at is None


def test_undo_is_refused_by_name_when_the_world_moved_on() -> None:
    chen, order = make.technician(), make.order()
    place(order, chen, 60)
    with acting.acting_as(make.as_staff(chen)):
        fieldwork.accept(work_order_id=order, at=minutes(6))
    assert fieldwork.undoable(minutes(7))[0].is_overtaken
    with pytest.raises(errors.UndoOvertaken) as refused:
        fieldwork.undo_last(at=minutes(7))
    assert refused.value.params["work_order"] == fieldwork.work_order(order).number
    assert fieldwork.work_order(order).state is State.ACCEPTED


def test_undo_is_refused_when_somebody_took_the_old_time() -> None:
    chen, first, second = make.technician(), make.order(), make.order()
    place(first, chen, 60)
    place(first, chen, 180, seen=chen, after=6)
    with acting.acting_as(make.as_staff(make.technician("王调度"), "fieldwork.place")):
        place(second, chen, 60, after=7)
    with pytest.raises(errors.TechnicianBusy):
        fieldwork.undo_last(at=minutes(8))
    assert fieldwork.work_order(first).planned_from == minutes(180)


def test_each_person_undoes_his_own_deeds_and_only_ten() -> None:
    chen, order = make.technician(), make.order()
    place(order, chen, 60)
    other = make.as_staff(make.technician("王调度"), "fieldwork.undo_last", "fieldwork.place")
    with acting.acting_as(other), pytest.raises(errors.NothingToUndo):
        fieldwork.undo_last(at=minutes(6))
    for minute in range(6, 18):
        place(order, chen, 60 + minute, seen=chen, after=minute)
    assert len(fieldwork.undoable(minutes(30))) == 10


_DEEDS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(2, 20)), min_size=1, max_size=6)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_DEEDS)
def test_undo_restores_exactly(deeds: list[tuple[int, int, int]]) -> None:
    """Law: after any deeds, undoing as many gives back every picture on the way, whatever was refused between."""
    with acting.acting_as(make.as_staff(new_id(), "*")):
        people = [make.technician(f"师傅{number}") for number in range(2)]
        orders = [make.order() for _ in range(3)]
        trail: list[list[dict[str, Any]]] = []
        minute = 5
        for who, what, quarter in deeds:
            minute += 1
            before = [stands(one) for one in orders]
            seen = fieldwork.work_order(orders[what]).technician_id
            try:
                if who < len(people):
                    place(orders[what], people[who], quarter * 15, seen=seen, after=minute)
                else:
                    fieldwork.unassign(work_order_id=orders[what], at=minutes(minute))
            except (errors.TechnicianBusy, errors.ActionRefused):
                assert [stands(one) for one in orders] == before
                continue
            trail.append(before)
        for number, before in enumerate(reversed(trail)):
            fieldwork.undo_last(at=minutes(100 + number))
            assert [stands(one) for one in orders] == before
        assert fieldwork.undoable(minutes(400)) == []
