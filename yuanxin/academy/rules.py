"""Which day a certificate counts, and what a person lacks for a kind of work."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from yuanxin.kernel.errors import DomainError


class SpanReversed(DomainError):
    """The last day lies before the first."""

    code = "academy.span_reversed"


class LevelUnknown(DomainError):
    """A skill's level is not within the levels of the rulebook."""

    code = "academy.level_unknown"


@dataclass(frozen=True)
class Validity:
    """The days on which a certificate or skill counts 有效期: both ends included, no last day means open.

    revoked_on: from this day on it no longer counts.
    """

    from_on: date
    to_on: date | None = None
    revoked_on: date | None = None

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on < self.from_on:
            raise SpanReversed(field="expires_on", first=self.from_on.isoformat(), last=self.to_on.isoformat())

    def covers(self, day: date) -> bool:
        """Return whether ``day`` is a day on which this counts."""
        if self.revoked_on is not None and day >= self.revoked_on:
            return False
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def missing(needed: Iterable[str], held: Collection[str]) -> tuple[str, ...]:
    """Return the certificate codes that a kind of work needs and the person does not hold, sorted."""
    return tuple(sorted(set(needed) - set(held)))


def check_level(level: int, highest: int) -> int:
    """Return a skill's level if it lies between 1 and ``highest``. Raises LevelUnknown."""
    if not 1 <= level <= highest:
        raise LevelUnknown(field="level", level=level, highest=highest)
    return level
