"""A countdown as the screens show it: level, shape and words; the browser only moves the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

GREEN_ABOVE, AMBER_ABOVE = Fraction(1, 2), Fraction(1, 5)  # share of the time that is left
SHAPES = {"green": "○", "amber": "△", "red": "◆", "late": "◆", "paused": "❚❚", "stopped": "—"}


@dataclass(frozen=True)
class Countdown:
    """What a page needs to draw one clock. Instants are aware; words are in the reader's language."""

    level: str
    words: str
    due_at: datetime | None = None
    amber_at: datetime | None = None
    red_at: datetime | None = None
    runs: bool = False

    @property
    def shape(self) -> str:
        """The sign before the words, so that colour never stands alone."""
        return SHAPES[self.level]


def countdown(started_at: datetime, due_at: datetime, now: datetime) -> Countdown:
    """Return the countdown of a running clock."""
    whole = max(due_at - started_at, timedelta(seconds=1))
    amber_at = due_at - whole * GREEN_ABOVE.numerator / GREEN_ABOVE.denominator
    red_at = due_at - whole * AMBER_ABOVE.numerator / AMBER_ABOVE.denominator
    if now >= due_at:
        level, words = "late", _("Overdue") + f" +{span(now - due_at)}"
    else:
        level = "red" if now >= red_at else "amber" if now >= amber_at else "green"
        words = span(due_at - now)
    return Countdown(level, words, due_at, amber_at, red_at, runs=True)


def still(state: str, reason: str = "") -> Countdown:
    """Return a clock that does not run: paused (with its reason) or stopped."""
    paused = _("Paused")
    if state == "paused":
        return Countdown("paused", f"{paused} {reason}".strip())
    return Countdown("stopped", _("Stopped"))


def span(time: timedelta) -> str:
    """Return hours and minutes, below one hour minutes and seconds."""
    seconds = int(time.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02d}" if hours else f"{minutes}′{seconds % 60:02d}″"
