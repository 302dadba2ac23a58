"""One-home visit 合并上门: what one customer needs at one address, done by one technician on one trip.

Orders come together by themselves when their committed times meet, whoever planned them, and part when one of them
loses its time. Accepting, departing and arriving count for all; work is begun and closed order by order.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.steps import locked
from yuanxin.fieldwork.models import PlannedVisit, WorkOrder
from yuanxin.fieldwork.rules.errors import FinishFirst
from yuanxin.fieldwork.rules.states import State
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import new_id

BEFORE_THE_TRIP = (State.OFFERED, State.ACCEPTED, State.BOOKED)


def join(order: WorkOrder, mine: PlannedVisit, at: datetime) -> None:
    """Let the locked order, whose time was just committed, ride along with its home's order right before or after it.

    An order between two others brings those together too. The caller may still save the order.
    """
    if order.crew_size > 1 or order.state not in BEFORE_THE_TRIP:
        return
    visits = PlannedVisit.objects.filter(technician=mine.technician_id, released_at=None).exclude(work_order=order)
    home = visits.filter(
        work_order__customer_id=order.customer_id,
        work_order__address_id=order.address_id,
        work_order__crew_size=1,
        work_order__state__in=BEFORE_THE_TRIP,
    )
    gap = parameters.one_home_gap(at)
    meeting = home.filter(starts_at__lte=mine.ends_at + gap, ends_at__gte=mine.starts_at - gap)
    strangers = visits.exclude(pk__in=meeting.values("pk"))
    near = [one.work_order for one in meeting.select_related("work_order") if not _is_parted(mine, one, strangers)]
    if not near:
        return
    known = {other.bundle for other in near if other.bundle is not None}
    order.bundle = min(known, default=None) or new_id()
    members = Q(pk__in=[order.pk, *(other.pk for other in near)]) | Q(bundle__in=known)
    WorkOrder.objects.filter(members).update(bundle=order.bundle)


def _is_parted(mine: PlannedVisit, other: PlannedVisit, strangers: QuerySet[PlannedVisit]) -> bool:
    """Say whether the technician goes somewhere else between the two."""
    first, second = sorted((mine, other), key=lambda one: one.starts_at)
    return strangers.filter(starts_at__gte=first.ends_at, ends_at__lte=second.starts_at).exists()


def leave(order: WorkOrder) -> None:
    """Take the locked order, which lost its time, out of its visit; one that is left alone is a visit of its own."""
    if order.bundle is None:
        return
    bundle, order.bundle = order.bundle, None
    WorkOrder.objects.filter(pk=order.pk).update(bundle=None)
    left = WorkOrder.objects.filter(bundle=bundle)
    if left.count() == 1:
        left.update(bundle=None)


def lock_trip(work_order_id: UUID) -> tuple[WorkOrder, list[WorkOrder]]:
    """Return the order and the others of its visit, all locked, always in the same order. Raises NotFound."""
    bundle = WorkOrder.objects.filter(pk=work_order_id).values_list("bundle", flat=True).first()
    if bundle is None:
        return locked(work_order_id), []
    asked = Q(pk=work_order_id) | Q(bundle=bundle)
    rows = list(WorkOrder.objects.select_for_update(of=("self",)).filter(asked).order_by("pk"))
    order = next((row for row in rows if row.pk == work_order_id), None)
    if order is None:
        raise NotFound(work_order=str(work_order_id))
    return order, [row for row in rows if row.pk != order.pk and row.bundle == order.bundle is not None]


def require_alone(order: WorkOrder) -> None:
    """Raise FinishFirst while another order of the same visit is being worked on."""
    if order.bundle is not None:
        working = WorkOrder.objects.filter(bundle=order.bundle, state=State.WORKING).exclude(pk=order.pk)
        if (number := working.values_list("number", flat=True).first()) is not None:
            raise FinishFirst(work_order=number)
