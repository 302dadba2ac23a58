"""Three orders of one home are one visit 合并上门: one way, one check-in, one message; three clocks, three closes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import State
from yuanxin.fieldwork.tests import make as fieldwork_make
from yuanxin.kernel import acting
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests import make
from yuanxin.messaging import api as messaging
from yuanxin.org import api as org
from yuanxin.published.codes import AreaClass, OrderKind, Service
from yuanxin.published.refs import TicketRef, ref
from yuanxin.quality import api as quality
from yuanxin.standards import api as standards

CALL, PLANNED = at("2026-03-10 09:10"), at("2026-03-10 10:00")
ACCEPTED, DEPARTED, ARRIVED = at("2026-03-10 09:20"), at("2026-03-10 09:50"), at("2026-03-10 10:05")
STARTED = (at("2026-03-10 10:10"), at("2026-03-10 10:41"), at("2026-03-10 11:16"))
DONE = (at("2026-03-10 10:40"), at("2026-03-10 11:15"), at("2026-03-10 12:20"))


class Visit:
    """What one home waits for: a television fault, a broadband fault, and a second line to be installed."""

    def __init__(self) -> None:
        self.home, self.technician = story.at_home(), story.technician()
        self.tv = story.report(self.home, on=CALL, service=Service.TV, fault_code="tv_fault")
        self.broadband = story.report(self.home, on=CALL)
        install = fieldwork.create_work_order(
            cause=ref("product_order", new_id()),
            order_kind=OrderKind.INSTALL,
            service=Service.BROADBAND,
            customer_id=self.home.customer_id,
            address_id=self.home.address_id,
            grid_code="",
            area_class=AreaClass.URBAN,
            statutory_due_at=None,
            assessment_due_at=at("2026-03-11 18:00"),
            at=CALL,
        )
        self.orders = [story.work_of(self.tv), story.work_of(self.broadband), install.id]

    def states(self) -> set[State]:
        return {fieldwork.work_order(order).state for order in self.orders}

    def sent(self, words: str) -> list[str]:
        """Return what the customer's telephone shows with these words in it."""
        return [line.text for line in messaging.inbox(self.home.customer_id) if words in line.text]


def give(orders: list[UUID], technician: UUID, on: datetime, *, planned: datetime = PLANNED) -> None:
    seen = fieldwork.work_order(orders[0]).technician_id
    with story.as_role("dispatcher"):
        fieldwork.assign_together(
            work_order_ids=orders, technician_id=technician, planned_from=planned, at=on, seen=seen, key=make.key()
        )
    story.run_due_work(on)


def drive(visit: Visit) -> None:
    """One press of each button, on whichever order the technician had open."""
    first, second, third = visit.orders
    with acting.acting_as(org.acting_for(visit.technician)):
        fieldwork.accept(work_order_id=second, at=ACCEPTED, key=make.key())
        fieldwork.depart(work_order_id=third, at=DEPARTED, key=make.key())
    story.run_due_work(DEPARTED)
    with acting.acting_as(org.acting_for(visit.technician)):
        fieldwork.arrive(
            work_order_id=first, lng=story.TOWN_HALL.lng, lat=story.TOWN_HALL.lat, at=ARRIVED, key=make.key()
        )


def stopped(ticket: TicketRef) -> set[datetime | None]:
    clocks = standards.clocks_of(ref("ticket", ticket.id))
    return {clock.stopped_at for clock in clocks if clock.topic == "fault.repair"}


@pytest.mark.usefixtures("city")
def test_one_way_one_check_in_one_message_three_closes() -> None:
    visit = Visit()
    give(visit.orders, visit.technician, at("2026-03-10 09:15"))
    drive(visit)
    assert visit.states() == {State.ARRIVED}
    for order, started, done in zip(visit.orders, STARTED, DONE, strict=True):
        with acting.acting_as(org.acting_for(visit.technician)):
            fieldwork.start(work_order_id=order, at=started, key=make.key())
            for item in fieldwork_make.checked(order):
                fieldwork.add_evidence(
                    work_order_id=order, kind="photo", item=item, photo=fieldwork_make.photo(), at=started
                )
        story.finish(order, visit.technician, on=done)
    story.run_due_work(DONE[-1])
    assert (stopped(visit.tv), stopped(visit.broadband)) == ({DONE[0]}, {DONE[1]})
    outcomes = [quality.outcome(order) for order in visit.orders]
    assert [one.finished_at for one in outcomes] == list(DONE)
    assert {one.arrived_at for one in outcomes} == {ARRIVED}
    assert [len(fieldwork.visits_of(order)) for order in visit.orders] == [1, 1, 1]
    assert [len(quality.pay_of(order)) for order in visit.orders] == [1, 1, 1]
    assert len(visit.sent("将由工号")) == 1
    assert len(visit.sent("已出发")) == 1
    assert fieldwork_make.broken() == []


@pytest.mark.usefixtures("city")
def test_giving_one_of_them_to_somebody_else_parts_them_cleanly() -> None:
    visit, other = Visit(), story.technician("李师傅")
    give(visit.orders, visit.technician, at("2026-03-10 09:15"))
    give(visit.orders[2:], other, at("2026-03-10 09:18"), planned=at("2026-03-10 14:00"))
    drive_two = visit.orders[:2]
    with acting.acting_as(org.acting_for(visit.technician)):
        fieldwork.accept(work_order_id=drive_two[0], at=ACCEPTED, key=make.key())
        fieldwork.depart(work_order_id=drive_two[0], at=DEPARTED, key=make.key())
    assert [fieldwork.work_order(order).state for order in visit.orders] == [
        State.EN_ROUTE,
        State.EN_ROUTE,
        State.OFFERED,
    ]
    assert fieldwork.work_order(visit.orders[2]).bundle is None
    assert len(visit.sent("将由工号")) == 2  # the second technician is introduced for his order
    assert fieldwork_make.broken() == []
