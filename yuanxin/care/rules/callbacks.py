"""Call-backs (回访) and ratings (评价): what the customer's answer means for the ticket.

A call-back is consistent (回访一致) when the customer agrees that the work was done. Nobody reached says
nothing about the work. A disagreement re-opens the ticket; it is never averaged away.
"""

from dataclasses import dataclass
from enum import StrEnum

from yuanxin.kernel.errors import DomainError

LOWEST_SCORE, HIGHEST_SCORE = 1, 10  # the scale of the question, not a promise


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


@dataclass(frozen=True)
class CallbackMeaning:
    """What follows from one call-back."""

    outcome: CallbackOutcome
    closes_ticket: bool
    reopens_ticket: bool
    counts_as_tried: bool = True


def meaning_of(*, reached: bool, agrees: bool | None, score: int | None) -> CallbackMeaning:
    """Say what a call-back means.

    reached: a person answered. agrees: that person says that the work was done. score: 1-10 or None (not given).
    Raises CallbackContradictory, ScoreOutOfRange.
    """
    check_score(score)
    if not reached:
        if agrees is not None or score is not None:
            raise CallbackContradictory(field="reached")
        return CallbackMeaning(CallbackOutcome.NOT_REACHED, closes_ticket=False, reopens_ticket=False)
    if agrees is None:
        raise CallbackContradictory(field="agrees")
    if agrees:
        return CallbackMeaning(CallbackOutcome.CONSISTENT, closes_ticket=True, reopens_ticket=False)
    return CallbackMeaning(CallbackOutcome.INCONSISTENT, closes_ticket=False, reopens_ticket=True)


def check_score(score: int | None) -> None:
    """Raise ScoreOutOfRange unless `score` is None or a whole number from 1 to 10."""
    if score is not None and not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        raise ScoreOutOfRange(score=str(score), field="score")


def counts_for_satisfaction(*, score: int, begged: bool) -> bool:
    """Say whether a rating enters the satisfaction figure: a begged score (索要好评) is kept and shown, not counted."""
    check_score(score)
    return not begged
