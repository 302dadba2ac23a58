"""What must hold in the books at any moment; ``manage verify`` asks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, When
from django.db.models.functions import Coalesce

from yuanxin.kernel.verify import invariant
from yuanxin.ledger.models import LedgerAccount, LedgerTransaction, Posting
from yuanxin.ledger.rules import Side


@invariant("ledger.sums_to_zero")
def books_sum_to_zero() -> Iterator[str]:
    """All postings of a city sum to zero, and so do its balances."""
    for row in Posting.objects.values("city_code").annotate(total=Sum("amount_fen")).exclude(total=0):
        yield f"city {row['city_code']}: postings sum to {row['total']} fen"
    signed = Case(When(side=Side.DEBIT, then=F("balance_fen")), default=-F("balance_fen"))
    for row in LedgerAccount.objects.values("city_code").annotate(total=Sum(signed)).exclude(total=0):
        yield f"city {row['city_code']}: balances sum to {row['total']} fen"


@invariant("ledger.transactions_balance")
def transactions_balance() -> Iterator[str]:
    """Every transaction has at least two postings that sum to zero."""
    sums = Posting.objects.values("transaction_id").annotate(total=Sum("amount_fen"), lines=Count("id"))
    for row in sums.filter(~Q(total=0) | Q(lines__lt=2))[:20]:
        yield f"transaction {row['transaction_id']}: {row['lines']} postings sum to {row['total']} fen"
    for each in LedgerTransaction.objects.filter(~Exists(Posting.objects.filter(transaction=OuterRef("id"))))[:20]:
        yield f"transaction {each.id}: no postings"


@invariant("ledger.balances_match")
def balances_match_postings() -> Iterator[str]:
    """Every balance equals the sum of its account's postings."""
    moved = Sum(Case(When(account__side=Side.DEBIT, then=F("amount_fen")), default=-F("amount_fen")))
    sums = Posting.objects.values("account_id", "account__balance_fen").annotate(moved=moved)
    for row in sums.exclude(moved=F("account__balance_fen"))[:20]:
        yield f"account {row['account_id']}: balance {row['account__balance_fen']} fen, postings {row['moved']} fen"
    untouched = ~Exists(Posting.objects.filter(account=OuterRef("id")))
    for each in LedgerAccount.objects.filter(untouched).exclude(balance_fen=0)[:20]:
        yield f"account {each.id}: balance {each.balance_fen} fen without postings"


@invariant("ledger.reversals_mirror")
def reversals_mirror_their_originals() -> Iterator[str]:
    """A reversal and its original cancel each other on every account."""
    touched = Posting.objects.filter(
        Q(transaction__reverses__isnull=False) | Q(transaction__reversed_by__isnull=False)
    ).annotate(original=Coalesce(F("transaction__reverses_id"), F("transaction_id")))
    for row in touched.values("original", "account_id").annotate(total=Sum("amount_fen")).exclude(total=0)[:20]:
        yield f"transaction {row['original']} and its reversal leave {row['total']} fen on {row['account_id']}"
