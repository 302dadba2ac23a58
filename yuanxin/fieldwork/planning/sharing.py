"""A selection of orders shared out at once: to one technician, or each to the owner of its grid. Only a preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from yuanxin.engines.routing.engine import DEFAULT, engine
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.reasons import Cause
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.answers import instant
from yuanxin.fieldwork.planning.day import Bonds, Day, build_day, days_ahead
from yuanxin.fieldwork.rules.ownership import Verdict
from yuanxin.fieldwork.rules.states import WITH_TECHNICIAN, State
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org

WISHED = 10**9  # points: what a dispatcher asks for by name is worth any way
ASSIGNABLE = (State.PENDING, *WITH_TECHNICIAN)


@dataclass(frozen=True, slots=True)
class ShareLine:
    """What would become of one order.

    technician_id, starts_at: None when it would stay where it is; stop: the code of why. warnings: codes of what a
    dispatcher should know. late_minutes: after the earlier due instant. seen: who has the order now.
    """

    work_order_id: UUID
    number: str
    seen: UUID | None
    technician_id: UUID | None = None
    starts_at: datetime | None = None
    warnings: tuple[str, ...] = ()
    late_minutes: int = 0
    stop: str = ""


def share_out(work_order_ids: Iterable[UUID], *, technician_id: UUID | None, at: datetime) -> list[ShareLine]:
    """Who would get these orders and when? In the order of their due instants; nothing is written.

    technician_id: all to this one; None: each to the owner of its grid. Over the bookable days, about ten statements
    a day.
    """
    rows = WorkOrder.objects.filter(pk__in=list(work_order_ids)).select_related("predecessor")
    orders = sorted(rows.order_by("opened_at", "pk"), key=_urgency)
    owners = {unit.code: unit.owner_id for unit in org.units("grid")}
    wanted = {order.pk: technician_id or owners.get(order.grid_code) for order in orders}
    lines: dict[UUID, ShareLine] = {}
    for order in orders:
        if order.state not in ASSIGNABLE:
            lines[order.pk] = _stopped(order, "not_waiting")
        elif wanted[order.pk] is None:
            lines[order.pk] = _stopped(order, "no_owner")
    left = [order for order in orders if order.pk not in lines]
    for on in days_ahead(at, parameters.bookable_days(at)):
        if not left:
            break
        found = _plan_day(on, left, wanted, is_owners=technician_id is None, at=at)
        lines |= found
        left = [order for order in left if lines[order.pk].stop]
    return [lines[order.pk] for order in orders]


def _plan_day(
    on: date, orders: Sequence[WorkOrder], wanted: dict[UUID, UUID | None], *, is_owners: bool, at: datetime
) -> dict[UUID, ShareLine]:
    people = None if is_owners else {person for order in orders if (person := wanted[order.pk])}
    day = build_day(
        on, orders, at=at, city_code=require_city(), people=people, bonds=Bonds(own_grid=is_owners, one_home=False)
    )
    wished = tuple(job if job.pinned else replace(job, value=WISHED) for job in day.problem.jobs)
    plan = engine(DEFAULT).solve(replace(day.problem, jobs=wished), parameters.plan_seconds(at))
    is_today = on == local_day(at)
    return {order.pk: _line(order, day, plan, is_today=is_today) for order in orders}


def _line(order: WorkOrder, day: Day, plan: Plan, *, is_today: bool) -> ShareLine:
    visits = plan.visits_of.get(str(order.pk), ())
    if len(visits) != 1:
        return _stopped(order, _why_not(order, day, plan))
    visit, technician = visits[0], day.problem.technician_by_id[visits[0].tech]
    due_at, ends_at = _due(order), instant(visit.finish)
    late_minutes = max(0, int((ends_at - due_at).total_seconds() // 60)) if due_at else 0
    warnings = {
        "comes_late": late_minutes > 0,
        "other_grid": bool(order.grid_code) and order.grid_code not in technician.grid_ids,
        "overtime": visit.finish > technician.end,
        "other_day": not is_today,
        "taken_from_another": order.technician_id is not None and str(order.technician_id) != visit.tech,
    }
    return ShareLine(
        work_order_id=order.pk,
        number=order.number,
        seen=order.technician_id,
        technician_id=UUID(visit.tech),
        starts_at=instant(visit.start),
        warnings=tuple(code for code, holds in warnings.items() if holds),
        late_minutes=late_minutes,
    )


def _why_not(order: WorkOrder, day: Day, plan: Plan) -> str:
    """Return the first reason that is not merely somebody else's grid."""
    bound = day.problem.rules.own_grid_only
    if not any(not bound or order.grid_code in one.grid_ids for one in day.problem.technicians):
        return str(Verdict.ABSENT)
    if str(order.pk) not in day.problem.job_by_id:
        return str(Cause.PREDECESSOR_UNSERVED)
    if order.crew_size > 1:
        return str(Cause.CREW)
    causes = [reason.cause for reason in plan.unserved.get(str(order.pk), ()) if reason.cause is not Cause.GRID]
    return str(causes[0] if causes else Cause.NO_FREE_TIME)


def _stopped(order: WorkOrder, why: str) -> ShareLine:
    return ShareLine(work_order_id=order.pk, number=order.number, seen=order.technician_id, stop=why)


def _due(order: WorkOrder) -> datetime | None:
    return min((one for one in (order.statutory_due_at, order.assessment_due_at) if one is not None), default=None)


def _urgency(order: WorkOrder) -> tuple[bool, datetime]:
    due_at = _due(order)
    return due_at is None, due_at or order.opened_at
