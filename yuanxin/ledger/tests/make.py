"""Named defaults for stories about the books; a second door, for tests of the contexts above."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at as wall
from yuanxin.ledger import api as ledger

NOON = wall("2026-11-24 12:00")
SOMEBODY = "staff:00000000-0000-7000-8000-000000000077"


def cause() -> str:
    """Return a fresh reference."""
    return f"work_order:{new_id()}"


def payment(*, fen: int = 2000, owner: str = SOMEBODY, at: datetime = NOON, of: str | None = None) -> UUID:
    """Post from the pool to a technician; return the transaction."""
    return ledger.post(
        kind="pay.provisional",
        lines=[
            ledger.debit(ledger.AccountKey("incentive.pool"), fen),
            ledger.credit(ledger.AccountKey("pay.technician", owner=owner), fen),
        ],
        cause=of or cause(),
        at=at,
        memo_code="finished",
    )
