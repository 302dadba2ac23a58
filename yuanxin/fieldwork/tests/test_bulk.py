"""Many orders at once: a preview that writes nothing, rows decided one by one, one trip to one home."""

from __future__ import annotations

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import Choice, State, errors
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.org.tests import make as org
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import OrderKind, Service

pytestmark = pytest.mark.usefixtures("field")


def accepted(lines: list[fieldwork.ShareLine]) -> list[Choice]:
    return [
        Choice(line.work_order_id, line.technician_id, line.starts_at, line.seen)
        for line in lines
        if line.technician_id and line.starts_at
    ]


def test_a_selection_goes_to_one_technician_as_previewed() -> None:
    chen = make.technician()
    orders = [make.order() for _ in range(4)]
    lines = fieldwork.share_out(orders, technician_id=chen, at=minutes(5))
    assert {line.technician_id for line in lines} == {chen}
    assert all(fieldwork.work_order(one).state is State.PENDING for one in orders)
    outcomes = fieldwork.assign_many(choices=accepted(lines), at=minutes(6))
    assert all(one.is_done for one in outcomes)
    assert [fieldwork.work_order(line.work_order_id).planned_from for line in lines] == [x.starts_at for x in lines]


def test_each_goes_to_the_owner_of_its_grid_and_what_has_none_stays_with_a_reason() -> None:
    first, second = make.technician("甲"), make.technician("乙")
    grids = {first: org.grid(owner=first), second: org.grid(owner=second)}
    mine = {make.order(grid_code=code): owner for owner, code in grids.items()}
    nobodys = make.order(grid_code=org.grid())
    lines = {one.work_order_id: one for one in fieldwork.share_out([*mine, nobodys], technician_id=None, at=minutes(5))}
    assert {order: lines[order].technician_id for order in mine} == mine
    assert lines[nobodys].stop == "no_owner"


def test_the_preview_warns_and_stops_with_reasons() -> None:
    chen = make.technician("电视师傅", tv=3)
    other = make.technician("别人")
    org.grid(owner=chen)
    foreign = make.order(service=Service.TV, grid_code=org.grid(owner=other))
    late = make.order(service=Service.TV, due_at=minutes(20))
    broadband, done = make.order(), make.working(other)
    found = {
        one.work_order_id: one
        for one in fieldwork.share_out([foreign, late, broadband, done], technician_id=chen, at=minutes(110))
    }
    assert "other_grid" in found[foreign].warnings
    assert "comes_late" in found[late].warnings
    assert found[late].late_minutes >= 90
    assert found[broadband].stop == "skill_missing"
    assert found[done].stop == "not_waiting"


def test_a_row_that_is_refused_leaves_the_others_alone() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    free, busy, taken = make.order(), make.order(), make.order()
    fieldwork.assign(work_order_id=taken, technician_id=li, planned_from=minutes(30), at=minutes(2))
    choices = [Choice(one, chen, minutes(60)) for one in (free, busy, taken)]
    outcomes = {one.work_order_id: one for one in fieldwork.assign_many(choices=choices, at=minutes(3))}
    assert outcomes[free].is_done
    assert outcomes[busy].error == "fieldwork.technician_busy"
    assert (outcomes[taken].error, outcomes[taken].params["technician"]) == ("fieldwork.assigned_meanwhile", str(li))
    assert fieldwork.work_order(taken).technician_id == li
    assert fieldwork.work_order(busy).state is State.PENDING


def test_the_same_key_twice_does_nothing_twice() -> None:
    chen, key = make.technician(), IdempotencyKey(str(new_id()))
    choices = [Choice(make.order(), chen, minutes(60))]
    first = fieldwork.assign_many(choices=choices, at=minutes(3), key=key)
    assert fieldwork.assign_many(choices=choices, at=minutes(4), key=key) == first
    assert [step.action for step in fieldwork.history(choices[0].work_order_id)] == ["create", "assign"]


def test_orders_of_one_home_are_shown_and_assigned_together_or_not_at_all() -> None:
    chen, home, customer = make.technician(), parties.address(), new_id()
    orders = [
        make.order(address_id=home, customer_id=customer, kind=kind) for kind in (OrderKind.REPAIR, OrderKind.MOVE)
    ]
    make.order(address_id=home)
    assert [one.id for one in fieldwork.same_home(fieldwork.work_order(orders[0]))] == [orders[1]]
    fieldwork.assign_together(work_order_ids=orders, technician_id=chen, planned_from=minutes(30), at=minutes(2))
    first, second = (fieldwork.work_order(one) for one in orders)
    assert first.planned_to == second.planned_from
    third = make.order(address_id=home, customer_id=customer)
    fourth = make.order(address_id=home, customer_id=customer)
    with pytest.raises(errors.TechnicianBusy):
        fieldwork.assign_together(
            work_order_ids=[third, fourth], technician_id=chen, planned_from=MORNING, at=minutes(3)
        )
    assert fieldwork.work_order(third).state is State.PENDING


def test_the_second_of_two_dispatchers_changes_nothing() -> None:
    chen, li, order = make.technician("陈师傅"), make.technician("李师傅"), make.order()
    fieldwork.assign_together(work_order_ids=[order], technician_id=chen, planned_from=minutes(30), at=minutes(2))
    with pytest.raises(errors.AssignedMeanwhile):
        fieldwork.assign_together(work_order_ids=[order], technician_id=li, planned_from=minutes(30), at=minutes(3))
    fieldwork.assign_together(
        work_order_ids=[order], technician_id=li, planned_from=minutes(30), at=minutes(3), seen=chen, reason="ill"
    )
    assert fieldwork.work_order(order).technician_id == li
