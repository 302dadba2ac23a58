"""Proposals as people see them: the list, one with its changes, and what workers must do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import PlannedVisit, PlanPart, Proposal, ProposalChange
from yuanxin.fieldwork.rules.proposing import State, Trigger
from yuanxin.fieldwork.rules.states import OPEN
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.listing import Column, Filter, Kind, Listing

POINTS_PER_MINUTE = parameters.POINTS_PER_MINUTE
AT_WORK = (State.QUEUED, State.RUNNING)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One visit of a proposal, as it stands and as it would. outcome: see ``ProposalChange``."""

    id: UUID
    work_order_id: UUID
    number: str
    customer_id: UUID
    address_id: UUID
    order_kind: str
    service: str
    kind: str
    crew_before: tuple[UUID, ...]
    crew_after: tuple[UUID, ...]
    starts_before: datetime | None
    starts_after: datetime | None
    is_told: bool
    is_minor: bool
    outcome: str
    error: str
    params: Mapping[str, str]

    @property
    def affects_customer(self) -> bool:
        """Say whether a customer was told otherwise."""
        return self.is_told and not self.is_minor


@dataclass(frozen=True, slots=True)
class TermLine:
    """One named term in minutes of driving: in the plan in force, in the proposal, in today's practice."""

    term: str
    before: int
    after: int
    baseline: int

    @property
    def change(self) -> int:
        """What the proposal adds; negative is better."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class UnservedLine:
    """An order that stays in the pool, with the causes and for how many people each holds."""

    work_order_id: UUID
    causes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Another plan beside the one in force. terms: in minutes of driving; changes: of one proposal, not in lists."""

    id: UUID
    asked_at: datetime
    actor: str
    trigger: str
    causes: tuple[Mapping[str, str], ...]
    unit_code: str
    day: date
    state: str
    percent: int
    objective: int | None
    failure: str
    engine: str
    engine_ms: int
    ready_at: datetime | None
    expires_at: datetime | None
    before: Mapping[str, int]
    after: Mapping[str, int]
    baseline: Mapping[str, int]
    price_minutes: int
    customers_affected: int
    decided_at: datetime | None
    decided_by: str
    reason_code: str
    is_automatic: bool
    changes: tuple[ChangeView, ...] = ()
    unserved: tuple[UnservedLine, ...] = ()
    parts: int = 0

    @property
    def is_at_work(self) -> bool:
        """Say whether the answer is still awaited."""
        return self.state in AT_WORK

    @property
    def waits(self) -> bool:
        """Say whether somebody should decide."""
        return self.state == State.READY

    @property
    def terms(self) -> tuple[TermLine, ...]:
        """The terms side by side, their classes together, those of no weight left out."""
        sides = [_by_term(side) for side in (self.before, self.after, self.baseline)]
        names = sorted({name for side in sides for name in side})
        lines = (TermLine(name, *(round(side[name] / POINTS_PER_MINUTE) for side in sides)) for name in names)
        return tuple(line for line in lines if line.before or line.after or line.baseline)


def _by_term(terms: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, points in terms.items():
        found[name.partition(":")[0]] += points
    return found


def proposal(proposal_id: UUID) -> ProposalView:
    """Return one proposal with its changes in the order of their start. Four statements. Raises NotFound."""
    found = Proposal.objects.filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(proposal=str(proposal_id))
    changes = found.changes.select_related("work_order").order_by("is_minor", "starts_after", "id")
    return _view(found, changes=tuple(_change(one) for one in changes), parts=found.parts.count())


def open_proposals() -> list[ProposalView]:
    """Which proposals are being made or wait for a decision? The newest first."""
    rows = Proposal.objects.filter(state__in=(*AT_WORK, State.READY)).order_by("-asked_at", "-id")
    return [_view(one) for one in rows]


def _view(found: Proposal, changes: tuple[ChangeView, ...] = (), parts: int = 0) -> ProposalView:
    decision = found.decisions.order_by("id").last() if found.decided_at else None
    return ProposalView(
        id=found.pk, asked_at=found.asked_at, actor=found.actor, trigger=found.trigger, causes=tuple(found.causes),
        unit_code=found.unit_code, day=found.day, state=found.state, percent=found.percent, objective=found.objective,
        failure=found.failure, engine=found.engine, engine_ms=found.engine_ms, ready_at=found.ready_at,
        expires_at=found.expires_at, before=found.before, after=found.after, baseline=found.baseline,
        price_minutes=round(found.price / POINTS_PER_MINUTE), customers_affected=found.promises,
        decided_at=found.decided_at, decided_by=found.decided_by, reason_code=found.reason_code,
        is_automatic=decision is not None and decision.is_automatic, changes=changes,
        unserved=tuple(_unserved(one) for one in found.unserved), parts=parts,
    )  # fmt: skip


def _unserved(one: Mapping[str, Any]) -> UnservedLine:
    causes = sorted(one["causes"].items(), key=lambda item: (-item[1], item[0]))
    return UnservedLine(UUID(one["order"]), tuple((cause, count) for cause, count in causes))


def _change(one: ProposalChange) -> ChangeView:
    order = one.work_order
    return ChangeView(
        id=one.pk, work_order_id=order.pk, number=order.number, customer_id=order.customer_id,
        address_id=order.address_id, order_kind=order.order_kind, service=order.service, kind=one.kind,
        crew_before=tuple(one.crew_before), crew_after=tuple(one.crew_after), starts_before=one.starts_before,
        starts_after=one.starts_after, is_told=one.is_told, is_minor=one.is_minor, outcome=one.outcome,
        error=one.error, params=one.params,
    )  # fmt: skip


def parts_to_solve(at: datetime) -> list[tuple[UUID, str, str]]:
    """Which parts wait for a worker? (id, cluster, city), the oldest first; a burst of events is left to end."""
    rows = PlanPart.objects.filter(answer__isnull=True, begun_at=None, proposal__state__in=AT_WORK)
    calm_since = at - parameters.proposal_rules(at).debounce
    settled = Q(proposal__trigger=Trigger.ASKED) | Q(proposal__asked_at__lte=calm_since)
    return list(rows.filter(settled).order_by("id").values_list("pk", "cluster", "city_code"))


def cities_at_work(at: datetime) -> list[str]:
    """Which cities have visits that have begun or should have?"""
    rows = PlannedVisit.objects.filter(released_at=None, starts_at__lte=at, work_order__state__in=OPEN)
    return sorted(set(rows.values_list("city_code", flat=True)))


def cities_with_old_proposals(at: datetime) -> list[str]:
    """Which cities have proposals that nobody decided, or runs that never answered?"""
    kept = parameters.proposal_rules(at).kept
    old = Q(state=State.READY, expires_at__lte=at) | Q(state__in=AT_WORK, asked_at__lte=at - kept)
    return sorted(set(Proposal.objects.filter(old).values_list("city_code", flat=True)))


STATES = tuple((str(one), str(one)) for one in State)

proposals = Listing(
    name="fieldwork.proposals",
    title="Proposals",
    rows=Proposal.objects.all,
    columns=(
        Column("asked_at", "At", Kind.INSTANT, is_sortable=True),
        Column("state", "State", Kind.CODE),
        Column("trigger", "Asked because", Kind.CODE),
        Column("unit_code", "Unit"),
        Column("day", "Day", Kind.DAY),
        Column("promises", "Customers affected", Kind.NUMBER),
        Column("engine", "Engine"),
        Column("engine_ms", "Milliseconds", Kind.NUMBER),
    ),
    filters=(
        Filter("state", "state", "State", Kind.CODE, "in"),
        Filter("day", "day", "Day", Kind.DAY),
    ),
    default_sort="-asked_at",
)
