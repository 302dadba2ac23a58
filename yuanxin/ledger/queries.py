"""Reads of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from yuanxin.kernel.money import Money
from yuanxin.kernel.tenancy import current_scope
from yuanxin.ledger.chart import entry_of
from yuanxin.ledger.models import LedgerAccount, LedgerTransaction, Posting
from yuanxin.ledger.rules import AccountKey, Side, UnknownAccount, on_normal_side, require_owner

Account = UUID | AccountKey


@dataclass(frozen=True)
class StatementLine:
    """One line of a statement 对账单. amount_fen: on the account's normal side, so a plus is what the owner gains."""

    transaction_id: UUID
    occurred_at: datetime
    kind: str
    cause: str
    memo_code: str
    amount_fen: int
    reverses: UUID | None


def account(code: str, city: str = "", owner: str = "") -> AccountKey:
    """Return the key of an account that the chart knows; an empty city is the one in scope.

    Raises UnknownAccountCode or OwnerMismatch.
    """
    key = AccountKey(code, owner, city or _city_in_scope())
    require_owner(key, entry_of(code))
    return key


def balance(of: Account) -> Money:
    """Return the balance on the normal side; a house account's is the sum of its shards. One statement.

    An account that nothing was posted to has a balance of zero. Raises UnknownAccount for an unknown id.
    """
    total: int | None = _rows_of(of).aggregate(total=Sum("balance_fen"))["total"]
    if total is None and isinstance(of, UUID):
        raise UnknownAccount(account=str(of))
    return Money(int(total or 0))


def statement(
    of: Account, *, since: datetime | None = None, until: datetime | None = None, limit: int = 200
) -> list[StatementLine]:
    """Return what moved an account, newest first, at most `limit` lines. since included, until not. One statement."""
    postings = Posting.objects.filter(account__in=_rows_of(of)).select_related("transaction", "account")
    if since is not None:
        postings = postings.filter(occurred_at__gte=since)
    if until is not None:
        postings = postings.filter(occurred_at__lt=until)
    return [
        StatementLine(
            transaction_id=each.transaction_id,
            occurred_at=each.occurred_at,
            kind=each.transaction.kind,
            cause=each.transaction.cause,
            memo_code=each.transaction.memo_code,
            amount_fen=on_normal_side(each.amount_fen, Side(each.account.side)),
            reverses=each.transaction.reverses_id,
        )
        for each in postings.order_by("-occurred_at", "-id")[:limit]
    ]


def earned_by_cause(*, codes: Iterable[str], kinds: Iterable[str]) -> dict[str, int]:
    """Sum what transactions of these kinds brought to accounts of these codes, per cause (fen, normal side).

    One statement over everything in scope.
    """
    rows = (
        Posting.objects.filter(account__code__in=tuple(codes), transaction__kind__in=tuple(kinds))
        .values("transaction__cause", "account__side")
        .annotate(total=Sum("amount_fen"))
    )
    totals: dict[str, int] = {}
    for row in rows.iterator():
        cause = row["transaction__cause"]
        totals[cause] = totals.get(cause, 0) + on_normal_side(int(row["total"]), Side(row["account__side"]))
    return totals


def transactions_of(cause: str) -> list[UUID]:
    """Return the transactions posted for a cause, oldest first. One statement."""
    return list(
        LedgerTransaction.objects.filter(cause=cause).order_by("occurred_at", "id").values_list("id", flat=True)
    )


def _rows_of(of: Account) -> QuerySet[LedgerAccount]:
    if isinstance(of, UUID):
        return LedgerAccount.objects.filter(id=of)
    rows = LedgerAccount.objects.filter(code=of.code, owner=of.owner)
    return rows.filter(city_code=of.city) if of.city else rows


def _city_in_scope() -> str:
    code = current_scope()
    return code if len(code) == 4 else ""
