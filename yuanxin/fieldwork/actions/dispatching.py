"""Dispatch a pool by the engine: a run is recorded whole, every accepted visit is an ordinary assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from yuanxin.engines.routing.engine import DEFAULT, engine
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.assignment import assign
from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import DispatchRun, WorkOrder
from yuanxin.fieldwork.planning.answers import ObstacleView, instant, obstacle_view
from yuanxin.fieldwork.planning.day import UNBOUND, Day, bonds_of, build_day, days_ahead
from yuanxin.fieldwork.rules.errors import TechnicianBusy
from yuanxin.fieldwork.rules.states import State
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city
from yuanxin.org import api as org
from yuanxin.published.codes import Segment

BY_ENGINE = "engine"
LONGEST_RUN_MINUTES = 5  # of a machine that has other work; then the database gives the run up


@dataclass(frozen=True)
class AssignedView:
    """An order that got a technician."""

    work_order_id: UUID
    number: str
    technician_id: UUID
    planned_from: datetime


@dataclass(frozen=True)
class UnservedView:
    """An order that nobody can take in the bookable days, with the reasons of the last day tried."""

    work_order_id: UUID
    number: str
    reasons: tuple[ObstacleView, ...]


@dataclass(frozen=True)
class DispatchResult:
    """What a run did. runs: ids of the recorded runs, one per day planned."""

    assigned: tuple[AssignedView, ...]
    unserved: tuple[UnservedView, ...]
    runs: tuple[UUID, ...]


@command("fieldwork.auto_dispatch")
def auto_dispatch(
    *, at: datetime, unit: str = "", engine_name: str = DEFAULT, key: IdempotencyKey | None = None
) -> DispatchResult:
    """Plan the pool of the field segment over the bookable days and assign what fits (自动派单).

    Owners and homes come first as the city's rule says (包片); what that leaves over is tried again without.
    unit: code of a unit; its technicians take the orders whose grid code begins with it. Empty: the whole city.
    Committed visits stay as they are. Raises NotFound for the unit, UnknownEngine.
    """
    city_code = require_city()
    think_in_peace()
    pool = WorkOrder.objects.filter(state=State.PENDING, segment=Segment.FIELD).select_related("predecessor")
    if unit and unit != city_code:
        pool = pool.filter(grid_code__gte=unit, grid_code__lt=unit + "\U0010ffff")
    waiting = list(pool.order_by("opened_at", "pk"))
    people = org.unit(unit) if unit and unit != city_code else None
    assigned: list[AssignedView] = []
    runs: list[UUID] = []
    reasons: dict[UUID, tuple[ObstacleView, ...]] = {}
    for day in days_ahead(at, parameters.bookable_days(at)):
        for bonds in (bonds_of(at), UNBOUND):
            if not waiting:
                break
            found = build_day(day, waiting, at=at, city_code=city_code, unit=people, bonds=bonds)
            plan = engine(engine_name).solve(found.problem, parameters.plan_seconds(at))
            today = _assign_all(found, plan, at)
            assigned.extend(today)
            taken = {one.work_order_id for one in today}
            runs.append(_record(found, plan, unit or city_code, at, assigned=len(taken)))
            waiting = [order for order in waiting if order.pk not in taken]
            reasons |= {order.pk: _reasons(found, plan, str(order.pk)) for order in waiting}
            if not found.is_bound(waiting):
                break
    left = tuple(UnservedView(order.pk, order.number, reasons[order.pk]) for order in waiting)
    return DispatchResult(tuple(assigned), left, tuple(runs))


def think_in_peace() -> None:
    """Let this transaction outlive the engine's thinking, during which the connection is idle and holds no lock."""
    connection.connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{LONGEST_RUN_MINUTES}min'")


def _assign_all(day: Day, plan: Plan, at: datetime) -> list[AssignedView]:
    """Turn the plan's visits into assignments; one that meets a newer commitment stays in the pool."""
    done = []
    for job, crew in plan.visits_of.items():
        order = day.orders.get(job)
        if order is None:
            continue  # committed before
        leader, *mates = (UUID(visit.tech) for visit in crew)
        planned_from = instant(crew[0].start)
        try:
            with transaction.atomic():
                assign(
                    work_order_id=order.pk, technician_id=leader, mates=mates, planned_from=planned_from, at=at,
                    reason=BY_ENGINE,
                )  # fmt: skip
        except TechnicianBusy:
            continue
        done.append(AssignedView(order.pk, order.number, leader, planned_from))
    return done


def _reasons(day: Day, plan: Plan, job: str) -> tuple[ObstacleView, ...]:
    if job not in day.problem.job_by_id:
        return (obstacle_view(day, Reason(Cause.PREDECESSOR_UNSERVED)),)
    found: Sequence[Reason] = plan.unserved.get(job) or (Reason(Cause.NO_FREE_TIME),)
    return tuple(obstacle_view(day, reason) for reason in found)


def _record(day: Day, plan: Plan, unit: str, at: datetime, *, assigned: int) -> UUID:
    weights = day.problem.weights
    run = DispatchRun.objects.create(
        at=at,
        actor=who(),
        unit_code=unit,
        day=day.on,
        engine=plan.engine,
        engine_ms=round(plan.seconds * 1000),
        orders=len(day.orders),
        assigned=assigned,
        weights=asdict(weights),
        terms=dict(plan.score.terms),
        travel_estimated=day.problem.travel.estimated,
        unserved={job: [asdict(reason) for reason in reasons] for job, reasons in plan.unserved.items()},
    )
    return run.pk
