"""Duplicates (重复) and repeat faults (重复报障): the same home and the same service within a window of the rulebook.

A duplicate is a second report of a fault that is still open. A repeat fault is a new fault after a repair that was
finished not long ago. Both windows are arguments: they live in the rulebooks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# A repair that found nothing to repair does not make the next fault a repeat.
# Source: operations reference, paid close types (空跑, 拒绝入户, 无故障, 教遥控器).
NOT_A_REPAIR: frozenset[str] = frozenset({"empty_trip", "refused_entry", "no_fault", "taught"})


@dataclass(frozen=True)
class EarlierTicket:
    """What is known of an earlier ticket of the same address and service."""

    id: UUID
    number: str
    opened_at: datetime
    resolved_at: datetime | None
    close_type: str = ""
    is_open: bool = True


def duplicates_of(earlier: Iterable[EarlierTicket], *, at: datetime, window: timedelta) -> tuple[EarlierTicket, ...]:
    """Return the tickets that are still open and were opened at most `window` before `at`, newest first."""
    found = (ticket for ticket in earlier if ticket.is_open and timedelta(0) <= at - ticket.opened_at <= window)
    return tuple(sorted(found, key=lambda ticket: ticket.opened_at, reverse=True))


def repeated_fault(earlier: Iterable[EarlierTicket], *, at: datetime, window: timedelta) -> EarlierTicket | None:
    """Return the newest repair of the same home and service that ended at most `window` before `at`, or None."""
    repaired = [
        (ticket.resolved_at, ticket)
        for ticket in earlier
        if ticket.resolved_at is not None
        and ticket.close_type not in NOT_A_REPAIR
        and timedelta(0) <= at - ticket.resolved_at <= window
    ]
    return max(repaired, key=lambda pair: pair[0])[1] if repaired else None
