"""Review of a close-out 回单审核: when somebody must look before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from yuanxin.published.codes import CloseType


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What asks for a look, from the rulebook ``closeout.review``. sample_permille: share taken at random."""

    outside_fence: bool
    test_out_of_limits: bool
    item_not_done: bool
    no_fault_without_tests: bool
    sample_permille: int


@dataclass(frozen=True, slots=True)
class Handed:
    """What a technician handed in, as far as a look depends on it. is_inside_fence None: nobody could measure."""

    work_order_id: UUID
    close_type: CloseType
    is_inside_fence: bool | None
    bad_tests: Sequence[str]
    has_tests: bool
    items_not_done: Sequence[str]


def reasons_to_look(rules: ReviewRules, handed: Handed) -> tuple[str, ...]:
    """Return why somebody must look, ``code`` or ``code:what``; empty when it may go on at once."""
    reasons: list[str] = []
    if rules.outside_fence and handed.is_inside_fence is False:
        reasons.append("outside_fence")
    if rules.test_out_of_limits:
        reasons += [f"test_out_of_limits:{name}" for name in handed.bad_tests]
    if rules.item_not_done:
        reasons += [f"item_not_done:{code}" for code in handed.items_not_done]
    if rules.no_fault_without_tests and handed.close_type is CloseType.NO_FAULT and not handed.has_tests:
        reasons.append("no_fault_without_tests")
    if is_sampled(handed.work_order_id, rules.sample_permille):
        reasons.append("sample")
    return tuple(reasons)


def is_sampled(work_order_id: UUID, permille: int) -> bool:
    """Whether an order belongs to the sample: decided by its id alone, so that nobody can try again."""
    return int.from_bytes(sha256(work_order_id.bytes).digest()[:4], "big") % 1000 < permille
