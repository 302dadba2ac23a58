"""Money 金额: integer fen. No float ever touches it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from yuanxin.kernel.errors import DomainError


class NotAnAmount(DomainError):
    """The text is not an amount of yuan with at most two decimals."""

    code = "kernel.not_an_amount"


@dataclass(frozen=True, order=True)
class Money:
    """An amount in fen (1 yuan = 100 fen); may be negative."""

    fen: int = 0

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise NotAnAmount(text=repr(self.fen))

    @classmethod
    def yuan(cls, text: str) -> Money:
        """Read ``"12.34"``. Raises NotAnAmount for anything else, a third decimal included."""
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,2})?", text):
            raise NotAnAmount(text=text[:40])
        return cls(int(Decimal(text) * 100))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __mul__(self, times: int) -> Money:
        return Money(self.fen * times)

    def share(self, numerator: int, denominator: int) -> Money:
        """Return numerator/denominator of the amount, rounded half up (away from zero) to the fen."""
        return self.times(Fraction(numerator, denominator))

    def times(self, factor: Fraction) -> Money:
        """Multiply by an exact factor and round half up (away from zero) to the fen."""
        exact = Fraction(self.fen) * factor
        sign = -1 if exact < 0 else 1
        return Money(sign * int((abs(exact) + Fraction(1, 2)) // 1))

    def __str__(self) -> str:
        return str((Decimal(self.fen) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))
