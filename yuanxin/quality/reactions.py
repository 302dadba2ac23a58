"""What quality does when it hears of something; each reaction calls one action."""

from __future__ import annotations

from yuanxin.kernel.outbox import reacts_to
from yuanxin.published.care import CallbackRecorded, RatingReceived
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.quality.actions import findings


@reacts_to(WorkOrderFinished, within=True)
def pay_when_work_order_finished(fact: WorkOrderFinished) -> None:
    """Close-out and provisional pay are one: the technician sees the amount in the same minute."""
    findings.pay_finished_work_order(finished=fact)


@reacts_to(CallbackRecorded, when=lambda fact: fact.reached)
def adjust_when_callback_recorded(fact: CallbackRecorded) -> None:
    """A customer who denies the work changes its pay; one who was not reached changes nothing."""
    findings.take_callback(
        work_order=fact.work_order, cause=fact.ticket, agrees=fact.agrees, score=fact.score, at=fact.at
    )


@reacts_to(RatingReceived)
def adjust_when_rating_received(fact: RatingReceived) -> None:
    """Ratings move pay only as a sample; each is kept with its order."""
    findings.take_rating(
        work_order=fact.work_order, cause=fact.ticket, score=fact.score, begged=fact.begged, at=fact.at
    )
