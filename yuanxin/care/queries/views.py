"""What others see of ``care``: frozen data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.care.rules.complaints import ComplaintState, ComplaintStepKind
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service


@dataclass(frozen=True)
class TicketView:
    """A trouble ticket as others may see it; the note is the customer's own words."""

    id: UUID
    number: str
    customer_id: UUID
    address_id: UUID
    service: Service
    fault_code: str
    area_class: AreaClass
    customer_class: CustomerClass
    grid_code: str
    channel: Channel
    note: str
    state: str
    opened_at: datetime
    wanted_from: datetime | None
    wanted_to: datetime | None
    statutory_due_at: datetime | None
    assessment_due_at: datetime | None
    rule_version_id: UUID | None
    repeat_of: UUID | None
    merged_into: UUID | None
    chases: int
    work_order: str
    resolved_at: datetime | None
    resolved_how: str
    closed_at: datetime | None


@dataclass(frozen=True)
class RatingView:
    """A customer's own score, 1 to 10; one that was asked for does not count."""

    score: int
    is_begged: bool
    rated_at: datetime


@dataclass(frozen=True)
class ComplaintView:
    """A complaint with the steps that it may take next."""

    id: UUID
    number: str
    customer_id: UUID | None
    category: str
    service: Service
    channel: Channel
    source: str
    external_number: str
    external_due_at: datetime | None
    ticket_id: UUID | None
    answered_at: datetime | None
    answered_by: str
    signed_at: datetime | None
    signed_by: str
    note: str
    state: ComplaintState
    level: int
    opened_at: datetime
    first_reply_due_at: datetime | None
    solve_due_at: datetime | None
    ended_at: datetime | None
    next_steps: tuple[ComplaintStepKind, ...]


@dataclass(frozen=True)
class ContactView:
    """One touch of a customer."""

    id: UUID
    channel: Channel
    reason_code: str
    outcome: str
    note: str
    contacted_at: datetime


@dataclass(frozen=True)
class ThreadEntry:
    """One line of a ticket's or complaint's story: what happened, when, by whom, in whose words."""

    at: datetime
    kind: str
    detail: str
    text: str
    who: str
