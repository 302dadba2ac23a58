"""The door of quality."""

from yuanxin.quality.actions.findings import correct_pay, reprice
from yuanxin.quality.actions.progress import confirm_pay, fund_pool, pay_out, settle_due
from yuanxin.quality.lists import outcomes, pay_lines
from yuanxin.quality.outcomes import OutcomeView
from yuanxin.quality.queries import (
    Earned,
    PayLineView,
    PayUnknown,
    PayView,
    Why,
    earned,
    order_pay,
    outcome,
    outcome_versions,
    pay_of,
    pool_balance,
    why,
)
from yuanxin.quality.rules.pay import Calculation, Step
from yuanxin.quality.rules.states import PayState, PayStateRefused, PayWindowClosed
from yuanxin.quality.rules.terms import SchemeContradicts, SchemeIncomplete

__all__ = [
    "Calculation",
    "Earned",
    "OutcomeView",
    "PayLineView",
    "PayState",
    "PayStateRefused",
    "PayUnknown",
    "PayView",
    "PayWindowClosed",
    "SchemeContradicts",
    "SchemeIncomplete",
    "Step",
    "Why",
    "confirm_pay",
    "correct_pay",
    "earned",
    "fund_pool",
    "order_pay",
    "outcome",
    "outcome_versions",
    "outcomes",
    "pay_lines",
    "pay_of",
    "pay_out",
    "pool_balance",
    "reprice",
    "settle_due",
    "why",
]
