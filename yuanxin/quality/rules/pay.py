"""What a finished order earns, step by step to the fen.

piece = item price x close type x timeliness x quality x repeat; pay = piece + allowances - deductions, between the
scheme's floor and cap. Every step keeps its rule, its factor, its fen and its rounding; the steps sum to the total.
"""

from __future__ import annotations

from dataclasses import dataclass

from yuanxin.kernel.money import Money
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.quality.rules.terms import Night, Rating, Terms

EXACT = "exact"
HALF_UP = "half_up"  # half a fen away from zero
FULL = 100


@dataclass(frozen=True, kw_only=True)
class Work:
    """The finished work as pay sees it.

    late_minutes: minutes by which the assessment clock was missed, 0 when kept, None when there was no such clock.
    started_minute: local minute of the day (0-1439) in which the work began. is_holiday: a statutory rest day.
    """

    order_kind: OrderKind
    service: Service
    area_class: AreaClass
    close_type: CloseType
    segment: Segment
    late_minutes: int | None
    started_minute: int
    is_holiday: bool


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A signed change (fen) that a person decided 人工调整, with its reason code; negative takes away."""

    reason_code: str
    fen: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What became known after the work.

    is_mismatch: the customer said at call-back that the work was not done.
    rating_count, rating_sum: scores of this technician inside the scheme's window, begged ones left out.
    is_repeat: the same technician repaired the same service at the same address inside the scheme's window.
    deducted_before_fen: what deductions took from this person in the month, this order left out.
    """

    is_mismatch: bool = False
    rating_count: int = 0
    rating_sum: int = 0
    is_repeat: bool = False
    deducted_before_fen: int = 0
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything that a calculation reads; the same inputs give the same fen for ever."""

    terms: Terms
    work: Work
    evidence: Evidence = Evidence()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a calculation. fen: what it adds (+) or takes (-). factor_percent: for steps that multiply.

    note: why the step is what it is, a code that ``web`` turns into words.
    """

    code: str
    rule_id: str
    note: str
    fen: int
    factor_percent: int | None = None
    rounding: str = EXACT


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """A calculation 计算过程: inputs, steps in order, and what deductions took (fen, 0 or more)."""

    inputs: Inputs
    steps: tuple[Step, ...]
    deducted_fen: int

    @property
    def total_fen(self) -> int:
        """The pay of the order (fen, 0 or more): the sum of its steps."""
        return sum(step.fen for step in self.steps)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The rules that the calculation read, each once, in order."""
        return tuple(dict.fromkeys(step.rule_id for step in self.steps))


def calculate(inputs: Inputs) -> Calculation:
    """Return what the order earns and why.

    A fault outside the technician's segment neither lowers the piece nor deducts (the technician does not pay for a
    cut fibre). One low score changes nothing: ratings count from the scheme's sample on. Deductions of a month stay
    under the scheme's monthly cap. A repeat visit earns its share of the piece and no floor.
    """
    terms, work = inputs.terms, inputs.work
    if terms.price_fen is None:
        unpriced = Step(code="item", rule_id=_item(work), note="unpriced", fen=0)
        return Calculation(inputs=inputs, steps=(unpriced,), deducted_fen=0)
    steps = _piece(inputs, terms.price_fen)
    piece = sum(step.fen for step in steps)
    steps += _allowances(terms, work)
    taken = _deductions(inputs, piece)
    steps += taken
    steps += _bounds(inputs, sum(step.fen for step in steps))
    deducted = -sum(step.fen for step in taken if step.fen < 0)
    return Calculation(inputs=inputs, steps=tuple(steps), deducted_fen=deducted)


def timeliness(terms: Terms, late_minutes: int | None) -> int:
    """Return the timeliness factor (%) of work late by this many minutes; on time, or without a clock, 100."""
    if late_minutes is None or late_minutes <= 0:
        return FULL
    for step in terms.late_steps:
        if late_minutes <= step.up_to_minutes:
            return step.factor_percent
    return terms.later_percent


def quality_factor(rating: Rating, count: int, total: int) -> int:
    """Return the quality factor (%) of a technician with this many counted scores of this sum."""
    if count < rating.sample_min:
        return FULL
    for band in rating.bands:
        if total * FULL >= band.mean_from_percent * count * rating.score_top:
            return band.factor_percent
    return FULL


def is_night(night: Night, minute: int) -> bool:
    """Tell whether a local minute of the day lies in the night hours; the first hour belongs, the last does not."""
    start, end = night.from_hour * 60, night.to_hour * 60
    return start <= minute < end if start <= end else minute >= start or minute < end


def _piece(inputs: Inputs, price_fen: int) -> list[Step]:
    terms, work, evidence = inputs.terms, inputs.work, inputs.evidence
    is_ours = work.segment is Segment.FIELD
    lateness, lateness_note = timeliness(terms, work.late_minutes), _lateness_note(work)
    score = quality_factor(terms.rating, evidence.rating_count, evidence.rating_sum)
    score_note = "ratings" if evidence.rating_count >= terms.rating.sample_min else "sample_too_small"
    if not is_ours:
        lateness, lateness_note = FULL, "not_the_technician"
        score, score_note = (score, score_note) if score >= FULL else (FULL, "not_the_technician")
    factors = [
        ("close", f"incentive.close.{work.close_type}", str(work.close_type), terms.close_percent),
        ("timeliness", _timeliness_rule(terms, work, lateness_note), lateness_note, lateness),
        ("quality", "incentive.quality.rating", score_note, score),
    ]
    if evidence.is_repeat and is_ours:
        factors.append(("repeat", "incentive.repeat_fault", "repeat_fault", terms.repeat_percent))
    steps = [Step(code="item", rule_id=_item(work), note=f"{work.order_kind}.{work.service}", fen=price_fen)]
    piece = Money(price_fen)
    for code, rule_id, note, percent in factors:
        after = piece.share(percent, FULL)
        change = after.fen - piece.fen
        steps.append(Step(code=code, rule_id=rule_id, note=note, fen=change, factor_percent=percent, rounding=HALF_UP))
        piece = after
    return steps


def _lateness_note(work: Work) -> str:
    if work.late_minutes is None:
        return "no_clock"
    return "late" if work.late_minutes > 0 else "on_time"


def _timeliness_rule(terms: Terms, work: Work, note: str) -> str:
    if note != "late" or work.late_minutes is None:
        return "incentive.timeliness"
    for number, step in enumerate(terms.late_steps, start=1):
        if work.late_minutes <= step.up_to_minutes:
            return f"incentive.timeliness.late_{number}"
    return "incentive.timeliness.later"


def _allowances(terms: Terms, work: Work) -> list[Step]:
    steps = []
    if is_night(terms.night, work.started_minute):
        steps.append(_allowance("night", terms.night.amount_fen))
    if work.area_class is not AreaClass.URBAN:
        steps.append(_allowance(str(work.area_class), terms.area_fen))
    if work.is_holiday:
        steps.append(_allowance("holiday", terms.holiday_fen))
    return steps


def _allowance(name: str, fen: int) -> Step:
    return Step(code=name, rule_id=f"incentive.allowance.{name}", note="allowance", fen=fen)


def _deductions(inputs: Inputs, piece_fen: int) -> list[Step]:
    terms, evidence = inputs.terms, inputs.evidence
    left = max(0, terms.monthly_cap_fen - evidence.deducted_before_fen)
    steps: list[Step] = []
    if evidence.is_mismatch and inputs.work.segment is Segment.FIELD:
        wanted = Money(piece_fen).share(terms.mismatch_percent, FULL).fen
        taken = min(wanted, left)
        left -= taken
        steps.append(
            Step(
                code="mismatch",
                rule_id="incentive.deduction.callback_mismatch" if taken == wanted else _MONTHLY_CAP,
                note="callback_mismatch" if taken == wanted else "monthly_cap",
                fen=-taken,
                factor_percent=terms.mismatch_percent,
                rounding=HALF_UP,
            )
        )
    for reason_code, net in _netted(evidence.corrections).items():
        fen = net if net >= 0 else -min(-net, left)
        left += min(0, fen)
        rule_id = "incentive.correction" if fen == net else _MONTHLY_CAP
        steps.append(Step(code="correction", rule_id=rule_id, note=reason_code, fen=fen))
    return steps


def _netted(corrections: tuple[Correction, ...]) -> dict[str, int]:
    """Sum the corrections by reason, so that an overturned one leaves no trace in the amount, to the fen."""
    nets: dict[str, int] = {}
    for correction in corrections:
        nets[correction.reason_code] = nets.get(correction.reason_code, 0) + correction.fen
    return nets


_MONTHLY_CAP = "incentive.deduction.monthly_cap"


def _bounds(inputs: Inputs, total_fen: int) -> list[Step]:
    terms = inputs.terms
    is_unpaid_repeat = inputs.evidence.is_repeat and inputs.work.segment is Segment.FIELD
    floor = 0 if is_unpaid_repeat else terms.floor_fen
    if total_fen < floor:
        return [Step(code="floor", rule_id="incentive.floor", note="least_pay", fen=floor - total_fen)]
    if total_fen > terms.cap_fen:
        return [Step(code="cap", rule_id="incentive.cap", note="most_pay", fen=terms.cap_fen - total_fen)]
    return []


def _item(work: Work) -> str:
    return f"incentive.item.{work.order_kind}.{work.service}"
