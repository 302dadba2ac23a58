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
    SIGN_OFF = "sign_off"
    REOPEN = "reopen"


class ComplaintSource(StrEnum):
    """投诉来源: own 本公司, hotline numbers of government, 10099 总部, nrta 总局, petition 信访, manager 总经理信箱."""

    OWN = "own"
    MAYOR_12345 = "12345"
    CONSUMER_12315 = "12315"
    TELECOM_12300 = "12300"
    NATIONAL_10099 = "10099"
    NRTA = "nrta"
    PETITION = "petition"
    MANAGER = "manager"


class EscalationLevel(IntEnum):
    """升级级别: 0 none, 1 escalated inside the company (升级), 2 with a regulator (越级)."""

    NONE = 0
    COMPANY = 1
    REGULATOR = 2


class ComplaintStepRefused(DomainError):
    """The step does not fit the state of the complaint. Params: complaint, state, step."""

    code = "care.complaint_step_refused"


class SourceMissing(DomainError):
    """A case that went over us has a source outside the company and its number there."""

    code = "care.complaint_source_missing"


class ExternalDuePast(DomainError):
    """The deadline that an authority set lies in the past."""

    code = "care.external_due_past"


class ReopenReasonMissing(DomainError):
    """Opening a complaint again needs its reason in words."""

    code = "care.reopen_reason_missing"


class SignOffMissing(DomainError):
    """An escalated complaint is concluded after somebody above has signed the answer. Params: level."""

    code = "care.sign_off_missing"


class SignedByAnswerer(DomainError):
    """Who wrote the answer does not sign it."""

    code = "care.signed_by_answerer"


# Who may take a step beyond the everyday ones; each is a permission of its own.
STEP_PERMISSIONS: MappingProxyType[str, str] = MappingProxyType(
    {
        "escalate": "care.escalate_complaint",
        "go_over": "care.refer_complaint",
        "conclude": "care.conclude_complaint",
        "reopen": "care.reopen_complaint",
    }
)
SIGN_OFF_PERMISSIONS: MappingProxyType[int, str] = MappingProxyType(
    {0: "care.sign_off_complaint", 1: "care.sign_off_complaint", 2: "care.sign_off_escalated"}
)

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
    (_S.ANSWERED, _K.SIGN_OFF): _S.ANSWERED,
    (_S.CALLED_BACK, _K.SIGN_OFF): _S.CALLED_BACK,
    (_S.CONCLUDED, _K.REOPEN): _S.HANDLING,
    (_S.WITHDRAWN, _K.REOPEN): _S.HANDLING,
    (_S.DUPLICATE, _K.REOPEN): _S.HANDLING,
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


def permission_of(step: ComplaintStepKind, level: EscalationLevel) -> str:
    """Return the permission that this step needs at this level; empty for an everyday step."""
    if step is _K.SIGN_OFF:
        return SIGN_OFF_PERMISSIONS[level.value]
    return STEP_PERMISSIONS.get(step.value, "")


def require_signed(level: EscalationLevel, *, signed: bool) -> None:
    """Raise SignOffMissing when an escalated complaint would be concluded with an answer that nobody signed."""
    if level is not EscalationLevel.NONE and not signed:
        raise SignOffMissing(level=str(level.value))


def possible_steps(state: ComplaintState) -> tuple[ComplaintStepKind, ...]:
    """List the steps that a complaint in `state` may take, in the order of the enumeration."""
    return tuple(kind for kind in ComplaintStepKind if (state, kind) in STEPS)
