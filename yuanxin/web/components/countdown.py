"""A countdown as the screens show it: level, shape and words; the browser only moves the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words

WARNING = "clock.warning"
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


@dataclass(frozen=True)
class Shares:
    """Time left, in percent, at which a countdown turns amber and red; rulebook ``clock.warning``."""

    amber_percent: int
    red_percent: int


def shares(at: datetime) -> Shares:
    """Read where the colours change; one query each."""
    return Shares(
        standards.parameter(WARNING, "amber_percent_left", at=at),
        standards.parameter(WARNING, "red_percent_left", at=at),
    )


def between(started_at: datetime, due_at: datetime, turns: Shares, now: datetime) -> Countdown:
    """Return the countdown of a promise that is known by its two instants only."""
    whole = due_at - started_at
    return running(due_at, due_at - whole * turns.amber_percent / 100, due_at - whole * turns.red_percent / 100, now)


def running(due_at: datetime, amber_at: datetime, red_at: datetime, now: datetime) -> Countdown:
    """Return the countdown of a running clock."""
    if now >= due_at:
        level, words = "late", _("Overdue") + f" +{span(now - due_at)}"
    else:
        level = "red" if now >= red_at else "amber" if now >= amber_at else "green"
        words = span(due_at - now)
    return Countdown(level, words, due_at, amber_at, red_at, runs=True)


def paused(reason: str = "") -> Countdown:
    """Return the countdown of a clock that an approved hold lets stand still; reason: why, in the reader's words."""
    return Countdown("paused", f"{_('Paused')}: {reason}" if reason else _("Paused"))


def stopped(late: timedelta) -> Countdown:
    """Return how a promise ended; late: by how much it was missed, nothing or less when it was kept."""
    return Countdown("stopped", _("kept") if late <= timedelta() else _("missed by") + f" {span(late)}")


def of_clock(view: Any, now: datetime) -> Countdown:
    """Return the countdown of a clock of ``standards``, running or not."""
    if view.state == "paused":
        return paused()
    if view.state == "stopped":
        return stopped(timedelta(minutes=view.late_minutes or 0))
    return running(view.due_at, view.amber_at, view.red_at, now)


def span(time: timedelta) -> str:
    """Return hours and minutes, below one hour minutes and seconds."""
    seconds = int(time.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02d}" if hours else f"{minutes}′{seconds % 60:02d}″"


def words_of_clock(view: Any) -> str:
    """Return which clock it is, and for what."""
    return f"{code_words(view.topic, 'topic')} · {code_words(view.kind, 'clock')}"
