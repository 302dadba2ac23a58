"""Timers of the standards."""

from __future__ import annotations

from datetime import datetime

from yuanxin.kernel.ticks import every
from yuanxin.standards.actions.ticks import tick


@every(seconds=5)
def tick_clocks(at: datetime) -> None:
    """Warn before a breach and tell the breach."""
    tick(at=at)
