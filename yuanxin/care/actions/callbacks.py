"""Call the customer back and keep the answer; take in ratings."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime

from yuanxin.care.actions.clocks import CALLBACK_TOPIC, promise_repair
from yuanxin.care.actions.tickets import locked, take
from yuanxin.care.models import Callback, Rating, TroubleTicket
from yuanxin.care.queries.callbacks import practice_at, tries_of
from yuanxin.care.rules import intake
from yuanxin.care.rules.callbacks import Difference, check_missed, check_score, meaning_of, red_lines
from yuanxin.care.rules.errors import CallbackTooEarly, RatedBefore, RatingTooEarly
from yuanxin.care.rules.tickets import TicketState, TicketStep
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.care import CallbackRecorded, RatingReceived, RedLineSuspected, TicketClosed
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

NOT_REACHED = "not_reached"


@command("care.record_callback")
def record_callback(
    *,
    ticket_id: UUID,
    reached: bool,
    agrees: bool | None,
    score: int | None = None,
    differs: Sequence[Difference] = (),
    fee_asked: bool = False,
    score_begged: bool = False,
    note: str = "",
    at: datetime,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Record one call-back (回访).

    A customer who agrees closes the ticket; one who disagrees, or says that nobody came, re-opens it and the repair
    clock starts anew; nobody reached leaves it waiting and the call-back clock running, until the last try of the
    practice closes it. differs: what the customer says otherwise than the close-out. A fee asked, a score begged and a
    visit that never was are told as suspected red lines.
    Raises TicketUnknown, CallbackTooEarly, CallbackContradictory, CallbackTooSoon, CallbackOutsideHours,
    ScoreOutOfRange, TextTooLong, TextUnreadable.
    """
    agrees, said = agrees and Difference.VISIT not in differs, bool(differs) or fee_asked or score_begged
    meaning_of(reached=reached, agrees=agrees, score=score, said=said)
    note = intake.clean_text(note, field="note")
    ticket = locked(ticket_id)
    if ticket.state != TicketState.AWAITING_CALLBACK.value:
        raise CallbackTooEarly(ticket=str(ticket_id), state=ticket.state)
    practice, tries = practice_at(at), tries_of(ticket.id, since=ticket.resolved_at)
    is_last = len(tries) + 1 >= practice.attempts
    meaning = meaning_of(reached=reached, agrees=agrees, score=score, said=said, is_last_try=is_last)
    if not reached:
        check_missed(localtime(at), localtime(tries[-1]) if tries else None, practice)
    callback = Callback(
        ticket=ticket,
        reached=reached,
        agrees=agrees,
        score=score,
        attempt=len(tries) + 1,
        differs=[one.value for one in differs],
        is_fee_asked=fee_asked,
        is_score_begged=score_begged,
        note=note,
        called_at=at,
        called_by=acting.current().who,
    )
    callback.save(force_insert=True)
    _tell_recorded(callback, ticket)
    if reached or meaning.gives_up:
        standards.stop_clocks(subject=ref("ticket", ticket.id), topic=CALLBACK_TOPIC, at=at)
    if meaning.closes_ticket:
        _close(ticket, at, NOT_REACHED if meaning.gives_up else "customer_agrees")
    elif meaning.reopens_ticket:
        _reopen(ticket, at)
    return callback.id


def _tell_recorded(callback: Callback, ticket: TroubleTicket) -> None:
    subject, at = ref("ticket", ticket.id), callback.called_at
    work_order = ticket.work_order or None
    tell(
        CallbackRecorded(
            subject=subject,
            at=at,
            ticket=subject,
            work_order=work_order,
            reached=callback.reached,
            agrees=callback.agrees,
            score=callback.score,
            differs=tuple(callback.differs),
            attempt=callback.attempt,
        )
    )
    lines = red_lines(
        fee_asked=callback.is_fee_asked,
        score_begged=callback.is_score_begged,
        differs=[Difference(code) for code in callback.differs],
    )
    for line in lines:
        tell(RedLineSuspected(subject=subject, at=at, ticket=subject, work_order=work_order, kind=line.value))


def _close(ticket: TroubleTicket, at: datetime, reason_code: str) -> None:
    take(ticket, TicketStep.CLOSE, at=at, reason_code=reason_code)
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
