"""The door of quality."""

from yuanxin.quality.actions.findings import correct_pay, reprice
from yuanxin.quality.actions.inspecting import inspect
from yuanxin.quality.actions.progress import confirm_pay, fund_pool, pay_out, settle_due
from yuanxin.quality.lists import inspections, outcomes, pay_lines
from yuanxin.quality.outcomes import OutcomeView
from yuanxin.quality.queries import (
    Earned,
    InspectionView,
    PayLineView,
    PayUnknown,
    PayView,
    Why,
    earned,
    findings_to_choose,
    has_inspection,
    inspection,
    order_pay,
    outcome,
    outcome_versions,
    pay_of,
    pool_balance,
    why,
)
from yuanxin.quality.rules.inspection import (
    FindingUnknown,
    InspectionDone,
    InspectionState,
    InspectionUnknown,
    OwnTeamRefused,
    Reason,
)
from yuanxin.quality.rules.pay import Calculation, Step
from yuanxin.quality.rules.states import PayState, PayStateRefused, PayWindowClosed
from yuanxin.quality.rules.terms import SchemeContradicts, SchemeIncomplete
from yuanxin.quality.statements import StatementLine, month_of, statement

__all__ = [
    "Calculation",
    "Earned",
    "FindingUnknown",
    "InspectionDone",
    "InspectionState",
    "InspectionUnknown",
    "InspectionView",
    "OutcomeView",
    "OwnTeamRefused",
    "PayLineView",
    "PayState",
    "PayStateRefused",
    "PayUnknown",
    "PayView",
    "PayWindowClosed",
    "Reason",
    "SchemeContradicts",
    "SchemeIncomplete",
    "StatementLine",
    "Step",
    "Why",
    "confirm_pay",
    "correct_pay",
    "earned",
    "findings_to_choose",
    "fund_pool",
    "has_inspection",
    "inspect",
    "inspection",
    "inspections",
    "month_of",
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
    "statement",
    "why",
]
