"""A technician calls: through the relay, and past it only when it failed, which is logged."""

from __future__ import annotations

from uuid import UUID

import pytest

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork import tasks
from yuanxin.fieldwork.relay import RelayCall, RelayDown, Report
from yuanxin.fieldwork.rules.errors import ActionRefused, NotYourOrder, RelayWorks, UnknownReason
from yuanxin.fieldwork.tests import make
from yuanxin.kernel import acting
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.models import FactRecord
from yuanxin.org.api import Staff
from yuanxin.parties.tests import make as people
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

pytestmark = pytest.mark.usefixtures("field")
MAY_CALL = ("fieldwork.call_customer", "fieldwork.call_directly", "fieldwork.record_call_end")


class BrokenRelay:
    """Never takes a call."""

    def place(self, call: RelayCall, report: Report) -> None:
        """Raises RelayDown."""
        raise RelayDown


class Recorder:
    """Takes every call and connects it."""

    calls: list[RelayCall] = []  # noqa: RUF012 - the adapter is made by its path

    def place(self, call: RelayCall, report: Report) -> None:
        """Connect."""
        self.calls.append(call)
        report(fieldwork.CallEnd.CONNECTED, 42)


@pytest.fixture
def mine(field: None) -> tuple[UUID, UUID]:
    """A technician with a telephone and an order of a customer who has one."""

    me = make.technician()
    Staff.objects.filter(pk=me).update(phone="19200000001")
    order = make.assigned(me, customer_id=people.customer(phone="13800138000"))
    return me, order


def call(me: UUID, order: UUID) -> UUID:
    with acting.acting_as(make.as_staff(me, *MAY_CALL)):
        return fieldwork.call_customer(work_order_id=order, at=make.minutes(10))


def test_the_relay_gets_both_numbers_and_shows_the_hotline(mine: tuple[UUID, UUID], settings: object) -> None:
    settings.YUANXIN_CALL_RELAY = f"{__name__}.Recorder"  # type: ignore[attr-defined]
    attempt = call(*mine)
    tasks.place_call(tenant="4406", attempt_id=str(attempt))
    placed = Recorder.calls.pop()
    assert (placed.caller, placed.callee, placed.shown) == ("19200000001", "13800138000", "96956")
    assert "13800138000" not in repr(placed)
    [shown] = fieldwork.call_attempts(mine[1])
    assert (shown.way, shown.ended_as, shown.talked_seconds) == ("relay", "connected", 42)
    told = FactRecord.objects.filter(name="CustomerCalled").get()
    assert told.body["is_connected"] is True
    assert "13800138000" not in str(told.body)


def test_the_real_number_is_shown_only_after_the_relay_failed(mine: tuple[UUID, UUID], settings: object) -> None:
    settings.YUANXIN_CALL_RELAY = f"{__name__}.BrokenRelay"  # type: ignore[attr-defined]
    me, order = mine
    with acting.acting_as(make.as_staff(me, *MAY_CALL)), pytest.raises(RelayWorks):
        fieldwork.call_directly(work_order_id=order, reason_code="relay_down", at=make.minutes(9))
    tasks.place_call(tenant="4406", attempt_id=str(call(me, order)))
    assert [view.ended_as for view in fieldwork.call_attempts(order)] == ["failed"]
    with acting.acting_as(make.as_staff(me, *MAY_CALL)):
        logged = fieldwork.call_directly(work_order_id=order, reason_code="relay_down", at=make.minutes(11))
        assert fieldwork.shown_number(logged) == "13800138000"
    with acting.acting_as(make.as_staff(make.technician("李师傅"), *MAY_CALL)), pytest.raises(NotFound):
        fieldwork.shown_number(logged)


def test_only_the_own_open_order_and_a_known_reason(mine: tuple[UUID, UUID]) -> None:
    me, order = mine
    with acting.acting_as(make.as_staff(make.technician("李师傅"), *MAY_CALL)), pytest.raises(NotYourOrder):
        fieldwork.call_customer(work_order_id=order, at=make.minutes(9))
    with acting.acting_as(make.as_staff(me, *MAY_CALL)), pytest.raises(UnknownReason):
        fieldwork.call_directly(work_order_id=order, reason_code="because", at=make.minutes(9))
    fieldwork.cancel(work_order_id=order, reason_code="customer", at=make.minutes(12))
    with acting.acting_as(make.as_staff(me, *MAY_CALL)), pytest.raises((ActionRefused, NotYourOrder)):
        fieldwork.call_customer(work_order_id=order, at=make.minutes(13))


def test_the_relay_may_tell_the_end_twice(mine: tuple[UUID, UUID]) -> None:
    attempt = call(*mine)
    for ended_as in (fieldwork.CallEnd.BUSY, fieldwork.CallEnd.CONNECTED):
        fieldwork.record_call_end(attempt_id=attempt, ended_as=ended_as, talked_seconds=0, at=make.minutes(12))
    assert [view.ended_as for view in fieldwork.call_attempts(mine[1])] == ["busy"]
    with pytest.raises(NotFound):
        fieldwork.record_call_end(
            attempt_id=mine[0], ended_as=fieldwork.CallEnd.BUSY, talked_seconds=0, at=make.minutes(12)
        )


def first_contact(order: UUID) -> standards.ClockView:
    [clock] = standards.clocks_of(ref("work_order", order))
    assert clock.topic == "contact.first"
    return clock


def test_first_contact_is_due_in_half_an_hour_and_ends_with_the_first_connected_call(mine: tuple[UUID, UUID]) -> None:
    assert fieldwork.start_first_contacts(at=make.minutes(1)) == 1
    assert fieldwork.start_first_contacts(at=make.minutes(2)) == 0
    assert first_contact(mine[1]).due_at == make.minutes(30)
    for end, ended_as in ((11, fieldwork.CallEnd.NO_ANSWER), (12, fieldwork.CallEnd.CONNECTED)):
        fieldwork.record_call_end(attempt_id=call(*mine), ended_as=ended_as, talked_seconds=5, at=make.minutes(end))
        assert (first_contact(mine[1]).stopped_at is not None) == (ended_as is fieldwork.CallEnd.CONNECTED)


def test_a_customer_reached_before_the_sweep_has_a_clock_that_ended(mine: tuple[UUID, UUID]) -> None:
    fieldwork.record_call_end(
        attempt_id=call(*mine), ended_as=fieldwork.CallEnd.CONNECTED, talked_seconds=5, at=make.minutes(12)
    )
    assert fieldwork.start_first_contacts(at=make.minutes(15)) == 1
    assert first_contact(mine[1]).stopped_at == make.minutes(10)
