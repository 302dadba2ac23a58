"""Tables of ``care``."""

from yuanxin.care.models.calls import AgentState, AgentStateChange, Call, CallEvent, ContactCorrection
from yuanxin.care.models.complaints import Complaint, ComplaintStep
from yuanxin.care.models.contacts import Contact
from yuanxin.care.models.thread import ThreadMessage
from yuanxin.care.models.tickets import Callback, Rating, StateChange, TroubleTicket
from yuanxin.care.models.triage import DuplicateDecision, TriageRun, TriageTree

__all__ = [
    "AgentState",
    "AgentStateChange",
    "Call",
    "CallEvent",
    "Callback",
    "Complaint",
    "ComplaintStep",
    "Contact",
    "ContactCorrection",
    "DuplicateDecision",
    "Rating",
    "StateChange",
    "ThreadMessage",
    "TriageRun",
    "TriageTree",
    "TroubleTicket",
]
