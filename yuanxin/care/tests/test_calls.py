"""Calls and agents as small stories, bad input included."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from yuanxin.care import api as care
from yuanxin.care.actions.calls import end_overdue_wrap_ups
from yuanxin.care.models import AgentStateChange, CallEvent
from yuanxin.care.rules.calls import (
    AgentNotReady,
    AgentOccupied,
    AgentStateUnfit,
    CallNotOver,
    CallNotYours,
    CallOver,
    CallTaken,
    CallUnknown,
    ContactCorrected,
    ExchangeEventUnreadable,
    TransferTargetMissing,
    UndoTooLate,
    WrapUpMissing,
    WrapUpUnknown,
)
from yuanxin.care.rules.intake import CallerNumberUnreadable
from yuanxin.care.tests import make
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.kernel.tests.make import at
from yuanxin.org.tests import make as org_make
from yuanxin.published.codes import Channel
from yuanxin.standards.tests import make as make_standards

NINE = at("2026-11-23 09:00")
NUMBER = "+86 138/0013 8000"


def later(seconds: int) -> datetime:
    return NINE + timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def _hotline(foshan: str, settings: Settings) -> None:
    settings.YUANXIN_EXCHANGE = "yuanxin.care.cti.simulator.SimulatedExchange"
    make_standards.rulebooks()
    make_standards.calendar()


@pytest.fixture
def ann() -> UUID:
    return org_make.staff("agent")


@pytest.fixture
def ben() -> UUID:
    return org_make.staff("agent")


@contextmanager
def by(staff_id: UUID) -> Iterator[None]:
    with acting_as(kernel_make.acting("4406", who=f"staff:{staff_id}")):
        yield


def ready(*people: UUID) -> None:
    for person in people:
        with by(person):
            care.set_agent_state(state="ready", at=NINE)


def rung(**changes: object) -> UUID:
    return care.ring_call(**({"caller_number": NUMBER, "queue": "96956", "at": NINE} | changes))  # type: ignore[arg-type]


def answered(person: UUID, seconds: int = 10) -> UUID:
    call_id = rung()
    with by(person):
        care.answer_call(call_id=call_id, at=later(seconds))
    return call_id


def told(name: str) -> list[FactRecord]:
    return list(FactRecord.objects.filter(name=name).order_by("at", "id"))


def test_a_call_from_ring_to_wrap_up(ann: UUID) -> None:
    ready(ann)
    call_id = rung()
    assert [one.id for one in care.ringing_for(ann)] == [call_id]
    with by(ann):
        care.answer_call(call_id=call_id, at=later(10))
        assert care.agent(ann).state == "on_call"
        care.hang_up_call(call_id=call_id, at=later(100))
        assert care.agent(ann).state == "wrap_up"
        assert care.agent(ann).wrap_up_due_at == later(190)
        care.wrap_up(call_id=call_id, wrap_up="informed", at=later(110))
    seen = care.call(call_id)
    assert (seen.caller_number, seen.waited_seconds, seen.outcome) == ("13800138000", 10, "informed")
    assert (seen.agent_id, seen.first_owner_id, bool(seen.recording_id)) == (ann, ann, True)
    assert care.agent(ann).state == "ready"
    steps = list(AgentStateChange.objects.filter(staff_id=ann).order_by("id").values_list("after", flat=True))
    assert steps == ["ready", "on_call", "wrap_up", "ready"]
    fact = told("CallHandled")[0]
    assert fact.body["outcome"] == "informed"
    assert "138" not in str(fact.body)


def test_two_agents_answer_and_one_wins(ann: UUID, ben: UUID) -> None:
    ready(ann, ben)
    call_id = answered(ann)
    with by(ben), pytest.raises(CallTaken) as refused:
        care.answer_call(call_id=call_id, at=later(11))
    assert refused.value.params["agent"].startswith("E")
    assert care.agent(ben).state == "ready"
    with by(ann):
        care.answer_call(call_id=call_id, at=later(12))  # a second click is no second answer
    assert care.call(call_id).waited_seconds == 10


def test_both_agents_see_that_they_have_the_same_caller(ann: UUID, ben: UUID) -> None:
    answered(ann)
    answered(ben)
    assert [one.agent_id for one in care.also_about(caller_number="13800138000", besides=ann)] == [ben]
    assert [one.agent_id for one in care.also_about(caller_number="13800138000", besides=ben)] == [ann]
    assert care.also_about(caller_number="", besides=ann) == []


def test_a_transfer_to_the_other_layer_keeps_the_first_owner(ann: UUID, ben: UUID) -> None:
    ready(ann, ben)
    home, call_id = make.home(), answered(ann)
    with by(ann):
        care.identify_caller(call_id=call_id, customer_id=home.customer_id, at=later(15))
        contact_id = care.contact_of_call(call_id=call_id, at=later(16))
        care.transfer_call(call_id=call_id, queue="10099", at=later(20))
    assert care.agent(ann).state == "ready"
    with by(ben):
        care.answer_call(call_id=call_id, at=later(25))
        assert care.contact_of_call(call_id=call_id, at=later(26)) == contact_id
    seen = care.call(call_id)
    assert (seen.queue, seen.agent_id, seen.first_owner_id, seen.customer_id) == ("10099", ben, ann, home.customer_id)
    assert (seen.waited_seconds, seen.transfers) == (10, 1)


def test_a_transfer_to_one_agent_rings_there_only(ann: UUID, ben: UUID) -> None:
    call_id = answered(ann)
    with by(ann):
        with pytest.raises(AgentNotReady):
            care.transfer_call(call_id=call_id, agent_id=ben, at=later(20))
        with pytest.raises(TransferTargetMissing):
            care.transfer_call(call_id=call_id, queue="96956", at=later(20))
        ready(ben)
        care.transfer_call(call_id=call_id, agent_id=ben, at=later(20))
        assert care.ringing_for(ann) == []
        with pytest.raises(CallNotYours):
            care.answer_call(call_id=call_id, at=later(21))
    assert [one.id for one in care.ringing_for(ben)] == [call_id]


def test_events_told_late_twice_and_backwards_make_the_same_call(ann: UUID) -> None:
    ready(ann)
    events = [
        care.ExchangeEvent("e1", "c1", care.CallStep.RING, NINE, "138/00138000", "96956"),
        care.ExchangeEvent("e2", "c1", care.CallStep.ANSWER, later(8), agent_id=ann, recording_id="r/1"),
        care.ExchangeEvent("e3", "c1", care.CallStep.HANG_UP, later(60)),
    ]
    for event in [*reversed(events), *events]:
        call_id = care.take_exchange_event(event=event, at=later(600))
    seen = care.call(call_id)
    assert (seen.caller_number, seen.state, seen.waited_seconds, seen.recording_id) == (
        "13800138000",
        "ended",
        8,
        "r/1",
    )
    assert seen.outcome == "unsaid"  # long over: nobody is held up to sum it up
    assert care.agent(ann).state == "ready"
    assert CallEvent.objects.filter(event_ref__in=["e1", "e2", "e3"]).count() == 3
    assert [fact.body["outcome"] for fact in told("CallHandled")] == ["abandoned", "unsaid"]


def test_the_next_call_waits_for_the_wrap_up_of_the_last_one(ann: UUID) -> None:
    call_id = answered(ann)
    with by(ann):
        with pytest.raises(CallNotOver):
            care.wrap_up(call_id=call_id, wrap_up="informed", at=later(20))
        with pytest.raises(AgentOccupied):
            care.set_agent_state(state="ready", at=later(21))
        care.hang_up_call(call_id=call_id, at=later(60))
        care.hang_up_call(call_id=call_id, at=later(61))
        with pytest.raises(WrapUpMissing):
            care.set_agent_state(state="ready", at=later(62))
        with pytest.raises(AgentOccupied):
            care.answer_call(call_id=rung(), at=later(63))
        with pytest.raises(WrapUpUnknown):
            care.wrap_up(call_id=call_id, wrap_up="whatever", at=later(64))


def test_after_the_limit_the_agent_is_ready_and_the_call_unsaid(ann: UUID) -> None:
    call_id = answered(ann)
    with by(ann):
        care.hang_up_call(call_id=call_id, at=later(60))
    for moment, ended in ((later(149), 0), (later(150), 1), (later(151), 0)):
        with scope(ALL):
            assert end_overdue_wrap_ups(at=moment) == ended
    assert care.agent(ann).state == "ready"
    assert care.call(call_id).outcome == "unsaid"
    with by(ann):  # a word that comes late is still a word
        care.wrap_up(call_id=call_id, wrap_up="solved", at=later(200))
    assert care.call(call_id).outcome == "solved"


def test_nobody_sums_up_somebody_elses_call(ann: UUID, ben: UUID) -> None:
    call_id = answered(ann)
    with by(ann):
        care.hang_up_call(call_id=call_id, at=later(60))
    with by(ben):
        with pytest.raises(CallNotYours):
            care.wrap_up(call_id=call_id, wrap_up="informed", at=later(61))
        with pytest.raises(CallNotYours):
            care.identify_caller(call_id=call_id, customer_id=make.home().customer_id, at=later(61))
        with pytest.raises(CallNotYours):
            care.transfer_call(call_id=call_id, queue="10099", at=later(61))


def test_a_caller_who_gave_up_and_an_unknown_call(ann: UUID) -> None:
    call_id = rung()
    care.give_up_call(call_id=call_id, at=later(40))
    with by(ann), pytest.raises(CallOver):
        care.answer_call(call_id=call_id, at=later(41))
    assert (care.call(call_id).state, care.call(call_id).outcome) == ("abandoned", "abandoned")
    with by(ann), pytest.raises(CallUnknown):
        care.answer_call(call_id=new_id(), at=later(41))


@pytest.mark.parametrize("number", ["13x", "<script>", "1" * 40])
def test_a_caller_number_with_letters_is_refused_at_its_field(number: str) -> None:
    with pytest.raises(CallerNumberUnreadable) as refused:
        rung(caller_number=number)
    assert refused.value.field == "caller_number"


@pytest.mark.parametrize("ref", ["", "x" * 81, "a b", "a\n"])
def test_an_odd_id_of_the_exchange_is_refused(ref: str) -> None:
    with pytest.raises(ExchangeEventUnreadable):
        care.take_exchange_event(event=care.ExchangeEvent("e", ref, care.CallStep.RING, NINE), at=NINE)


def test_an_agent_rests_for_a_reason(ann: UUID) -> None:
    with by(ann):
        care.set_agent_state(state="rest", reason_code="meal", at=NINE)
        care.set_agent_state(state="rest", reason_code="meal", at=later(5))
        with pytest.raises(AgentStateUnfit):
            care.set_agent_state(state="rest", reason_code="golf", at=NINE)
    assert (care.agent(ann).reason_code, care.agent(ann).since) == ("meal", NINE)


def test_a_slip_of_the_finger_is_taken_back_and_counts_for_nothing(ann: UUID) -> None:
    home = make.home()
    with by(ann):
        contact_id = care.record_contact(
            channel=Channel.PHONE, reason_code="balance", outcome="information", customer_id=home.customer_id, at=NINE
        )
        with pytest.raises(UndoTooLate):
            care.take_back_contact(contact_id=contact_id, at=later(61))
        care.take_back_contact(contact_id=contact_id, at=later(30))
        with pytest.raises(ContactCorrected):
            care.take_back_contact(contact_id=contact_id, at=later(31))
    assert care.contacts_of(home.customer_id) == []
    assert care.intake(NINE, later(100)).contacts == {}
    assert len(told("ContactTakenBack")) == 1


def test_a_contact_without_its_ticket_is_taken_back_with_the_wrap_up(ann: UUID) -> None:
    home, call_id = make.home(), answered(ann)
    with by(ann):
        kept = care.contact_of_call(call_id=call_id, customer_id=home.customer_id, at=later(20))
        make.ticket(at=later(21), home=home, contact_id=kept)
        care.hang_up_call(call_id=call_id, at=later(30))
        care.wrap_up(call_id=call_id, wrap_up="ticket", at=later(31))
        other = answered(ann)
        care.contact_of_call(call_id=other, customer_id=home.customer_id, at=later(40))
        care.hang_up_call(call_id=other, at=later(50))
        care.wrap_up(call_id=other, wrap_up="informed", at=later(51))
    assert [one.id for one in care.contacts_of(home.customer_id)] == [kept]


def test_the_share_answered_in_time_by_layer_and_hour(ann: UUID) -> None:
    for seconds in (5, 15, 16):
        call_id = answered(ann, seconds)
        with by(ann):
            care.hang_up_call(call_id=call_id, at=later(60))
            care.wrap_up(call_id=call_id, wrap_up="informed", at=later(61))
    care.give_up_call(call_id=rung(), at=later(3))
    rung(queue="10099")  # still rings: not yet counted
    [share] = care.answer_shares(NINE, later(3600), zone="Asia/Shanghai")
    assert (share.queue, share.hour, share.calls, share.answered, share.abandoned) == ("96956", NINE, 4, 3, 1)
    assert (share.answered_within, share.within_permille) == (2, 500)
