"""The customer's window: booked, moved, kept as versions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import plans
from yuanxin.fieldwork.actions.assignment import to_pool
from yuanxin.fieldwork.actions.steps import locked, step, who
from yuanxin.fieldwork.models import Appointment, Visit, WorkOrder
from yuanxin.fieldwork.rules.errors import UnknownReason
from yuanxin.fieldwork.rules.states import Action, State
from yuanxin.fieldwork.rules.windows import PromisedWindow, require_ahead
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.published.fieldwork import AppointmentBooked

NO_TIME = "no_time_in_window"
NOBODY_HOME = "rescheduled"
CUSTOMER_ASKED = "customer_asked"


@command("fieldwork.book_appointment")
def book_appointment(
    *,
    work_order_id: UUID,
    window_from: datetime,
    window_to: datetime,
    at: datetime,
    reason_code: str = "",
    wanted_by_customer: bool = True,
    key: IdempotencyKey | None = None,
) -> int:
    """Promise the customer a window (预约), or another one (改约); return the version, from 1.

    Staff and customers book. reason_code: one of ``reschedule_reasons`` when the window moves; the customer's own
    wish is understood when he moves it himself, and a move by staff without a reason counts as the company's.
    A planned technician keeps the order if there is time in the new window; otherwise it returns to the pool.
    Raises ActionRefused, UnknownReason, WindowTooShort, WindowPassed, WindowTooFar, WindowTooLong, NotFound.
    """
    order = locked(work_order_id)
    window = PromisedWindow(window_from, window_to)
    furthest, longest = parameters.window_limits(at)
    require_ahead(window, at, furthest=furthest, longest=longest)
    newest = Appointment.objects.filter(work_order=order, superseded_at=None).first()
    if (
        newest is not None
        and (newest.window_from, newest.window_to) == (window_from, window_to)
        and order.state in (State.PENDING, State.OFFERED, State.BOOKED)
    ):
        return newest.version
    if newest is not None:
        reason_code = _reason(reason_code, at)
        wanted_by_customer = reason_code in parameters.customer_reasons(at)
        Appointment.objects.filter(pk=newest.pk).update(superseded_at=at)
    step(order, _action(order, moves=newest is not None), at, reason_code=reason_code)
    Visit.objects.filter(work_order=order, ended_at=None).update(ended_at=at, outcome=reason_code or NOBODY_HOME)
    version = newest.version + 1 if newest is not None else 1
    Appointment.objects.create(
        province_code=order.province_code,
        city_code=order.city_code,
        work_order=order,
        version=version,
        window_from=window_from,
        window_to=window_to,
        booked_at=at,
        booked_by=who(),
        wanted_by_customer=wanted_by_customer,
        reason_code=reason_code,
    )
    _tell_booked(order, window, version, at)
    if not plans.move_into(order, window, at):
        to_pool(order, NO_TIME, at)
    order.save()
    return version


def _reason(reason_code: str, at: datetime) -> str:
    """Return why a window moves. Raises UnknownReason."""
    if not reason_code and who().startswith("customer:"):
        return CUSTOMER_ASKED
    if reason_code and reason_code not in parameters.reschedule_reasons(at):
        raise UnknownReason(reason=reason_code[:40], field="reason_code")
    return reason_code


def _tell_booked(order: WorkOrder, window: PromisedWindow, version: int, at: datetime) -> None:
    tell(
        AppointmentBooked(
            subject=order.ref,
            at=at,
            number=order.number,
            cause=order.cause,
            customer_id=order.customer_id,
            window_from=window.begins_at,
            window_to=window.ends_at,
            version=version,
        )
    )


def _action(order: WorkOrder, *, moves: bool) -> Action:
    """A first window is booked, a later one rescheduled; an accepted order is booked either way."""
    if order.state == State.ACCEPTED:
        return Action.BOOK
    return Action.RESCHEDULE if moves or order.state not in (State.PENDING, State.OFFERED) else Action.BOOK
