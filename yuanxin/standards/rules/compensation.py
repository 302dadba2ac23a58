"""What the customer gets when a rule was broken (赔付). Integer fen; every line is rounded up, in his favour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil

from yuanxin.kernel.money import Money
from yuanxin.standards.rules.entries import Compensation, Entry, Pay
from yuanxin.standards.rules.errors import CompensationBaseMissing

_DAY = timedelta(days=1)
MONTHLY_FEE = "monthly_fee"


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken promise. late: time past due, above zero. fault: the whole time without service."""

    late: timedelta
    fault: timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """One amount and where it comes from (赔付行)."""

    rule_id: str
    amount: Money
    is_statutory: bool
    is_voucher: bool


@dataclass(frozen=True, slots=True)
class Payout:
    """Both lines are kept and shown apart; `due` is what is paid after "add" or "the higher counts"."""

    lines: tuple[Line, ...]
    due: Money


def amount_of(item: Compensation, breach: Breach, bases: Mapping[str, Money]) -> Money:
    """Return one compensation in fen, rounded up. bases: the fees it is computed from, by name.

    Days are started days. Raises CompensationBaseMissing.
    """
    late_days = _started_days(breach.late)
    if item.pay is Pay.ONCE:
        exact = Fraction(item.amount_fen or 0)
    elif item.pay is Pay.FIXED_PER_DAY:
        exact = Fraction((item.amount_fen or 0) * late_days)
    elif item.pay is Pay.RATE_PER_DAY:
        exact = _base(bases, item.base) * (item.rate or 0) * late_days
    elif item.pay is Pay.WAIVE_MONTHLY_FEE:
        exact = _base(bases, item.base or MONTHLY_FEE) * _started_days(breach.fault) / (item.month_days or 1)
    else:
        exact = _base(bases, item.base or MONTHLY_FEE)
    fen = ceil(exact)
    return Money(fen if item.cap_fen is None else min(fen, item.cap_fen))


def payout(
    *,
    law: Entry | None,
    promise: Entry | None,
    law_breach: Breach | None,
    promise_breach: Breach | None,
    bases: Mapping[str, Money],
) -> Payout:
    """Return the law's lines and the promise's lines, and their sum or the higher, as each promise line states.

    The law is judged by the statutory clock, the promise by the assessment clock. An entry that is both counts once.
    """
    lines: list[Line] = []
    owed, promised_beside, promised_instead = Money(), Money(), Money()
    if law is not None and law_breach is not None and law_breach.late > timedelta(0):
        for item in law.compensation:
            amount = amount_of(item, law_breach, bases)
            lines.append(Line(law.id, amount, True, item.voucher))
            owed += amount
    is_other = promise is not None and (law is None or promise.id != law.id)
    if promise is not None and is_other and promise_breach is not None and promise_breach.late > timedelta(0):
        for item in promise.compensation:
            amount = amount_of(item, promise_breach, bases)
            lines.append(Line(promise.id, amount, False, item.voucher))
            if item.with_law == "higher":
                promised_instead += amount
            else:
                promised_beside += amount
    return Payout(tuple(lines), max(owed, promised_instead) + promised_beside)


def _started_days(span: timedelta) -> int:
    return 0 if span <= timedelta(0) else -(-span // _DAY)


def _base(bases: Mapping[str, Money], name: str) -> Fraction:
    if name not in bases:
        raise CompensationBaseMissing(base=name)
    return Fraction(bases[name].fen)
