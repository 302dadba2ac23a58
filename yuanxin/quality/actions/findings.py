"""What quality hears about an order: it was finished, held, checked by telephone, rated, corrected by a person."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.published.codes import AreaClass, ClockKind, CloseType, OrderKind, Segment, Service
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.published.refs import ref, ref_id
from yuanxin.quality import queries
from yuanxin.quality.actions.inspecting import look_at
from yuanxin.quality.actions.settling import FINISHED, may_change, next_version, settle, terms_of
from yuanxin.quality.models import OrderOutcome, OrderPay
from yuanxin.quality.queries import PayUnknown
from yuanxin.quality.rules.pay import Correction
from yuanxin.quality.rules.states import PayState, PayWindowClosed, counts_as_repair
from yuanxin.quality.rules.terms import SchemeContradicts, SchemeIncomplete, Terms, Windows
from yuanxin.quality.scheme import clocks_of, pauses_of, terms_at

log = logging.getLogger(__name__)

# The promise whose assessment clock measures the lateness of each kind of work.
TOPIC = {
    OrderKind.REPAIR: "fault.repair",
    OrderKind.INSTALL: "install.finish",
    OrderKind.MOVE: "install.finish",
}


@command("quality.pay_finished_work_order")
def pay_finished_work_order(*, finished: WorkOrderFinished) -> UUID:
    """Store the outcome of a finished order and post its provisional pay; return the id of its pay.

    Runs in the close-out's transaction. The same finish told again changes nothing; a later finish of the same order
    (rework 返工) is a new version with its adjustment. A repeat of the technician's own repair inside the scheme's
    window is paid and taken back by an adjustment with its reason, so that both can be seen.
    """
    id_ = ref_id(finished.subject, "work_order")
    pay = _claim(id_, finished)
    if pay.outcome is not None and pay.outcome.finished_at == finished.finished_at:
        return pay.id
    found = _scheme_of(finished)
    terms, windows = found or (None, None)
    _set_windows(pay, finished.finished_at, windows)
    stored = settle(pay, _first_version(finished, pay), terms, at=finished.finished_at)
    newest = _take_back_repeat(pay, stored, terms, at=finished.finished_at) or stored
    look_at(pay, newest, finished.finished_at)
    return pay.id


@command("quality.take_callback")
def take_callback(*, work_order: str | None, cause: str, agrees: bool | None, score: int | None, at: datetime) -> None:
    """Hear what a customer said at call-back: whether the work was done, and a score (1-10) if one was given.

    Older call-backs than the one known change nothing. The pay goes into check.
    """
    pay = _pay_for_finding(work_order, cause)
    if pay is None:
        return
    known = _newest(pay)
    if known.callback_at is not None and known.callback_at >= at:
        return
    changes: dict[str, Any] = {"callback_at": at}
    if agrees is not None:
        changes["is_callback_agreed"] = agrees
    if score is not None:
        changes |= {"score": score, "score_at": at, "is_score_begged": False}
    if pay.state == PayState.PROVISIONAL or (pay.state == PayState.CONFIRMED and agrees is False):
        pay.state = PayState.IN_CHECK
    reason = "callback.mismatch" if agrees is False else "callback"
    look_at(pay, settle(pay, next_version(known, reason_code=reason, at=at, **changes), terms_of(pay), at=at), at)


@command("quality.take_rating")
def take_rating(*, work_order: str | None, cause: str, score: int, begged: bool, at: datetime) -> None:
    """Hear a customer's rating (1-10). A begged one is kept and not counted. Older ratings change nothing."""
    pay = _pay_for_finding(work_order, cause)
    if pay is None:
        return
    known = _newest(pay)
    if known.score_at is not None and known.score_at >= at:
        return
    changes = {"score": score, "score_at": at, "is_score_begged": begged}
    look_at(pay, settle(pay, next_version(known, reason_code="rating", at=at, **changes), terms_of(pay), at=at), at)


@command("quality.correct_pay")
def correct_pay(
    *, work_order: UUID, reason_code: str, fen: int, at: datetime, key: IdempotencyKey | None = None
) -> int:
    """Add (+) or take (-) an amount by a person's decision; return the new amount of the order (fen).

    The opposite amount under the same reason overturns an earlier correction to the fen. What is taken stays under
    the scheme's monthly cap and above its floor. Raises PayUnknown, PayWindowClosed.
    """
    pay = _locked(work_order)
    if not may_change(pay, at):
        raise PayWindowClosed(work_order=str(work_order), state=pay.state)
    known = _newest(pay)
    added = Correction(reason_code=reason_code, fen=fen)
    corrections = [*known.corrections, {"reason_code": added.reason_code, "fen": added.fen}]
    reason = f"correction.{reason_code}"
    settle(pay, next_version(known, reason_code=reason, at=at, corrections=corrections), terms_of(pay), at=at)
    return int(pay.amount_fen)


@command("quality.reprice")
def reprice(*, work_order: UUID, at: datetime) -> int:
    """Settle an order again by the scheme of its finish; for orders closed before their scheme was published.

    Returns the new amount (fen). Raises PayUnknown, PayWindowClosed, SchemeIncomplete, SchemeContradicts.
    """
    pay = _locked(work_order)
    if not may_change(pay, at):
        raise PayWindowClosed(work_order=str(work_order), state=pay.state)
    known = _newest(pay)
    found = terms_at(
        known.finished_at,
        kind=OrderKind(known.order_kind),
        service=Service(known.service),
        close_type=CloseType(known.close_type),
        area=AreaClass(known.area_class),
    )
    terms, windows = found or (None, None)
    _set_windows(pay, known.finished_at, windows)
    settle(pay, next_version(known, reason_code="repriced", at=at), terms, at=at)
    return int(pay.amount_fen)


def _claim(id_: UUID, finished: WorkOrderFinished) -> OrderPay:
    """Return the locked pay row of a work order, made when it is new."""
    payee = finished.payee or ref("staff", finished.technician_id)
    named = {
        "number": finished.number,
        "cause": finished.cause,
        "technician_id": finished.technician_id,
        "payee": payee,
        "finished_at": finished.finished_at,
    }
    OrderPay.objects.bulk_create([OrderPay(work_order_id=id_, **named)], ignore_conflicts=True)
    pay: OrderPay = OrderPay.objects.select_for_update(of=("self",)).get(work_order_id=id_)
    pay.finished_at = finished.finished_at
    return pay


def _scheme_of(finished: WorkOrderFinished) -> tuple[Terms, Windows] | None:
    """Return the scheme of the finish. One that cannot be read never blocks a close-out: the order is recorded with 0,
    the invariant ``quality.scheme_is_readable`` names the fault, and ``reprice`` pays it later."""
    try:
        return terms_at(
            finished.finished_at,
            kind=finished.order_kind,
            service=finished.service,
            close_type=finished.close_type,
            area=finished.area_class,
        )
    except (SchemeIncomplete, SchemeContradicts) as fault:
        log.error("pay scheme cannot be read: %s", fault)
        return None


def _set_windows(pay: OrderPay, finished_at: datetime, windows: Windows | None) -> None:
    if windows is not None:
        pay.check_due_at = finished_at + timedelta(hours=windows.check_after_hours)
        pay.confirm_due_at = finished_at + timedelta(days=windows.confirm_after_days)
        pay.adjust_until = finished_at + timedelta(days=windows.adjust_within_days)


def _first_version(finished: WorkOrderFinished, pay: OrderPay) -> OrderOutcome:
    """Return the unsaved version that a finish makes: every instant, and both clocks as of the finish."""
    facts: dict[str, Any] = {
        name: getattr(finished, name)
        for name in (
            "number", "cause", "order_kind", "service", "customer_id", "address_id", "grid_code", "area_class",
            "technician_id", "segment", "close_type", "opened_at", "assigned_at", "accepted_at", "window_from",
            "window_to", "departed_at", "arrived_at", "started_at", "finished_at", "paused_minutes", "visits",
            "segment_minutes", "elsewhere_minutes",
        )
    }  # fmt: skip
    facts |= {
        "fault_cause": finished.fault_cause or "",
        "is_appointment_kept": finished.appointment_kept,
        "payee": pay.payee,
        "pauses": pauses_of(finished.cause),
    }
    facts |= _clocks(finished)
    if pay.outcome is not None:
        return next_version(pay.outcome, reason_code="finished.again", at=finished.finished_at, **facts)
    return OrderOutcome(
        work_order_id=pay.work_order_id,
        version=1,
        reason_code=FINISHED,
        known_at=finished.finished_at,
        actor=acting.current().who,
        **facts,
    )


def _clocks(finished: WorkOrderFinished) -> dict[str, Any]:
    """Return due instants, lateness (started minutes) and rules of the order's two clocks."""
    topic = TOPIC.get(finished.order_kind, "-")
    clocks = [clock for clock in clocks_of(finished.cause) if f"{clock.topic}.".startswith(f"{topic}.")]
    found: dict[str, Any] = {
        "clock_rule_ids": [clock.rule_id for clock in clocks],
        "clock_version_ids": [str(clock.version_id) for clock in clocks],
    }
    for clock in clocks:
        name = "statutory" if clock.kind == ClockKind.STATUTORY else "assessment"
        found[f"{name}_due_at"] = clock.due_at
        late = clock.late_minutes
        if late is None:  # it stops in this same transaction, but has not yet
            late = max(0, -((clock.due_at - finished.finished_at) // timedelta(minutes=1)))
        found[f"{name}_late_minutes"] = late
    return found


def _take_back_repeat(pay: OrderPay, stored: OrderOutcome, terms: Terms | None, *, at: datetime) -> OrderOutcome | None:
    """Note a repeated fault; return the version that says so, None when it is none."""
    if terms is None or not counts_as_repair(
        OrderKind(stored.order_kind), CloseType(stored.close_type), Segment(stored.segment)
    ):
        return None
    earlier = queries.repaired_before(
        address_id=stored.address_id,
        service=stored.service,
        opened_at=stored.opened_at,
        window_days=terms.repeat_days,
        besides=stored.work_order_id,
    )
    if earlier is None:
        return None
    is_own = earlier.technician_id == stored.technician_id
    if not is_own and earlier.cause != stored.cause:  # after a denied repair the call-back has taken its part already
        _adjust_first_repair(earlier.work_order_id, stored, at=at)
    changes = {"repeat_of_id": earlier.work_order_id, "is_own_repeat": is_own}
    return settle(pay, next_version(stored, reason_code="repeat_fault", at=at, **changes), terms, at=at)


def _adjust_first_repair(work_order_id: UUID, again: OrderOutcome, *, at: datetime) -> None:
    """Let a repair that somebody else had to do again keep its share only; once, while its window is open.

    Locks go from the newer order to the older one, so that no two wait for each other.
    """
    pay = _locked(work_order_id)
    known = _newest(pay)
    if known.repeated_by_id is None:
        changes = {"repeated_by_id": again.work_order_id}
        settle(pay, next_version(known, reason_code="repeated", at=at, **changes), terms_of(pay), at=at)


def _pay_for_finding(work_order: str | None, cause: str) -> OrderPay | None:
    """Return the locked pay row of a work order, or of the newest one finished for a cause; None when there is none."""
    rows = OrderPay.objects.select_for_update(of=("self",)).filter(outcome__isnull=False)
    if work_order is not None:
        return rows.filter(work_order_id=ref_id(work_order, "work_order")).first()
    return rows.filter(cause=cause).order_by("-finished_at").first()


def _locked(work_order: UUID) -> OrderPay:
    pay = OrderPay.objects.select_for_update(of=("self",)).filter(work_order_id=work_order).first()
    if pay is None or pay.outcome_id is None:
        raise PayUnknown(work_order=str(work_order))
    return pay


def _newest(pay: OrderPay) -> OrderOutcome:
    if pay.outcome is None:
        raise PayUnknown(work_order=str(pay.work_order_id))
    return pay.outcome
