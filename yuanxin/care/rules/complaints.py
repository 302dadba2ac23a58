"""States of a complaint (投诉) and the steps between them.

Main way: received 受理 -> first_replied 首响 -> checking 核查 -> handling 处理 -> answered 答复 -> called_back 回访
-> concluded 结案. Side steps: escalate 升级 (inside the company), go_over 越级 (a regulator takes it over),
mark_duplicate 重复, withdraw 撤诉. A customer who rejects the answer sends it back to handling.
Escalation is a level beside the state: an escalated complaint still has to be checked and answered.
Source: domain reference, life cycle of a complaint.
"""

from enum import IntEnum, StrEnum
from types import MappingProxyType

from yuanxin.kernel.errors import DomainError


class ComplaintState(StrEnum):
    """投诉状态: where a complaint stands."""

    RECEIVED = "received"
    FIRST_REPLIED = "first_replied"
    CHECKING = "checking"
    HANDLING = "handling"
    ANSWERED = "answered"
    CALLED_BACK = "called_back"
    CONCLUDED = "concluded"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class ComplaintStepKind(StrEnum):
    """What can happen to a complaint."""

    FIRST_REPLY = "first_reply"
    CHECK = "check"
    HANDLE = "handle"
    ANSWER = "answer"
    CALL_BACK = "call_back"
    REJECT_ANSWER = "reject_answer"
    CONCLUDE = "conclude"
    ESCALATE = "escalate"
    GO_OVER = "go_over"
    MARK_DUPLICATE = "mark_duplicate"
    WITHDRAW = "withdraw"


class EscalationLevel(IntEnum):
    """升级级别: 0 none, 1 escalated inside the company (升级), 2 with a regulator (越级)."""

    NONE = 0
    COMPANY = 1
    REGULATOR = 2


class ComplaintStepRefused(DomainError):
    """The step does not fit the state of the complaint. Params: complaint, state, step."""

    code = "care.complaint_step_refused"


_S = ComplaintState
_K = ComplaintStepKind
_MAIN: dict[tuple[ComplaintState, ComplaintStepKind], ComplaintState] = {
    (_S.RECEIVED, _K.FIRST_REPLY): _S.FIRST_REPLIED,
    (_S.FIRST_REPLIED, _K.CHECK): _S.CHECKING,
    (_S.CHECKING, _K.HANDLE): _S.HANDLING,
    (_S.HANDLING, _K.ANSWER): _S.ANSWERED,
    (_S.ANSWERED, _K.CALL_BACK): _S.CALLED_BACK,
    (_S.ANSWERED, _K.REJECT_ANSWER): _S.HANDLING,
    (_S.CALLED_BACK, _K.REJECT_ANSWER): _S.HANDLING,
    (_S.CALLED_BACK, _K.CONCLUDE): _S.CONCLUDED,
}
OPEN_STATES: tuple[ComplaintState, ...] = (
    _S.RECEIVED,
    _S.FIRST_REPLIED,
    _S.CHECKING,
    _S.HANDLING,
    _S.ANSWERED,
    _S.CALLED_BACK,
)
_SIDE = {
    (state, kind): target
    for state in OPEN_STATES
    for kind, target in (
        (_K.ESCALATE, state),
        (_K.GO_OVER, state),
        (_K.MARK_DUPLICATE, _S.DUPLICATE),
        (_K.WITHDRAW, _S.WITHDRAWN),
    )
}
STEPS: MappingProxyType[tuple[ComplaintState, ComplaintStepKind], ComplaintState] = MappingProxyType(_MAIN | _SIDE)


def next_state(state: ComplaintState, step: ComplaintStepKind, *, complaint: str = "") -> ComplaintState:
    """Return the state that `step` leads to. Raises ComplaintStepRefused when it leads nowhere from here."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise ComplaintStepRefused(complaint=complaint, state=state.value, step=step.value) from None


def next_level(level: EscalationLevel, step: ComplaintStepKind) -> EscalationLevel:
    """Return the escalation level after `step`; it never falls."""
    reached = {_K.ESCALATE: EscalationLevel.COMPANY, _K.GO_OVER: EscalationLevel.REGULATOR}
    return max(level, reached.get(step, EscalationLevel.NONE))


def possible_steps(state: ComplaintState) -> tuple[ComplaintStepKind, ...]:
    """List the steps that a complaint in `state` may take, in the order of the enumeration."""
    return tuple(kind for kind in ComplaintStepKind if (state, kind) in STEPS)
