"""The lists of ``care``, each declared once: columns, filters, order."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yuanxin.care.models import Callback, Complaint, Contact, TriageRun, TroubleTicket
from yuanxin.care.queries.callbacks import next_try_at
from yuanxin.care.rules.complaints import ComplaintSource, ComplaintState
from yuanxin.care.rules.contacts import Outcome
from yuanxin.care.rules.faults import FaultCode
from yuanxin.care.rules.tickets import TicketState
from yuanxin.care.rules.triage import ResultKind
from yuanxin.kernel import clock
from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.published.codes import AreaClass, Channel, Service


def _choices(codes: Any, prefix: str) -> tuple[tuple[str, str], ...]:
    """Return codes with their msgids, such as ``ticket state received``."""
    return tuple((code.value, f"{prefix} {code.value.replace('_', ' ')}") for code in codes)


_SERVICES = _choices(Service, "service")
_CHANNELS = _choices(Channel, "channel")
_FAULTS = _choices(FaultCode, "fault")
_AREAS = _choices(AreaClass, "area")
_TICKET_STATES = _choices(TicketState, "ticket state")
_COMPLAINT_STATES = _choices(ComplaintState, "complaint state")


def _tickets() -> QuerySet[TroubleTicket]:
    return TroubleTicket.objects.all()


def _awaiting() -> QuerySet[TroubleTicket]:
    """Tickets to be called back with the tries so far and from when the next one counts, by the practice of today."""
    missed = Callback.objects.filter(
        ticket=OuterRef("pk"), reached=False, called_at__gte=Coalesce(OuterRef("resolved_at"), OuterRef("opened_at"))
    )
    rows = TroubleTicket.objects.filter(state=TicketState.AWAITING_CALLBACK.value).annotate(
        tries=Coalesce(Subquery(missed.order_by().values("ticket").annotate(n=Count("pk")).values("n")), 0),
        last_try_at=Subquery(missed.order_by("-called_at").values("called_at")[:1]),
    )
    return rows.annotate(next_try_at=next_try_at(clock.now()))


def _complaints() -> QuerySet[Complaint]:
    return Complaint.objects.all()


def _triage_runs() -> QuerySet[TriageRun]:
    return TriageRun.objects.all()


def _contacts() -> QuerySet[Contact]:
    return Contact.objects.filter(correction__isnull=True)


tickets = Listing(
    name="care.tickets",
    title="Trouble tickets",
    rows=_tickets,
    columns=(
        Column("number", "Number"),
        Column("service", "Service", Kind.CODE, choices=_SERVICES),
        Column("fault_code", "Fault", Kind.CODE, choices=_FAULTS),
        Column("state", "State", Kind.CODE, choices=_TICKET_STATES),
        Column("area_class", "Area class", Kind.CODE, is_shown=False, choices=_AREAS),
        Column("grid_code", "Grid"),
        Column("channel", "Channel", Kind.CODE, is_shown=False, choices=_CHANNELS),
        Column("opened_at", "Opened at", Kind.INSTANT, is_sortable=True),
        Column("statutory_due_at", "Statutory due", Kind.INSTANT, is_sortable=True),
        Column("assessment_due_at", "Promised for", Kind.INSTANT, is_sortable=True),
        Column("chases", "Chases", Kind.NUMBER, is_sortable=True),
        Column("resolved_at", "Resolved at", Kind.INSTANT, is_sortable=True, is_shown=False),
    ),
    filters=(
        Filter("state", "state", "State", Kind.CODE, "in"),
        Filter("service", "service", "Service", Kind.CODE, choices=_SERVICES),
        Filter("fault", "fault_code", "Fault", Kind.CODE, choices=_FAULTS),
        Filter("grid", "grid_code", "Grid", lookup="startswith"),
        Filter("number", "number", "Number", lookup="startswith"),
        Filter("opened_from", "opened_at", "Opened from", Kind.INSTANT, "gte"),
        Filter("opened_to", "opened_at", "Opened until", Kind.INSTANT, "lte"),
        Filter("due_before", "assessment_due_at", "Promised before", Kind.INSTANT, "lt"),
        Filter("customer", "customer_id", "Customer", Kind.ID),
    ),
    default_sort="-opened_at",
    quick=("number",),
)

callbacks_due = Listing(
    name="care.callbacks_due",
    title="Call-backs due",
    rows=_awaiting,
    columns=(
        Column("number", "Number"),
        Column("next_try_at", "Next try from", Kind.INSTANT, is_sortable=True),
        Column("tries", "Calls tried", Kind.NUMBER, is_sortable=True),
        Column("service", "Service", Kind.CODE, choices=_SERVICES),
        Column("fault_code", "Fault", Kind.CODE, choices=_FAULTS),
        Column("resolved_how", "Close type", Kind.CODE),
        Column("resolved_at", "Resolved at", Kind.INSTANT, is_sortable=True),
        Column("grid_code", "Grid"),
    ),
    filters=(
        Filter("service", "service", "Service", Kind.CODE, choices=_SERVICES),
        Filter("grid", "grid_code", "Grid", lookup="startswith"),
        Filter("resolved_before", "resolved_at", "Resolved before", Kind.INSTANT, "lt"),
        Filter("callable_at", "next_try_at", "Next try until", Kind.INSTANT, "lte"),
    ),
    default_sort="next_try_at",
    quick=("number",),
)

complaints = Listing(
    name="care.complaints",
    title="Complaints",
    rows=_complaints,
    columns=(
        Column("number", "Number"),
        Column("category", "Category", Kind.CODE),
        Column("state", "State", Kind.CODE, choices=_COMPLAINT_STATES),
        Column("level", "Escalation", Kind.NUMBER, is_sortable=True),
        Column("channel", "Channel", Kind.CODE, choices=_CHANNELS),
        Column("source", "Source", Kind.CODE, choices=_choices(ComplaintSource, "complaint source")),
        Column("external_number", "External number", is_shown=False),
        Column("opened_at", "Opened at", Kind.INSTANT, is_sortable=True),
        Column("first_reply_due_at", "First reply due", Kind.INSTANT, is_sortable=True),
        Column("solve_due_at", "Answer due", Kind.INSTANT, is_sortable=True),
        Column("external_due_at", "External deadline", Kind.INSTANT, is_sortable=True, is_shown=False),
    ),
    filters=(
        Filter("state", "state", "State", Kind.CODE, "in"),
        Filter("category", "category", "Category"),
        Filter("channel", "channel", "Channel", Kind.CODE, choices=_CHANNELS),
        Filter("level", "level", "Escalation", Kind.NUMBER, "gte"),
        Filter("source", "source", "Source", Kind.CODE, choices=_choices(ComplaintSource, "complaint source")),
        Filter("due_before", "solve_due_at", "Answer due before", Kind.INSTANT, "lt"),
        Filter("number", "number", "Number", lookup="startswith"),
        Filter("opened_from", "opened_at", "Opened from", Kind.INSTANT, "gte"),
        Filter("opened_to", "opened_at", "Opened until", Kind.INSTANT, "lte"),
    ),
    default_sort="-opened_at",
    quick=("number", "external_number"),
)

contacts = Listing(
    name="care.contacts",
    title="Contacts",
    rows=_contacts,
    columns=(
        Column("contacted_at", "Contacted", Kind.INSTANT, is_sortable=True),
        Column("channel", "Channel", Kind.CODE, choices=_CHANNELS),
        Column("reason_code", "Reason", Kind.CODE),
        Column("outcome", "Outcome", Kind.CODE, choices=_choices(Outcome, "contact outcome")),
    ),
    filters=(
        Filter("outcome", "outcome", "Outcome", Kind.CODE, choices=_choices(Outcome, "contact outcome")),
        Filter("reason", "reason_code", "Reason"),
        Filter("channel", "channel", "Channel", Kind.CODE, choices=_CHANNELS),
        Filter("contacted_from", "contacted_at", "Contacted from", Kind.INSTANT, "gte"),
        Filter("contacted_to", "contacted_at", "Contacted until", Kind.INSTANT, "lte"),
    ),
    default_sort="-contacted_at",
)

triage_runs = Listing(
    name="care.triage_runs",
    title="Triage results",
    rows=_triage_runs,
    columns=(
        Column("ran_at", "Asked at", Kind.INSTANT, is_sortable=True),
        Column("service", "Service", Kind.CODE, choices=_SERVICES),
        Column("result", "Triage result", Kind.CODE, choices=_choices(ResultKind, "triage result")),
        Column("result_code", "Result code"),
        Column("path", "Answers"),
        Column("version", "Version of the questions", is_shown=False),
    ),
    filters=(
        Filter("result", "result", "Triage result", Kind.CODE, choices=_choices(ResultKind, "triage result")),
        Filter("service", "service", "Service", Kind.CODE, choices=_SERVICES),
        Filter("code", "result_code", "Result code"),
        Filter("asked_from", "ran_at", "Asked from", Kind.INSTANT, "gte"),
        Filter("asked_to", "ran_at", "Asked until", Kind.INSTANT, "lte"),
    ),
    default_sort="-ran_at",
)
