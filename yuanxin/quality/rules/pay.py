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
class Finding:
    """What an inspector found 质检问题 and the share of the piece (%) that it costs."""

    code: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What became known after the work.

    is_mismatch: the customer said at call-back that the work was not done.
    rating_count, rating_sum: scores of this technician inside the scheme's window, begged ones left out.
    is_repeat: the same technician repaired the same service at the same address inside the scheme's window.
    deducted_before_fen: what deductions took from this person in the month, this order left out.
    is_repeated: somebody else had to repair the same service at the same address again inside the scheme's window.
    findings: of an inspector; they are about the own record and count in every segment.
    """

    is_mismatch: bool = False
    rating_count: int = 0
    rating_sum: int = 0
    is_repeat: bool = False
    deducted_before_fen: int = 0
    corrections: tuple[Correction, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything that a calculation reads; the same inputs give the same fen for ever.

    terms None: no scheme was in force; the work is recorded with 0 and shown so.
    """

    terms: Terms | None
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
    terms, work, evidence = inputs.terms, inputs.work, inputs.evidence
    if terms is None or terms.price_fen is None:
        note = "no_scheme" if terms is None else "unpriced"
        unpriced = Step(code="item", rule_id="pay.piece", note=note, fen=0)
        return Calculation(inputs=inputs, steps=(unpriced,), deducted_fen=0)
    steps = _piece(terms, terms.price_fen, work, evidence)
    piece = sum(step.fen for step in steps)
    steps += _allowances(terms, work)
    taken = _deductions(terms, work, evidence, piece)
    steps += taken
    is_unpaid_repeat = evidence.is_repeat and work.segment is Segment.FIELD
    steps += _bounds(terms, sum(step.fen for step in steps), floor_fen=0 if is_unpaid_repeat else terms.floor_fen)
    deducted = -sum(step.fen for step in taken if step.fen < 0)
    return Calculation(inputs=inputs, steps=tuple(steps), deducted_fen=deducted)


def timeliness(terms: Terms, late_minutes: int | None) -> int:
    """Return the timeliness factor (%) of work late by this many minutes; 100 when there was no clock."""
    if late_minutes is None:
        return FULL
    if late_minutes <= 0:
        return terms.on_time_percent
    for step in terms.late_steps:
        if late_minutes <= step.up_to_minutes:
            return step.factor_percent
    return terms.later_percent


def own_lateness(late_minutes: int | None, elsewhere_minutes: int) -> int | None:
    """Return the lateness (minutes) that is the technician's own: not that of other segments 责任段."""
    return None if late_minutes is None else max(0, late_minutes - elsewhere_minutes)


def quality_factor(rating: Rating, count: int, total: int) -> tuple[int, str]:
    """Return the quality factor (%) of a technician with this many counted scores of this sum, and why."""
    if count < rating.sample_min:
        return rating.usual_percent, "sample_too_small"
    if total >= rating.praised_from_score * count:
        return rating.praised_percent, "praised"
    return rating.usual_percent, "usual"


def is_night(night: Night, minute: int) -> bool:
    """Tell whether a local minute of the day lies in the night hours; the first minute belongs, the last does not."""
    start, end = night.from_minute, night.to_minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def _piece(terms: Terms, price_fen: int, work: Work, evidence: Evidence) -> list[Step]:
    is_ours = work.segment is Segment.FIELD
    lateness, lateness_note = timeliness(terms, work.late_minutes), _lateness_note(work)
    score, score_note = quality_factor(terms.rating, evidence.rating_count, evidence.rating_sum)
    if not is_ours and lateness_note == "late":
        lateness, lateness_note = terms.on_time_percent, "not_the_technician"
    factors = [
        ("close", "pay.close_types", str(work.close_type), terms.close_percent),
        ("timeliness", "pay.timeliness", lateness_note, lateness),
        ("quality", "pay.quality", score_note, score),
    ]
    if evidence.is_repeat and is_ours:
        factors.append(("repeat", "pay.repeat", "repeat_fault", terms.repeat_percent))
    if evidence.is_repeated and is_ours:
        factors.append(("repeated", "pay.repeat", "repeated_by_other", terms.repeated_percent))
    steps = [Step(code="item", rule_id="pay.piece", note=f"{work.order_kind}.{work.service}", fen=price_fen)]
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


def _allowances(terms: Terms, work: Work) -> list[Step]:
    steps = []
    if is_night(terms.night, work.started_minute):
        steps.append(_allowance("night", "pay.allowances", terms.night.amount_fen))
    if work.area_class is not AreaClass.URBAN:
        steps.append(_allowance(str(work.area_class), "pay.allowances", terms.area_fen))
    if work.is_holiday:
        steps.append(_allowance("holiday", "pay.holiday", terms.holiday_fen))
    return steps


def _allowance(name: str, rule_id: str, fen: int) -> Step:
    return Step(code=name, rule_id=rule_id, note="allowance", fen=fen)


def _deductions(terms: Terms, work: Work, evidence: Evidence, piece_fen: int) -> list[Step]:
    left = max(0, terms.monthly_cap_fen - evidence.deducted_before_fen)
    steps: list[Step] = []
    if evidence.is_mismatch and work.segment is Segment.FIELD:
        wanted = Money(piece_fen).share(FULL - terms.disputed_percent, FULL).fen
        taken = min(wanted, left)
        left -= taken
        steps.append(
            Step(
                code="mismatch",
                rule_id="pay.quality" if taken == wanted else _LIMITS,
                note="callback_mismatch" if taken == wanted else "monthly_cap",
                fen=-taken,
                factor_percent=FULL - terms.disputed_percent,
                rounding=HALF_UP,
            )
        )
    for finding in evidence.findings:
        wanted = Money(piece_fen).share(finding.percent, FULL).fen
        taken = min(wanted, left, max(0, piece_fen + sum(step.fen for step in steps)))
        left -= taken
        steps.append(
            Step(
                code="finding",
                rule_id="quality.findings" if taken == wanted else _LIMITS,
                note=f"finding.{finding.code}",
                fen=-taken,
                factor_percent=finding.percent,
                rounding=HALF_UP,
            )
        )
    for reason_code, net in _netted(evidence.corrections).items():
        fen = net if net >= 0 else -min(-net, left)
        left += min(0, fen)
        steps.append(Step(code="correction", rule_id=_LIMITS, note=reason_code, fen=fen))
    return steps


def _netted(corrections: tuple[Correction, ...]) -> dict[str, int]:
    """Sum the corrections by reason, so that an overturned one leaves no trace in the amount, to the fen."""
    nets: dict[str, int] = {}
    for correction in corrections:
        nets[correction.reason_code] = nets.get(correction.reason_code, 0) + correction.fen
    return nets


_LIMITS = "pay.limits"


def _bounds(terms: Terms, total_fen: int, *, floor_fen: int) -> list[Step]:
    if total_fen < floor_fen:
        return [Step(code="floor", rule_id=_LIMITS, note="least_pay", fen=floor_fen - total_fen)]
    if total_fen > terms.cap_fen:
        return [Step(code="cap", rule_id=_LIMITS, note="most_pay", fen=terms.cap_fen - total_fen)]
    return []
