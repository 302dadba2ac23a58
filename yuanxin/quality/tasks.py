"""Timers of quality."""

from __future__ import annotations

from datetime import datetime

from yuanxin.kernel.ticks import every
from yuanxin.quality.actions.progress import settle_due


@every(seconds=60)
def settle_pay_that_is_due(at: datetime) -> None:
    """Move provisional pay into check and checked pay to confirmed when their time has come."""
    settle_due(at=at)
