"""The engine at work on real tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import State
from yuanxin.fieldwork.models import DispatchRun, PlannedVisit
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel import clock
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.tests.make import at
from yuanxin.org import api as org_api
from yuanxin.org.tests import make as org
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import AreaClass, OrderKind, Segment, Service

pytestmark = pytest.mark.usefixtures("field")


def test_the_pool_is_dispatched_and_the_run_is_recorded() -> None:
    people = {make.technician(f"师傅{n}") for n in range(3)}
    orders = {make.order() for _ in range(6)}
    result = fieldwork.auto_dispatch(at=minutes(5))
    assert {one.work_order_id for one in result.assigned} == orders
    assert {one.technician_id for one in result.assigned} <= people
    assert result.unserved == ()
    assert all(fieldwork.work_order(order).state is State.OFFERED for order in orders)
    run = DispatchRun.objects.get(pk=result.runs[0])
    assert (run.engine, run.orders, run.assigned) == ("own", 6, 6)
    assert "unserved" not in run.terms
    assert fieldwork.dispatch_runs.page({}).rows[0].pk == run.pk


def test_a_second_run_keeps_what_is_committed() -> None:
    make.technician()
    make.order()
    fieldwork.auto_dispatch(at=minutes(5))
    before = list(PlannedVisit.objects.values_list("pk", "starts_at"))
    second = make.order()
    result = fieldwork.auto_dispatch(at=minutes(6))
    assert [one.work_order_id for one in result.assigned] == [second]
    assert list(PlannedVisit.objects.exclude(work_order=second).values_list("pk", "starts_at")) == before


def test_what_nobody_can_do_stays_with_a_reason_per_technician() -> None:
    make.technician("电视师傅", tv=1)
    order = make.order(service=Service.BROADBAND)
    make.order(service=Service.TV)
    result = fieldwork.auto_dispatch(at=minutes(5))
    (left,) = result.unserved
    assert left.work_order_id == order
    assert [(reason.cause, reason.name, reason.detail) for reason in left.reasons] == [
        ("skill_missing", "电视师傅", "broadband")
    ]
    assert fieldwork.candidates(order, minutes(6)) == []
    assert [reason.cause for reason in fieldwork.obstacles(order, minutes(6))] == ["skill_missing"]
    way = fieldwork.advice(order, minutes(6)).way_out
    assert way is not None
    assert (way.kind, way.name, way.detail, way.amount) in [
        ("skill", "电视师傅", "broadband", 1),
        ("hands", "", "", 1),
    ]
    assert way.ends_at > way.starts_at >= minutes(6)


def test_a_late_report_is_planned_for_tomorrow_morning() -> None:
    make.technician()
    evening = at("2026-03-10 21:00")
    make.order(opened_at=evening)
    (one,) = fieldwork.auto_dispatch(at=evening).assigned
    assert one.planned_from >= at("2026-03-11 08:30")


def test_the_customers_window_is_met() -> None:
    make.technician()
    order = make.order()
    fieldwork.book_appointment(
        work_order_id=order, window_from=at("2026-03-11 14:00"), window_to=at("2026-03-11 16:00"), at=minutes(1)
    )
    (one,) = fieldwork.auto_dispatch(at=minutes(5)).assigned
    assert at("2026-03-11 14:00") <= one.planned_from <= at("2026-03-11 16:00")


def test_the_grids_owner_comes_first_among_equals() -> None:
    owner, other = make.technician("包片师傅"), make.technician("别片师傅")
    mine, others = org.grid(owner=owner), org.grid(owner=other)
    order = make.order(grid_code=mine)
    first, second = fieldwork.candidates(order, minutes(5))
    assert (first.technician_id, first.owns_grid) == (owner, True)
    assert "own_grid" in first.reasons
    assert second.technician_id == other
    assert second.terms["grid_violation"] > 0
    assert first.delta < second.delta
    assert others != mine


def test_candidates_never_meet_a_commitment() -> None:
    chen = make.technician()
    make.assigned(chen, start=10, kind=OrderKind.INSTALL)
    make.assigned(chen, start=70, kind=OrderKind.INSTALL)
    (one,) = fieldwork.candidates(make.order(), minutes(9))
    fieldwork.assign(
        work_order_id=fieldwork.pool.page({"state": "pending"}).rows[0].pk, technician_id=chen,
        planned_from=one.start, at=minutes(9),
    )  # fmt: skip
    assert one.start >= minutes(130)


def test_an_overdue_order_is_not_left_out_for_being_late() -> None:
    make.technician()
    order = make.order(opened_at=MORNING - timedelta(days=3), due_at=MORNING - timedelta(days=2))
    assert [one.work_order_id for one in fieldwork.auto_dispatch(at=minutes(5)).assigned] == [order]


def test_only_the_field_segment_is_dispatched_and_only_the_units_orders() -> None:
    chen = make.technician()
    line = make.order()
    fieldwork.hand_over(work_order_id=line, to_segment=Segment.LINE, reason_code="fibre_cut", at=minutes(2))
    make.order(grid_code="440699001")
    assert fieldwork.auto_dispatch(at=minutes(5), unit=org.grid(owner=chen)).assigned == ()
    with pytest.raises(NotFound):
        fieldwork.auto_dispatch(at=minutes(5), unit="nowhere")


def test_windows_are_offered_over_the_bookable_days_with_their_ease() -> None:
    make.technician()
    offers = fieldwork.offer_windows(
        order_kind=OrderKind.REPAIR, service=Service.BROADBAND, address_id=parties.address(),
        area_class=AreaClass.URBAN, grid_code="", at=MORNING,
    )  # fmt: skip
    assert {offer.window_from.date() for offer in offers} >= {(MORNING + timedelta(days=n)).date() for n in range(3)}
    assert {offer.ease for offer in offers} <= {"open", "tight", "full"}
    assert any(offer.ease == "open" for offer in offers)
    assert all(offer.window_to - offer.window_from == timedelta(hours=2) for offer in offers)
    nobody = fieldwork.offer_windows(
        order_kind=OrderKind.REPAIR, service=Service.MOBILE, address_id=parties.address(),
        area_class=AreaClass.RURAL, grid_code="", at=MORNING,
    )  # fmt: skip
    assert all(offer.window_to - offer.window_from == timedelta(hours=4) for offer in nobody)


def test_a_crew_of_two_is_planned_at_one_start() -> None:
    make.technician("甲"), make.technician("乙")
    order = make.order(crew_size=2)
    (one,) = fieldwork.auto_dispatch(at=minutes(5)).assigned
    crew = PlannedVisit.objects.filter(work_order=order)
    assert crew.count() == 2
    assert crew.values("starts_at").distinct().count() == 1
    assert crew.get(leads=True).technician_id == one.technician_id


def test_a_committed_crew_is_no_obstacle_for_the_next_plan() -> None:
    first, second = make.technician("甲"), make.technician("乙")
    crew = make.order(crew_size=2)
    fieldwork.assign(work_order_id=crew, technician_id=first, mates=[second], planned_from=minutes(10), at=minutes(1))
    org_api.set_staff_active(staff_id=second, is_active=False)
    single = make.order()
    (one,) = fieldwork.auto_dispatch(at=minutes(5)).assigned
    assert (one.work_order_id, one.technician_id) == (single, first)
    assert one.planned_from >= minutes(50)


def test_a_visit_that_runs_late_pushes_the_next_plan() -> None:
    chen = make.technician()
    make.working(chen, start=60)
    order = make.order(opened_at=minutes(200))
    (one,) = fieldwork.auto_dispatch(at=minutes(200)).assigned
    assert one.work_order_id == order
    assert one.planned_from > minutes(200)


def test_the_pool_names_grid_and_owner_and_is_asked_by_urgency() -> None:
    owner = make.technician("包片师傅")
    grid = org.grid(owner=owner)
    late = make.order(grid_code=grid, due_at=MORNING - timedelta(hours=1), opened_at=MORNING - timedelta(hours=26))
    soon = make.order(due_at=MORNING + timedelta(minutes=30), opened_at=MORNING - timedelta(hours=9))
    fresh = make.order(due_at=MORNING + timedelta(hours=10))
    with clock.standing_at(MORNING):
        found = {row.pk: row for row in fieldwork.pool.page({}).rows}
        asked = {
            one: [row.pk for row in fieldwork.pool.page({"urgency": one}).rows] for one in ("late", "red", "green")
        }
        both = [row.pk for row in fieldwork.pool.page({"urgency": "late,red"}).rows]
    assert (found[late].grid_name, found[late].owner_name) == (org_api.unit(grid).name, "包片师傅")
    assert found[late].waiting == "26:00"
    assert asked == {"late": [late], "red": [soon], "green": [fresh]}
    assert both == [late, soon]
    assert fieldwork.pool_counts().pending == 3
