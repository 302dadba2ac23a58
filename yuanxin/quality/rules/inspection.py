"""Quality inspection 质检: which finished orders a person looks at, what an inspector may find, who may not look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from yuanxin.kernel.errors import Conflict, DomainError, NotFound, Refused

CHECK, FINDINGS = "quality.check", "quality.findings"
PERMILLE = 1000


class InspectionState(StrEnum):
    """Where an inspection stands: open 待检, passed 合格, found 有问题, lapsed 逾期未检."""

    OPEN = "open"
    PASSED = "passed"
    FOUND = "found"
    LAPSED = "lapsed"


class Reason(StrEnum):
    """Why an order is looked at 质检原因, the gravest first."""

    MISMATCH = "mismatch"
    LOW_SCORE = "low_score"
    REPEAT = "repeat"
    VERY_LATE = "very_late"
    CLOSE_TYPE = "close_type"
    SAMPLE = "sample"


class InspectionUnknown(NotFound):
    """This order is not to be inspected."""

    code = "quality.inspection_unknown"


class InspectionDone(Conflict):
    """Somebody has inspected this order already, or its time is over."""

    code = "quality.inspection_done"


class OwnTeamRefused(Refused):
    """Nobody inspects the own work or that of the own team. Params: name."""

    code = "quality.own_team"


class FindingUnknown(DomainError):
    """The rulebook holds no such finding. Params: finding."""

    code = "quality.finding_unknown"


@dataclass(frozen=True, kw_only=True)
class CheckTerms:
    """What the rulebook says of inspections.

    sample_permille: share that is drawn. low_score_upto: a score so low is looked at (1-10). late_over_minutes: work
    later than this is looked at. close_types: looked at always. findings: share of the piece (%) by code.
    """

    sample_permille: int
    low_score_upto: int
    late_over_minutes: int
    close_types: tuple[str, ...]
    findings: Mapping[str, int]


def read_check_terms(values: Mapping[tuple[str, str], int | tuple[str, ...]]) -> CheckTerms | None:
    """Read the terms from rulebook values; None while the rulebook holds none."""
    numbers = [values.get((CHECK, name)) for name in ("sample_permille", "low_score_upto", "late_over_minutes")]
    codes = values.get((FINDINGS, "codes"))
    if not isinstance(codes, tuple) or not all(isinstance(number, int) for number in numbers):
        return None
    shares = {code: values.get((FINDINGS, f"{code}_percent")) for code in codes}
    close_types = values.get((CHECK, "close_types"))
    sample, score, late = (int(str(number)) for number in numbers)
    return CheckTerms(
        sample_permille=sample,
        low_score_upto=score,
        late_over_minutes=late,
        close_types=close_types if isinstance(close_types, tuple) else (),
        findings={code: share for code, share in shares.items() if isinstance(share, int)},
    )


def is_sampled(work_order_id: UUID, permille: int) -> bool:
    """Tell whether an order is in the sample: a hash of its id decides, so anybody can draw the sample again."""
    drawn = int.from_bytes(hashlib.sha256(work_order_id.bytes).digest()[:8], "big")
    return drawn % PERMILLE < permille


def reason_of(
    terms: CheckTerms,
    *,
    work_order_id: UUID,
    late_minutes: int | None,
    close_type: str,
    is_repeat: bool,
    is_mismatch: bool,
    counted_score: int | None,
) -> Reason | None:
    """Return the gravest reason to look at an order, None when there is none."""
    found = {
        Reason.MISMATCH: is_mismatch,
        Reason.LOW_SCORE: counted_score is not None and counted_score <= terms.low_score_upto,
        Reason.REPEAT: is_repeat,
        Reason.VERY_LATE: (late_minutes or 0) > terms.late_over_minutes,
        Reason.CLOSE_TYPE: close_type in terms.close_types,
        Reason.SAMPLE: is_sampled(work_order_id, terms.sample_permille),
    }
    return next((reason for reason in Reason if found[reason]), None)


def is_graver(reason: Reason, than: Reason) -> bool:
    """Tell whether a reason weighs more than another."""
    return list(Reason).index(reason) < list(Reason).index(than)


def stops_pay(reason: Reason) -> bool:
    """Tell whether pay waits for the inspection; an inspector's delay alone keeps nobody's pay back."""
    return reason is Reason.MISMATCH


def require_other_team(
    *, inspector_teams: Iterable[str], technician_teams: Iterable[str], technician_name: str
) -> None:
    """Raise OwnTeamRefused when both have a team in common; a person's own id counts as a team of one."""
    if set(inspector_teams) & set(technician_teams):
        raise OwnTeamRefused(name=technician_name)
