"""What a plan of a whole city, a unit or a few technicians starts from: their days, and how every visit stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from yuanxin.engines.routing.clusters import split
from yuanxin.engines.routing.eligibility import obstacles
from yuanxin.engines.routing.problem import Job, Problem, Promise
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import PlannedVisit, PlanPart, WorkOrder
from yuanxin.fieldwork.planning.day import Bonds, Day, build_day, local_midnight
from yuanxin.fieldwork.planning.parts import BORDER, EVERYBODY, LOCAL, touched_by
from yuanxin.fieldwork.rules.ownership import Mode
from yuanxin.fieldwork.rules.proposing import Trigger
from yuanxin.fieldwork.rules.states import State
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.published.codes import Segment
from yuanxin.published.refs import ref_id

NOT_STARTED = (State.OFFERED, State.ACCEPTED, State.BOOKED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a free order stands now. crew and starts_at are empty in the pool; told_at: when the visit was committed."""

    state: str
    crew: tuple[UUID, ...] = ()
    starts_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def start(self) -> int | None:
        """The start in Unix seconds."""
        return int(self.starts_at.timestamp()) if self.starts_at else None


@dataclass(frozen=True)
class Material:
    """Everything an engine needs for one plan, read at once. days: the first one, and those for what it leaves over.

    standing: by order id. owners_first: the owner of a grid comes before all others (包片).
    """

    days: tuple[Day, ...]
    standing: Mapping[str, Standing]
    owners_first: bool

    @property
    def numbers(self) -> dict[str, str]:
        """Human numbers of the orders, by id."""
        return {key: order.number for day in self.days for key, order in day.orders.items()}


def gather(
    on: date,
    *,
    at: datetime,
    city_code: str,
    people: Collection[UUID] | None,
    orders: Collection[UUID] | None,
    absent: Collection[UUID] = (),
    days: int = 1,
) -> Material:
    """Read what a plan needs. Free are the pool and the visits that nobody has begun or pinned; they carry a promise.

    The plan begins when somebody has had time to decide on it; what begins before stays as it is.

    people: who may be sent, as far as the roster has them at work; None for the whole city. absent: whose visits are
    free even when they are about to begin.
    orders: of the pool, None for all of it. days: so many days take what the first one leaves over. About fifteen
    statements a day.
    """
    begins_at = at + parameters.proposal_rules(at).lead
    movable = [
        visit
        for visit in _movable(on, people)
        if visit.technician_id in absent or not at <= visit.starts_at < begins_at
    ]
    waiting = _pool(orders)
    standing = {str(order.pk): Standing(str(order.state)) for order in waiting}
    standing |= {str(visit.work_order_id): _standing(visit) for visit in movable}
    owners_first = parameters.ownership(at).mode is Mode.OWNER

    def build(day: date, free: Iterable[WorkOrder]) -> Day:
        found = build_day(day, list(free), at=at, city_code=city_code, people=people, bonds=Bonds(one_home=True))
        now = max(found.problem.now, int(begins_at.timestamp()))
        return replace(found, problem=replace(found.problem, now=now))

    first = build(on, [*waiting, *(visit.work_order for visit in movable)])
    forced = _forced(first, standing)
    if forced:
        standing = {key: one for key, one in standing.items() if key not in forced}
        first = build(on, (order for key, order in first.orders.items() if key not in forced))
    first = replace(first, problem=_promised(first.problem, standing))
    later = [build(on + timedelta(days=number), waiting) for number in range(1, days)] if waiting else []
    return Material((first, *later), standing, owners_first)


def _movable(on: date, people: Collection[UUID] | None) -> list[PlannedVisit]:
    """Return the visits of a day that a plan may move: not begun, not pinned, of one person."""
    rows = PlannedVisit.objects.filter(
        released_at=None,
        pinned=False,
        starts_at__gte=local_midnight(on),
        starts_at__lt=local_midnight(on + timedelta(days=1)),
        work_order__state__in=NOT_STARTED,
        work_order__crew_size=1,
    )
    if people is not None:
        rows = rows.filter(technician__in=people)
    return list(rows.select_related("work_order__predecessor").order_by("starts_at", "pk"))


def _pool(orders: Collection[UUID] | None) -> list[WorkOrder]:
    rows = WorkOrder.objects.filter(state=State.PENDING, segment=Segment.FIELD).select_related("predecessor")
    if orders is not None:
        rows = rows.filter(pk__in=orders)
    return list(rows.order_by("opened_at", "pk"))


def _standing(visit: PlannedVisit) -> Standing:
    return Standing(str(visit.work_order.state), (visit.technician_id,), visit.starts_at, visit.committed_at)


def _forced(day: Day, standing: Mapping[str, Standing]) -> set[str]:
    """Return the visits that a person put where no engine may: they stay as they are."""
    found = set()
    for key, one in standing.items():
        if not one.crew or one.starts_at is None:
            continue
        job, technician = day.problem.job_by_id.get(key), day.problem.technician_by_id.get(str(one.crew[0]))
        if job is None:  # it waits for another order
            found.add(key)
            continue
        if technician is None:  # absent: anybody may have it
            continue
        start = one.start or 0
        outside = bool(job.windows) and not any(begins <= start <= ends for begins, ends in job.windows)
        if outside or next(obstacles(day.problem, technician, job), None) is not None:
            found.add(key)
    return found


def _promised(problem: Problem, standing: Mapping[str, Standing]) -> Problem:
    """Let every standing visit carry its promise; a home whose visits go to different people is not held together.

    Nobody comes before the time that was told: a plan that changes nothing leaves every visit where it is.
    """
    people: dict[str, set[UUID]] = {}
    for job in problem.jobs:
        if job.group and job.id in standing:
            people.setdefault(job.group, set()).update(standing[job.id].crew)

    def with_promise(job: Job) -> Job:
        one = standing.get(job.id)
        if len(people.get(job.group, ())) > 1:
            job = replace(job, group="")
        if one is None or one.starts_at is None or one.told_at is None:
            return job
        start = int(one.starts_at.timestamp())
        told = Promise(str(one.crew[0]), start, int(one.told_at.timestamp()))
        return replace(job, promised=told, release=max(job.release, start))

    return replace(problem, jobs=tuple(with_promise(job) for job in problem.jobs))


def material_of(part: PlanPart, at: datetime) -> Material:
    """Read what a part of a proposal needs."""
    proposal, city_code = part.proposal, part.city_code
    if part.cluster == LOCAL:
        people, orders = touched_by(proposal, city_code, parameters.proposal_rules(at).neighbours, at)
        ill = [ref_id(one["subject"], "staff") for one in proposal.causes if one["trigger"] == Trigger.ILL]
        return gather(proposal.day, at=at, city_code=city_code, people=people, orders=orders, absent=ill)
    left = (proposal.day - local_day(at)).days
    days = max(1, parameters.bookable_days(at) - max(0, left))
    everybody = part.cluster in (EVERYBODY, BORDER)
    return gather(
        proposal.day,
        at=at,
        city_code=city_code,
        people=None if everybody else part.technicians,
        orders=None if everybody else part.orders,
        days=days,
    )


Cluster = tuple[str, tuple[UUID, ...], tuple[UUID, ...]]
"""Code, technicians, orders of the pool."""


def clusters_of(city_code: str, on: date, at: datetime) -> list[Cluster]:
    """Cut a city into clusters of neighbours that one engine run can bear; a small city stays whole."""
    most = parameters.proposal_rules(at).most_technicians
    if len(org.technicians(city_code)) <= most:
        return [(EVERYBODY, (), ())]
    material = gather(on, at=at, city_code=city_code, people=None, orders=None)
    waiting = {key for key, one in material.standing.items() if not one.crew}
    return [
        (
            part.name,
            tuple(UUID(one.id) for one in part.problem.technicians),
            tuple(UUID(job.id) for job in part.problem.jobs if job.id in waiting),
        )
        for part in split(material.days[0].problem, most)
    ]


def seconds_of(part: PlanPart, at: datetime) -> float:
    """Read how many CPU seconds the engine may take for a part."""
    return parameters.proposal_rules(at).local_seconds if part.cluster == LOCAL else parameters.plan_seconds(at)
