"""Call-backs (回访) and ratings (评价): what the customer's answer means for the ticket.

A call-back is consistent (回访一致) when the customer agrees that the work was done. Nobody reached says
nothing about the work. A disagreement re-opens the ticket; it is never averaged away.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yuanxin.kernel.errors import DomainError

LOWEST_SCORE, HIGHEST_SCORE = 1, 10  # the scale of the question, not a promise


class Difference(StrEnum):
    """与回单不一致: cause 原因不符, materials 材料不符, visit 没有上门."""

    CAUSE = "cause"
    MATERIALS = "materials"
    VISIT = "visit"


class RedLine(StrEnum):
    """服务红线线索: private_fee 私收费, begged_score 索要好评, false_close 虚假回单."""

    PRIVATE_FEE = "private_fee"
    BEGGED_SCORE = "begged_score"
    FALSE_CLOSE = "false_close"


class CallbackOutcome(StrEnum):
    """回访结果: what a call-back says about the work."""

    NOT_REACHED = "not_reached"
    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"


class ScoreOutOfRange(DomainError):
    """A score is a whole number from 1 to 10. Params: score."""

    code = "care.score_out_of_range"


class CallbackContradictory(DomainError):
    """Nobody was reached, yet an answer or a score was given; or somebody was reached and gave no answer."""

    code = "care.callback_contradictory"


class CallbackTooSoon(DomainError):
    """Nobody was reached not long ago: the next try counts later. Params: minutes, next_time."""

    code = "care.callback_too_soon"


class CallbackOutsideHours(DomainError):
    """A try that reaches nobody counts only in the hours in which people may be called. Params: from_time, to_time."""

    code = "care.callback_outside_hours"


@dataclass(frozen=True)
class Practice:
    """How people are called back: tries, time between them, minutes of the local day. Source: ``callback.practice``."""

    attempts: int
    retry: timedelta
    from_minute: int
    to_minute: int

    @property
    def hours(self) -> tuple[str, str]:
        """The hours as wall times."""
        return _wall(self.from_minute), _wall(self.to_minute)


@dataclass(frozen=True)
class CallbackMeaning:
    """What follows from one call-back."""

    outcome: CallbackOutcome
    closes_ticket: bool
    reopens_ticket: bool
    gives_up: bool = False
    counts_as_tried: bool = True


def meaning_of(
    *, reached: bool, agrees: bool | None, score: int | None, said: bool = False, is_last_try: bool = False
) -> CallbackMeaning:
    """Say what a call-back means.

    reached: a person answered. agrees: that person says that the work was done. score: 1-10 or None (not given).
    said: the person told something else about the work. is_last_try: nobody is called again after this one.
    Raises CallbackContradictory, ScoreOutOfRange.
    """
    check_score(score)
    if not reached:
        if agrees is not None or score is not None or said:
            raise CallbackContradictory(field="reached")
        return CallbackMeaning(
            CallbackOutcome.NOT_REACHED, closes_ticket=is_last_try, reopens_ticket=False, gives_up=is_last_try
        )
    if agrees is None:
        raise CallbackContradictory(field="agrees")
    if agrees:
        return CallbackMeaning(CallbackOutcome.CONSISTENT, closes_ticket=True, reopens_ticket=False)
    return CallbackMeaning(CallbackOutcome.INCONSISTENT, closes_ticket=False, reopens_ticket=True)


def is_callable(at: datetime, practice: Practice) -> bool:
    """Say whether people may be called at this instant, given in their own wall time."""
    return practice.from_minute <= at.hour * 60 + at.minute < practice.to_minute


def check_missed(at: datetime, last: datetime | None, practice: Practice) -> None:
    """Raise unless a try that reached nobody may count: in the hours, and not too soon after the last one.

    at, last: wall time of the customer. Raises CallbackOutsideHours, CallbackTooSoon.
    """
    if not is_callable(at, practice):
        begin, end = practice.hours
        raise CallbackOutsideHours(field="reached", from_time=begin, to_time=end)
    if last is not None and at - last < practice.retry:
        minutes = practice.retry // timedelta(minutes=1)
        raise CallbackTooSoon(field="reached", minutes=str(minutes), next_time=f"{last + practice.retry:%H:%M}")


def next_try(last: datetime, practice: Practice) -> datetime:
    """Return when the next try may be made, in the wall time of `last`: later today, or when the hours begin again."""
    wanted = last + practice.retry
    if is_callable(wanted, practice):
        return wanted
    day = wanted if wanted.hour * 60 + wanted.minute < practice.from_minute else wanted + timedelta(days=1)
    return day.replace(hour=practice.from_minute // 60, minute=practice.from_minute % 60, second=0, microsecond=0)


def red_lines(*, fee_asked: bool, score_begged: bool, differs: Collection[Difference]) -> tuple[RedLine, ...]:
    """Return what the red-line desk must look at."""
    signs = {
        RedLine.PRIVATE_FEE: fee_asked,
        RedLine.BEGGED_SCORE: score_begged,
        RedLine.FALSE_CLOSE: Difference.VISIT in differs,
    }
    return tuple(line for line, is_seen in signs.items() if is_seen)


def _wall(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def check_score(score: int | None) -> None:
    """Raise ScoreOutOfRange unless `score` is None or a whole number from 1 to 10."""
    if score is not None and not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        raise ScoreOutOfRange(score=str(score), field="score")


def counts_for_satisfaction(*, score: int, begged: bool) -> bool:
    """Say whether a rating enters the satisfaction figure: a begged score (索要好评) is kept and shown, not counted."""
    check_score(score)
    return not begged
