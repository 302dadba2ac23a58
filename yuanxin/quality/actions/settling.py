"""The one way in which an amount of pay changes: a new version of the outcome, a posting, a line, a fact.

The caller holds the lock of the ``OrderPay`` row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yuanxin.kernel import acting, codec
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import home_city
from yuanxin.kernel.time import local_day, minute_of_day
from yuanxin.ledger import api as ledger
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.published.quality import PayAdjusted, PayPosted, PoolOverdrawn
from yuanxin.published.refs import ref
from yuanxin.quality import queries
from yuanxin.quality.models import DeductionMonth, OrderOutcome, OrderPay, PayLine, PoolAlarm
from yuanxin.quality.rules.pay import Calculation, Correction, Evidence, Finding, Inputs, Work, calculate, own_lateness
from yuanxin.quality.rules.states import PayState
from yuanxin.quality.rules.terms import Terms
from yuanxin.quality.scheme import is_holiday

FINISHED = "finished"


def settle(pay: OrderPay, draft: OrderOutcome, terms: Terms | None, *, at: datetime) -> OrderOutcome:
    """Store the draft as the next version and post what the amount changes by; return the stored version.

    The first version posts the provisional amount; a later one posts an adjustment, unless the pay is paid out or
    the scheme's window is over, in which case the amount stays and only the outcome says what was found.
    """
    if _may_deduct(draft):
        _lock_month(draft)
    is_first = pay.outcome_id is None
    before = pay.amount_fen
    draft.scheme_versions = list(terms.versions) if terms else []
    answer = calculate(Inputs(terms=terms, work=_work(draft), evidence=_evidence(draft, terms, at=at)))
    is_open = is_first or may_change(pay, at)
    draft.amount_fen = answer.total_fen if is_open else before
    draft.save(force_insert=True)
    pay.outcome = draft
    if is_open:
        pay.amount_fen, pay.deducted_fen = answer.total_fen, answer.deducted_fen
    pay.save()
    if is_first or draft.amount_fen != before:
        _post_line(pay, draft, answer, before=before, is_first=is_first, at=at)
    return draft


def _may_deduct(draft: OrderOutcome) -> bool:
    """Tell whether this version may take something from the month of its person."""
    takes = any(correction["fen"] < 0 for correction in draft.corrections)
    return takes or draft.is_callback_agreed is False or bool(draft.findings)


def _lock_month(draft: OrderOutcome) -> None:
    """Let one deduction of a person and month be reckoned after the other, so that both see the cap together.

    Every order's own row is locked before; nobody waits for an order while holding the month.
    """
    month = {"technician_id": draft.technician_id, "first_on": local_day(draft.finished_at).replace(day=1)}
    DeductionMonth.objects.bulk_create([DeductionMonth(**month)], ignore_conflicts=True)
    DeductionMonth.objects.select_for_update().get(city_code=home_city(), **month)


def may_change(pay: OrderPay, at: datetime) -> bool:
    """Tell whether a finding of this instant may still change the amount."""
    return pay.state != PayState.PAID_OUT and (pay.adjust_until is None or at <= pay.adjust_until)


def next_version(outcome: OrderOutcome, *, reason_code: str, at: datetime, **changes: Any) -> OrderOutcome:
    """Return the unsaved next version of an outcome with these changes."""
    kept = {
        field.attname: getattr(outcome, field.attname)
        for field in OrderOutcome._meta.concrete_fields
        if field.attname not in {"id", "recorded_at"}
    }
    told = {
        "version": outcome.version + 1,
        "reason_code": reason_code,
        "known_at": at,
        "actor": acting.current().who,
    }
    return OrderOutcome(**(kept | told | changes))


def terms_of(pay: OrderPay) -> Terms | None:
    """Return the terms under which the order was first settled: an order keeps its scheme."""
    newest = PayLine.objects.filter(pay=pay).order_by("-occurred_at", "-id").first()
    return queries.stored_inputs(newest).terms if newest else None


def _work(outcome: OrderOutcome) -> Work:
    return Work(
        order_kind=OrderKind(outcome.order_kind),
        service=Service(outcome.service),
        area_class=AreaClass(outcome.area_class),
        close_type=CloseType(outcome.close_type),
        segment=Segment(outcome.segment),
        late_minutes=own_lateness(outcome.assessment_late_minutes, outcome.elsewhere_minutes),
        started_minute=minute_of_day(outcome.started_at),
        is_holiday=is_holiday(outcome.started_at),
    )


def _evidence(outcome: OrderOutcome, terms: Terms | None, *, at: datetime) -> Evidence:
    count, total = 0, 0
    if terms is not None:
        since = at - timedelta(days=terms.rating.window_days)
        count, total = queries.ratings_of(outcome.technician_id, since=since, until=at, besides=outcome.work_order_id)
        if outcome.score is not None and not outcome.is_score_begged:
            count, total = count + 1, total + outcome.score
    return Evidence(
        is_mismatch=outcome.is_callback_agreed is False,
        rating_count=count,
        rating_sum=total,
        is_repeat=outcome.is_own_repeat,
        is_repeated=outcome.repeated_by_id is not None,
        deducted_before_fen=queries.deducted_in_month(
            outcome.technician_id, at=outcome.finished_at, besides=outcome.work_order_id
        ),
        corrections=tuple(Correction(**each) for each in outcome.corrections),
        findings=tuple(Finding(**each) for each in outcome.findings),
    )


def _post_line(
    pay: OrderPay, outcome: OrderOutcome, answer: Calculation, *, before: int, is_first: bool, at: datetime
) -> None:
    delta = answer.total_fen - before
    subject = ref("work_order", pay.work_order_id)
    kind = queries.PROVISIONAL_KIND if is_first else queries.ADJUSTMENT_KIND
    transaction_id = _move(pay.payee, delta, kind=kind, subject=subject, memo_code=outcome.reason_code, at=at)
    PayLine.objects.create(
        id=new_id(),
        pay=pay,
        outcome=outcome,
        kind=PayLine.Kind.PROVISIONAL if is_first else PayLine.Kind.ADJUSTMENT,
        reason_code=outcome.reason_code,
        technician_id=pay.technician_id,
        payee=pay.payee,
        occurred_at=at,
        before_fen=before,
        amount_fen=delta,
        calculation=codec.to_json(Calculation, answer),
        transaction_id=transaction_id,
        actor=acting.current().who,
    )
    if is_first:
        told: PayPosted | PayAdjusted = PayPosted(
            subject=subject,
            at=at,
            work_order=subject,
            technician_id=pay.technician_id,
            amount_fen=delta,
            transaction_id=transaction_id,
            outcome_id=outcome.id,
        )
    else:
        told = PayAdjusted(
            subject=subject,
            at=at,
            work_order=subject,
            technician_id=pay.technician_id,
            delta_fen=delta,
            reason_code=outcome.reason_code,
            transaction_id=transaction_id,
        )
    tell(told)


def _move(payee: str, fen: int, *, kind: str, subject: str, memo_code: str, at: datetime) -> UUID | None:
    """Post from the pool to the payee (back when negative); nothing for 0. An empty pool is no reason to stop."""
    if fen == 0:
        return None
    pool = ledger.AccountKey(queries.POOL)
    lines = [ledger.Line(pool, fen), ledger.Line(owed_account(payee), -fen)]
    transaction_id = ledger.post(kind=kind, lines=lines, cause=subject, at=at, memo_code=memo_code)
    if fen > 0:
        _raise_alarm_when_overdrawn(pool, at)
    return transaction_id


def owed_account(payee: str) -> ledger.AccountKey:
    """Return the account of what is owed to a payee: a technician's own, or a vendor's."""
    kind = payee.partition(":")[0]
    return ledger.AccountKey(queries.OWED.get(kind, queries.OWED_TO_OTHERS), owner=payee)


def _raise_alarm_when_overdrawn(pool: ledger.AccountKey, at: datetime) -> None:
    left = ledger.balance(ledger.account(pool.code)).fen
    if left >= 0:
        return
    made, is_new = PoolAlarm.objects.get_or_create(
        city_code=home_city(), pool=pool.code, on=local_day(at), defaults={"balance_fen": left}
    )
    if is_new:
        subject = ref("pool_alarm", made.id)
        tell(PoolOverdrawn(subject=subject, at=at, pool=pool.code, balance_fen=left))
