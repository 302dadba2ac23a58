"""The door of ``care``."""

from yuanxin.care.actions.callbacks import record_callback, record_rating
from yuanxin.care.actions.complaints import advance_complaint, open_complaint
from yuanxin.care.actions.contacts import record_contact
from yuanxin.care.actions.opening import open_ticket
from yuanxin.care.actions.tickets import add_note, cancel_ticket, chase, merge_duplicate, solve_on_phone
from yuanxin.care.queries.complaints import complaint, complaints_of, contacts_of, steps_of
from yuanxin.care.queries.intake import Answers, Intake, answers, intake
from yuanxin.care.queries.lists import callbacks_due, complaints, contacts, tickets
from yuanxin.care.queries.tickets import duplicates, thread_of, ticket, tickets_by_id, tickets_of
from yuanxin.care.queries.views import ComplaintView, ContactView, DuplicateCheck, ThreadEntry, TicketView
from yuanxin.care.rules.complaints import ComplaintState, ComplaintStepKind
from yuanxin.care.rules.contacts import Outcome
from yuanxin.care.rules.faults import FaultCode, faults_of
from yuanxin.care.rules.tickets import TicketState

__all__ = [
    "Answers",
    "ComplaintState",
    "ComplaintStepKind",
    "ComplaintView",
    "ContactView",
    "DuplicateCheck",
    "FaultCode",
    "Intake",
    "Outcome",
    "ThreadEntry",
    "TicketState",
    "TicketView",
    "add_note",
    "advance_complaint",
    "answers",
    "callbacks_due",
    "cancel_ticket",
    "chase",
    "complaint",
    "complaints",
    "complaints_of",
    "contacts",
    "contacts_of",
    "duplicates",
    "faults_of",
    "intake",
    "merge_duplicate",
    "open_complaint",
    "open_ticket",
    "record_callback",
    "record_contact",
    "record_rating",
    "solve_on_phone",
    "steps_of",
    "thread_of",
    "ticket",
    "tickets",
    "tickets_by_id",
    "tickets_of",
]
