"""What ``manage verify`` asks of field service."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, Subquery

from yuanxin.fieldwork.models import Evidence, Hold, PlannedVisit, StateChange, WorkOrder
from yuanxin.fieldwork.rules.states import DONE, WITH_TECHNICIAN, State
from yuanxin.kernel.verify import invariant


@invariant("fieldwork.state_is_its_last_change")
def state_is_its_last_change() -> Iterable[str]:
    """Every order stands where its history says."""
    last = StateChange.objects.filter(work_order=OuterRef("pk")).order_by("-id").values("to_state")[:1]
    rows = WorkOrder.objects.annotate(last=Subquery(last)).exclude(last=F("state"))
    for number, state, told in rows.values_list("number", "state", "last"):
        yield f"{number}: stands at {state}, history says {told}"


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
