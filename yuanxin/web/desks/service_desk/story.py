"""One timeline of everything between a customer and us: calls, contacts, tickets, visits, messages, complaints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.org import api as org
from yuanxin.published.refs import ref
from yuanxin.web.components.codes import code_words, words_among
from yuanxin.web.components.timeline import Moment, newest_first
from yuanxin.web.components.visits import REASONS
from yuanxin.web.components.words_of_calls import WORDS_OF_CALLS

KINDS = tuple(WORDS_OF_CALLS["moment"])
SHOWN = 80


@dataclass(frozen=True)
class Known:
    """What the page has read of a customer already."""

    tickets: Sequence[care.TicketView]
    complaints: Sequence[care.ComplaintView]
    calls: Sequence[care.CallView]
    contacts: Sequence[care.ContactView]
    messages: Sequence[Any]


def story_of(known: Known) -> list[Moment]:
    """Return everything that happened, newest first; seven statements more, whatever the number of tickets."""
    steps = fieldwork.steps_for([ref("ticket", ticket.id) for ticket in known.tickets])
    told = care.ticket_moments([ticket.id for ticket in known.tickets])
    who = {step.technician_id for step in steps} | {call.agent_id for call in known.calls}
    people = org.staff_many(one for one in who if one)
    moments = [Moment(sent.queued_at, _("Message"), sent.text, kind="message") for sent in known.messages]
    moments += [_contact(one) for one in known.contacts]
    moments += [_call(one, people) for one in known.calls]
    moments += [_complaint(one) for one in known.complaints]
    moments += _tickets(known.tickets, told)
    moments += [_visit(step, people) for step in reversed(steps)]
    return newest_first(moments, SHOWN)


def kinds_of(moments: Iterable[Moment]) -> list[tuple[str, int]]:
    """Return the kinds that there are, each with how many, in the order of the chips."""
    counts = Counter(moment.kind for moment in moments)
    return [(kind, counts[kind]) for kind in KINDS if counts[kind]]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _contact(one: care.ContactView) -> Moment:
    reason, outcome = code_words(one.reason_code, "contact_reason"), code_words(one.outcome, "outcome")
    return Moment(one.contacted_at, code_words(one.channel), _joined(reason, outcome, one.note), kind="contact")


def _call(one: care.CallView, people: dict[UUID, Any]) -> Moment:
    who = people[one.agent_id].name if one.agent_id in people else ""
    recording = _("recording %(id)s") % {"id": one.recording_id} if one.recording_id else ""
    what = code_words(one.outcome, "wrap_up") or code_words(one.state, "call_state")
    words = _joined(code_words(one.queue, "call_queue"), what, who, recording)
    return Moment(one.rang_at, _("Hotline call"), words, kind="call")


def _complaint(one: care.ComplaintView) -> Moment:
    words = _joined(one.number, code_words(one.category, "contact_reason"), code_words(one.state, "complaint"))
    return Moment(one.opened_at, _("Complaint"), words, kind="complaint")


def _tickets(tickets: Sequence[care.TicketView], told: Iterable[care.TicketMoment]) -> list[Moment]:
    numbers = {ticket.id: ticket.number for ticket in tickets}
    moments = [_told(moment, numbers[moment.ticket_id]) for moment in told]
    for ticket in tickets:
        words = _joined(ticket.number, code_words(ticket.service), code_words(ticket.fault_code, "fault"))
        address = reverse("service_desk:ticket", args=[ticket.id])
        moments.append(Moment(ticket.opened_at, _("Fault reported"), words, address, "ticket"))
    return moments


def _told(one: care.TicketMoment, number: str) -> Moment:
    address = reverse("service_desk:ticket", args=[one.ticket_id])
    if one.kind == "rating":
        return Moment(one.at, _("Rating"), _joined(number, one.code, one.text), address, "rating")
    words, text = code_words(one.code, "callback"), one.text
    if one.kind == "state":
        words, text = code_words(one.code, "ticket"), words_among(one.text, "close", "step_reason")
    kind = "callback" if one.kind == "callback" else "ticket"
    return Moment(one.at, code_words(one.kind, "thread"), _joined(number, words, text), address, kind)


def _visit(step: fieldwork.OrderStep, people: dict[UUID, Any]) -> Moment:
    who = people[step.technician_id].name if step.technician_id in people else ""
    reason = words_among(step.reason_code, *REASONS)
    return Moment(step.at, code_words(step.action, "work_action"), _joined(step.number, who, reason), kind="visit")
