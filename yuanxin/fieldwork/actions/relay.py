"""Call the customer through the relay, and past it when it is down; the clock of the first contact (P-02)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork.actions.steps import locked, require_own
from yuanxin.fieldwork.models import CallAttempt, WorkOrder
from yuanxin.fieldwork.queries import relay as asked
from yuanxin.fieldwork.relay import CallEnd
from yuanxin.fieldwork.rules.errors import ActionRefused, RelayWorks, UnknownReason
from yuanxin.fieldwork.rules.states import OPEN, State
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.parties import api as parties
from yuanxin.published.codes import AreaClass, CustomerClass, Service
from yuanxin.published.fieldwork import CustomerCalled
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

FIRST_CONTACT = "contact.first"
RELAY_DOWN = "relay_down"
DIRECT_REASONS = (RELAY_DOWN, "customer_asked")


@command("fieldwork.call_customer")
def call_customer(*, work_order_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Ask the relay to ring the technician and then the customer; return the attempt's id.

    A sweep places the call after the commit. Raises ActionRefused for an order that is not open, NotYourOrder,
    NotFound.
    """
    order = _open_order(work_order_id)
    return _attempt(order, CallAttempt.Way.RELAY, at).pk


@command("fieldwork.call_directly")
def call_directly(*, work_order_id: UUID, reason_code: str, at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Log that the customer's real number is shown to the technician (直拨留痕), and why; return the attempt's id.

    reason_code: one of DIRECT_REASONS; ``relay_down`` only after the relay failed for this order.
    Raises UnknownReason, RelayWorks, ActionRefused, NotYourOrder, NotFound.
    """
    order = _open_order(work_order_id)
    if reason_code not in DIRECT_REASONS:
        raise UnknownReason(reason=reason_code[:40], field="reason_code")
    last = CallAttempt.objects.filter(work_order=order, way=CallAttempt.Way.RELAY).order_by("-called_at").first()
    if reason_code == RELAY_DOWN and (last is None or last.ended_as != CallEnd.FAILED):
        raise RelayWorks(work_order=order.number)
    return _attempt(order, CallAttempt.Way.DIRECT, at, reason_code=reason_code).pk


@command("fieldwork.note_placed")
def note_placed(*, attempt_id: UUID, at: datetime) -> None:
    """Note that the relay was asked, so that no sweep asks it again."""
    CallAttempt.objects.filter(pk=attempt_id, placed_at=None).update(placed_at=at)


@command("fieldwork.record_call_end")
def record_call_end(
    *, attempt_id: UUID, ended_as: CallEnd, talked_seconds: int, at: datetime, key: IdempotencyKey | None = None
) -> None:
    """Note how a call through the relay ended; the first connected one ends the clock of the first contact.

    The relay may tell it twice: the first word counts. Raises NotFound.
    """
    attempt = CallAttempt.objects.select_for_update(of=("self",)).filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound(attempt=str(attempt_id))
    if attempt.ended_as:
        return
    attempt.ended_as = ended_as
    attempt.talked_seconds = talked_seconds
    attempt.ended_at = max(at, attempt.called_at)
    attempt.save()
    order = WorkOrder.objects.get(pk=attempt.work_order_id)
    if ended_as is CallEnd.CONNECTED:
        standards.stop_clocks(subject=order.ref, topic=FIRST_CONTACT, at=attempt.called_at)
    tell(
        CustomerCalled(
            subject=order.ref,
            at=attempt.ended_at,
            number=order.number,
            cause=order.cause,
            technician_id=attempt.technician_id,
            attempt_id=attempt.pk,
            is_connected=ended_as is CallEnd.CONNECTED,
        )
    )


@command("fieldwork.start_first_contacts")
def start_first_contacts(*, at: datetime) -> int:
    """Start the clock of the first contact (首次联系) of the city's new orders, as of their opening; return how many.

    In batches and after the fact, so that taking a report stays fast. An order that was reached before the clock was
    there gets it started and stopped. Raises RuleUnknown when no rulebook speaks of the topic.
    """
    orders = asked.without_first_contact(at)
    if not orders:
        return 0
    classes = parties.customers(order.customer_id for order in orders)
    sets = standards.start_clocks_many(requests=[_request(order, classes.get(order.customer_id)) for order in orders])
    for order, clocks in zip(orders, sets, strict=True):
        order.first_contact_due_at = clocks.assessment_due_at or order.opened_at
    WorkOrder.objects.bulk_update(orders, ["first_contact_due_at"])
    for work_order_id, reached_at in asked.first_reached(order.pk for order in orders).items():
        standards.stop_clocks(subject=ref("work_order", work_order_id), topic=FIRST_CONTACT, at=reached_at)
    return len(orders)


@command("fieldwork.end_first_contact")
def end_first_contact(*, work_order_id: UUID, at: datetime) -> None:
    """Stop the clock of the first contact: they met at the door, or nobody has to call any more."""
    standards.stop_clocks(subject=ref("work_order", work_order_id), topic=FIRST_CONTACT, at=at)


def _request(order: WorkOrder, customer: parties.CustomerView | None) -> standards.ClockRequest:
    return standards.ClockRequest(
        topic=FIRST_CONTACT,
        subject=order.ref,
        service=Service(order.service),
        area_class=AreaClass(order.area_class),
        customer_class=CustomerClass(customer.class_) if customer else CustomerClass.RESIDENT,
        at=order.opened_at,
    )


def _open_order(work_order_id: UUID) -> WorkOrder:
    order = locked(work_order_id)
    require_own(order)
    if State(order.state) not in (*OPEN, State.HELD):
        raise ActionRefused(state=order.state, action="call")
    return order


def _attempt(order: WorkOrder, way: CallAttempt.Way, at: datetime, *, reason_code: str = "") -> CallAttempt:
    return CallAttempt.objects.create(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        technician_id=order.in_charge,
        way=way,
        reason_code=reason_code,
        called_at=at,
    )
