"""Review of close-outs 回单审核: approved, or sent back for its papers or for the work (返工)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.assignment import to_pool
from yuanxin.fieldwork.actions.concluding import conclude
from yuanxin.fieldwork.actions.steps import locked, step, unpark, who
from yuanxin.fieldwork.models import CloseOut, Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import NothingToReview, ReviewedBySubmitter, UnknownReason
from yuanxin.fieldwork.rules.states import Action, State
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.fieldwork import CloseoutSentBack


@command("fieldwork.approve_closeout")
def approve_closeout(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Let a close-out count as a second person (审核通过); pay and call-back follow with the technician's own instant.

    Raises NothingToReview, ReviewedBySubmitter, NotFound.
    """
    order = locked(work_order_id)
    handed_in = _waiting(order)
    _decide(handed_in, CloseOut.Decision.APPROVED, at)
    conclude(order, handed_in, at)


@command("fieldwork.send_back")
def send_back(
    *, work_order_id: UUID, reason_code: str, at: datetime, note: str = "", key: IdempotencyKey | None = None
) -> None:
    """Send a close-out back to its technician (退回, 返工).

    reason_code: one of ``send_back_reasons``. For a reason of the papers the technician completes them without another
    trip and the clocks stay parked; for one of the work he gets the next free time of his plan, and if he has none the
    order returns to the pool, and the clocks run as if they had never stood still.
    Raises UnknownReason, NothingToReview, ReviewedBySubmitter, NotFound.
    """
    order = locked(work_order_id)
    handed_in = _waiting(order)
    is_paper = reason_code in parameters.paper_reasons(at)
    if not is_paper and reason_code not in parameters.rework_reasons(at):
        raise UnknownReason(reason=reason_code[:40], field="reason_code")
    _decide(handed_in, CloseOut.Decision.SENT_BACK, at, reason_code=reason_code, note=note)
    tell(
        CloseoutSentBack(
            subject=order.ref,
            at=at,
            number=order.number,
            cause=order.cause,
            technician_id=order.in_charge,
            reason_code=reason_code,
        )
    )
    if is_paper:
        _complete(order, handed_in, reason_code, at)
    else:
        _repeat(order, handed_in, reason_code, at)
    order.save()


def _complete(order: WorkOrder, handed_in: CloseOut, reason_code: str, at: datetime) -> None:
    """The visit goes on where it ended: what it lacks is on paper."""
    step(order, Action.SEND_BACK, at, reason_code=reason_code)
    Visit.objects.filter(pk=handed_in.visit_id).update(ended_at=None, outcome="")


def _repeat(order: WorkOrder, handed_in: CloseOut, reason_code: str, at: datetime) -> None:
    """The technician goes again, as soon as his plan allows."""
    step(order, Action.REWORK, at, reason_code=reason_code)
    unpark(order, at)
    if not plans.commit_next(order, [order.in_charge, *handed_in.visit.mates], at):
        to_pool(order, reason_code, at)


def _waiting(order: WorkOrder) -> CloseOut:
    found = CloseOut.objects.filter(work_order=order, decision=CloseOut.Decision.WAITING).first()
    if found is None or order.state != State.REVIEW:
        raise NothingToReview(work_order=order.number)
    if found.submitted_by == who():
        raise ReviewedBySubmitter(work_order=order.number)
    return found


def _decide(
    handed_in: CloseOut, decision: CloseOut.Decision, at: datetime, *, reason_code: str = "", note: str = ""
) -> None:
    CloseOut.objects.filter(pk=handed_in.pk).update(
        decision=decision,
        decided_at=at,
        decided_by=who(),
        decision_reason=reason_code,
        decision_note=note.strip()[:500],
    )
