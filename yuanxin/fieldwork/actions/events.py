"""What goes wrong on a day asks for another plan around it (局部改派): late, not shown up, ill, called off, urgent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from yuanxin.engines.routing.engine import DEFAULT
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.leave import record_leave
from yuanxin.fieldwork.actions.planning import add_part
from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import PlannedVisit, Proposal, WorkOrder
from yuanxin.fieldwork.planning.city import NOT_STARTED
from yuanxin.fieldwork.planning.day import local_midnight
from yuanxin.fieldwork.planning.parts import LOCAL
from yuanxin.fieldwork.rules.proposing import State, Trigger
from yuanxin.fieldwork.rules.roster import LeaveKind
from yuanxin.fieldwork.rules.states import State as OrderState
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import local_day
from yuanxin.published.codes import Segment
from yuanxin.published.refs import ref

AT_WORK = (OrderState.EN_ROUTE, OrderState.ARRIVED, OrderState.WORKING)


@command("fieldwork.technician_out")
def technician_out(*, technician_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> UUID | None:
    """Somebody is ill for the rest of the day (临时缺勤): write it into the roster and ask who takes his visits.

    Returns the proposal's id, None when nothing was planned for him. Raises what ``record_leave`` raises.
    """
    ends_at = _tomorrow(at)
    record_leave(technician_id=technician_id, kind=LeaveKind.SICK, starts_at=at, ends_at=ends_at, at=at)
    return _repair_when_away(technician_id, at, ends_at, at)


@command("fieldwork.repair_when_away")
def repair_when_away(*, technician_id: UUID, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Leave was granted for hours of today: the roster knows it, his visits in them need somebody."""
    _repair_when_away(technician_id, starts_at, ends_at, at)


def _repair_when_away(technician_id: UUID, starts_at: datetime, ends_at: datetime, at: datetime) -> UUID | None:
    hit = PlannedVisit.objects.filter(
        technician=technician_id, released_at=None, starts_at__lt=min(ends_at, _tomorrow(at)),
        ends_at__gt=max(starts_at, at), work_order__state__in=NOT_STARTED,
    )  # fmt: skip
    if not hit.exists():
        return None
    return _ask(Trigger.ILL, ref("staff", technician_id), at, technicians=[technician_id])


@command("fieldwork.repair_when_cancelled")
def repair_when_cancelled(*, work_order_id: UUID, at: datetime) -> None:
    """Time came free today: ask what it is good for."""
    freed = PlannedVisit.objects.filter(work_order=work_order_id, released_at=at, starts_at__gte=at, leads=True)
    people = list(freed.filter(starts_at__lt=_tomorrow(at)).values_list("technician_id", flat=True))
    if people:
        _ask(Trigger.CANCELLED, ref("work_order", work_order_id), at, technicians=people)


@command("fieldwork.repair_when_urgent")
def repair_when_urgent(*, work_order_id: UUID, due_at: datetime | None, at: datetime) -> None:
    """An order is due so soon that today's plan may have to make room for it."""
    if due_at is None or due_at - at > parameters.proposal_rules(at).urgent:
        return
    waits = WorkOrder.objects.filter(pk=work_order_id, state=OrderState.PENDING, segment=Segment.FIELD)
    if waits.exists():
        _ask(Trigger.URGENT, ref("work_order", work_order_id), at, technicians=[], orders=[work_order_id])


@command("fieldwork.repair_when_held")
def repair_when_held(*, work_order_id: UUID, reason_code: str, at: datetime) -> None:
    """A part is missing: the visit falls out of the day, and its technician has time."""
    if reason_code not in parameters.proposal_rules(at).parts_reasons:
        return
    order = WorkOrder.objects.filter(pk=work_order_id).first()
    if order is not None and order.technician_id is not None:
        _ask(Trigger.PARTS, order.ref, at, technicians=[order.technician_id])


@command("fieldwork.watch_the_day")
def watch_the_day(*, at: datetime) -> int:
    """Find visits that run late and technicians who did not set off; ask once for each; return how many were found.

    Three statements when all is well.
    """
    rules, found = parameters.proposal_rules(at), 0
    todays = PlannedVisit.objects.filter(released_at=None, leads=True, starts_at__gte=local_midnight(local_day(at)))
    late = todays.filter(ends_at__lt=at - rules.delay, work_order__state__in=AT_WORK)
    no_show = todays.filter(starts_at__lt=at - rules.no_show, work_order__state__in=NOT_STARTED)
    for trigger, visits in ((Trigger.DELAY, late), (Trigger.NO_SHOW, no_show)):
        for visit in visits.order_by("starts_at", "pk"):
            if _has_more(visit, at):
                _ask(trigger, ref("planned_visit", visit.pk), at, technicians=[visit.technician_id])
                found += 1
    return found


def _has_more(visit: PlannedVisit, at: datetime) -> bool:
    """Say whether anything of this technician's day can still be moved."""
    rest = PlannedVisit.objects.filter(technician=visit.technician_id, released_at=None, starts_at__lt=_tomorrow(at))
    return rest.filter(work_order__state__in=NOT_STARTED, pinned=False, ends_at__gt=visit.starts_at).exists()


def _tomorrow(at: datetime) -> datetime:
    return local_midnight(local_day(at) + timedelta(days=1))


def _ask(
    trigger: Trigger, subject: str, at: datetime, *, technicians: Iterable[UUID], orders: Iterable[UUID] = ()
) -> UUID | None:
    """Ask for a plan around what happened; a burst of events ends in one proposal. None: it is known already.

    The cluster of an event is its city.
    """
    city, today = require_city(), local_day(at)
    cause = {"trigger": str(trigger), "subject": subject}
    if Proposal.objects.filter(day=today, causes__contains=[cause]).exists():
        return None
    named = {**cause, "at": at.isoformat()}
    waiting = Proposal.objects.select_for_update().filter(unit_code=city, day=today, state=State.QUEUED)
    waiting = waiting.exclude(trigger=Trigger.ASKED)
    proposal = waiting.first()
    if proposal is None:
        try:
            with transaction.atomic():
                proposal = Proposal.objects.create(
                    asked_at=at, actor=who(), trigger=trigger, unit_code=city, day=today, engine=DEFAULT
                )
                add_part(proposal, LOCAL)
        except IntegrityError:  # another event of this moment was first
            proposal = waiting.get()
    proposal.causes = [*proposal.causes, named]
    proposal.technicians = sorted({*proposal.technicians, *technicians}, key=str)
    proposal.orders = sorted({*proposal.orders, *orders}, key=str)
    proposal.save(update_fields=["causes", "technicians", "orders"])
    return proposal.pk
