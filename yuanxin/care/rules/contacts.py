"""Contacts (来电): what a touch of a customer may end in, and how its reason is written."""

import re
from enum import StrEnum

from yuanxin.kernel.errors import DomainError

_REASON = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Outcome(StrEnum):
    """去向: ticket 报障单, complaint 投诉, no_visit 无需上门, information 咨询."""

    TICKET = "ticket"
    COMPLAINT = "complaint"
    NO_VISIT = "no_visit"
    INFORMATION = "information"


class UnknownOutcome(DomainError):
    """A contact ends in a ticket, a complaint, without a visit, or in information. Params: outcome."""

    code = "care.unknown_outcome"


class ReasonUnreadable(DomainError):
    """A reason is a short code of small letters, digits and underscores. Params: reason_code."""

    code = "care.reason_unreadable"


def outcome_of(code: str) -> Outcome:
    """Return the outcome of this code. Raises UnknownOutcome."""
    try:
        return Outcome(code)
    except ValueError:
        raise UnknownOutcome(field="outcome", outcome=code[:40]) from None


def checked_reason(code: str, *, field: str = "reason_code") -> str:
    """Return a reason or category code as it is. Raises ReasonUnreadable."""
    if not _REASON.fullmatch(code):
        raise ReasonUnreadable(field=field, reason_code=code[:40])
    return code
