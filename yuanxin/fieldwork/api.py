"""The door of field service: work orders, appointments, dispatch, the technician's day. Ids and frozen data."""

from yuanxin.fieldwork.actions.appointments import book_appointment
from yuanxin.fieldwork.actions.assignment import accept, assign, claim, reassign, return_order
from yuanxin.fieldwork.actions.closing import confirm_callback, finish
from yuanxin.fieldwork.actions.dispatching import AssignedView, DispatchResult, UnservedView, auto_dispatch
from yuanxin.fieldwork.actions.holds import approve_hold, hold, refuse_hold, resume
from yuanxin.fieldwork.actions.offline import note_offline
from yuanxin.fieldwork.actions.orders import amend, cancel, create_work_order, hand_over, merge
from yuanxin.fieldwork.actions.visits import arrive, depart, start
from yuanxin.fieldwork.parameters import fence, hold_reasons, offline_limits
from yuanxin.fieldwork.planning.answers import Advice, CandidateView, ObstacleView, OwnershipView, WindowOffer
from yuanxin.fieldwork.planning.asking import advice, candidates, obstacles, offer_windows
from yuanxin.fieldwork.queries.lists import UNDER_WAY, PoolCounts, dispatch_runs, pool, pool_counts, work_orders
from yuanxin.fieldwork.queries.orders import (
    TodayItem,
    evidence_of,
    finished_on,
    history,
    holds_of,
    holds_to_decide,
    offline_steps_of,
    picture,
    today,
    visits_of,
    work_order,
    work_order_by_number,
    work_orders_at,
    work_orders_by_id,
    work_orders_of,
)
from yuanxin.fieldwork.queries.views import EvidenceView, HoldView, OfflineStepView, StepView, VisitView, WorkOrderView
from yuanxin.fieldwork.rules import errors
from yuanxin.fieldwork.rules.closing import CAUSES
from yuanxin.fieldwork.rules.offline import OfflineLimits, Taken, claimed_instant, taken
from yuanxin.fieldwork.rules.states import Action, State

__all__ = [
    "CAUSES",
    "UNDER_WAY",
    "Action",
    "Advice",
    "AssignedView",
    "CandidateView",
    "DispatchResult",
    "EvidenceView",
    "HoldView",
    "ObstacleView",
    "OfflineLimits",
    "OfflineStepView",
    "OwnershipView",
    "PoolCounts",
    "State",
    "StepView",
    "Taken",
    "TodayItem",
    "UnservedView",
    "VisitView",
    "WindowOffer",
    "WorkOrderView",
    "accept",
    "advice",
    "amend",
    "approve_hold",
    "arrive",
    "assign",
    "auto_dispatch",
    "book_appointment",
    "cancel",
    "candidates",
    "claim",
    "claimed_instant",
    "confirm_callback",
    "create_work_order",
    "depart",
    "dispatch_runs",
    "errors",
    "evidence_of",
    "fence",
    "finish",
    "finished_on",
    "hand_over",
    "history",
    "hold",
    "hold_reasons",
    "holds_of",
    "holds_to_decide",
    "merge",
    "note_offline",
    "obstacles",
    "offer_windows",
    "offline_limits",
    "offline_steps_of",
    "picture",
    "pool",
    "pool_counts",
    "reassign",
    "refuse_hold",
    "resume",
    "return_order",
    "start",
    "taken",
    "today",
    "visits_of",
    "work_order",
    "work_order_by_number",
    "work_orders",
    "work_orders_at",
    "work_orders_by_id",
    "work_orders_of",
]
