"""Writes of the ledger: post a balanced transaction, reverse one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.tenancy import ALL, current_scope, require_city
from yuanxin.ledger.chart import entry_of
from yuanxin.ledger.models import LedgerAccount, LedgerTransaction, Posting
from yuanxin.ledger.rules import (
    AccountKey,
    AlreadyReversed,
    ChartEntry,
    Line,
    LinesCrossCities,
    ReversalNotReversible,
    UnknownAccount,
    UnknownTransaction,
    require_balanced,
    require_code,
    require_owner,
    require_reference,
    reversed_lines,
    shard_of,
)


@command("ledger.post")
def post(
    *, kind: str, lines: Sequence[Line], cause: str, at: datetime, memo_code: str, key: IdempotencyKey | None = None
) -> UUID:
    """Post a balanced transaction in one city and return its id.

    A house account named by its key takes the shard of this transaction; an account that is not there yet is opened.
    Raises NotBalanced, EmptyLine, TooFewLines, NotACode, UnknownAccountCode, UnknownAccount, OwnerMismatch,
    LinesCrossCities.
    """
    require_balanced(lines)
    require_code(kind)
    require_code(memo_code)
    require_reference(cause)
    id_ = new_id()
    resolved = _resolve(lines, id_, at)
    return _write(id_, kind=kind, lines=resolved, cause=cause, at=at, memo_code=memo_code)


@command("ledger.reverse")
def reverse(*, transaction_id: UUID, at: datetime, reason_code: str) -> UUID:
    """Undo a transaction by posting its opposite on the same accounts and shards; return the reversal's id.

    Raises UnknownTransaction, AlreadyReversed, ReversalNotReversible.
    """
    require_code(reason_code)
    original = LedgerTransaction.objects.filter(id=transaction_id).first()
    if original is None:
        raise UnknownTransaction(transaction=str(transaction_id))
    if original.reverses_id is not None:
        raise ReversalNotReversible(transaction=str(transaction_id))
    if LedgerTransaction.objects.filter(reverses=original).exists():
        raise AlreadyReversed(transaction=str(transaction_id))
    postings = Posting.objects.filter(transaction=original).select_related("account").order_by("id")
    back = [
        (each.account, line.amount_fen)
        for each, line in zip(postings, reversed_lines(Line(p.account_id, p.amount_fen) for p in postings), strict=True)
    ]
    try:
        with transaction.atomic():
            return _write(
                new_id(),
                kind=original.kind,
                lines=back,
                cause=original.cause,
                at=at,
                memo_code=reason_code,
                reverses=original,
            )
    except IntegrityError:  # a second reversal came first
        raise AlreadyReversed(transaction=str(transaction_id)) from None


def _write(
    id_: UUID,
    *,
    kind: str,
    lines: Sequence[tuple[LedgerAccount, int]],
    cause: str,
    at: datetime,
    memo_code: str,
    reverses: LedgerTransaction | None = None,
) -> UUID:
    province, city = lines[0][0].province_code, lines[0][0].city_code
    LedgerTransaction.objects.create(
        id=id_,
        province_code=province,
        city_code=city,
        kind=kind,
        cause=cause,
        memo_code=memo_code,
        occurred_at=at,
        actor=acting.current().who,
        reverses=reverses,
    )
    Posting.objects.bulk_create(
        Posting(
            province_code=province,
            city_code=city,
            transaction_id=id_,
            account_id=account.id,
            amount_fen=fen,
            occurred_at=at,
        )
        for account, fen in lines
    )
    return id_


def _resolve(lines: Sequence[Line], id_: UUID, at: datetime) -> list[tuple[LedgerAccount, int]]:
    """Return each line's account row and fen. Raises LinesCrossCities when they do not belong to one city."""
    known = LedgerAccount.objects.in_bulk([line.account for line in lines if isinstance(line.account, UUID)])
    found: list[tuple[LedgerAccount, int]] = []
    for line in lines:
        if isinstance(line.account, AccountKey):
            found.append((_open(line.account, id_, at), line.amount_fen))
        elif line.account in known:
            found.append((known[line.account], line.amount_fen))
        else:
            raise UnknownAccount(account=str(line.account))
    cities = {account.city_code for account, _ in found}
    if len(cities) > 1:
        raise LinesCrossCities(cities=",".join(sorted(cities)))
    return found


def _open(key: AccountKey, id_: UUID, at: datetime) -> LedgerAccount:
    """Return the account row of a key, on this transaction's shard; open it when it is new."""
    entry = entry_of(key.code)
    require_owner(key, entry)
    city = _city(key)
    shard = shard_of(id_, entry.shards)
    named = {"city_code": city, "code": key.code, "owner": key.owner, "shard": shard}
    account: LedgerAccount | None = LedgerAccount.objects.filter(**named).first()
    if account is None:
        LedgerAccount.objects.bulk_create([_new_account(entry, named, at)], ignore_conflicts=True)
        account = LedgerAccount.objects.get(**named)
    return account


def _new_account(entry: ChartEntry, named: dict[str, object], at: datetime) -> LedgerAccount:
    province = str(named["city_code"])[:2]
    return LedgerAccount(province_code=province, holder=entry.holder, side=entry.side, opened_at=at, **named)


def _city(key: AccountKey) -> str:
    """Return the city of a key, which must lie in the scope. Raises CityScopeNeeded or LinesCrossCities."""
    if not key.city:
        return require_city()
    code = current_scope()
    if code != ALL and not key.city.startswith(code):
        raise LinesCrossCities(cities=key.city)
    return key.city
