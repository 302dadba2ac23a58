"""Statements 结算单: what a month owes each payee, and each person of a contractor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from yuanxin.kernel.time import at_minute
from yuanxin.quality.models import PayLine
from yuanxin.quality.rules.states import PayState


@dataclass(frozen=True)
class StatementLine:
    """One person's month under one payee (fen). earned: added; taken: taken back; open: not yet confirmed."""

    payee: str
    technician_id: UUID
    orders: int
    earned_fen: int
    taken_fen: int
    open_fen: int
    paid_fen: int

    @property
    def total_fen(self) -> int:
        """What the month owes for this person's work."""
        return self.earned_fen + self.taken_fen


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of a day's month and of the next one."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def statement(month: date, *, payee: str = "") -> list[StatementLine]:
    """Return the month's lines by payee and person, the payee's persons together; one statement.

    A line belongs to the month in which it was posted, so a closed month never changes.
    """
    first, after = month_of(month)
    rows = PayLine.objects.filter(occurred_at__gte=at_minute(first, 0), occurred_at__lt=at_minute(after, 0))
    rows = rows.filter(payee=payee) if payee else rows
    unsettled = Q(pay__state__in=(PayState.PROVISIONAL, PayState.IN_CHECK))
    grouped = rows.values("payee", "technician_id").annotate(
        orders=Count("pay_id", distinct=True),
        earned=Coalesce(Sum("amount_fen", filter=Q(amount_fen__gt=0)), 0),
        taken=Coalesce(Sum("amount_fen", filter=Q(amount_fen__lt=0)), 0),
        open=Coalesce(Sum("amount_fen", filter=unsettled), 0),
        paid=Coalesce(Sum("amount_fen", filter=Q(pay__state=PayState.PAID_OUT)), 0),
    )
    return [
        StatementLine(
            row["payee"],
            row["technician_id"],
            row["orders"],
            int(row["earned"]),
            int(row["taken"]),
            int(row["open"]),
            int(row["paid"]),
        )
        for row in grouped.order_by("payee", "technician_id")
    ]
