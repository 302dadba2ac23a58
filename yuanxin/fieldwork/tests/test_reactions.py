"""What field service does when it hears of something."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork import reactions
from yuanxin.fieldwork.api import State
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import MORNING, minutes
from yuanxin.kernel.ids import new_id
from yuanxin.parties.tests import make as parties
from yuanxin.published.care import CallbackRecorded, TicketCancelled, TicketOpened, TicketResolved
from yuanxin.published.codes import AreaClass, Channel, OrderKind, Service
from yuanxin.published.refs import ref

pytestmark = pytest.mark.usefixtures("field")


def opened(*, wanted: tuple[datetime, datetime] | None = None) -> TicketOpened:
    """A ticket of a customer in town."""
    return TicketOpened(
        subject=ref("ticket", new_id()),
        at=MORNING,
        number="T4406260000001",
        customer_id=new_id(),
        address_id=parties.address(),
        service=Service.TV,
        fault_code="tv_fault",
        order_kind=OrderKind.REPAIR,
        area_class=AreaClass.URBAN,
        grid_code="440604001",
        channel=Channel.PHONE,
        statutory_due_at=None,
        assessment_due_at=minutes(600),
        wanted_from=wanted[0] if wanted else None,
        wanted_to=wanted[1] if wanted else None,
    )


def order_of(fact: TicketOpened) -> UUID:
    (view,) = fieldwork.work_orders_of(fact.subject)
    return view.id


def test_a_ticket_gets_its_order_once_with_what_the_rulebook_says() -> None:
    fact = opened()
    reactions.create_work_order_when_ticket_opened(fact)
    reactions.create_work_order_when_ticket_opened(fact)
    view = fieldwork.work_order(order_of(fact))
    assert view.duration_minutes == 40
    assert view.due_at == minutes(600)
    assert view.statutory_due_at is None


def test_the_wanted_window_becomes_the_appointment() -> None:
    fact = opened(wanted=(minutes(60), minutes(180)))
    reactions.create_work_order_when_ticket_opened(fact)
    view = fieldwork.work_order(order_of(fact))
    assert (view.window_from, view.window_to, view.window_version) == (minutes(60), minutes(180), 1)


def test_a_withdrawn_ticket_calls_its_order_off_and_one_in_work_goes_on() -> None:
    fact = opened()
    reactions.create_work_order_when_ticket_opened(fact)
    gone = TicketCancelled(subject=fact.subject, at=minutes(5), number=fact.number, reason_code="withdrawn")
    reactions.cancel_work_order_when_ticket_cancelled(gone)
    reactions.cancel_work_order_when_ticket_cancelled(gone)
    assert fieldwork.work_order(order_of(fact)).state is State.VOID
    begun = make.working(make.technician())
    cause = fieldwork.work_order(begun).cause
    reactions.cancel_work_order_when_ticket_cancelled(
        TicketCancelled(subject=cause, at=minutes(70), number="", reason_code="withdrawn")
    )
    assert fieldwork.work_order(begun).state is State.WORKING


def test_a_fault_that_was_solved_on_the_phone_needs_no_visit() -> None:
    fact = opened()
    reactions.create_work_order_when_ticket_opened(fact)
    solved = TicketResolved(
        subject=fact.subject, at=minutes(9), number=fact.number, customer_id=fact.customer_id, work_order=None
    )
    reactions.cancel_work_order_when_ticket_solved_without_visit(solved)
    assert fieldwork.work_order(order_of(fact)).state is State.VOID


@pytest.mark.parametrize(
    ("reached", "agrees", "expected"),
    [(True, True, State.ARCHIVED), (True, False, State.ARCHIVED), (False, None, State.CALLBACK_DUE)],
)
def test_a_call_back_ends_the_orders_life(reached: bool, agrees: bool | None, expected: State) -> None:
    order = make.working(make.technician())
    make.close(order)
    fact = CallbackRecorded(
        subject=fieldwork.work_order(order).cause,
        at=minutes(300),
        ticket=fieldwork.work_order(order).cause,
        work_order=ref("work_order", order),
        reached=reached,
        agrees=agrees,
        score=None,
    )
    for _ in range(2):
        reactions.confirm_callback_when_recorded(fact)
    assert fieldwork.work_order(order).state is expected
    following = fieldwork.work_orders_of(fact.subject)[1:]
    assert [one.state for one in following] == ([State.PENDING] if agrees is False else [])
