"""Reads of complaints and contacts."""

from uuid import UUID

from yuanxin.care.models import Complaint, ComplaintStep, Contact
from yuanxin.care.queries.views import ComplaintView, ContactView, ThreadEntry
from yuanxin.care.rules.complaints import ComplaintState, possible_steps
from yuanxin.care.rules.errors import ComplaintUnknown
from yuanxin.published.codes import Channel, Service


def complaint(complaint_id: UUID) -> ComplaintView:
    """Return one complaint. Raises ComplaintUnknown. One statement."""
    found = Complaint.objects.filter(pk=complaint_id).first()
    if found is None:
        raise ComplaintUnknown(complaint=str(complaint_id))
    return _complaint_view(found)


def complaints_of(customer_id: UUID, *, limit: int = 50) -> list[ComplaintView]:
    """List a customer's complaints, newest first. One statement."""
    rows = Complaint.objects.filter(customer_id=customer_id).order_by("-opened_at")[:limit]
    return [_complaint_view(found) for found in rows]


def contacts_of(customer_id: UUID, *, limit: int = 50) -> list[ContactView]:
    """List a customer's contacts, newest first. One statement."""
    rows = Contact.objects.filter(customer_id=customer_id, correction__isnull=True).order_by("-contacted_at")[:limit]
    return [
        ContactView(row.id, Channel(row.channel), row.reason_code, row.outcome, row.note, row.contacted_at)
        for row in rows
    ]


def steps_of(complaint_id: UUID) -> list[ThreadEntry]:
    """Tell the story of a complaint in order of time. One statement."""
    rows = ComplaintStep.objects.filter(complaint_id=complaint_id).order_by("taken_at", "id")
    return [ThreadEntry(row.taken_at, row.kind, f"{row.before}>{row.after}", row.note, row.taken_by) for row in rows]


def _complaint_view(row: Complaint) -> ComplaintView:
    state = ComplaintState(row.state)
    return ComplaintView(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        category=row.category,
        service=Service(row.service),
        channel=Channel(row.channel),
        source=row.source,
        external_number=row.external_number,
        external_due_at=row.external_due_at,
        ticket_id=row.ticket_id,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        note=row.note,
        state=state,
        level=row.level,
        opened_at=row.opened_at,
        first_reply_due_at=row.first_reply_due_at,
        solve_due_at=row.solve_due_at,
        ended_at=row.ended_at,
        next_steps=possible_steps(state),
    )
