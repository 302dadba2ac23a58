"""Another plan beside the one in force: computed, shown, taken over in whole or part, refused, overtaken, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import events, proposals
from yuanxin.fieldwork.api import ProposalView, State, errors
from yuanxin.fieldwork.models import (
    DispatchDeed,
    DispatchRun,
    PlannedVisit,
    PlanPart,
    Proposal,
    ProposalDecision,
    WorkOrder,
)
from yuanxin.fieldwork.queries.deeds import pictures_of
from yuanxin.fieldwork.rules.roster_errors import LeaveOverlaps
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import minutes
from yuanxin.kernel import acting
from yuanxin.kernel.errors import Refused
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at
from yuanxin.org.api import Staff
from yuanxin.org.tests import make as org
from yuanxin.parties.tests import make as parties

pytestmark = pytest.mark.usefixtures("field")


def proposed(after: float = 5, **more: Any) -> ProposalView:
    """Ask for a plan of the city and let it be computed here."""
    asked = fieldwork.plan_city(at=minutes(after), **{"engine_name": "greedy", **more})
    fieldwork.compute_proposal(proposal_id=asked, at=minutes(after))
    return fieldwork.proposal(asked)


def accept(view: ProposalView, after: float = 6, **more: Any) -> fieldwork.Accepted:
    return fieldwork.accept_proposal(proposal_id=view.id, at=minutes(after), **more)


def start_of(order: UUID) -> datetime | None:
    return fieldwork.work_order(order).planned_from


def test_a_plan_is_only_a_proposal_until_somebody_takes_it_over() -> None:
    people = {make.technician(f"师傅{number}") for number in range(2)}
    orders = {make.order() for _ in range(4)}
    asked = fieldwork.plan_city(at=minutes(5), engine_name="greedy")
    assert fieldwork.proposal(asked).state == "queued"
    fieldwork.compute_proposal(proposal_id=asked, at=minutes(5))
    view = fieldwork.proposal(asked)
    assert (view.state, len(view.changes), view.customers_affected) == ("ready", 4, 0)
    assert {one.kind for one in view.changes} == {"added"}
    assert all(fieldwork.work_order(one).state is State.PENDING for one in orders)
    accepted = accept(view)
    assert (set(accepted.done), accepted.stale) == (orders, ())
    assert {fieldwork.work_order(one).technician_id for one in orders} <= people
    assert [start_of(one.work_order_id) for one in view.changes] == [one.starts_after for one in view.changes]
    assert fieldwork.proposal(asked).state == "accepted"
    assert make.broken() == []


def test_the_run_leaves_a_record_with_terms_before_and_after_and_who_decided() -> None:
    make.technician()
    make.order()
    view = proposed()
    run = DispatchRun.objects.get(proposal=view.id)
    assert run.before["unserved"] > 0
    assert "unserved" not in run.terms
    assert run.assigned == 1
    assert run.weights["technician_change"] == 600
    assert {"before", "after", "baseline"} <= set(vars(Proposal.objects.get()))
    accept(view)
    decision = ProposalDecision.objects.get()
    assert (decision.decision, decision.done, decision.stale) == ("accepted", 1, 0)
    assert decision.actor == acting.current().who
    assert {line.term for line in fieldwork.proposal(view.id).terms} >= {"unserved"}


def test_only_chosen_changes_are_taken_and_the_rest_stays() -> None:
    make.technician()
    orders = [make.order() for _ in range(3)]
    view = proposed()
    chosen = view.changes[0]
    accepted = accept(view, changes=[chosen.id])
    assert accepted.done == (chosen.work_order_id,)
    others = [one for one in orders if one != chosen.work_order_id]
    assert all(fieldwork.work_order(one).state is State.PENDING for one in others)
    after = fieldwork.proposal(view.id)
    assert (after.state, {one.outcome for one in after.changes}) == ("partly", {"done", "left"})
    with pytest.raises(errors.ProposalDecided):
        accept(view, 7)


def test_what_the_world_has_overtaken_is_left_out_by_name() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    orders = [make.order() for _ in range(3)]
    view = proposed()
    taken, gone = orders[0], orders[1]
    fieldwork.assign(work_order_id=taken, technician_id=chen, planned_from=minutes(400), at=minutes(6))
    fieldwork.cancel(work_order_id=gone, reason_code="customer_withdrew", at=minutes(6))
    accepted = accept(view, 7)
    assert set(accepted.done) == {orders[2]}
    found = {one.work_order_id: (one.error, one.params["state"]) for one in accepted.stale}
    assert found == {
        taken: ("fieldwork.visit_moved_meanwhile", "offered"),
        gone: ("fieldwork.visit_moved_meanwhile", "void"),
    }
    assert {one.number for one in accepted.stale} == {fieldwork.work_order(one).number for one in (taken, gone)}
    assert fieldwork.work_order(taken).planned_from == minutes(400)
    assert li is not None
    assert make.broken() == []


def test_an_overlap_with_a_newer_visit_stops_only_that_change() -> None:
    chen = make.technician("陈师傅")
    first = make.order()
    view = proposed()
    (change,) = view.changes
    newer = make.order()
    assert change.starts_after is not None
    fieldwork.assign(work_order_id=newer, technician_id=chen, planned_from=change.starts_after, at=minutes(6))
    accepted = accept(view, 7)
    assert [one.error for one in accepted.stale] == ["fieldwork.technician_busy"]
    assert fieldwork.work_order(first).state is State.PENDING
    assert fieldwork.work_order(newer).technician_id == chen


def swapped(first: UUID, second: UUID, chen: UUID, li: UUID) -> ProposalView:
    """Make a proposal by hand in which two technicians change places at the same hour."""
    view = proposed(4)
    Proposal.objects.filter(pk=view.id).update(state="ready")
    made = Proposal.objects.get(pk=view.id)
    for order, old, new in ((first, chen, li), (second, li, chen)):
        made.changes.create(
            work_order_id=order, kind="technician", state_before="offered", crew_before=[old], crew_after=[new],
            starts_before=minutes(60), starts_after=minutes(60), is_told=True,
        )  # fmt: skip
    Proposal.objects.filter(pk=view.id).update(expires_at=minutes(60))
    return fieldwork.proposal(view.id)


def test_two_technicians_swap_their_visits() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    first, second = make.assigned(chen, start=60), make.assigned(li, start=60)
    fieldwork.pin(work_order_id=first, at=minutes(2))
    fieldwork.pin(work_order_id=second, at=minutes(2))
    view = swapped(first, second, chen, li)
    fieldwork.unpin(work_order_id=first, at=minutes(5))
    fieldwork.unpin(work_order_id=second, at=minutes(5))
    accepted = accept(view)
    assert set(accepted.done) == {first, second}
    assert fieldwork.work_order(first).technician_id == li
    assert fieldwork.work_order(second).technician_id == chen
    assert make.broken() == []


def test_half_a_swap_is_refused_and_nothing_is_half_written() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    first, second = make.assigned(chen, start=60), make.assigned(li, start=60)
    fieldwork.pin(work_order_id=first, at=minutes(2))
    fieldwork.pin(work_order_id=second, at=minutes(2))
    view = swapped(first, second, chen, li)
    fieldwork.unpin(work_order_id=first, at=minutes(5))
    accepted = accept(view)
    assert accepted.done == ()
    assert {one.work_order_id: one.error for one in accepted.stale} == {
        first: "fieldwork.technician_busy",
        second: "fieldwork.visit_moved_meanwhile",
    }
    assert fieldwork.work_order(first).technician_id == chen
    assert PlannedVisit.objects.filter(released_at=None).count() == 2
    assert make.broken() == []


def test_pinned_and_begun_visits_stay_whatever_the_plan() -> None:
    chen, _li = make.technician("陈师傅"), make.technician("李师傅")
    pinned, begun = make.assigned(chen, start=240), make.assigned(chen, start=60)
    fieldwork.pin(work_order_id=pinned, at=minutes(3))
    with acting.acting_as(make.as_staff(chen)):
        make.walk(begun, from_minute=4, steps=2)
    make.order()
    view = proposed(10)
    assert not {pinned, begun}.intersection(one.work_order_id for one in view.changes)
    accept(view, 11)
    assert start_of(pinned) == minutes(240)


def test_a_standing_visit_moves_only_for_its_price() -> None:
    chen, _li = make.technician("陈师傅"), make.technician("李师傅")
    standing = [make.assigned(chen, start=30 + 90 * number) for number in range(3)]
    view = proposed(6)
    assert view.customers_affected == 0
    assert {one.kind for one in view.changes} <= {"time"}
    assert {fieldwork.work_order(one).technician_id for one in standing} == {chen}


def test_an_accepted_proposal_is_undone_exactly() -> None:
    for number in range(2):
        make.technician(f"师傅{number}")
    orders = [make.order() for _ in range(5)]
    before = pictures_of(WorkOrder.objects.filter(pk__in=orders))
    view = proposed()
    accept(view)
    (deed,) = fieldwork.undoable(minutes(7))
    assert (deed.deed, deed.proposal_id, len(deed.numbers)) == ("proposal", view.id, 5)
    undone = fieldwork.undo_last(at=minutes(8))
    assert len(undone.orders) == 5
    assert pictures_of(WorkOrder.objects.filter(pk__in=orders)) == before
    assert DispatchDeed.objects.count() == 2
    assert make.broken() == []


def test_refused_with_a_reason_and_too_old() -> None:
    make.technician()
    make.order()
    refused = proposed()
    fieldwork.refuse_proposal(proposal_id=refused.id, reason="not_worth_it", at=minutes(6))
    assert (fieldwork.proposal(refused.id).state, fieldwork.proposal(refused.id).reason_code) == (
        "refused",
        "not_worth_it",
    )
    old = proposed(10)
    with pytest.raises(errors.ProposalExpired):
        accept(old, 10 + 61)
    proposals.expire_proposals(at=minutes(72))
    assert fieldwork.proposal(old.id).state == "expired"


def test_a_run_is_cancelled_and_its_answer_dropped() -> None:
    make.technician()
    make.order()
    asked = fieldwork.plan_city(at=minutes(5))
    fieldwork.cancel_proposal(proposal_id=asked, at=minutes(6))
    fieldwork.compute_proposal(proposal_id=asked, at=minutes(7))
    assert (fieldwork.proposal(asked).state, fieldwork.proposal(asked).changes) == ("cancelled", ())


def test_what_nobody_can_do_is_named_with_its_causes() -> None:
    make.technician("电视师傅", tv=3)
    order = make.order()
    (left,) = proposed().unserved
    assert left.work_order_id == order
    assert dict(left.causes)["skill_missing"] == 1


def test_a_newer_proposal_takes_the_place_of_one_that_waits() -> None:
    make.technician()
    make.order()
    first = proposed(5)
    second = proposed(6)
    assert fieldwork.proposal(first.id).state == "expired"
    assert [one.id for one in fieldwork.open_proposals()] == [second.id]


def test_after_the_shift_the_next_day_is_planned() -> None:
    make.technician()
    make.order()
    asked = fieldwork.plan_city(at=at("2026-03-10 19:00"), engine_name="greedy")
    fieldwork.compute_proposal(proposal_id=asked, at=at("2026-03-10 19:00"))
    (change,) = fieldwork.proposal(asked).changes
    assert change.starts_after is not None
    assert change.starts_after >= at("2026-03-11 08:30")


def test_a_unit_is_planned_with_its_own_people_and_orders() -> None:
    unit = org.grid()
    outsider = make.technician("外人")
    inside = make.order(grid_code=unit)
    make.order(grid_code=org.grid())
    view = proposed(scope=unit)
    assert view.unit_code == unit
    assert {one.work_order_id for one in view.changes} <= {inside}
    assert outsider not in {person for one in view.changes for person in one.crew_after}


def test_a_large_city_is_cut_into_clusters_and_their_border_is_looked_at_again() -> None:
    make.city_rule("dispatch.proposal", most_technicians=20)
    for number in range(24):
        home = {"home_lng": make.TOWN_HALL.lng + 0.002 * number, "home_lat": make.TOWN_HALL.lat}
        Staff.objects.filter(pk=make.technician(f"师傅{number}")).update(**home)
    points = [replace(make.TOWN_HALL, lng=make.TOWN_HALL.lng + 0.004 * number) for number in range(12)]
    orders = {make.order(address_id=parties.address(point=point)) for point in points}
    asked = fieldwork.plan_city(at=minutes(5), engine_name="greedy")
    assert PlanPart.objects.filter(proposal=asked).count() == 2
    fieldwork.compute_proposal(proposal_id=asked, at=minutes(5))
    assert PlanPart.objects.get(proposal=asked, cluster="border").answer is not None
    view = fieldwork.proposal(asked)
    assert sorted(one.work_order_id for one in view.changes) == sorted(orders)
    assert set(accept(view).done) == orders
    assert make.broken() == []


# --- events


def repaired(after: float) -> ProposalView:
    """Compute the one local proposal that waits."""
    waiting = Proposal.objects.exclude(trigger="asked").get(state="queued")
    fieldwork.compute_proposal(proposal_id=waiting.pk, at=minutes(after))
    return fieldwork.proposal(waiting.pk)


def test_the_visits_of_somebody_who_is_ill_go_to_others() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    hers = [make.assigned(chen, start=60 + 90 * number) for number in range(2)]
    his = make.assigned(li, start=30)
    fieldwork.technician_out(technician_id=chen, at=minutes(10))
    view = repaired(11)
    assert (view.trigger, view.customers_affected) == ("ill", 2)
    moved = {one.work_order_id: one.crew_after for one in view.changes if not one.is_minor}
    assert moved == dict.fromkeys(hers, (li,))
    assert not accept(view, 12).stale
    assert {fieldwork.work_order(one).technician_id for one in (*hers, his)} == {li}
    with pytest.raises(LeaveOverlaps):
        fieldwork.technician_out(technician_id=chen, at=minutes(13))
    later = make.order()
    plan = proposed(14)
    assert chen not in {person for one in plan.changes for person in one.crew_after}
    assert later in {one.work_order_id for one in plan.changes}


def test_leave_for_the_afternoon_moves_only_the_visits_of_the_afternoon() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    morning, afternoon = make.assigned(chen, start=30), make.assigned(chen, start=420)
    leave: dict[str, Any] = {
        "technician_id": chen,
        "starts_at": minutes(300),
        "ends_at": minutes(900),
        "at": minutes(5),
    }
    fieldwork.record_leave(kind=fieldwork.LeaveKind.SICK, **leave)
    events.repair_when_away(**leave)
    moved = {one.work_order_id: one.crew_after for one in repaired(6).changes if not one.is_minor}
    assert moved == {afternoon: (li,)}
    assert fieldwork.work_order(morning).technician_id == chen


def test_a_burst_of_events_gives_one_proposal() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    make.assigned(chen, start=60)
    make.assigned(li, start=60)
    first = fieldwork.technician_out(technician_id=chen, at=minutes(10))
    urgent = make.order(due_at=minutes(120))
    events.repair_when_urgent(work_order_id=urgent, due_at=minutes(120), at=minutes(10))
    assert Proposal.objects.count() == 1
    found = Proposal.objects.get(pk=first)
    assert [one["trigger"] for one in found.causes] == ["ill", "urgent"]
    assert (found.technicians, found.orders) == ([chen], [urgent])


def test_an_urgent_order_gets_a_place_in_todays_plan_and_others_do_not_ask() -> None:
    make.technician()
    make.order(due_at=minutes(2000))
    calm = make.order(due_at=minutes(2000))
    events.repair_when_urgent(work_order_id=calm, due_at=minutes(2000), at=minutes(1))
    assert not Proposal.objects.exists()
    urgent = make.order(due_at=minutes(100))
    events.repair_when_urgent(work_order_id=urgent, due_at=minutes(100), at=minutes(1))
    view = repaired(2)
    assert [(one.work_order_id, one.kind) for one in view.changes] == [(urgent, "added")]


def test_who_did_not_set_off_and_who_is_late_are_found_once() -> None:
    chen, li = make.technician("陈师傅"), make.technician("李师傅")
    make.assigned(chen, start=10)
    make.working(li, start=60)
    rest = make.assigned(li, start=240)
    assert events.watch_the_day(at=minutes(20)) == 0
    assert events.watch_the_day(at=minutes(180)) == 2
    assert [one["trigger"] for one in Proposal.objects.get().causes] == ["delay", "no_show"]
    events.watch_the_day(at=minutes(181))
    assert len(Proposal.objects.get().causes) == 2
    assert rest is not None


def test_a_visit_called_off_today_frees_time_for_the_pool() -> None:
    chen = make.technician("陈师傅")
    mine = org.grid(owner=chen)
    gone = make.assigned(chen, start=60)
    waiting = make.order(grid_code=mine)
    fieldwork.cancel(work_order_id=gone, reason_code="customer_withdrew", at=minutes(5))
    events.repair_when_cancelled(work_order_id=gone, at=minutes(5))
    assert [one.work_order_id for one in repaired(6).changes] == [waiting]


def test_a_missing_part_asks_for_a_repair_and_other_holds_do_not() -> None:
    chen = make.technician("陈师傅")
    order = make.assigned(chen, start=60)
    events.repair_when_held(work_order_id=order, reason_code="customer", at=minutes(5))
    assert not Proposal.objects.exists()
    events.repair_when_held(work_order_id=order, reason_code="resource", at=minutes(5))
    assert Proposal.objects.get().trigger == "parts"
    assert set(parameters.proposal_rules(minutes(5)).parts_reasons) <= set(parameters.hold_reasons(minutes(5)))


def test_automatic_mode_is_off_by_default_and_takes_only_what_breaks_no_promise() -> None:
    chen = make.technician("陈师傅")
    urgent = make.order(due_at=minutes(100))
    events.repair_when_urgent(work_order_id=urgent, due_at=minutes(100), at=minutes(1))
    assert repaired(2).state == "ready"
    make.city_rule("dispatch.proposal", auto_is_on=1, auto_price_minutes=400)
    second = make.order(due_at=minutes(150))
    events.repair_when_urgent(work_order_id=second, due_at=minutes(150), at=minutes(3))
    taken = repaired(4)
    assert (taken.state, taken.is_automatic) == ("accepted", True)
    assert fieldwork.work_order(second).technician_id == chen
    assert ProposalDecision.objects.get(is_automatic=True).decision == "accepted"
    make.technician("李师傅")
    fieldwork.technician_out(technician_id=chen, at=minutes(5))
    assert repaired(6).state == "ready"


def test_a_person_without_the_permission_is_refused() -> None:
    make.technician()
    make.order()
    view = proposed()
    with acting.acting_as(make.as_staff(new_id(), "fieldwork.assign")), pytest.raises(Refused):
        accept(view)
