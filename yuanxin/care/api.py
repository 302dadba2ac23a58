"""The door of ``care``."""

from yuanxin.care.actions.agents import set_agent_state
from yuanxin.care.actions.callbacks import record_callback, record_rating
from yuanxin.care.actions.calls import (
    answer_call,
    contact_of_call,
    give_up_call,
    hang_up_call,
    identify_caller,
    ring_call,
    take_back_contact,
    take_exchange_event,
    transfer_call,
    wrap_up,
)
from yuanxin.care.actions.complaints import advance_complaint, open_complaint
from yuanxin.care.actions.contacts import record_contact
from yuanxin.care.actions.duplicates import attach_report
from yuanxin.care.actions.opening import open_ticket
from yuanxin.care.actions.thread import post_message
from yuanxin.care.actions.tickets import cancel_ticket, chase, merge_duplicate, solve_on_phone
from yuanxin.care.actions.triage import record_triage, save_triage_tree
from yuanxin.care.cti.port import ExchangeEvent
from yuanxin.care.queries.callbacks import CallbackPlan, callback_plan
from yuanxin.care.queries.calls import (
    AgentView,
    AnswerShare,
    CallView,
    agent,
    also_about,
    answer_shares,
    call,
    calls,
    calls_of,
    current_call,
    customers_with_tickets,
    newest_calls,
    ready_agents,
    rest_reasons,
    ringing_for,
)
from yuanxin.care.queries.complaints import complaint, complaints_of, contacts_of, steps_of
from yuanxin.care.queries.duplicates import duplicates
from yuanxin.care.queries.intake import Answers, Intake, answers, intake
from yuanxin.care.queries.lists import callbacks_due, complaints, contacts, tickets, triage_runs
from yuanxin.care.queries.pasting import read_message
from yuanxin.care.queries.stories import TicketMoment, ticket_moments
from yuanxin.care.queries.thread import Attachment, ThreadMessage, attachment, message_subject, thread
from yuanxin.care.queries.tickets import rating_of, thread_of, ticket, tickets_by_id, tickets_of
from yuanxin.care.queries.triage import (
    TriageRunView,
    triage,
    triage_of,
    triage_results,
    triage_run,
    triage_text,
    triage_version,
)
from yuanxin.care.queries.views import ComplaintView, ContactView, RatingView, ThreadEntry, TicketView
from yuanxin.care.rules.callbacks import Difference, RedLine
from yuanxin.care.rules.calls import AgentCondition, CallQueue, CallState, CallStep, WrapUp, caller_digits
from yuanxin.care.rules.complaints import (
    ComplaintSource,
    ComplaintState,
    ComplaintStepKind,
    EscalationLevel,
    permission_of,
)
from yuanxin.care.rules.contacts import Outcome
from yuanxin.care.rules.duplicates import Candidates, Decision, DecisionKind, EarlierTicket, OtherFaultReason
from yuanxin.care.rules.faults import FaultCode, faults_of
from yuanxin.care.rules.pasting import PastedMessage, ways_to_ask
from yuanxin.care.rules.tickets import TicketState
from yuanxin.care.rules.triage import Answer, Position, Question, Result, ResultKind, Tree, TriagePathUnknown, walk

__all__ = [
    "AgentCondition",
    "AgentView",
    "Answer",
    "AnswerShare",
    "Answers",
    "Attachment",
    "CallQueue",
    "CallState",
    "CallStep",
    "CallView",
    "CallbackPlan",
    "Candidates",
    "ComplaintSource",
    "ComplaintState",
    "ComplaintStepKind",
    "ComplaintView",
    "ContactView",
    "Decision",
    "DecisionKind",
    "Difference",
    "EarlierTicket",
    "EscalationLevel",
    "ExchangeEvent",
    "FaultCode",
    "Intake",
    "OtherFaultReason",
    "Outcome",
    "PastedMessage",
    "Position",
    "Question",
    "RatingView",
    "RedLine",
    "Result",
    "ResultKind",
    "ThreadEntry",
    "ThreadMessage",
    "TicketMoment",
    "TicketState",
    "TicketView",
    "Tree",
    "TriagePathUnknown",
    "TriageRunView",
    "WrapUp",
    "advance_complaint",
    "agent",
    "also_about",
    "answer_call",
    "answer_shares",
    "answers",
    "attach_report",
    "attachment",
    "call",
    "callback_plan",
    "callbacks_due",
    "caller_digits",
    "calls",
    "calls_of",
    "cancel_ticket",
    "chase",
    "complaint",
    "complaints",
    "complaints_of",
    "contact_of_call",
    "contacts",
    "contacts_of",
    "current_call",
    "customers_with_tickets",
    "duplicates",
    "faults_of",
    "give_up_call",
    "hang_up_call",
    "identify_caller",
    "intake",
    "merge_duplicate",
    "message_subject",
    "newest_calls",
    "open_complaint",
    "open_ticket",
    "permission_of",
    "post_message",
    "rating_of",
    "read_message",
    "ready_agents",
    "record_callback",
    "record_contact",
    "record_rating",
    "record_triage",
    "rest_reasons",
    "ring_call",
    "ringing_for",
    "save_triage_tree",
    "set_agent_state",
    "solve_on_phone",
    "steps_of",
    "take_back_contact",
    "take_exchange_event",
    "thread",
    "thread_of",
    "ticket",
    "ticket_moments",
    "tickets",
    "tickets_by_id",
    "tickets_of",
    "transfer_call",
    "triage",
    "triage_of",
    "triage_results",
    "triage_run",
    "triage_runs",
    "triage_text",
    "triage_version",
    "walk",
    "ways_to_ask",
    "wrap_up",
]
