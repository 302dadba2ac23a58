from dataclasses import replace
from datetime import timedelta

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at as wall
from yuanxin.messaging import api as messaging
from yuanxin.messaging import reactions
from yuanxin.messaging.actions.sending import send_due
from yuanxin.messaging.models import Message
from yuanxin.org import api as org
from yuanxin.org.tests import make as org_make
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.care import TicketOpened, TicketResolved
from yuanxin.published.codes import AreaClass, Channel, OrderKind, Service
from yuanxin.published.fieldwork import AppointmentBooked, VisitDeparted, WorkOrderAssigned
from yuanxin.published.refs import ref

MORNING = wall("2026-11-24 09:10")
TICKET = ref("ticket", new_id())
WORK_ORDER = ref("work_order", new_id())


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


def test_the_technician_is_named_by_staff_number_only(foshan: str) -> None:
    technician = org_make.technician(name="陈师傅")
    fact = WorkOrderAssigned(
        subject=WORK_ORDER,
        at=MORNING,
        number="W4406260000001",
        cause=TICKET,
        customer_id=parties_make.customer(),
        technician_id=technician,
        planned_from=wall("2026-11-24 10:00"),
        planned_to=wall("2026-11-24 11:00"),
    )
    reactions.introduce_when_work_order_assigned(fact)
    (text,) = texts(WORK_ORDER)
    assert org.staff(technician).number in text
    assert "陈师傅" not in text


def test_the_news_of_a_departure_is_not_told_hours_later(foshan: str, rulebooks: None) -> None:
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


def test_a_resolved_ticket_asks_for_the_customers_word(foshan: str) -> None:
    fact = TicketResolved(
        subject=TICKET, at=MORNING, number="T1", customer_id=parties_make.customer(), work_order=WORK_ORDER
    )
    reactions.ask_when_ticket_resolved(fact)
    assert "回访" in texts(TICKET)[0]
