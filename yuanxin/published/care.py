"""Facts that ``care`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.kernel.fact import Fact
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, OrderKind, Segment, Service


@dataclass(frozen=True, kw_only=True)
class ContactRecorded(Fact):
    """A customer contacted us; outcome is ticket, complaint, no_visit or information."""

    channel: Channel
    reason_code: str
    outcome: str
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Fact):
    """A trouble ticket was opened and its clocks run."""

    number: str
    customer_id: UUID
    address_id: UUID
    service: Service
    fault_code: str
    order_kind: OrderKind
    area_class: AreaClass
    grid_code: str
    channel: Channel
    statutory_due_at: datetime | None
    assessment_due_at: datetime | None
    wanted_from: datetime | None
    wanted_to: datetime | None
    customer_class: CustomerClass = CustomerClass.RESIDENT


@dataclass(frozen=True, kw_only=True)
class TicketResolved(Fact):
    """The fault of a ticket is repaired, or was solved on the phone (no work order)."""

    number: str
    customer_id: UUID
    work_order: str | None


@dataclass(frozen=True, kw_only=True)
class TicketClosed(Fact):
    """A ticket is closed after its call-back."""

    number: str


@dataclass(frozen=True, kw_only=True)
class TicketCancelled(Fact):
    """A ticket was withdrawn or merged before the work was done."""

    number: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class TicketChased(Fact):
    """The customer asks where we are (催单). chases: how often by now; work_order: the last one that was finished."""

    number: str
    work_order: str | None
    chases: int
    customer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ThreadMessagePosted(Fact):
    """Somebody wrote into the thread of an order, the subject. author: text of an actor; mentions: called segments."""

    message_id: UUID
    author: str
    mentions: tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True)
class ComplaintOpened(Fact):
    """A complaint was taken in."""

    number: str
    customer_id: UUID | None
    category: str
    channel: Channel


@dataclass(frozen=True, kw_only=True)
class ComplaintClosed(Fact):
    """A complaint ended."""

    number: str


@dataclass(frozen=True, kw_only=True)
class ComplaintMoved(Fact):
    """A complaint took a step. state: after it; level: 0 none, 1 inside the company, 2 with a regulator."""

    number: str
    state: str
    level: int


@dataclass(frozen=True, kw_only=True)
class CallbackRecorded(Fact):
    """Somebody called the customer back. agrees: the customer confirms that the work was done.

    differs: what the customer says otherwise than the close-out: cause, materials, visit. attempt: number of this try.
    """

    ticket: str
    work_order: str | None
    reached: bool
    agrees: bool | None
    score: int | None
    differs: tuple[str, ...] = ()
    attempt: int = 1


@dataclass(frozen=True, kw_only=True)
class RedLineSuspected(Fact):
    """A customer reports what the service red lines forbid: private_fee, begged_score, false_close. Not yet proved."""

    ticket: str
    work_order: str | None
    kind: str


@dataclass(frozen=True, kw_only=True)
class RatingReceived(Fact):
    """A customer rated the visit from 1 to 10. begged: the score was asked for and does not count."""

    ticket: str
    work_order: str | None
    score: int
    begged: bool


@dataclass(frozen=True, kw_only=True)
class CallMoved(Fact):
    """A call rings, is answered, was transferred or is over: agents' screens look again. agent_id: who has it."""

    queue: str
    state: str
    agent_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CallHandled(Fact):
    """A call of the hotline is over and has its outcome. A late word may change the outcome: the last fact counts.

    outcome: the agent's wrap-up code, or abandoned (nobody answered), dropped (lost in a transfer), unsaid.
    first_owner_id: who answered first, whatever transfers followed.
    """

    queue: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    agent_id: UUID | None
    first_owner_id: UUID | None
    customer_id: UUID | None
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ContactTakenBack(Fact):
    """A contact was a slip of the finger and counts for nothing."""

    channel: Channel
