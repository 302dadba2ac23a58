"""Facts that ``supervision`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yuanxin.kernel.fact import Fact


@dataclass(frozen=True, kw_only=True)
class DaySigned(Fact):
    """A leader signed the open orders of a grid for the day; missing: how many had no name or no next instant.

    unit_code: the grid, empty for orders without one.
    """

    unit_code: str
    day: date
    open_orders: int
    missing: int
