"""Reads of quality: what was earned, why, and what became of each order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from yuanxin.kernel import codec
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.money import Money
from yuanxin.kernel.time import at_minute, local_day
from yuanxin.ledger import api as ledger
from yuanxin.published.codes import CloseType, OrderKind, Segment
from yuanxin.published.refs import ref_id
from yuanxin.quality.models import Inspection, OrderOutcome, OrderPay, PayLine
from yuanxin.quality.outcomes import OutcomeView, view_of
from yuanxin.quality.rules.inspection import InspectionState, InspectionUnknown, Reason
from yuanxin.quality.rules.pay import Calculation, Inputs
from yuanxin.quality.rules.states import PayState
from yuanxin.quality.scheme import check_terms_at

PROVISIONAL_KIND = "pay.provisional"
ADJUSTMENT_KIND = "pay.adjustment"
PAY_OUT_KIND = "pay.out"
POOL = "incentive.pool"
OWED = {"staff": "pay.technician"}
OWED_TO_OTHERS = "pay.vendor"


class PayUnknown(NotFound):
    """There is no pay or outcome of this work order, or no such line, in this scope."""

    code = "quality.pay_unknown"


@dataclass(frozen=True)
class PayLineView:
    """One line of pay 酬金明细 (fen)."""

    id: UUID
    work_order_id: UUID
    number: str
    technician_id: UUID
    payee: str
    kind: str
    reason_code: str
    amount_fen: int
    occurred_at: datetime
    state: PayState
    transaction_id: UUID | None


@dataclass(frozen=True)
class PayView:
    """Pay of one order 工单酬金 and its state (fen)."""

    id: UUID
    work_order_id: UUID
    number: str
    technician_id: UUID
    payee: str
    state: PayState
    amount_fen: int
    deducted_fen: int
    finished_at: datetime
    adjust_until: datetime | None
    outcome_id: UUID


@dataclass(frozen=True)
class Earned:
    """What a technician earned on a local day: the sum of the day's lines, and the lines, newest first."""

    total: Money
    lines: tuple[PayLineView, ...]


@dataclass(frozen=True)
class Why:
    """Why a line has its amount: the stored calculation, and what had been posted before it (fen)."""

    line: PayLineView
    calculation: Calculation
    before_fen: int


@dataclass(frozen=True)
class InspectionView:
    """A look at one finished order 质检单. findings: codes; decided_by: an actor."""

    work_order_id: UUID
    number: str
    technician_id: UUID
    reason: Reason
    stops_pay: bool
    state: InspectionState
    asked_at: datetime
    findings: tuple[str, ...]
    note: str
    decided_at: datetime | None
    decided_by: str


def inspection(work_order: UUID | str) -> InspectionView:
    """Return the inspection of a work order. One statement. Raises InspectionUnknown."""
    found = Inspection.objects.select_related("pay").filter(pay__work_order_id=work_order_id(work_order)).first()
    if found is None:
        raise InspectionUnknown(work_order=str(work_order))
    return InspectionView(
        work_order_id=found.pay.work_order_id,
        number=found.pay.number,
        technician_id=found.pay.technician_id,
        reason=Reason(found.reason),
        stops_pay=found.stops_pay,
        state=InspectionState(found.state),
        asked_at=found.asked_at,
        findings=tuple(found.findings),
        note=found.note,
        decided_at=found.decided_at,
        decided_by=found.decided_by,
    )


def has_inspection(work_order: UUID | str) -> bool:
    """Tell whether a work order is or was to be inspected. One statement."""
    return Inspection.objects.filter(pay__work_order_id=work_order_id(work_order)).exists()


def findings_to_choose(work_order: UUID | str) -> dict[str, int]:
    """Return what an inspector may find at this order and its share of the piece (%). Raises PayUnknown."""
    terms = check_terms_at(outcome(work_order).finished_at)
    return dict(terms.findings) if terms else {}


def work_order_id(work_order: UUID | str) -> UUID:
    """Return the id of a work order given as id or as subject. Raises WrongSubject."""
    return work_order if isinstance(work_order, UUID) else ref_id(work_order, "work_order")


def pay_of(work_order: UUID | str) -> list[PayLineView]:
    """Return the pay lines of a work order, oldest first; empty when it is not finished. One statement."""
    lines = PayLine.objects.filter(pay__work_order_id=work_order_id(work_order)).select_related("pay")
    return [_line_view(line) for line in lines.order_by("occurred_at", "id")]


def order_pay(work_order: UUID | str) -> PayView:
    """Return the pay of a work order with its state. One statement. Raises PayUnknown."""
    pay = OrderPay.objects.filter(work_order_id=work_order_id(work_order)).first()
    if pay is None or pay.outcome_id is None:
        raise PayUnknown(work_order=str(work_order))
    return PayView(
        id=pay.id,
        work_order_id=pay.work_order_id,
        number=pay.number,
        technician_id=pay.technician_id,
        payee=pay.payee,
        state=PayState(pay.state),
        amount_fen=pay.amount_fen,
        deducted_fen=pay.deducted_fen,
        finished_at=pay.finished_at,
        adjust_until=pay.adjust_until,
        outcome_id=pay.outcome_id,
    )


def why(pay_line_id: UUID) -> Why:
    """Return the stored calculation behind a line. One statement. Raises PayUnknown."""
    line = PayLine.objects.select_related("pay").filter(id=pay_line_id).first()
    if line is None:
        raise PayUnknown(line=str(pay_line_id))
    return Why(_line_view(line), stored_calculation(line), line.before_fen)


def earned(technician_id: UUID, day: date) -> Earned:
    """Return what a technician earned on a local day (Asia/Shanghai), adjustments of the day included.

    One statement; length = the lines of one person and day.
    """
    lines = PayLine.objects.filter(
        technician_id=technician_id,
        occurred_at__gte=at_minute(day, 0),
        occurred_at__lt=at_minute(day + timedelta(1), 0),
    ).select_related("pay")
    views = tuple(_line_view(line) for line in lines.order_by("-occurred_at", "-id"))
    return Earned(Money(sum(view.amount_fen for view in views)), views)


def outcome(work_order: UUID | str) -> OutcomeView:
    """Return the newest version of a finished order's outcome. One statement. Raises PayUnknown."""
    found = current_outcomes().filter(work_order_id=work_order_id(work_order)).first()
    if found is None:
        raise PayUnknown(work_order=str(work_order))
    return view_of(found)


def pool_balance() -> Money:
    """Return what is left in the incentive pool of the city in scope; negative when it is overdrawn."""
    return ledger.balance(ledger.account(POOL))


def outcome_versions(work_order: UUID | str) -> list[OutcomeView]:
    """Return every version of a finished order's outcome, oldest first. One statement."""
    found = OrderOutcome.objects.filter(work_order_id=work_order_id(work_order)).order_by("version")
    return [view_of(version) for version in found]


def current_outcomes() -> QuerySet[OrderOutcome]:
    """Return the newest version of every finished order in scope."""
    return OrderOutcome.objects.filter(current_of__isnull=False)


def stored_inputs(line: PayLine) -> Inputs:
    """Return the inputs that a line's calculation read."""
    inputs: Inputs = codec.from_json(Inputs, line.calculation["inputs"])
    return inputs


def stored_calculation(line: PayLine) -> Calculation:
    """Return a line's calculation as it was stored."""
    calculation: Calculation = codec.from_json(Calculation, line.calculation)
    return calculation


def ratings_of(technician_id: UUID, *, since: datetime, until: datetime, besides: UUID) -> tuple[int, int]:
    """Return (count, sum) of a technician's scores of the span's orders; begged ones and one order left out."""
    row = (
        current_outcomes()
        .filter(
            current_of__technician_id=technician_id,
            current_of__finished_at__gt=since,
            current_of__finished_at__lte=until,
            score__isnull=False,
            is_score_begged=False,
        )
        .exclude(work_order_id=besides)
        .aggregate(count=Count("id"), total=Sum("score"))
    )
    return int(row["count"]), int(row["total"] or 0)


def deducted_in_month(technician_id: UUID, *, at: datetime, besides: UUID) -> int:
    """Return what deductions took from a technician for orders of the local month, one order left out (fen)."""
    first = local_day(at).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    total = (
        OrderPay.objects.filter(
            technician_id=technician_id, finished_at__gte=at_minute(first, 0), finished_at__lt=at_minute(after, 0)
        )
        .exclude(work_order_id=besides)
        .aggregate(total=Sum("deducted_fen"))["total"]
    )
    return int(total or 0)


def repaired_before(
    *, address_id: UUID, service: str, opened_at: datetime, window_days: int, besides: UUID
) -> OrderOutcome | None:
    """Return the newest lasting repair of the service at the address inside the window before a report, if any."""
    return (
        current_outcomes()
        .filter(
            address_id=address_id,
            service=service,
            order_kind=OrderKind.REPAIR,
            close_type=CloseType.FIXED,
            segment=Segment.FIELD,
            finished_at__lte=opened_at,
            finished_at__gte=opened_at - timedelta(days=window_days),
        )
        .exclude(work_order_id=besides)
        .order_by("-finished_at")
        .first()
    )


def _line_view(line: PayLine) -> PayLineView:
    return PayLineView(
        id=line.id,
        work_order_id=line.pay.work_order_id,
        number=line.pay.number,
        technician_id=line.technician_id,
        payee=line.payee,
        kind=line.kind,
        reason_code=line.reason_code,
        amount_fen=line.amount_fen,
        occurred_at=line.occurred_at,
        state=PayState(line.pay.state),
        transaction_id=line.transaction_id,
    )
