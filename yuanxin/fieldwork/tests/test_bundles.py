"""One home, several orders, one visit: they come together, go together, are done one by one, and part cleanly."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import Choice, State
from yuanxin.fieldwork.models import Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import ActionRefused, FinishFirst
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import TOWN_HALL, minutes
from yuanxin.kernel import acting
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.parties import api as parties_api
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import OrderKind, Segment, Service

pytestmark = pytest.mark.usefixtures("field")


def home(count: int = 3) -> list[UUID]:
    """Orders of one customer at one address: television, a broadband fault, an installation."""
    customer, address = new_id(), parties.address()
    kinds = [
        (OrderKind.REPAIR, Service.TV),
        (OrderKind.REPAIR, Service.BROADBAND),
        (OrderKind.INSTALL, Service.BROADBAND),
    ]
    return [
        make.order(kind=kind, service=service, customer_id=customer, address_id=address)
        for kind, service in kinds[:count]
    ]


def together(orders: list[UUID], technician: UUID, start: float = 60) -> None:
    fieldwork.assign_together(
        work_order_ids=orders, technician_id=technician, planned_from=minutes(start), at=minutes(1)
    )


def bundles(orders: list[UUID]) -> list[UUID | None]:
    return [fieldwork.work_order(order).bundle for order in orders]


def states(orders: list[UUID]) -> list[State]:
    return [fieldwork.work_order(order).state for order in orders]


def trips(name: str) -> list[bool]:
    """Return of each told fact whether it rode along, in the order of telling."""
    return [row.body["rides_along"] for row in FactRecord.objects.filter(name=name).order_by("recorded_at", "id")]


def test_orders_assigned_together_are_one_visit() -> None:
    orders = home()
    together(orders, make.technician())
    one, *others = bundles(orders)
    assert one is not None
    assert others == [one, one]
    assert make.broken() == []


def test_what_the_engine_plans_for_one_home_is_one_visit() -> None:
    make.technician()
    orders = home()
    make.order(address_id=parties.address(point=parties_api.Coordinate(113.14, 23.03)))
    fieldwork.auto_dispatch(at=minutes(5))
    one, *others = bundles(orders)
    assert one is not None
    assert others == [one, one]


def test_a_row_by_row_selection_of_one_home_is_one_visit_too() -> None:
    technician, orders = make.technician(), home(2)
    length = fieldwork.work_order(orders[0]).duration_minutes
    fieldwork.assign_many(
        choices=[Choice(orders[0], technician, minutes(60)), Choice(orders[1], technician, minutes(60 + length))],
        at=minutes(1),
    )
    assert None not in bundles(orders)


def test_neighbours_another_hour_or_somebody_elses_visit_between_make_no_bundle() -> None:
    technician = make.technician()
    mine = make.assigned(technician, start=60)
    neighbour = make.assigned(technician, start=100, address_id=fieldwork.work_order(mine).address_id)
    assert bundles([mine, neighbour]) == [None, None]  # another customer
    orders = home(2)
    for order, start in zip(orders, (200, 400), strict=True):
        fieldwork.assign(work_order_id=order, technician_id=technician, planned_from=minutes(start), at=minutes(1))
    assert bundles(orders) == [None, None]
    split = home(2)
    fieldwork.assign(work_order_id=split[0], technician_id=technician, planned_from=minutes(500), at=minutes(1))
    make.assigned(technician, start=541)
    fieldwork.assign(work_order_id=split[1], technician_id=technician, planned_from=minutes(590), at=minutes(1))
    assert bundles(split) == [None, None]


def test_taking_leaving_and_arriving_are_done_once_and_count_for_all() -> None:
    technician, orders = make.technician(), home()
    together(orders, technician)
    with acting.acting_as(make.as_staff(technician)):
        fieldwork.accept(work_order_id=orders[1], at=minutes(5))
        assert states(orders) == [State.ACCEPTED] * 3
        fieldwork.depart(work_order_id=orders[2], at=minutes(45))
        assert states(orders) == [State.EN_ROUTE] * 3
        fieldwork.arrive(work_order_id=orders[0], at=minutes(60), lng=TOWN_HALL.lng, lat=TOWN_HALL.lat)
    assert states(orders) == [State.ARRIVED] * 3
    assert set(Visit.objects.values_list("departed_at", "arrived_at")) == {(minutes(45), minutes(60))}
    assert Visit.objects.values("distance_m").distinct().count() == 1
    assert sorted(trips("WorkOrderAssigned")) == [False, True, True]
    assert sorted(trips("VisitDeparted")) == [False, True, True]
    assert len(trips_of("VisitArrived")) == 3


def trips_of(name: str) -> list[str]:
    return list(FactRecord.objects.filter(name=name).values_list("subject", flat=True))


def test_a_phone_that_sends_the_same_step_for_each_order_is_not_refused() -> None:
    technician, orders = make.technician(), home(2)
    together(orders, technician)
    with acting.acting_as(make.as_staff(technician)):
        for step in (fieldwork.accept, fieldwork.depart, fieldwork.arrive):
            for number, order in enumerate(orders):
                step(work_order_id=order, at=minutes(50 + number), **where(step))
    assert Visit.objects.count() == 2
    assert states(orders) == [State.ARRIVED] * 2
    with pytest.raises(ActionRefused):
        fieldwork.arrive(work_order_id=make.working(make.technician("李师傅")), at=minutes(90))


def where(step: object) -> dict[str, Any]:
    return {"lng": TOWN_HALL.lng, "lat": TOWN_HALL.lat} if step is fieldwork.arrive else {}


def test_an_order_that_came_later_is_taken_with_the_departure() -> None:
    technician, orders = make.technician(), home(2)
    fieldwork.assign(work_order_id=orders[0], technician_id=technician, planned_from=minutes(60), at=minutes(1))
    with acting.acting_as(make.as_staff(technician)):
        fieldwork.accept(work_order_id=orders[0], at=minutes(5))
    length = fieldwork.work_order(orders[0]).duration_minutes
    fieldwork.assign(
        work_order_id=orders[1], technician_id=technician, planned_from=minutes(60 + length), at=minutes(50)
    )
    with acting.acting_as(make.as_staff(technician)):
        fieldwork.depart(work_order_id=orders[0], at=minutes(45))  # the phone was without signal: it was done before
    assert states(orders) == [State.EN_ROUTE] * 2
    assert make.broken() == []


def test_work_is_begun_and_closed_one_after_the_other() -> None:
    technician, orders = make.technician(), home(2)
    together(orders, technician)
    with acting.acting_as(make.as_staff(technician)):
        make.walk(orders[0], from_minute=50)
        with pytest.raises(FinishFirst):
            fieldwork.start(work_order_id=orders[1], at=minutes(60))
        make.close(orders[0], after=70)
        fieldwork.start(work_order_id=orders[1], at=minutes(71))
        make.close(orders[1], after=95)
    finished = [fieldwork.work_order(order).finished_at for order in orders]
    assert finished == [minutes(70), minutes(95)]
    assert make.broken() == []


@pytest.mark.parametrize("way", ["reassign", "place", "unassign", "return", "cancel", "hold", "hand_over", "move"])
def test_an_order_that_leaves_lets_the_others_go_on(way: str) -> None:
    technician, other, orders = make.technician(), make.technician("李师傅"), home()
    together(orders, technician)
    gone = orders[1]
    if way == "reassign":
        fieldwork.reassign(work_order_id=gone, technician_id=other, planned_from=minutes(60), at=minutes(2))
    elif way == "place":
        fieldwork.place(work_order_id=gone, technician_id=other, starts_at=minutes(60), at=minutes(2), seen=technician)
    elif way == "move":
        fieldwork.place(
            work_order_id=gone, technician_id=technician, starts_at=minutes(400), at=minutes(2), seen=technician
        )
    elif way == "unassign":
        fieldwork.unassign(work_order_id=gone, at=minutes(2))
    elif way == "return":
        fieldwork.return_order(work_order_id=gone, reason_code="other", at=minutes(2))
    elif way == "cancel":
        fieldwork.cancel(work_order_id=gone, reason_code="customer", at=minutes(2))
    elif way == "hold":
        fieldwork.hold(work_order_id=gone, reason_code="customer", at=minutes(2))
    else:
        fieldwork.hand_over(work_order_id=gone, to_segment=Segment.LINE, reason_code="line_fault", at=minutes(2))
    first, left, last = bundles(orders)
    assert left is None
    assert first == last is not None
    assert make.broken() == []


def test_of_two_the_one_left_alone_is_a_visit_of_its_own() -> None:
    technician, other, orders = make.technician(), make.technician("李师傅"), home(2)
    together(orders, technician)
    fieldwork.reassign(work_order_id=orders[0], technician_id=other, planned_from=minutes(60), at=minutes(2))
    assert bundles(orders) == [None, None]
    with acting.acting_as(make.as_staff(technician)):
        fieldwork.accept(work_order_id=orders[1], at=minutes(5))
    assert states(orders) == [State.OFFERED, State.ACCEPTED]
    assert trips("WorkOrderAssigned") == [False, True, False]


def test_the_whole_home_given_to_another_technician_stays_one_visit() -> None:
    technician, other, orders = make.technician(), make.technician("李师傅"), home()
    together(orders, technician)
    fieldwork.assign_together(
        work_order_ids=orders, technician_id=other, planned_from=minutes(90), at=minutes(3), seen=technician
    )
    assert len(set(bundles(orders))) == 1
    assert None not in bundles(orders)
    assert trips("WorkOrderAssigned") == [False, True, True] * 2
    assert set(WorkOrder.objects.values_list("technician", flat=True)) == {other}
    assert make.broken() == []


def test_undoing_the_deed_that_parted_them_brings_them_together_again() -> None:
    technician, other, orders = make.technician(), make.technician("李师傅"), home(2)
    together(orders, technician)
    with acting.acting_as(make.as_staff(new_id(), "fieldwork.place", "fieldwork.undo_last")):
        fieldwork.place(
            work_order_id=orders[1], technician_id=other, starts_at=minutes(60), at=minutes(2), seen=technician
        )
        assert bundles(orders) == [None, None]
        fieldwork.undo_last(at=minutes(3))
    assert None not in bundles(orders)
    assert make.broken() == []
