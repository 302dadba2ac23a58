"""Planning runs: a proposal is stored at once, jobs solve its parts, their answers become something to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from yuanxin.engines.routing.engine import DEFAULT, engine
from yuanxin.engines.routing.watching import Watch
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.concluding_plans import conclude
from yuanxin.fieldwork.actions.dispatching import think_in_peace
from yuanxin.fieldwork.actions.proposals import AT_WORK, close, locked_proposal
from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import PlanPart, Proposal, WorkOrder
from yuanxin.fieldwork.planning.borders import find_border
from yuanxin.fieldwork.planning.city import Material, clusters_of, material_of, seconds_of
from yuanxin.fieldwork.planning.parts import BORDER, people_of
from yuanxin.fieldwork.planning.proposing import Found, find
from yuanxin.fieldwork.rules.errors import ProposalDecided
from yuanxin.fieldwork.rules.proposing import Decision, State, Trigger
from yuanxin.fieldwork.rules.states import State as OrderState
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import at_minute, local_day
from yuanxin.org import api as org
from yuanxin.published.codes import Segment


@command("fieldwork.plan_city")
def plan_city(
    *,
    at: datetime,
    scope: str = "",
    day: date | None = None,
    engine_name: str = DEFAULT,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Ask for a plan of a city or one of its units (运算改派方案); return the proposal's id. Nothing is assigned.

    The proposal stands there at once, queued; workers solve it. scope: code of a unit, whose technicians take the
    orders of its grids; empty for the whole city. day: the first day planned, today unless the shift is over.
    Raises NotFound for the unit, UnknownEngine.
    """
    city = require_city()
    unit = org.unit(scope) if scope and scope != city else None
    proposal = Proposal.objects.create(
        asked_at=at,
        actor=who(),
        trigger=Trigger.ASKED,
        unit_code=unit.code if unit else city,
        day=day or _first_day(at),
        engine=engine(engine_name).name,
    )
    if unit is not None:
        pool = WorkOrder.objects.filter(
            state=OrderState.PENDING, segment=Segment.FIELD,
            grid_code__gte=unit.code, grid_code__lt=unit.code + "\U0010ffff",
        )  # fmt: skip
        orders = list(pool.values_list("pk", flat=True))
        add_part(proposal, unit.code, people_of(unit), orders)
        return proposal.pk
    for part in clusters_of(city, proposal.day, at):
        add_part(proposal, *part)
    return proposal.pk


def _first_day(at: datetime) -> date:
    """Return the day that can still be planned: today, or tomorrow once the shift is over."""
    today = local_day(at)
    return today if at < at_minute(today, parameters.shift(at).to_minute) else today + timedelta(days=1)


def add_part(proposal: Proposal, cluster: str, people: Iterable[UUID] = (), orders: Iterable[UUID] = ()) -> PlanPart:
    return PlanPart.objects.create(
        proposal=proposal, cluster=cluster, technicians=list(people), orders=list(orders),
        province_code=proposal.province_code, city_code=proposal.city_code,
    )  # fmt: skip


@command("fieldwork.begin_part")
def begin_part(*, part_id: UUID, at: datetime) -> bool:
    """Take a part to solve it; False when nobody wants its answer any more."""
    part = _locked_part(part_id)
    if part.proposal.state not in AT_WORK or part.answer is not None:
        return False
    part.begun_at = at
    part.save(update_fields=["begun_at"])
    if part.proposal.state == State.QUEUED:
        part.proposal.state = State.RUNNING
        part.proposal.save(update_fields=["state"])
    return True


@command("fieldwork.note_progress")
def note_progress(*, part_id: UUID, percent: int, objective: int) -> bool:
    """Keep how far a part is; say whether somebody still wants its answer."""
    part = PlanPart.objects.select_related("proposal").get(pk=part_id)
    PlanPart.objects.filter(pk=part_id).update(percent=min(99, percent), objective=objective)
    rows = list(PlanPart.objects.filter(proposal=part.proposal_id).values_list("percent", "objective"))
    done = sum(row[0] for row in rows) // max(1, len(rows))
    total = sum(row[1] or 0 for row in rows)
    Proposal.objects.filter(pk=part.proposal_id, state=State.RUNNING).update(percent=done, objective=total)
    return part.proposal.state in AT_WORK


@command("fieldwork.finish_part")
def finish_part(*, part_id: UUID, answer: dict[str, Any], at: datetime) -> None:
    """Keep the answer of a part; with the last one the proposal is ready. An answer nobody wants is dropped."""
    part = _locked_part(part_id)
    if part.proposal.state not in AT_WORK or part.answer is not None:
        return
    part.answer, part.percent = answer, 100
    part.save(update_fields=["answer", "percent"])
    parts = part.proposal.parts
    if parts.filter(answer__isnull=True).exists():
        return
    if parts.count() > 1 and not parts.filter(cluster=BORDER).exists():
        add_part(part.proposal, BORDER)
        return
    conclude(part.proposal, at)


@command("fieldwork.fail_plan")
def fail_plan(*, part_id: UUID, error: str, at: datetime) -> None:
    """Note that a plan cannot be made."""
    part = _locked_part(part_id)
    Proposal.objects.filter(pk=part.proposal_id, state__in=AT_WORK).update(state=State.FAILED, failure=error[:60])


def _locked_part(part_id: UUID) -> PlanPart:
    proposal = PlanPart.objects.filter(pk=part_id).values("proposal")
    Proposal.objects.select_for_update().filter(pk__in=proposal).first()
    part = PlanPart.objects.select_related("proposal").filter(pk=part_id).first()
    if part is None:
        raise NotFound(part=str(part_id))
    return part


def answer_of(material: Material, found: Found) -> dict[str, Any]:
    """Return an answer as plain data, with how every order stood when it was asked."""
    standing = {
        key: [
            one.state,
            [str(person) for person in one.crew],
            int(one.starts_at.timestamp()) if one.starts_at else None,
        ]
        for key, one in material.standing.items()
        if key in found.after.visits or key in found.after.unserved
    }
    return {
        "standing": standing,
        "visits": {key: [list(crew), start] for key, (crew, start) in found.after.visits.items()},
        "before": dict(found.before),
        "after": dict(found.after.terms),
        "baseline": dict(found.baseline),
        "unserved": {key: dict(causes) for key, causes in found.after.unserved.items()},
        "engine": found.after.engine,
        "ms": round(found.after.seconds * 1000),
        "weights": asdict(material.days[0].problem.weights),
        "travel_estimated": any(day.problem.travel.estimated for day in material.days),
    }


@command("fieldwork.compute_proposal")
def compute_proposal(*, proposal_id: UUID, at: datetime, rounds: int | None = None) -> None:
    """Solve a queued proposal here and now instead of by jobs; for stories and cities without a worker.

    rounds: of the search, so that the answer is the same on every machine; None: as long as the rulebook says.
    """
    think_in_peace()
    watch = Watch(rounds=rounds) if rounds is not None else None
    while True:
        part = PlanPart.objects.filter(proposal=proposal_id, answer__isnull=True).order_by("id").first()
        if part is None or not begin_part(part_id=part.pk, at=at):
            return
        finish_part(part_id=part.pk, answer=solved(part.pk, at, watch), at=at)


def solved(part_id: UUID, at: datetime, watch: Watch | None = None) -> dict[str, Any]:
    """Read and solve a part; nothing is written."""
    work = work_of(part_id, at)
    return answer_of(work.material, work.find(watch))


@dataclass(frozen=True)
class Work:
    """Everything that solving a part needs, read at once. clusters: only for the border pass."""

    material: Material
    engine_name: str
    seconds: float
    clusters: tuple[tuple[tuple[UUID, ...], dict[str, Any]], ...] = ()

    def find(self, watch: Watch | None = None) -> Found:
        """Let the engine think; no database is asked."""
        if self.clusters:
            return find_border(self.material, self.clusters, self.engine_name, self.seconds, watch)
        return find(self.material, self.engine_name, self.seconds, watch)


def work_of(part_id: UUID, at: datetime) -> Work:
    """Read what solving a part needs. Raises NotFound."""
    part = PlanPart.objects.select_related("proposal").filter(pk=part_id).first()
    if part is None:
        raise NotFound(part=str(part_id))
    others = part.proposal.parts.exclude(pk=part.pk).order_by("id") if part.cluster == BORDER else ()
    clusters = tuple((tuple(one.technicians), one.answer) for one in others if one.answer is not None)
    return Work(material_of(part, at), part.proposal.engine or DEFAULT, seconds_of(part, at), clusters)


@command("fieldwork.cancel_proposal")
def cancel_proposal(*, proposal_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Stop a run that is waiting or under way. Raises ProposalDecided, NotFound."""
    proposal = locked_proposal(proposal_id)
    if proposal.state not in AT_WORK:
        raise ProposalDecided(state=str(proposal.state))
    proposal.is_cancel_asked = True
    close(proposal, State.CANCELLED, Decision.CANCELLED, at)
