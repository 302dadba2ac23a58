"""Call the customer back and keep the answer; take in ratings."""

from datetime import datetime
from uuid import UUID

from yuanxin.care.actions.clocks import CALLBACK_TOPIC, promise_repair
from yuanxin.care.actions.tickets import locked, take
from yuanxin.care.models import Callback, Rating, TroubleTicket
from yuanxin.care.rules import intake
from yuanxin.care.rules.callbacks import check_score, meaning_of
from yuanxin.care.rules.errors import CallbackTooEarly, RatedBefore, RatingTooEarly
from yuanxin.care.rules.tickets import TicketState, TicketStep
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.care import CallbackRecorded, RatingReceived, TicketClosed
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards


@command("care.record_callback")
def record_callback(
    *,
    ticket_id: UUID,
    reached: bool,
    agrees: bool | None,
    score: int | None = None,
    note: str = "",
    at: datetime,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Record one call-back (回访).

    A customer who agrees closes the ticket; one who disagrees re-opens it and the repair clock starts anew; nobody
    reached leaves it waiting and the call-back clock running.
    Raises TicketUnknown, CallbackTooEarly, CallbackContradictory, ScoreOutOfRange, TextTooLong, TextUnreadable.
    """
    meaning = meaning_of(reached=reached, agrees=agrees, score=score)
    note = intake.clean_text(note, field="note")
    ticket = locked(ticket_id)
    if ticket.state != TicketState.AWAITING_CALLBACK.value:
        raise CallbackTooEarly(ticket=str(ticket_id), state=ticket.state)
    callback = Callback(
        ticket=ticket,
        reached=reached,
        agrees=agrees,
        score=score,
        note=note,
        called_at=at,
        called_by=acting.current().who,
    )
    callback.save(force_insert=True)
    subject = ref("ticket", ticket.id)
    if reached:
        standards.stop_clocks(subject=subject, topic=CALLBACK_TOPIC, at=at)
    tell(
        CallbackRecorded(
            subject=subject,
            at=at,
            ticket=subject,
            work_order=ticket.work_order or None,
            reached=reached,
            agrees=agrees,
            score=score,
        )
    )
    if meaning.closes_ticket:
        _close(ticket, at)
    elif meaning.reopens_ticket:
        _reopen(ticket, at)
    return callback.id


def _close(ticket: TroubleTicket, at: datetime) -> None:
    take(ticket, TicketStep.CLOSE, at=at, reason_code="customer_agrees")
    ticket.closed_at = at
    ticket.save(update_fields=["state", "closed_at"])
    tell(TicketClosed(subject=ref("ticket", ticket.id), at=at, number=ticket.number))


def _reopen(ticket: TroubleTicket, at: datetime) -> None:
    take(ticket, TicketStep.REOPEN, at=at, reason_code="customer_disagrees")
    promise_repair(ticket, at)
    ticket.resolved_at, ticket.resolved_how = None, ""
    ticket.save(update_fields=["state", "resolved_at", "resolved_how", "statutory_due_at", "assessment_due_at"])


@command("care.record_rating")
def record_rating(
    *,
    ticket_id: UUID,
    score: int,
    begged: bool = False,
    note: str = "",
    at: datetime,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Record the customer's own score of a repair (评价). A begged one is kept and does not count.

    Raises TicketUnknown, RatingTooEarly, RatedBefore, ScoreOutOfRange, TextTooLong, TextUnreadable.
    """
    check_score(score)
    note = intake.clean_text(note, field="note")
    ticket = locked(ticket_id)
    if ticket.resolved_at is None:
        raise RatingTooEarly(ticket=str(ticket_id), state=ticket.state)
    if Rating.objects.filter(ticket=ticket).exists():
        raise RatedBefore(ticket=str(ticket_id))
    rating = Rating(ticket=ticket, score=score, is_begged=begged, note=note, rated_at=at)
    rating.save(force_insert=True)
    subject = ref("ticket", ticket.id)
    work_order = ticket.work_order or None
    tell(RatingReceived(subject=subject, at=at, ticket=subject, work_order=work_order, score=score, begged=begged))
    return rating.id
