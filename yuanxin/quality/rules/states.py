"""States of pay 酬金状态 and which may follow which."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from yuanxin.kernel.errors import Conflict
from yuanxin.published.codes import CloseType, OrderKind, Segment
from yuanxin.quality.rules.terms import Windows


class PayState(StrEnum):
    """State of pay: provisional 暂计, in_check 待质检, confirmed 确认, paid_out 已发."""

    PROVISIONAL = "provisional"
    IN_CHECK = "in_check"
    CONFIRMED = "confirmed"
    PAID_OUT = "paid_out"


_NEXT = {
    PayState.PROVISIONAL: frozenset({PayState.IN_CHECK}),
    PayState.IN_CHECK: frozenset({PayState.CONFIRMED}),
    PayState.CONFIRMED: frozenset({PayState.IN_CHECK, PayState.PAID_OUT}),
    PayState.PAID_OUT: frozenset[PayState](),
}


class PayStateRefused(Conflict):
    """Pay cannot go from its state to the wanted one."""

    code = "quality.pay_state_refused"


class PayWindowClosed(Conflict):
    """The amount is paid out, or the scheme's window for adjustments is over."""

    code = "quality.pay_window_closed"


def require_step(now: PayState, wanted: PayState) -> PayState:
    """Return the wanted state if it may follow. Raises PayStateRefused."""
    if wanted not in _NEXT[now]:
        raise PayStateRefused(state=str(now), wanted=str(wanted))
    return wanted


def may_adjust(state: PayState, finished_at: datetime, windows: Windows | None, at: datetime) -> bool:
    """Tell whether a finding of this instant may still change the amount."""
    if state is PayState.PAID_OUT:
        return False
    return windows is None or at <= finished_at + timedelta(days=windows.adjust_within_days)


def counts_as_repair(kind: OrderKind, close_type: CloseType, segment: Segment) -> bool:
    """Tell whether a finished order is a repair by the technician that should last.

    An empty trip, refused entry, no fault, or a lesson with the remote control is paid and is no repair; a fault of
    the network was not repaired by the technician.
    """
    return kind is OrderKind.REPAIR and close_type is CloseType.FIXED and segment is Segment.FIELD


def is_repeat(earlier_finished_at: datetime, opened_at: datetime, window_days: int) -> bool:
    """Tell whether a fault reported at opened_at repeats a repair finished before, inside the window (days)."""
    return earlier_finished_at <= opened_at <= earlier_finished_at + timedelta(days=window_days)
