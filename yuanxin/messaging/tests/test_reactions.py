from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at as wall
from yuanxin.messaging import api as messaging
from yuanxin.messaging import reactions
from yuanxin.messaging.actions.sending import send_due
from yuanxin.messaging.models import Message
from yuanxin.org import api as org
from yuanxin.org.tests import make as org_make
from yuanxin.parties import api as parties
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.care import TicketChased, TicketOpened, TicketResolved
from yuanxin.published.codes import AreaClass, Channel, OrderKind, Segment, Service
from yuanxin.published.fieldwork import (
    AppointmentBooked,
    ArrivalForetold,
    VisitDeparted,
    WorkOrderAssigned,
    WorkOrderCancelled,
    WorkOrderHandedOver,
    WorkOrderHeld,
)
from yuanxin.published.refs import ref

MORNING = wall("2026-11-24 09:10")
TICKET = ref("ticket", new_id())
WORK_ORDER = ref("work_order", new_id())


pytestmark = pytest.mark.usefixtures("rulebooks")


def opened(**change: object) -> TicketOpened:
    fact = TicketOpened(
        subject=TICKET,
        at=MORNING,
        number="T4406260000001",
        customer_id=parties_make.customer(),
        address_id=new_id(),
        service=Service.BROADBAND,
        fault_code="no_internet",
        order_kind=OrderKind.REPAIR,
        area_class=AreaClass.URBAN,
        grid_code="440604001",
        channel=Channel.PHONE,
        statutory_due_at=MORNING + timedelta(hours=48),
        assessment_due_at=MORNING + timedelta(hours=10),
        wanted_from=None,
        wanted_to=None,
    )
    return replace(fact, **change)  # type: ignore[arg-type]


def booked(**change: object) -> AppointmentBooked:
    fact = AppointmentBooked(
        subject=WORK_ORDER,
        at=MORNING,
        number="W4406260000001",
        cause=TICKET,
        customer_id=parties_make.customer(),
        window_from=wall("2026-11-24 10:00"),
        window_to=wall("2026-11-24 12:00"),
        version=1,
    )
    return replace(fact, **change)  # type: ignore[arg-type]


def texts(subject: str) -> list[str]:
    return [view.text for view in messaging.messages_about(subject)]


def test_a_new_ticket_promises_the_earlier_of_both_clocks_and_twice_is_once(foshan: str) -> None:
    fact = opened()
    for _ in range(2):
        reactions.promise_when_ticket_opened(fact)
    (text,) = texts(TICKET)
    assert "宽带" in text
    assert "11月24日19:10" in text


def test_a_ticket_without_a_clock_promises_no_term(foshan: str) -> None:
    reactions.promise_when_ticket_opened(
        opened(service=Service.TV, statutory_due_at=None, assessment_due_at=None, at=MORNING)
    )
    (text,) = texts(TICKET)
    assert "电视" in text
    assert "承诺" not in text


def test_an_appointment_and_its_move_are_two_messages(foshan: str) -> None:
    first = booked()
    reactions.confirm_when_appointment_booked(first)
    moved = replace(first, at=MORNING + timedelta(minutes=5), version=2, window_from=wall("2026-11-24 14:00"))
    reactions.confirm_when_appointment_booked(moved)
    assert [("已改为" in text) for text in texts(WORK_ORDER)] == [True, False]


def assigned(technician: UUID, customer: UUID, *, at: datetime = MORNING) -> WorkOrderAssigned:
    return WorkOrderAssigned(
        subject=WORK_ORDER,
        at=at,
        number="W4406260000001",
        cause=TICKET,
        customer_id=customer,
        technician_id=technician,
        planned_from=wall("2026-11-24 10:00"),
        planned_to=wall("2026-11-24 11:00"),
    )


def test_the_technician_is_named_by_staff_number_only(foshan: str) -> None:
    technician = org_make.technician(name="陈师傅")
    reactions.introduce_when_work_order_assigned(assigned(technician, parties_make.customer()))
    (text,) = texts(WORK_ORDER)
    assert org.staff(technician).number in text
    assert "陈师傅" not in text


def test_another_technician_is_said_to_be_another_and_the_same_one_is_not_said_twice(foshan: str) -> None:
    first, second, customer = org_make.technician(), org_make.technician(), parties_make.customer()
    for minutes, technician in enumerate((first, first, second)):
        reactions.introduce_when_work_order_assigned(
            assigned(technician, customer, at=MORNING + timedelta(minutes=minutes))
        )
    changed, introduced = texts(WORK_ORDER)
    assert "改由" in changed
    assert org.staff(second).number in changed
    assert org.staff(first).number in introduced
    assert states(WORK_ORDER) == [
        ("technician-changed", "queued", ""),
        ("technician-assigned", "suppressed", "superseded"),
    ]


def states(subject: str) -> list[tuple[str, str, str]]:
    rows = Message.objects.filter(cause=subject).order_by("-queued_at", "template")
    return [(row.template, row.state, row.reason) for row in rows]


def test_an_appointment_of_another_day_is_reminded_of_on_the_evening_before(foshan: str) -> None:
    fact = booked(window_from=wall("2026-11-26 10:00"), window_to=wall("2026-11-26 12:00"))
    reactions.confirm_when_appointment_booked(fact)
    send_due(at=wall("2026-11-25 18:59"))
    assert ("appointment-reminder", "queued", "") in states(WORK_ORDER)
    send_due(at=wall("2026-11-25 19:00"))
    newest, _ = messaging.inbox(fact.customer_id)
    assert "温馨提醒" in newest.text
    assert newest.received_at == wall("2026-11-25 19:00")


def test_who_booked_in_the_evening_needs_no_reminder(foshan: str) -> None:
    late = wall("2026-11-25 18:00")
    reactions.confirm_when_appointment_booked(
        booked(at=late, window_from=wall("2026-11-26 10:00"), window_to=wall("2026-11-26 12:00"))
    )
    assert [name for name, _, _ in states(WORK_ORDER)] == ["appointment-booked"]


def test_a_moved_appointment_takes_its_old_reminder_back(foshan: str) -> None:
    first = booked(window_from=wall("2026-11-26 10:00"), window_to=wall("2026-11-26 12:00"))
    reactions.confirm_when_appointment_booked(first)
    moved = replace(
        first,
        at=MORNING + timedelta(minutes=5),
        version=2,
        window_from=wall("2026-11-28 10:00"),
        window_to=wall("2026-11-28 12:00"),
    )
    reactions.confirm_when_appointment_booked(moved)
    send_due(at=wall("2026-11-25 19:00"))
    send_due(at=wall("2026-11-27 19:00"))
    reminders = [line.text for line in messaging.inbox(first.customer_id) if "提醒" in line.text]
    assert len(reminders) == 1
    assert "11月28日" in reminders[0]


def test_a_cancelled_visit_is_not_reminded_of(foshan: str) -> None:
    reactions.confirm_when_appointment_booked(
        booked(window_from=wall("2026-11-26 10:00"), window_to=wall("2026-11-26 12:00"))
    )
    reactions.forget_reminder_when_work_order_cancelled(
        WorkOrderCancelled(subject=WORK_ORDER, at=MORNING, number="W1", cause=TICKET, reason_code="customer")
    )
    assert ("appointment-reminder", "suppressed", "superseded") in states(WORK_ORDER)


def test_a_hold_is_explained_in_plain_words_and_in_the_customers_language(foshan: str) -> None:
    chinese, english = parties_make.customer(), parties_make.customer(phone="13800138001")
    parties.change_customer(customer_id=english, language="en", at=MORNING)
    for customer in (chinese, english):
        fact = WorkOrderHeld(
            subject=WORK_ORDER, at=MORNING, number="W1", cause=TICKET, reason_code="power", customer_id=customer
        )
        reactions.explain_when_work_order_held(fact)
    assert {"现场停电" in text or "power cut" in text for text in texts(WORK_ORDER)} == {True}
    assert sum("power cut" in text for text in texts(WORK_ORDER)) == 1


def test_a_hand_over_names_the_crew_that_goes_on(foshan: str) -> None:
    fact = WorkOrderHandedOver(
        subject=WORK_ORDER,
        at=MORNING,
        number="W1",
        cause=TICKET,
        from_segment=Segment.FIELD,
        to_segment=Segment.LINE,
        reason_code="other_segment",
        customer_id=parties_make.customer(),
    )
    reactions.explain_when_work_order_handed_over(fact)
    assert "线路班" in texts(WORK_ORDER)[0]


def test_a_departure_tells_the_planned_arrival(foshan: str) -> None:
    fact = VisitDeparted(
        subject=WORK_ORDER,
        at=MORNING,
        number="W1",
        cause=TICKET,
        customer_id=parties_make.customer(),
        technician_id=org_make.technician(),
        planned_from=wall("2026-11-24 10:02"),
    )
    reactions.announce_when_visit_departed(fact)
    assert "11月24日10:00-10:30" in texts(WORK_ORDER)[0]


def test_a_departure_with_a_foreseen_arrival_tells_it(foshan: str) -> None:
    fact = VisitDeparted(
        subject=WORK_ORDER,
        at=MORNING,
        number="W1",
        cause=TICKET,
        customer_id=parties_make.customer(),
        technician_id=org_make.technician(),
        arrival_from=wall("2026-11-24 09:40"),
        arrival_to=wall("2026-11-24 10:10"),
    )
    reactions.announce_when_visit_departed(fact)
    assert "11月24日09:40-10:10" in texts(WORK_ORDER)[0]


def test_a_narrower_arrival_replaces_the_one_that_waits(foshan: str) -> None:
    told: dict[str, Any] = {
        "number": "W1",
        "cause": TICKET,
        "subject": WORK_ORDER,
        "customer_id": parties_make.customer(),
    }
    night = wall("2026-11-23 23:00")
    first = ArrivalForetold(
        **told, at=night, arrival_from=wall("2026-11-24 14:30"), arrival_to=wall("2026-11-24 15:30"), times=1
    )
    reactions.narrow_when_arrival_foretold(first)
    send_due(at=night)
    assert Message.objects.get(cause=WORK_ORDER).state == "queued"  # the customer sleeps
    second = replace(
        first, at=MORNING, arrival_from=wall("2026-11-24 15:00"), arrival_to=wall("2026-11-24 16:00"), times=2
    )
    reactions.narrow_when_arrival_foretold(second)
    states = dict(Message.objects.filter(cause=WORK_ORDER).values_list("template", "state"))
    assert states == {"arrival-foretold": "suppressed", "arrival-changed": "queued"}
    assert any("调整为11月24日15:00-16:00" in text for text in texts(WORK_ORDER))


def test_who_leaves_days_before_the_plan_is_expected_soon(foshan: str) -> None:
    fact = VisitDeparted(
        subject=WORK_ORDER,
        at=MORNING,
        number="W1",
        cause=TICKET,
        customer_id=parties_make.customer(),
        technician_id=org_make.technician(),
        planned_from=wall("2026-11-26 14:30"),
    )
    reactions.announce_when_visit_departed(fact)
    assert "11月24日09:20-09:50" in texts(WORK_ORDER)[0]


def test_the_news_of_a_departure_is_not_told_hours_later(foshan: str) -> None:
    fact = VisitDeparted(
        subject=WORK_ORDER,
        at=MORNING,
        number="W4406260000001",
        cause=TICKET,
        customer_id=parties_make.customer(),
        technician_id=org_make.technician(),
    )
    reactions.announce_when_visit_departed(fact)
    send_due(at=MORNING + timedelta(hours=3))
    assert Message.objects.get(cause=WORK_ORDER).reason == "stale"


def test_a_chase_is_answered_in_the_customers_words(foshan: str) -> None:
    reactions.answer_when_ticket_chased(
        TicketChased(
            subject=TICKET, at=MORNING, number="T1", work_order=None, chases=2, customer_id=parties_make.customer()
        )
    )
    assert "催单已收到" in texts(TICKET)[0]


def test_a_resolved_ticket_asks_for_the_customers_word(foshan: str) -> None:
    fact = TicketResolved(
        subject=TICKET, at=MORNING, number="T1", customer_id=parties_make.customer(), work_order=WORK_ORDER
    )
    reactions.ask_when_ticket_resolved(fact)
    assert "回访" in texts(TICKET)[0]
