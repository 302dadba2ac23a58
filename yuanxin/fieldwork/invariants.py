"""What ``manage verify`` asks of field service."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from yuanxin.fieldwork.models import CloseOut, Evidence, Hold, PlannedVisit, SegmentStay, StateChange, WorkOrder
from yuanxin.fieldwork.queries.segments import ended_at, stays_of
from yuanxin.fieldwork.rules.segments import faults_of
from yuanxin.fieldwork.rules.states import DONE, WITH_TECHNICIAN, State
from yuanxin.inventory import api as inventory
from yuanxin.kernel.verify import invariant


@invariant("fieldwork.state_is_its_last_change")
def state_is_its_last_change() -> Iterable[str]:
    """Every order stands where its history says."""
    last = StateChange.objects.filter(work_order=OuterRef("pk")).order_by("-id").values("to_state")[:1]
    rows = WorkOrder.objects.annotate(last=Subquery(last)).exclude(last=F("state"))
    for number, state, told in rows.values_list("number", "state", "last"):
        yield f"{number}: stands at {state}, history says {told}"


@invariant("fieldwork.one_home_one_trip")
def one_home_one_trip() -> Iterable[str]:
    """Orders of one visit are of one customer, one address and one technician, and at least two."""
    rows = WorkOrder.objects.exclude(bundle=None).values("bundle")
    told = rows.annotate(
        orders=Count("pk"),
        homes=Count("address_id", distinct=True) + Count("customer_id", distinct=True),
        people=Count("technician", distinct=True),
    )
    for one in told.exclude(orders__gte=2, homes=2, people=1):
        yield f"visit {one['bundle']}: {one['orders']} orders, {one['people']} technicians"


@invariant("fieldwork.finished_has_evidence")
def finished_has_evidence() -> Iterable[str]:
    """Nothing is finished without a photo."""
    photo = Evidence.objects.filter(work_order=OuterRef("pk"), kind=Evidence.Kind.PHOTO)
    for number in WorkOrder.objects.filter(~Exists(photo), state__in=DONE).values_list("number", flat=True):
        yield f"{number}: finished without a photo"


@invariant("fieldwork.planned_when_offered")
def planned_when_offered() -> Iterable[str]:
    """Whoever was offered an order has time committed for it, and nobody has time committed for a pooled one."""
    committed = PlannedVisit.objects.filter(work_order=OuterRef("pk"), released_at=None)
    unplanned = WorkOrder.objects.filter(~Exists(committed), state__in=WITH_TECHNICIAN)
    for number in unplanned.values_list("number", flat=True):
        yield f"{number}: offered without committed time"
    idle = WorkOrder.objects.filter(Exists(committed), state__in=(State.PENDING, State.VOID, State.MERGED))
    for number in idle.values_list("number", flat=True):
        yield f"{number}: nobody goes, but time is committed"


@invariant("fieldwork.held_has_a_hold")
def held_has_a_hold() -> Iterable[str]:
    """A held order has one open hold, any other none."""
    open_hold = Hold.objects.filter(work_order=OuterRef("pk"), ended_at=None)
    wrong = WorkOrder.objects.filter(
        Q(~Exists(open_hold), state=State.HELD) | (Exists(open_hold) & ~Q(state=State.HELD))
    )
    for number, state in wrong.values_list("number", "state"):
        yield f"{number}: {state} and its hold disagree"


@invariant("fieldwork.segments_cover_life")
def segments_cover_life() -> Iterable[str]:
    """The stays of a handed-over order cover its life; an open order has one open stay, that of its segment."""
    handed = WorkOrder.objects.filter(Exists(SegmentStay.objects.filter(work_order=OuterRef("pk"))))
    for order in handed.iterator(chunk_size=1000):
        stays = stays_of(order)
        for fault in faults_of(stays, order.opened_at, ended_at(order)):
            yield f"{order.number}: {fault}"
        if stays[-1].segment != order.segment:
            yield f"{order.number}: is with {order.segment}, its last stay says {stays[-1].segment}"


@invariant("fieldwork.devices_moved_with_close_out")
def devices_moved_with_close_out() -> Iterable[str]:
    """Every device of a close-out moved in the inventory for the same order."""
    for handed_in in CloseOut.objects.exclude(devices=[]).select_related("work_order").iterator(chunk_size=1000):
        moved = {step.serial for step in inventory.device_steps(handed_in.work_order.ref)}
        for move, serial in handed_in.devices:
            if serial not in moved:
                yield f"{handed_in.work_order.number}: {serial} {move}, but the inventory never heard of it"


@invariant("fieldwork.reviewed_close_out_waits")
def reviewed_close_out_waits() -> Iterable[str]:
    """An order in review has one close-out that waits for a look, any other none."""
    waits = CloseOut.objects.filter(work_order=OuterRef("pk"), decision=CloseOut.Decision.WAITING)
    wrong = WorkOrder.objects.filter(Q(~Exists(waits), state=State.REVIEW) | (Exists(waits) & ~Q(state=State.REVIEW)))
    for number, state in wrong.values_list("number", "state"):
        yield f"{number}: {state} and its close-out disagree"
