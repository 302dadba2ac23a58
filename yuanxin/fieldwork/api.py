"""The door of field service: work orders, appointments, dispatch, the technician's day. Ids and frozen data."""

from yuanxin.fieldwork.actions.appointments import book_appointment
from yuanxin.fieldwork.actions.arrivals import foretell_arrivals
from yuanxin.fieldwork.actions.assignment import accept, assign, claim, reassign, return_order
from yuanxin.fieldwork.actions.bulk import Choice, Outcome, assign_many, assign_together
from yuanxin.fieldwork.actions.calibrating import calibrate_travel
from yuanxin.fieldwork.actions.changing import amend, cancel, merge
from yuanxin.fieldwork.actions.closing import DeviceMove, finish
from yuanxin.fieldwork.actions.concluding import confirm_callback
from yuanxin.fieldwork.actions.dispatching import AssignedView, DispatchResult, UnservedView, auto_dispatch
from yuanxin.fieldwork.actions.events import technician_out
from yuanxin.fieldwork.actions.evidence import add_evidence
from yuanxin.fieldwork.actions.holds import approve_hold, hold, refuse_hold, resume
from yuanxin.fieldwork.actions.leave import (
    approve_exemption,
    approve_leave,
    ask_exemption,
    ask_leave,
    end_leave,
    record_leave,
    refuse_exemption,
    refuse_leave,
    withdraw_leave,
)
from yuanxin.fieldwork.actions.offline import note_offline
from yuanxin.fieldwork.actions.orders import create_work_order
from yuanxin.fieldwork.actions.placing import Placed, pin, place, unassign, unpin
from yuanxin.fieldwork.actions.planning import cancel_proposal, compute_proposal, plan_city
from yuanxin.fieldwork.actions.positions import TakenBatch, record_positions, report_position
from yuanxin.fieldwork.actions.proposals import Accepted, Stale, accept_proposal, refuse_proposal
from yuanxin.fieldwork.actions.relay import (
    DIRECT_REASONS,
    call_customer,
    call_directly,
    record_call_end,
    start_first_contacts,
)
from yuanxin.fieldwork.actions.reviewing import approve_closeout, send_back
from yuanxin.fieldwork.actions.roster import RosterWritten, end_loan, lend, set_duties
from yuanxin.fieldwork.actions.segments import hand_back, hand_over
from yuanxin.fieldwork.actions.undoing import Undone, undo_last
from yuanxin.fieldwork.actions.visits import arrive, depart, start
from yuanxin.fieldwork.parameters import (
    bookable_days,
    checklist,
    company_reasons,
    customer_reasons,
    fence,
    hand_back_reasons,
    hand_over_reasons,
    hold_reasons,
    materials,
    may_claim,
    offline_limits,
    reschedule_reasons,
    send_back_reasons,
    test_limits,
)
from yuanxin.fieldwork.planning.answers import (
    Advice,
    CandidateView,
    ObstacleView,
    OwnershipView,
    WayOutView,
    WindowOffer,
)
from yuanxin.fieldwork.planning.asking import advice, candidates, obstacles
from yuanxin.fieldwork.planning.legs import Stop, drive_minutes
from yuanxin.fieldwork.planning.offering import best_windows, offer_windows
from yuanxin.fieldwork.planning.sharing import ShareLine, share_out
from yuanxin.fieldwork.planning.shifts import on_duty, shifts_on, usual_hours
from yuanxin.fieldwork.planning.trying import warnings_of
from yuanxin.fieldwork.queries.arrivals import ArrivalView, arrival
from yuanxin.fieldwork.queries.board import BoardDay, BoardJob, BoardTechnician, BoardVisit, board_of
from yuanxin.fieldwork.queries.claims import claimable
from yuanxin.fieldwork.queries.closeouts import CloseOutView, close_outs_of, reviews
from yuanxin.fieldwork.queries.deeds import UndoView, undoable
from yuanxin.fieldwork.queries.homes import one_visit, same_home
from yuanxin.fieldwork.queries.lists import UNDER_WAY, PoolCounts, dispatch_runs, pool, pool_counts, work_orders
from yuanxin.fieldwork.queries.orders import (
    TodayItem,
    evidence_of,
    evidence_order,
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
from yuanxin.fieldwork.queries.positions import PositionView, last_positions
from yuanxin.fieldwork.queries.proposals import (
    ChangeView,
    ProposalView,
    TermLine,
    UnservedLine,
    open_proposals,
    proposal,
    proposals,
)
from yuanxin.fieldwork.queries.relay import CallView, call_attempts, shown_number
from yuanxin.fieldwork.queries.roster import (
    DutyView,
    ExemptionView,
    LeaveView,
    LoanView,
    RosterDayView,
    RosterPerson,
    RosterView,
    exemptions,
    leave_of,
    leave_to_decide,
    leaves,
    loans,
    roster,
)
from yuanxin.fieldwork.queries.roster_draft import CellDraft, FindingView, RosterDraft, findings_of
from yuanxin.fieldwork.queries.roster_draft import draft as roster_draft
from yuanxin.fieldwork.queries.segments import SegmentView, segments_of
from yuanxin.fieldwork.queries.timeline import OrderStep, steps_for
from yuanxin.fieldwork.queries.travel import PaceView, pace_history, paces
from yuanxin.fieldwork.queries.views import EvidenceView, HoldView, OfflineStepView, StepView, VisitView, WorkOrderView
from yuanxin.fieldwork.relay import CallEnd
from yuanxin.fieldwork.roster_parameters import exemption_grounds, roster_rules, shift_titles
from yuanxin.fieldwork.rules import errors, roster_errors
from yuanxin.fieldwork.rules.checklist import ChecklistItem, TestLimit
from yuanxin.fieldwork.rules.closing import CAUSES
from yuanxin.fieldwork.rules.offline import OfflineLimits, Taken, claimed_instant, taken
from yuanxin.fieldwork.rules.positions import PositionBatch
from yuanxin.fieldwork.rules.roster import LeaveKind, ShiftSpan
from yuanxin.fieldwork.rules.roster_cells import RosterCell, shift_text
from yuanxin.fieldwork.rules.states import Action, State, allowed, next_state

__all__ = [
    "CAUSES",
    "DIRECT_REASONS",
    "UNDER_WAY",
    "Accepted",
    "Action",
    "Advice",
    "ArrivalView",
    "AssignedView",
    "BoardDay",
    "BoardJob",
    "BoardTechnician",
    "BoardVisit",
    "CallEnd",
    "CallView",
    "CandidateView",
    "CellDraft",
    "ChangeView",
    "ChecklistItem",
    "Choice",
    "CloseOutView",
    "DeviceMove",
    "DispatchResult",
    "DutyView",
    "EvidenceView",
    "ExemptionView",
    "FindingView",
    "HoldView",
    "LeaveKind",
    "LeaveView",
    "LoanView",
    "ObstacleView",
    "OfflineLimits",
    "OfflineStepView",
    "OrderStep",
    "Outcome",
    "OwnershipView",
    "PaceView",
    "Placed",
    "PoolCounts",
    "PositionBatch",
    "PositionView",
    "ProposalView",
    "RosterCell",
    "RosterDayView",
    "RosterDraft",
    "RosterPerson",
    "RosterView",
    "RosterWritten",
    "SegmentView",
    "ShareLine",
    "ShiftSpan",
    "Stale",
    "State",
    "StepView",
    "Stop",
    "Taken",
    "TakenBatch",
    "TermLine",
    "TestLimit",
    "TodayItem",
    "UndoView",
    "Undone",
    "UnservedLine",
    "UnservedView",
    "VisitView",
    "WayOutView",
    "WindowOffer",
    "WorkOrderView",
    "accept",
    "accept_proposal",
    "add_evidence",
    "advice",
    "allowed",
    "amend",
    "approve_closeout",
    "approve_exemption",
    "approve_hold",
    "approve_leave",
    "arrival",
    "arrive",
    "ask_exemption",
    "ask_leave",
    "assign",
    "assign_many",
    "assign_together",
    "auto_dispatch",
    "best_windows",
    "board_of",
    "book_appointment",
    "bookable_days",
    "calibrate_travel",
    "call_attempts",
    "call_customer",
    "call_directly",
    "cancel",
    "cancel_proposal",
    "candidates",
    "checklist",
    "claim",
    "claimable",
    "claimed_instant",
    "close_outs_of",
    "company_reasons",
    "compute_proposal",
    "confirm_callback",
    "create_work_order",
    "customer_reasons",
    "depart",
    "dispatch_runs",
    "drive_minutes",
    "end_leave",
    "end_loan",
    "errors",
    "evidence_of",
    "evidence_order",
    "exemption_grounds",
    "exemptions",
    "fence",
    "findings_of",
    "finish",
    "finished_on",
    "foretell_arrivals",
    "hand_back",
    "hand_back_reasons",
    "hand_over",
    "hand_over_reasons",
    "history",
    "hold",
    "hold_reasons",
    "holds_of",
    "holds_to_decide",
    "last_positions",
    "leave_of",
    "leave_to_decide",
    "leaves",
    "lend",
    "loans",
    "materials",
    "may_claim",
    "merge",
    "next_state",
    "note_offline",
    "obstacles",
    "offer_windows",
    "offline_limits",
    "offline_steps_of",
    "on_duty",
    "one_visit",
    "open_proposals",
    "pace_history",
    "paces",
    "picture",
    "pin",
    "place",
    "plan_city",
    "pool",
    "pool_counts",
    "proposal",
    "proposals",
    "reassign",
    "record_call_end",
    "record_leave",
    "record_positions",
    "refuse_exemption",
    "refuse_hold",
    "refuse_leave",
    "refuse_proposal",
    "report_position",
    "reschedule_reasons",
    "resume",
    "return_order",
    "reviews",
    "roster",
    "roster_draft",
    "roster_errors",
    "roster_rules",
    "same_home",
    "segments_of",
    "send_back",
    "send_back_reasons",
    "set_duties",
    "share_out",
    "shift_text",
    "shift_titles",
    "shifts_on",
    "shown_number",
    "start",
    "start_first_contacts",
    "steps_for",
    "taken",
    "technician_out",
    "test_limits",
    "today",
    "unassign",
    "undo_last",
    "undoable",
    "unpin",
    "usual_hours",
    "visits_of",
    "warnings_of",
    "withdraw_leave",
    "work_order",
    "work_order_by_number",
    "work_orders",
    "work_orders_at",
    "work_orders_by_id",
    "work_orders_of",
]
