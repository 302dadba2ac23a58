"""The door of the ledger."""

from yuanxin.ledger.actions import post, reverse
from yuanxin.ledger.queries import StatementLine, account, balance, earned_by_cause, statement, transactions_of
from yuanxin.ledger.rules import (
    AccountKey,
    AlreadyReversed,
    EmptyLine,
    Line,
    LinesCrossCities,
    NotACode,
    NotBalanced,
    OwnerMismatch,
    ReversalNotReversible,
    TooFewLines,
    UnknownAccount,
    UnknownAccountCode,
    UnknownTransaction,
    credit,
    debit,
)

__all__ = [
    "AccountKey",
    "AlreadyReversed",
    "EmptyLine",
    "Line",
    "LinesCrossCities",
    "NotACode",
    "NotBalanced",
    "OwnerMismatch",
    "ReversalNotReversible",
    "StatementLine",
    "TooFewLines",
    "UnknownAccount",
    "UnknownAccountCode",
    "UnknownTransaction",
    "account",
    "balance",
    "credit",
    "debit",
    "earned_by_cause",
    "post",
    "reverse",
    "statement",
    "transactions_of",
]
