"""The arithmetic of double entry: balanced lines, reversals, shards. Integer fen; debit positive, credit negative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from yuanxin.kernel.errors import Conflict, DomainError, NotFound

REFERENCE = r"[a-z_]{1,30}:[0-9A-Za-z._-]{1,60}"
CODE = r"[a-z0-9][a-z0-9_.-]{0,63}"
_LARGEST_FEN = 2**53


class NotBalanced(DomainError):
    """The lines of a transaction do not sum to zero."""

    code = "ledger.not_balanced"


class EmptyLine(DomainError):
    """A line has no amount, or one that no ledger of ours can hold."""

    code = "ledger.empty_line"


class TooFewLines(DomainError):
    """A transaction needs at least two lines."""

    code = "ledger.too_few_lines"


class NotACode(DomainError):
    """A ledger text must be a code or a reference, so that no name or free text stands in the books."""

    code = "ledger.not_a_code"


class UnknownAccountCode(NotFound):
    """The chart of accounts has no such code."""

    code = "ledger.unknown_account_code"


class OwnerMismatch(DomainError):
    """A house account has no owner, every other account needs one."""

    code = "ledger.owner_mismatch"


class LinesCrossCities(DomainError):
    """The lines of one transaction belong to more than one city, or to another city than the one in scope."""

    code = "ledger.lines_cross_cities"


class UnknownTransaction(NotFound):
    """There is no such transaction in this scope."""

    code = "ledger.unknown_transaction"


class UnknownAccount(NotFound):
    """There is no such account in this scope."""

    code = "ledger.unknown_account"


class AlreadyReversed(Conflict):
    """The transaction was reversed before."""

    code = "ledger.already_reversed"


class ReversalNotReversible(Conflict):
    """A reversal cannot be reversed; post the original again instead."""

    code = "ledger.reversal_not_reversible"


class Side(StrEnum):
    """Normal side 余额方向: debit 借, credit 贷."""

    DEBIT = "debit"
    CREDIT = "credit"


class Holder(StrEnum):
    """Who holds an account: the house 内部户 or one owner 分户."""

    HOUSE = "house"
    OWNER = "owner"


@dataclass(frozen=True, kw_only=True)
class ChartEntry:
    """One code of the chart of accounts 科目. shards: 1 or more, 1 for an account with an owner."""

    code: str
    title_zh: str
    title_en: str
    side: Side
    holder: Holder
    shards: int = 1

    def __post_init__(self) -> None:
        require_code(self.code)
        if self.shards < 1 or (self.holder is Holder.OWNER and self.shards != 1):
            raise OwnerMismatch(account=self.code)


@dataclass(frozen=True)
class AccountKey:
    """Names an account: its code, whose it is (a reference such as ``staff:<uuid>``; empty for the house), its city.

    An empty city means the city in scope.
    """

    code: str
    owner: str = ""
    city: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a transaction 分录行. amount_fen: positive debits the account, negative credits it, never zero."""

    account: UUID | AccountKey
    amount_fen: int


def debit(account: UUID | AccountKey, fen: int) -> Line:
    """Return the line that debits 借记 the account by this amount (fen, at least 1)."""
    return Line(account, fen)


def credit(account: UUID | AccountKey, fen: int) -> Line:
    """Return the line that credits 贷记 the account by this amount (fen, at least 1)."""
    return Line(account, -fen)


def require_balanced(lines: Sequence[Line]) -> None:
    """Refuse lines that are no transaction. Raises TooFewLines, EmptyLine or NotBalanced."""
    if len(lines) < 2:
        raise TooFewLines(lines=len(lines))
    for line in lines:
        if type(line.amount_fen) is not int or line.amount_fen == 0 or abs(line.amount_fen) > _LARGEST_FEN:
            raise EmptyLine(amount=str(line.amount_fen)[:40])
    total = sum(line.amount_fen for line in lines)
    if total:
        raise NotBalanced(difference_fen=total)


def reversed_lines(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that undo these, on the same accounts and shards."""
    return [Line(line.account, -line.amount_fen) for line in lines]


def shard_of(transaction_id: UUID, shards: int) -> int:
    """Choose the shard of a house account for a transaction: 0 to shards - 1, evenly spread.

    The low 62 bits of a UUIDv7 are random, so one transaction always meets the same shard of one account.
    """
    return transaction_id.int % shards


def on_normal_side(total_fen: int, side: Side) -> int:
    """Turn a signed sum of postings (fen) into the balance as people read it."""
    return total_fen if side is Side.DEBIT else -total_fen


def require_code(text: str) -> str:
    """Return the text if it is a short code. Raises NotACode."""
    if not re.fullmatch(CODE, text):
        raise NotACode(text=text[:20])
    return text


def require_reference(text: str) -> str:
    """Return the text if it is a reference ``<kind>:<id>``. Raises NotACode."""
    if not re.fullmatch(REFERENCE, text):
        raise NotACode(text=text[:20])
    return text


def require_owner(key: AccountKey, entry: ChartEntry) -> None:
    """Refuse a house account with an owner and an owned one without. Raises OwnerMismatch or NotACode."""
    if (entry.holder is Holder.OWNER) != bool(key.owner):
        raise OwnerMismatch(account=entry.code)
    if key.owner:
        require_reference(key.owner)
