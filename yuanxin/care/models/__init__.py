"""Tables of ``care``."""

from yuanxin.care.models.calls import AgentState, AgentStateChange, Call, CallEvent, ContactCorrection
from yuanxin.care.models.complaints import Complaint, ComplaintStep
from yuanxin.care.models.contacts import Contact
from yuanxin.care.models.thread import ThreadMessage
from yuanxin.care.models.tickets import Callback, Rating, StateChange, TroubleTicket

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
    "Rating",
    "StateChange",
    "ThreadMessage",
    "TroubleTicket",
]
