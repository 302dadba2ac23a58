"""Calls of the hotline. What the exchange tells is kept and the call's row is told anew from it, so order is no matter.

Every action locks the call's row first, then the agents'.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from yuanxin.care.actions import agents
from yuanxin.care.cti import simulator
from yuanxin.care.cti.port import ExchangeEvent, Leg, exchange
from yuanxin.care.models import AgentState, Call, CallEvent, Contact, ContactCorrection
from yuanxin.care.queries.calls import HOTLINE_TOPIC, agent_number
from yuanxin.care.rules.calls import (
    UNSAID,
    AgentCondition,
    CallNotOver,
    CallNotYours,
    CallOver,
    CallState,
    CallStep,
    CallTaken,
    CallUnknown,
    ContactCorrected,
    Happening,
    TransferTargetMissing,
    UndoTooLate,
    caller_digits,
    checked_ref,
    queue_of,
    story,
    wrap_up_of,
)
from yuanxin.care.rules.contacts import Outcome
from yuanxin.care.rules.errors import ContactUnknown
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import require_city, scope, scope_of
from yuanxin.parties import api as parties
from yuanxin.published.care import CallHandled, CallMoved, ContactRecorded, ContactTakenBack
from yuanxin.published.codes import Channel
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

FAULT = "fault"
_SEEN = (CallStep.RING, CallStep.ANSWER, CallStep.TRANSFER, CallStep.HANG_UP)
_STORED = ("queue", "state", "rang_at", "answered_at", "ended_at", "waited_seconds", "offered_to", "agent_id",
           "first_owner_id", "transfers", "recording_id", "customer_id", "outcome", "wrapped_up_at")  # fmt: skip


@command("care.take_exchange_event")
def take_exchange_event(*, event: ExchangeEvent, at: datetime) -> UUID:
    """Keep what the exchange tells, once, and bring call and agents after it; return the call.

    at: when we hear of it, which may be long after ``event.at``.
    Raises ExchangeEventUnreadable, CallerNumberUnreadable, QueueUnknown.
    """
    city = require_city()
    checked_ref(event.event_ref, field="event_ref")
    digits = caller_digits(event.caller_number, area_code=settings.YUANXIN_AREA_CODES.get(city, ""))
    call = _call_of(checked_ref(event.exchange_ref, field="exchange_ref"), digits, event)
    happening = Happening(
        event.step,
        event.at,
        event.agent_id,
        queue_of(event.queue).value if event.queue else "",
        checked_ref(event.recording_id, field="recording_id") if event.recording_id else "",
    )
    _apply(call, happening, event.event_ref, at)
    return call.id


@command("care.ring_call")
def ring_call(
    *, caller_number: str, queue: str, at: datetime, agent_id: UUID | None = None, key: IdempotencyKey | None = None
) -> UUID:
    """Let the simulated exchange ring, for everybody who is ready or for one agent; return the call.

    Raises CallerNumberUnreadable, QueueUnknown.
    """
    event = simulator.ring(caller_number, queue_of(queue).value, at, agent_id=agent_id)
    return take_exchange_event(event=event, at=at)


@command("care.answer_call")
def answer_call(*, call_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Put the caller through to the agent who acts; of two who answer one wins.

    Raises CallUnknown, CallTaken, CallOver, CallNotYours, AgentOccupied, ExchangeMissing.
    """
    call, agent_id = locked_call(call_id), agents.me()
    if call.state in (CallState.ENDED, CallState.ABANDONED):
        raise CallOver(call=str(call_id))
    if call.state == CallState.ANSWERED:
        if call.agent_id == agent_id:
            return
        raise CallTaken(agent=agent_number(call.agent_id))
    if call.offered_to not in (None, agent_id):
        raise CallNotYours(call=str(call_id))
    agents.require_free(agent_id, call, at)
    _take_all(exchange().answer(Leg(call.exchange_ref, call.queue), agent_id, at), at)


@command("care.hang_up_call")
def hang_up_call(*, call_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """End the call: the agent sums it up, within the limit of the rulebook. Does nothing when it has ended.

    Raises CallUnknown, CallNotYours, ExchangeMissing.
    """
    call = locked_call(call_id)
    if call.state in (CallState.ENDED, CallState.ABANDONED):
        return
    _require_mine(call)
    _take_all(exchange().hang_up(Leg(call.exchange_ref, call.queue), at), at)


@command("care.give_up_call")
def give_up_call(*, call_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Let the simulated caller hang up, whoever has the call. Raises CallUnknown."""
    call = locked_call(call_id)
    _take_all(simulator.SimulatedExchange().hang_up(Leg(call.exchange_ref, call.queue), at), at)


@command("care.transfer_call")
def transfer_call(
    *, call_id: UUID, at: datetime, queue: str = "", agent_id: UUID | None = None, key: IdempotencyKey | None = None
) -> None:
    """Let the call ring at another layer or for another agent; first owner (首问), customer and contact stay.

    Raises CallUnknown, CallNotYours, CallOver, QueueUnknown, AgentNotReady, TransferTargetMissing, ExchangeMissing.
    """
    call = locked_call(call_id)
    _require_mine(call)
    if call.state != CallState.ANSWERED:
        raise CallOver(call=str(call_id))
    wanted = queue_of(queue).value if queue else ""
    if agent_id is not None:
        agents.require_ready(agent_id)
    elif not wanted or wanted == call.queue:
        raise TransferTargetMissing(field="queue")
    _take_all(exchange().transfer(Leg(call.exchange_ref, call.queue), queue=wanted, agent_id=agent_id, at=at), at)


@command("care.identify_caller")
def identify_caller(*, call_id: UUID, customer_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Note on whose behalf the caller calls. Raises CallUnknown, CallNotYours and what parties says of a customer."""
    parties.customer(customer_id)
    call = locked_call(call_id)
    _require_mine(call)
    if call.customer_id != customer_id:
        _apply(call, Happening(CallStep.IDENTIFY, at, agents.me(), customer_id=customer_id), str(new_id()), at)


@command("care.wrap_up")
def wrap_up(*, call_id: UUID, wrap_up: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Say what the call came to; the agent is ready again. A word given after the limit replaces that of the sweep.

    Raises CallUnknown, CallNotYours, CallNotOver, WrapUpUnknown.
    """
    code = wrap_up_of(wrap_up)
    call = locked_call(call_id)
    _require_mine(call)
    if call.state != CallState.ENDED:
        raise CallNotOver(call=str(call_id))
    _apply(call, Happening(CallStep.WRAP_UP, at, call.agent_id, code=code.value), str(new_id()), at)
    _take_back_unused(call, at)
    agents.release(call.agent_id, call, at)


@command("care.end_overdue_wrap_ups")
def end_overdue_wrap_ups(*, at: datetime) -> int:
    """Let agents be ready whose time to sum up is over; the call says that nobody did. Return how many there were."""
    due = AgentState.objects.filter(state=AgentCondition.WRAP_UP.value, wrap_up_due_at__lte=at)
    rows = list(due.order_by("call_id").values_list("province_code", "city_code", "staff_id", "call_id"))
    for province_code, city_code, staff_id, call_id in rows:
        with scope(scope_of(province_code, city_code)):
            call = locked_call(call_id)
            if agents.sums_up(staff_id, call):
                _apply(call, Happening(CallStep.WRAP_UP, at, staff_id, code=UNSAID), str(new_id()), at)
                _take_back_unused(call, at)
                agents.release(staff_id, call, at, reason_code=agents.LIMIT)
    return len(rows)


@command("care.contact_of_call")
def contact_of_call(*, call_id: UUID, at: datetime, customer_id: UUID | None = None) -> UUID:
    """Return the contact under which a ticket of this call is taken; make it when there is none. Raises CallUnknown.

    Ask for it when the ticket is saved: one that no ticket came of is taken back with the wrap-up.
    """
    call = locked_call(call_id)
    known = _unspoiled(call).filter(outcome=Outcome.TICKET.value).order_by("contacted_at").first()
    if known is not None:
        return known.id
    contact = Contact.objects.create(
        channel=Channel.PHONE.value,
        caller_number=call.caller_number,
        customer_id=customer_id or call.customer_id,
        reason_code=FAULT,
        outcome=Outcome.TICKET.value,
        call=call,
        contacted_at=at,
        recorded_by=acting.current().who,
    )
    tell(
        ContactRecorded(
            subject=ref("contact", contact.id),
            at=at,
            channel=Channel.PHONE,
            reason_code=FAULT,
            outcome=contact.outcome,
            customer_id=contact.customer_id,
        )
    )
    return contact.id


@command("care.take_back_contact")
def take_back_contact(*, contact_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Take a slip of the finger back, within seconds (rulebook ``hotline.work``); the contact stays, uncounted.

    Raises ContactUnknown, CallNotYours, UndoTooLate, ContactCorrected.
    """
    contact = Contact.objects.select_for_update(of=("self",)).filter(pk=contact_id).first()
    if contact is None:
        raise ContactUnknown(contact=str(contact_id))
    if contact.recorded_by != acting.current().who:
        raise CallNotYours(call=str(contact.call_id))
    seconds: int = standards.parameter(HOTLINE_TOPIC, "undo_seconds", at=at)
    if at - contact.contacted_at > timedelta(seconds=seconds):
        raise UndoTooLate(seconds=str(seconds))
    if ContactCorrection.objects.filter(contact=contact).exists():
        raise ContactCorrected(contact=str(contact_id))
    _correct(contact, at)


def locked_call(call_id: UUID) -> Call:
    """Return a call with its row locked until the commit. Raises CallUnknown."""
    call: Call | None = Call.objects.select_for_update(of=("self",)).filter(pk=call_id).first()
    if call is None:
        raise CallUnknown(call=str(call_id))
    return call


def _call_of(exchange_ref: str, digits: str, event: ExchangeEvent) -> Call:
    begun = Call(exchange_ref=exchange_ref, caller_number=digits, state=CallState.RINGING.value, rang_at=event.at)
    Call.objects.bulk_create([begun], ignore_conflicts=True)
    call: Call = Call.objects.select_for_update(of=("self",)).get(exchange_ref=exchange_ref)
    if digits and not call.caller_number:  # the ring comes late
        call.caller_number = digits
        call.save(update_fields=["caller_number"])
    return call


def _take_all(events: Iterable[ExchangeEvent], at: datetime) -> None:
    for event in events:
        take_exchange_event(event=event, at=at)


def _apply(call: Call, happening: Happening, event_ref: str, at: datetime) -> None:
    """Keep one event unless it is known, and tell the row anew. The caller holds the call's lock."""
    if CallEvent.objects.filter(event_ref=event_ref).exists():
        return
    _keep(call, happening, event_ref)
    was, outcome = (call.state, call.agent_id), call.outcome
    _tell_anew(call)
    if happening.step in _SEEN:
        tell(CallMoved(subject=ref("call", call.id), at=at, queue=call.queue, state=call.state, agent_id=call.agent_id))
    agents.follow(call, was, at)
    if call.state == CallState.ENDED and not call.outcome and not agents.sums_up(call.agent_id, call):
        _keep(call, Happening(CallStep.WRAP_UP, at, call.agent_id, code=UNSAID), str(new_id()))
        _tell_anew(call)
    if call.outcome and call.outcome != outcome:
        _tell_handled(call, at)


def _keep(call: Call, happening: Happening, event_ref: str) -> None:
    told = asdict(happening)
    CallEvent.objects.create(call=call, event_ref=event_ref, happened_at=told.pop("at"), **told)


def _tell_anew(call: Call) -> None:
    columns = ("step", "happened_at", "agent_id", "queue", "recording_id", "customer_id", "code")
    rows = CallEvent.objects.filter(call=call).values_list(*columns)
    told = story(Happening(CallStep(step), *rest) for step, *rest in rows)
    for name in _STORED:
        setattr(call, name, getattr(told, name))
    call.save(update_fields=_STORED)


def _require_mine(call: Call) -> None:
    if call.agent_id != agents.me():
        raise CallNotYours(call=str(call.id))


def _unspoiled(call: Call) -> QuerySet[Contact]:
    return Contact.objects.filter(call=call, correction__isnull=True)


def _take_back_unused(call: Call, at: datetime) -> None:
    """A contact that was to become a ticket, and no ticket came of it, counts for nothing."""
    for contact in _unspoiled(call).filter(outcome=Outcome.TICKET.value, tickets__isnull=True):
        _correct(contact, at)


def _correct(contact: Contact, at: datetime) -> None:
    ContactCorrection.objects.create(contact=contact, corrected_at=at, corrected_by=acting.current().who)
    tell(ContactTakenBack(subject=ref("contact", contact.id), at=at, channel=Channel(contact.channel)))


def _tell_handled(call: Call, at: datetime) -> None:
    tell(
        CallHandled(
            subject=ref("call", call.id),
            at=at,
            queue=call.queue,
            rang_at=call.rang_at,
            answered_at=call.answered_at,
            ended_at=call.ended_at,
            agent_id=call.agent_id,
            first_owner_id=call.first_owner_id,
            customer_id=call.customer_id,
            outcome=call.outcome,
        )
    )
