"""What must hold in the tables of ``care`` at any moment; asked by ``manage verify``."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q

from yuanxin.care.actions.callbacks import NOT_REACHED
from yuanxin.care.models import Callback, Complaint, StateChange, TroubleTicket
from yuanxin.care.rules.complaints import ComplaintState
from yuanxin.care.rules.tickets import TicketState
from yuanxin.kernel.verify import invariant

_WORK_DONE = (TicketState.RESOLVED.value, TicketState.AWAITING_CALLBACK.value, TicketState.CLOSED.value)
_ENDED = (TicketState.CLOSED.value, TicketState.CANCELLED.value, TicketState.MERGED.value)
_COMPLAINT_ENDED = (
    ComplaintState.CONCLUDED.value,
    ComplaintState.DUPLICATE.value,
    ComplaintState.WITHDRAWN.value,
)


@invariant("care.ticket_states_possible")
def ticket_states_possible() -> Iterable[str]:
    """A ticket whose work is done says when, an ended one says when, an open one has neither; times run forward."""
    wrong = TroubleTicket.objects.filter(
        Q(state__in=_WORK_DONE, resolved_at__isnull=True)
        | Q(state__in=_ENDED, closed_at__isnull=True)
        | Q(state__in=[TicketState.RECEIVED.value, TicketState.IN_PROGRESS.value], resolved_at__isnull=False)
        | (~Q(state__in=_ENDED) & Q(closed_at__isnull=False))
        | Q(resolved_at__lt=F("opened_at"))
        | Q(closed_at__lt=F("opened_at"))
    )
    return (f"{number} {state}" for number, state in wrong.values_list("number", "state"))


@invariant("care.ticket_changes_lead_to_state")
def ticket_changes_lead_to_state() -> Iterable[str]:
    """The last change of a ticket leads to the state it is in; one without changes is just received."""
    last = StateChange.objects.filter(ticket=OuterRef("pk")).order_by("-changed_at", "-id").values("after")[:1]
    wrong = TroubleTicket.objects.annotate(last=last).filter(
        Q(last__isnull=True) & ~Q(state=TicketState.RECEIVED.value) | Q(last__isnull=False) & ~Q(last=F("state"))
    )
    return (f"{number} {state} but {last}" for number, state, last in wrong.values_list("number", "state", "last"))


@invariant("care.visited_tickets_close_after_agreement")
def visited_tickets_close_after_agreement() -> Iterable[str]:
    """A ticket with a visit is closed only after somebody agreed that the work is done, or after the last try."""
    agreed = Callback.objects.filter(ticket=OuterRef("pk"), agrees=True)
    given_up = StateChange.objects.filter(
        ticket=OuterRef("pk"), reason_code=NOT_REACHED, after=TicketState.CLOSED.value
    )
    closed = TroubleTicket.objects.filter(state=TicketState.CLOSED.value).exclude(work_order="")
    return closed.filter(~Exists(agreed), ~Exists(given_up)).values_list("number", flat=True)


@invariant("care.ended_complaints_say_when")
def ended_complaints_say_when() -> Iterable[str]:
    """A complaint has an end exactly when it has ended."""
    ended = Q(state__in=_COMPLAINT_ENDED)
    wrong = Complaint.objects.filter((ended & Q(ended_at__isnull=True)) | (~ended & Q(ended_at__isnull=False)))
    return wrong.values_list("number", flat=True)
