"""Calls (通话) and agents' states: what a call has become, told from what the exchange said of it, in any order.

An exchange may tell late, twice and out of order. So nothing is counted on arrival: the events are kept, and `story`
reads them in the order in which they happened.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yuanxin.care.rules.intake import LONGEST_CALLER_NUMBER, CallerNumberUnreadable
from yuanxin.kernel.errors import Conflict, DomainError, NotFound, Refused

LONGEST_REF = 80
_REF = re.compile(r"[\w.:@/+-]{1,80}")
_NOISE = re.compile(r"[\s/()\-.·]+")
_DIGITS = re.compile(r"\+?[0-9*#]*")
_COUNTRY = re.compile(r"\+86|0086|86(?=1[3-9]\d{9}$|0\d{9,11}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_AFTER_COUNTRY = re.compile(r"[2-9]\d{8,10}")  # a landline abroad is written without its zero
_SHARED = re.compile(r"[48]00\d{7}")
_HIDDEN = {"", "anonymous", "unknown", "private", "restricted", "unavailable", "隐藏", "匿名", "未知"}


class CallQueue(StrEnum):
    """热线层级: 10099 the national layer, 96956 the province's own."""

    NATIONAL = "10099"
    PROVINCIAL = "96956"


class CallState(StrEnum):
    """通话状态: ringing 振铃, answered 通话中, ended 已结束, abandoned 未接通."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"
    ABANDONED = "abandoned"


class CallStep(StrEnum):
    """What happens to a call. The order is that of steps with one instant."""

    RING = "ring"
    ANSWER = "answer"
    TRANSFER = "transfer"
    RECORDING = "recording"
    IDENTIFY = "identify"
    HANG_UP = "hang_up"
    WRAP_UP = "wrap_up"


class AgentCondition(StrEnum):
    """坐席状态: ready 就绪, on_call 通话, wrap_up 话后, busy 示忙, rest 小休."""

    READY = "ready"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    BUSY = "busy"
    REST = "rest"


class WrapUp(StrEnum):
    """话后小结: what the call came to, in the agent's word."""

    INFORMED = "informed"
    SOLVED = "solved"
    TICKET = "ticket"
    COMPLAINT = "complaint"
    FOLLOW_UP = "follow_up"
    NO_VOICE = "no_voice"


UNANSWERED = "abandoned"
LOST = "dropped"
UNSAID = "unsaid"
OUTCOMES = (*(code.value for code in WrapUp), UNANSWERED, LOST, UNSAID)
"""What a handled call may end in: an agent's word, or what the exchange and the clock say where nobody gave one."""
CHOSEN = (AgentCondition.READY, AgentCondition.BUSY, AgentCondition.REST)


class CallUnknown(NotFound):
    """There is no such call here. Params: call."""

    code = "care.call_unknown"


class CallTaken(Conflict):
    """Another agent has answered this call. Params: agent (staff number)."""

    code = "care.call_taken"


class CallOver(Conflict):
    """The caller has hung up. Params: call."""

    code = "care.call_over"


class CallNotYours(Refused):
    """Only the agent who has the call does this. Params: call."""

    code = "care.call_not_yours"


class CallNotOver(Conflict):
    """A call is summed up after it has ended. Params: call."""

    code = "care.call_not_over"


class AgentOccupied(Conflict):
    """An agent has one call at a time, and sums it up before the next. Params: state."""

    code = "care.agent_occupied"


class AgentNotReady(Conflict):
    """A call is transferred to an agent who is ready. Params: agent."""

    code = "care.agent_not_ready"


class WrapUpMissing(Conflict):
    """The last call has no wrap-up code yet."""

    code = "care.wrap_up_missing"


class AgentStateUnfit(DomainError):
    """An agent chooses ready, busy or a rest with its reason. Params: state."""

    code = "care.agent_state_unfit"


class WrapUpUnknown(DomainError):
    """There is no such wrap-up code. Params: wrap_up."""

    code = "care.wrap_up_unknown"


class QueueUnknown(DomainError):
    """The hotline has no such layer. Params: queue."""

    code = "care.queue_unknown"


class ExchangeEventUnreadable(DomainError):
    """The exchange's id of a call, an event or a recording is empty, too long or holds odd characters."""

    code = "care.exchange_event_unreadable"


class TransferTargetMissing(DomainError):
    """A call is transferred to another layer or to another agent."""

    code = "care.transfer_target_missing"


class UndoTooLate(Conflict):
    """A slip of the finger is taken back within seconds. Params: seconds."""

    code = "care.undo_too_late"


class ContactCorrected(Conflict):
    """The contact was taken back before. Params: contact."""

    code = "care.contact_corrected"


@dataclass(frozen=True)
class Happening:
    """One event of a call. agent_id: who answered, or to whom it was transferred; queue: where it rings."""

    step: CallStep
    at: datetime
    agent_id: UUID | None = None
    queue: str = ""
    recording_id: str = ""
    customer_id: UUID | None = None
    code: str = ""


@dataclass(frozen=True)
class CallStory:
    """What a call has become. waited_seconds: whole seconds from the first ring to the first answer, or to the end.

    offered_to: the agent for whom it rings, None for everybody who is ready. first_owner_id: who answered first (首问).
    """

    rang_at: datetime
    state: CallState = CallState.RINGING
    queue: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    waited_seconds: int | None = None
    offered_to: UUID | None = None
    agent_id: UUID | None = None
    first_owner_id: UUID | None = None
    transfers: int = 0
    recording_id: str = ""
    customer_id: UUID | None = None
    outcome: str = ""
    wrapped_up_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether somebody is on the line."""
        return self.state in (CallState.RINGING, CallState.ANSWERED)


def story(events: Iterable[Happening]) -> CallStory:
    """Tell what a call has become; the same for every order in which its events arrive. There is at least one event.

    An answer counts while the call rings, a transfer and a hang-up while it lives; what does not fit is passed over.
    A call whose ring has not been told yet rings since the first thing known of it.
    """
    order = list(CallStep)
    happened = sorted(events, key=lambda one: (one.at, order.index(one.step), str(one.agent_id)))
    told = CallStory(rang_at=happened[0].at)
    for event in happened:
        told = _after(told, event)
    return told


def _after(told: CallStory, event: Happening) -> CallStory:
    match event.step:
        case CallStep.RING:
            return replace(told, queue=told.queue or event.queue, offered_to=told.offered_to or event.agent_id)
        case CallStep.ANSWER if told.state is CallState.RINGING:
            return _answered(told, event)
        case CallStep.TRANSFER if told.state is CallState.ANSWERED:
            return replace(
                told,
                state=CallState.RINGING,
                queue=event.queue or told.queue,
                offered_to=event.agent_id,
                agent_id=None,
                transfers=told.transfers + 1,
            )
        case CallStep.HANG_UP if told.is_live:
            return _ended(told, event)
        case CallStep.RECORDING:
            return replace(told, recording_id=event.recording_id)
        case CallStep.IDENTIFY:
            return replace(told, customer_id=event.customer_id)
        case CallStep.WRAP_UP if told.outcome in ("", UNSAID):
            return replace(told, outcome=event.code, wrapped_up_at=event.at)
    return told


def _answered(told: CallStory, event: Happening) -> CallStory:
    return replace(
        told,
        state=CallState.ANSWERED,
        queue=told.queue or event.queue,
        agent_id=event.agent_id,
        offered_to=None,
        first_owner_id=told.first_owner_id or event.agent_id,
        answered_at=told.answered_at or event.at,
        waited_seconds=_waited(told, event.at),
        recording_id=event.recording_id or told.recording_id,
    )


def _ended(told: CallStory, event: Happening) -> CallStory:
    is_answered = told.answered_at is not None
    has_agent = told.state is CallState.ANSWERED
    return replace(
        told,
        state=CallState.ENDED if is_answered else CallState.ABANDONED,
        ended_at=event.at,
        offered_to=None,
        waited_seconds=_waited(told, event.at),
        recording_id=event.recording_id or told.recording_id,
        outcome=told.outcome or ("" if has_agent else LOST if is_answered else UNANSWERED),
    )


def _waited(told: CallStory, at: datetime) -> int:
    return int((at - told.rang_at).total_seconds()) if told.waited_seconds is None else told.waited_seconds


def caller_digits(text: str, *, area_code: str = "") -> str:
    """Return a caller number as bare digits that can be compared; "" for a hidden one.

    +86, 0086 and 86 go, a landline gets its zero or its area code, foreign numbers keep 00 and their country.
    Raises CallerNumberUnreadable for letters and for what is too long.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if typed.casefold() in _HIDDEN:
        return ""
    plain = _NOISE.sub("", typed)
    if not _DIGITS.fullmatch(plain) or plain == "+":
        raise CallerNumberUnreadable(field="caller_number")
    country = _COUNTRY.match(plain)
    digits = plain[country.end() :] if country else plain.replace("+", "00", 1)
    if country and _AFTER_COUNTRY.fullmatch(digits) and not _SHARED.fullmatch(digits):
        digits = "0" + digits
    if digits.startswith("0") and _MOBILE.fullmatch(digits[1:]):
        digits = digits[1:]
    if area_code and _LOCAL.fullmatch(digits):
        digits = area_code + digits
    if len(digits) > LONGEST_CALLER_NUMBER:
        raise CallerNumberUnreadable(field="caller_number")
    return digits


def checked_ref(text: str, *, field: str) -> str:
    """Return an exchange's id as it is. Raises ExchangeEventUnreadable."""
    if not _REF.fullmatch(text):
        raise ExchangeEventUnreadable(field=field)
    return text


def queue_of(code: str) -> CallQueue:
    """Return the layer of the hotline behind this code. Raises QueueUnknown."""
    try:
        return CallQueue(code)
    except ValueError:
        raise QueueUnknown(field="queue", queue=code[:20]) from None


def wrap_up_of(code: str) -> WrapUp:
    """Return the wrap-up of this code. Raises WrapUpUnknown."""
    try:
        return WrapUp(code)
    except ValueError:
        raise WrapUpUnknown(field="wrap_up", wrap_up=code[:20]) from None


def chosen_condition(code: str, reason_code: str, *, reasons: Sequence[str]) -> AgentCondition:
    """Return the state that an agent may choose; a rest has one of the reasons. Raises AgentStateUnfit."""
    if code not in {state.value for state in CHOSEN} or (code == AgentCondition.REST) != (reason_code in reasons):
        raise AgentStateUnfit(field="state", state=code[:20])
    return AgentCondition(code)
