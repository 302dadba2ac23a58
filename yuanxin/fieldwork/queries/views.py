"""What others see of field service: frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.fieldwork.models import Appointment, Evidence, Hold, OfflineStep, StateChange, Visit, WorkOrder
from yuanxin.fieldwork.rules.states import Action, State, allowed
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service


@dataclass(frozen=True, slots=True)
class WorkOrderView:
    """A work order with its newest appointment and committed time. actions: what its state allows."""

    id: UUID
    number: str
    cause: str
    order_kind: OrderKind
    service: Service
    segment: Segment
    fault_code: str
    state: State
    state_since: datetime
    customer_id: UUID
    address_id: UUID
    grid_code: str
    area_class: AreaClass
    technician_id: UUID | None
    statutory_due_at: datetime | None
    assessment_due_at: datetime | None
    opened_at: datetime
    assigned_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    close_type: CloseType | None
    fault_cause: str
    duration_minutes: int
    crew_size: int
    window_from: datetime | None
    window_to: datetime | None
    window_version: int
    planned_from: datetime | None
    planned_to: datetime | None
    actions: tuple[Action, ...]
    chases: int = 0
    bundle: UUID | None = None

    @property
    def due_at(self) -> datetime | None:
        """The earlier of the two due instants."""
        return min((due for due in (self.statutory_due_at, self.assessment_due_at) if due is not None), default=None)

    @property
    def is_done(self) -> bool:
        """Whether the work is finished."""
        return self.finished_at is not None


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of an order's history. changes: what an amendment changed, name to [before, after]."""

    action: str
    from_state: str
    to_state: str
    at: datetime
    actor: str
    technician_id: UUID | None
    reason_code: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OfflineStepView:
    """A step that a phone sent later. claimed_at: by the phone; taken_at: what it counts from."""

    action: str
    claimed_at: datetime
    taken_at: datetime
    received_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit as it happened. mates: the rest of the crew."""

    technician_id: UUID
    mates: tuple[UUID, ...]
    departed_at: datetime
    arrived_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    distance_m: int | None
    is_inside_fence: bool | None
    outcome: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A stored picture. url: through the file store; signed_by: personal, shown to who may see the customer.

    item: the checklist item that it shows. sha256: of the stored, stamped picture; original_sha256: of what was sent.
    """

    id: UUID
    kind: str
    url: str
    content_type: str
    item: str
    stamp: str
    sha256: str
    original_sha256: str
    made_at: datetime
    made_by: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold and its decision."""

    id: UUID
    work_order_id: UUID
    number: str
    reason_code: str
    note: str
    asked_at: datetime
    asked_by: str
    decision: str
    decided_at: datetime | None
    decided_by: str
    ended_at: datetime | None


def order_view(
    order: WorkOrder, window: Appointment | None, planned: tuple[datetime, datetime] | None
) -> WorkOrderView:
    """Return an order as others see it."""
    state = State(order.state)
    return WorkOrderView(
        id=order.pk,
        number=order.number,
        cause=order.cause,
        order_kind=OrderKind(order.order_kind),
        service=Service(order.service),
        segment=Segment(order.segment),
        fault_code=order.fault_code,
        state=state,
        state_since=order.state_since,
        customer_id=order.customer_id,
        address_id=order.address_id,
        grid_code=order.grid_code,
        area_class=AreaClass(order.area_class),
        technician_id=order.technician_id,
        statutory_due_at=order.statutory_due_at,
        assessment_due_at=order.assessment_due_at,
        opened_at=order.opened_at,
        assigned_at=order.assigned_at,
        accepted_at=order.accepted_at,
        finished_at=order.finished_at,
        close_type=CloseType(order.close_type) if order.close_type else None,
        fault_cause=order.fault_cause,
        duration_minutes=order.duration_minutes,
        crew_size=order.crew_size,
        window_from=window.window_from if window else None,
        window_to=window.window_to if window else None,
        window_version=window.version if window else 0,
        planned_from=planned[0] if planned else None,
        planned_to=planned[1] if planned else None,
        actions=allowed(state),
        chases=order.chases,
        bundle=order.bundle,
    )


def step_view(change: StateChange) -> StepView:
    """Return a line of history."""
    return StepView(
        action=change.action,
        from_state=change.from_state,
        to_state=change.to_state,
        at=change.at,
        actor=change.actor,
        technician_id=change.technician_id,
        reason_code=change.reason_code,
        changes=change.changes,
    )


def offline_step_view(row: OfflineStep) -> OfflineStepView:
    """Return a step that came later."""
    return OfflineStepView(
        action=row.action,
        claimed_at=row.claimed_at,
        taken_at=row.taken_at,
        received_at=row.received_at,
        actor=row.actor,
    )


def visit_view(visit: Visit) -> VisitView:
    """Return a visit."""
    return VisitView(
        technician_id=visit.technician_id,
        mates=tuple(visit.mates),
        departed_at=visit.departed_at,
        arrived_at=visit.arrived_at,
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        distance_m=visit.distance_m,
        is_inside_fence=visit.is_inside_fence,
        outcome=visit.outcome,
    )


def evidence_view(row: Evidence) -> EvidenceView:
    """Return a picture."""
    return EvidenceView(
        id=row.pk,
        kind=row.kind,
        url=row.file.url,
        content_type=row.content_type,
        item=row.item,
        stamp=row.stamp,
        sha256=row.sha256,
        original_sha256=row.original_sha256,
        made_at=row.made_at,
        made_by=row.made_by,
        signed_by=row.signed_by,
    )


def hold_view(row: Hold) -> HoldView:
    """Return a hold."""
    return HoldView(
        id=row.pk,
        work_order_id=row.work_order_id,
        number=row.work_order.number,
        reason_code=row.reason_code,
        note=row.note,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        decision=row.decision,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        ended_at=row.ended_at,
    )
