"""Tables of field service, one file per noun."""

from yuanxin.fieldwork.models.appointment import Appointment
from yuanxin.fieldwork.models.close_out import CloseOut
from yuanxin.fieldwork.models.dispatch_run import DispatchRun
from yuanxin.fieldwork.models.evidence import Evidence
from yuanxin.fieldwork.models.hold import Hold
from yuanxin.fieldwork.models.offline import OfflineStep
from yuanxin.fieldwork.models.planned_visit import PlannedVisit
from yuanxin.fieldwork.models.positions import LastPosition, Position
from yuanxin.fieldwork.models.proposal import DispatchDeed, PlanPart, Proposal, ProposalChange, ProposalDecision
from yuanxin.fieldwork.models.relay import CallAttempt
from yuanxin.fieldwork.models.roster import Decision, Duty, Exemption, Leave, Loan
from yuanxin.fieldwork.models.segment_stay import SegmentStay
from yuanxin.fieldwork.models.state_change import StateChange
from yuanxin.fieldwork.models.told_arrival import ToldArrival
from yuanxin.fieldwork.models.travel_pace import TravelPace
from yuanxin.fieldwork.models.visit import Visit
from yuanxin.fieldwork.models.work_order import WorkOrder

__all__ = [
    "Appointment",
    "CallAttempt",
    "CloseOut",
    "Decision",
    "DispatchDeed",
    "DispatchRun",
    "Duty",
    "Evidence",
    "Exemption",
    "Hold",
    "LastPosition",
    "Leave",
    "Loan",
    "OfflineStep",
    "PlanPart",
    "PlannedVisit",
    "Position",
    "Proposal",
    "ProposalChange",
    "ProposalDecision",
    "SegmentStay",
    "StateChange",
    "ToldArrival",
    "TravelPace",
    "Visit",
    "WorkOrder",
]
