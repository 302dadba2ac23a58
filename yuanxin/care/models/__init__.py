"""Tables of ``care``."""

from yuanxin.care.models.complaints import Complaint, ComplaintStep
from yuanxin.care.models.contacts import Contact
from yuanxin.care.models.tickets import Callback, Rating, StateChange, TicketNote, TroubleTicket

__all__ = [
    "Callback",
    "Complaint",
    "ComplaintStep",
    "Contact",
    "Rating",
    "StateChange",
    "TicketNote",
    "TroubleTicket",
]
