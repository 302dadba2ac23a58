"""Pay on its way 暂计 → 待质检 → 确认 → 已发, and the pool that feeds it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.ledger import api as ledger
from yuanxin.published.refs import ref
from yuanxin.quality import queries
from yuanxin.quality.actions.settling import owed_account
from yuanxin.quality.models import Inspection, OrderPay
from yuanxin.quality.queries import PayUnknown
from yuanxin.quality.rules.inspection import InspectionState
from yuanxin.quality.rules.states import PayState, require_step


@command("quality.settle_due")
def settle_due(*, at: datetime) -> int:
    """Move pay whose time has come: provisional into check, checked to confirmed; return how many moved.

    Pay whose work the customer denied waits for an inspector; every other inspection that is still open lapses with
    the confirmation. Three statements over everything in scope.
    """
    into_check = OrderPay.objects.filter(state=PayState.PROVISIONAL, check_due_at__lte=at)
    due = OrderPay.objects.filter(state=PayState.IN_CHECK, confirm_due_at__lte=at)
    inspected = Q(inspection__isnull=False) & ~Q(inspection__state=InspectionState.OPEN)
    waits = Q(inspection__state=InspectionState.OPEN, inspection__stops_pay=True)
    confirmed = due.exclude(waits).exclude(Q(outcome__is_callback_agreed=False) & ~inspected)
    moved = into_check.update(state=PayState.IN_CHECK)
    late = Inspection.objects.filter(state=InspectionState.OPEN, stops_pay=False, pay__in=confirmed.values("id"))
    late.update(state=InspectionState.LAPSED, decided_at=at)
    return moved + confirmed.update(state=PayState.CONFIRMED)


@command("quality.confirm_pay")
def confirm_pay(*, work_order: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Confirm checked pay by a person's decision. Raises PayUnknown, PayStateRefused."""
    pay = _locked(work_order)
    pay.state = require_step(PayState(pay.state), PayState.CONFIRMED)
    pay.save(update_fields=["state"])


@command("quality.pay_out")
def pay_out(*, work_order: UUID, at: datetime, key: IdempotencyKey | None = None) -> UUID | None:
    """Hand confirmed pay to payroll; return the ledger transaction, None for an amount of 0.

    Raises PayUnknown, PayStateRefused.
    """
    pay = _locked(work_order)
    pay.state = require_step(PayState(pay.state), PayState.PAID_OUT)
    pay.save(update_fields=["state"])
    if pay.amount_fen == 0:
        return None
    return ledger.post(
        kind=queries.PAY_OUT_KIND,
        lines=[
            ledger.debit(owed_account(pay.payee), pay.amount_fen),
            ledger.credit(ledger.AccountKey("pay.payroll"), pay.amount_fen),
        ],
        cause=ref("work_order", pay.work_order_id),
        at=at,
        memo_code=queries.PAY_OUT_KIND,
    )


@command("quality.fund_pool")
def fund_pool(*, fen: int, cause: str, at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Put budget (fen, at least 1) into the city's incentive pool; cause: the decision, as a reference."""
    return ledger.post(
        kind="pool.funding",
        lines=[
            ledger.debit(ledger.AccountKey("incentive.budget"), fen),
            ledger.credit(ledger.AccountKey(queries.POOL), fen),
        ],
        cause=cause,
        at=at,
        memo_code="pool.funding",
    )


def _locked(work_order: UUID) -> OrderPay:
    pay: OrderPay | None = OrderPay.objects.select_for_update(of=("self",)).filter(work_order_id=work_order).first()
    if pay is None:
        raise PayUnknown(work_order=str(work_order))
    return pay
