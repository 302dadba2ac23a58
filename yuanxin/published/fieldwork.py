"""Facts that ``fieldwork`` tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from yuanxin.kernel.fact import Fact
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service


@dataclass(frozen=True, kw_only=True)
class WorkOrderCreated(Fact):
    """Work is to be done at an address; cause is the subject that asked for it."""

    number: str
    cause: str
    order_kind: OrderKind
    service: Service
    customer_id: UUID
    address_id: UUID
    grid_code: str
    area_class: AreaClass
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(Fact):
    """The customer was promised a window; version counts the times it was moved, from 1."""

    number: str
    cause: str
    customer_id: UUID
    window_from: datetime
    window_to: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class WorkOrderAssigned(Fact):
    """A technician is planned for the work; rides_along: on a trip to this home that was told with another order."""

    number: str
    cause: str
    customer_id: UUID
    technician_id: UUID
    planned_from: datetime
    planned_to: datetime
    rides_along: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkOrderAccepted(Fact):
    """The technician took the work."""

    number: str
    cause: str
    technician_id: UUID


@dataclass(frozen=True, kw_only=True)
class CustomerCalled(Fact):
    """A call through the relay ended, connected or not."""

    number: str
    cause: str
    technician_id: UUID
    attempt_id: UUID
    is_connected: bool


@dataclass(frozen=True, kw_only=True)
class VisitDeparted(Fact):
    """The technician is on the way; planned_from: when the work is planned to begin; rides_along: as above.

    arrival_from, arrival_to: when to expect him.
    """

    number: str
    cause: str
    customer_id: UUID
    technician_id: UUID
    planned_from: datetime | None = None
    rides_along: bool = False
    arrival_from: datetime | None = None
    arrival_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivalForetold(Fact):
    """The day's plan knows the hour of a promised visit more exactly; times: how often this was told, from 1."""

    number: str
    cause: str
    customer_id: UUID
    arrival_from: datetime
    arrival_to: datetime
    times: int


@dataclass(frozen=True, kw_only=True)
class VisitArrived(Fact):
    """The technician checked in; distance_m is None when the address has no coordinates."""

    number: str
    cause: str
    technician_id: UUID
    distance_m: int | None


@dataclass(frozen=True, kw_only=True)
class VisitStarted(Fact):
    """The work began."""

    number: str
    cause: str
    technician_id: UUID


@dataclass(frozen=True, kw_only=True)
class WorkOrderHeld(Fact):
    """The work stands still for an approved reason."""

    number: str
    cause: str
    reason_code: str
    customer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WorkOrderResumed(Fact):
    """The work goes on."""

    number: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class WorkOrderHandedOver(Fact):
    """Another segment is responsible from now on."""

    number: str
    cause: str
    from_segment: Segment
    to_segment: Segment
    reason_code: str
    customer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WorkOrderReturned(Fact):
    """The work went back to the pool."""

    number: str
    cause: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class WorkOrderCancelled(Fact):
    """The work will not be done."""

    number: str
    cause: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class CloseoutSubmitted(Fact):
    """A close-out waits for a look; reasons: ``code`` or ``code:what``."""

    number: str
    cause: str
    technician_id: UUID
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CloseoutSentBack(Fact):
    """A close-out was not good enough; the technician completes or repeats it."""

    number: str
    cause: str
    technician_id: UUID
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class WorkOrderFinished(Fact):
    """The work was closed out. Carries every instant that assessment and pay need.

    mates: the rest of the crew. segment_minutes: segment to the minutes for which it had the order, empty when only
    one had it; elsewhere_minutes: those of all segments but the one that finished it.
    """

    number: str
    cause: str
    order_kind: OrderKind
    service: Service
    customer_id: UUID
    address_id: UUID
    grid_code: str
    area_class: AreaClass
    technician_id: UUID
    payee: str | None
    segment: Segment
    close_type: CloseType
    fault_cause: str | None
    opened_at: datetime
    assigned_at: datetime
    accepted_at: datetime | None
    window_from: datetime | None
    window_to: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    started_at: datetime
    finished_at: datetime
    paused_minutes: int
    visits: int
    appointment_kept: bool | None
    mates: tuple[UUID, ...] = ()
    segment_minutes: dict[str, int] = field(default_factory=dict)
    elsewhere_minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class TechnicianAway(Fact):
    """Leave was granted: the technician is not at work in these hours, whatever the plan says."""

    technician_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class PlanProposed(Fact):
    """Another plan waits for a decision; promises: visits whose customer was told otherwise."""

    trigger: str
    day: date
    changes: int
    promises: int


@dataclass(frozen=True, kw_only=True)
class PlanDecided(Fact):
    """A proposed plan was taken over, in part or whole, or not; done and stale count its visits."""

    decision: str
    is_automatic: bool
    done: int
    stale: int
