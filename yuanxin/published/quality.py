"""Facts that ``quality`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yuanxin.kernel.fact import Fact


@dataclass(frozen=True, kw_only=True)
class PayPosted(Fact):
    """A provisional amount was posted for a finished work order; an amount of 0 has no transaction."""

    work_order: str
    technician_id: UUID
    amount_fen: int
    transaction_id: UUID | None
    outcome_id: UUID


@dataclass(frozen=True, kw_only=True)
class PayAdjusted(Fact):
    """A later finding changed the amount."""

    work_order: str
    technician_id: UUID
    delta_fen: int
    reason_code: str
    transaction_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PoolOverdrawn(Fact):
    """An incentive pool went below zero; the close-out went through all the same."""

    pool: str
    balance_fen: int
