"""Timers of customer care."""

from datetime import datetime

from yuanxin.care.actions.calls import end_overdue_wrap_ups
from yuanxin.kernel.ticks import every


@every(seconds=5)
def end_wrap_ups_that_are_due(at: datetime) -> None:
    """Let agents be ready whose time to sum up a call is over."""
    end_overdue_wrap_ups(at=at)
