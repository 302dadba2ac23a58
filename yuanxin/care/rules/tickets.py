"""States of a trouble ticket (障碍申告) and the steps between them.

received 受理 -> in_progress 处理中 -> resolved 已解决 -> awaiting_callback 待回访 -> closed 已关闭;
side states: cancelled 已撤销, merged 已合并. A resolved or awaiting ticket re-opens when the customer
says that the work is not done; a closed one does not: a new fault is a new ticket (and may be a repeat).
"""

from enum import StrEnum
from types import MappingProxyType

from yuanxin.kernel.errors import DomainError


class TicketState(StrEnum):
    """工单状态: where a trouble ticket stands."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    AWAITING_CALLBACK = "awaiting_callback"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


class TicketStep(StrEnum):
    """What can happen to a trouble ticket."""

    BEGIN = "begin"
    RESOLVE = "resolve"
    AWAIT_CALLBACK = "await_callback"
    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"
    MERGE = "merge"


class TicketStepRefused(DomainError):
    """The step does not fit the state of the ticket. Params: ticket, state, step."""

    code = "care.ticket_step_refused"


_S = TicketState
_T = TicketStep
STEPS: MappingProxyType[tuple[TicketState, TicketStep], TicketState] = MappingProxyType(
    {
        (_S.RECEIVED, _T.BEGIN): _S.IN_PROGRESS,
        (_S.RECEIVED, _T.RESOLVE): _S.RESOLVED,
        (_S.RECEIVED, _T.CANCEL): _S.CANCELLED,
        (_S.RECEIVED, _T.MERGE): _S.MERGED,
        (_S.IN_PROGRESS, _T.BEGIN): _S.IN_PROGRESS,
        (_S.IN_PROGRESS, _T.RESOLVE): _S.RESOLVED,
        (_S.IN_PROGRESS, _T.CANCEL): _S.CANCELLED,
        (_S.IN_PROGRESS, _T.MERGE): _S.MERGED,
        (_S.RESOLVED, _T.AWAIT_CALLBACK): _S.AWAITING_CALLBACK,
        (_S.RESOLVED, _T.CLOSE): _S.CLOSED,
        (_S.RESOLVED, _T.REOPEN): _S.IN_PROGRESS,
        (_S.AWAITING_CALLBACK, _T.CLOSE): _S.CLOSED,
        (_S.AWAITING_CALLBACK, _T.REOPEN): _S.IN_PROGRESS,
    }
)
OPEN_STATES: frozenset[TicketState] = frozenset({_S.RECEIVED, _S.IN_PROGRESS})
FINAL_STATES: frozenset[TicketState] = frozenset({_S.CLOSED, _S.CANCELLED, _S.MERGED})


def next_state(state: TicketState, step: TicketStep, *, ticket: str = "") -> TicketState:
    """Return the state that `step` leads to. Raises TicketStepRefused when it leads nowhere from here."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise TicketStepRefused(ticket=ticket, state=state.value, step=step.value) from None


def may(state: TicketState, step: TicketStep) -> bool:
    """Say whether `step` is possible in `state`."""
    return (state, step) in STEPS
