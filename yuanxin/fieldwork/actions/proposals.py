"""Decisions on proposals: taken over in whole or in part, refused. Every change is an ordinary assignment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.academy import api as academy
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.deeds import record
from yuanxin.fieldwork.actions.moving import Wish, settle_all
from yuanxin.fieldwork.actions.steps import lock_all, who
from yuanxin.fieldwork.models import (
    Appointment,
    PlannedVisit,
    Proposal,
    ProposalChange,
    ProposalDecision,
    WorkOrder,
)
from yuanxin.fieldwork.queries.deeds import Kind, pictures_of
from yuanxin.fieldwork.rules.errors import (
    NotATechnician,
    NotQualified,
    OutsideAppointment,
    ProposalDecided,
    ProposalExpired,
    StartPassed,
    VisitMovedMeanwhile,
)
from yuanxin.fieldwork.rules.needs import works_of
from yuanxin.fieldwork.rules.proposing import Decision, State
from yuanxin.fieldwork.rules.states import WAITING
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.org import api as org
from yuanxin.published.codes import OrderKind, Segment
from yuanxin.published.fieldwork import PlanDecided
from yuanxin.published.refs import ref

BY_PROPOSAL = "proposal"
AT_WORK = (State.QUEUED, State.RUNNING)


@dataclass(frozen=True)
class Stale:
    """A change that the world has overtaken. error: the code of why; params: of its words."""

    change_id: UUID
    work_order_id: UUID
    number: str
    error: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """What became of the chosen changes: the orders that stand as proposed, and those left out with the reason."""

    done: tuple[UUID, ...]
    stale: tuple[Stale, ...]


@command("fieldwork.accept_proposal")
def accept_proposal(
    *, proposal_id: UUID, changes: Sequence[UUID] | None = None, at: datetime, key: IdempotencyKey | None = None
) -> Accepted:
    """Take a proposal over (采纳), or only these changes of it (部分采纳); the others stay as they are.

    What moved on since is left out by name. The small shifts that make room come along with what they make room for.
    Raises ProposalDecided, ProposalExpired, NotFound.
    """
    return take_over(locked_proposal(proposal_id), changes, at, is_automatic=False)


@command("fieldwork.refuse_proposal")
def refuse_proposal(*, proposal_id: UUID, reason: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Leave everything as it is (不采纳). reason: a code. Raises ProposalDecided, NotFound."""
    proposal = locked_proposal(proposal_id)
    if proposal.state != State.READY:
        raise ProposalDecided(state=str(proposal.state))
    close(proposal, State.REFUSED, Decision.REFUSED, at, reason_code=reason)


@command("fieldwork.expire_proposals")
def expire_proposals(*, at: datetime) -> int:
    """End what nobody decided in time, and runs that never answered; return how many."""
    kept, ended = parameters.proposal_rules(at).kept, 0
    open_ones = Proposal.objects.select_for_update(skip_locked=True)
    for proposal in open_ones.filter(state=State.READY, expires_at__lte=at):
        close(proposal, State.EXPIRED, Decision.EXPIRED, at)
        ended += 1
    for proposal in open_ones.filter(state__in=AT_WORK, asked_at__lte=at - kept):
        proposal.state, proposal.failure = State.FAILED, "no_answer"
        proposal.save(update_fields=["state", "failure"])
        ended += 1
    return ended


def locked_proposal(proposal_id: UUID) -> Proposal:
    """Return a proposal, locked until the end of the transaction. Raises NotFound."""
    found = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(proposal=str(proposal_id))
    return found


def close(proposal: Proposal, state: State, decision: Decision, at: datetime, **more: Any) -> ProposalDecision:
    """Let a locked proposal end so, and keep who decided it."""
    proposal.state = state
    proposal.decided_at, proposal.decided_by = at, who()
    proposal.reason_code = more.get("reason_code", "")
    proposal.save()
    kept = ProposalDecision.objects.create(
        proposal=proposal, decision=str(decision), at=at, actor=who(), price=proposal.price,
        province_code=proposal.province_code, city_code=proposal.city_code, **more,
    )  # fmt: skip
    tell(
        PlanDecided(
            subject=ref("proposal", proposal.pk),
            at=at,
            decision=str(decision),
            is_automatic=kept.is_automatic,
            done=kept.done,
            stale=kept.stale,
        )
    )
    return kept


def take_over(proposal: Proposal, chosen: Sequence[UUID] | None, at: datetime, *, is_automatic: bool) -> Accepted:
    """Assign what a locked proposal says. Raises ProposalDecided, ProposalExpired."""
    if proposal.state != State.READY:
        raise ProposalDecided(state=str(proposal.state))
    if proposal.expires_at is not None and proposal.expires_at <= at:
        raise ProposalExpired(proposal=str(proposal.pk))
    every = list(proposal.changes.select_related("work_order").order_by("starts_after", "id"))
    taken = _taken(every, chosen)
    orders = lock_all(change.work_order_id for change in taken)
    before = pictures_of(orders.values())
    refused = _overtaken(taken, orders, at)
    wishes = [
        Wish(orders[one.work_order_id], tuple(one.crew_after), one.starts_after)
        for one in taken
        if one.work_order_id not in refused
    ]
    refused |= settle_all(wishes, at, reason=BY_PROPOSAL)
    done = [one.work_order_id for one in taken if one.work_order_id not in refused]
    if done:
        after = pictures_of(orders[key] for key in done)
        kept = [before[key] for key in done], [after[key] for key in done]
        record(Kind.PROPOSAL, *kept, at, proposal_id=proposal.pk)
    _keep_outcomes(every, taken, refused)
    is_whole = len(done) == len(every)
    close(
        proposal,
        State.ACCEPTED if is_whole else State.PARTLY,
        Decision.ACCEPTED if is_whole else Decision.PARTLY,
        at,
        is_automatic=is_automatic,
        done=len(done),
        stale=len(refused),
    )
    stale = (_stale(one, refused[one.work_order_id]) for one in taken if one.work_order_id in refused)
    return Accepted(tuple(done), tuple(stale))


def _taken(every: Sequence[ProposalChange], chosen: Sequence[UUID] | None) -> list[ProposalChange]:
    """Return what is to be done: all, or the chosen changes with the small shifts of the people they touch."""
    if chosen is None:
        return list(every)
    wanted = set(chosen)
    if unknown := wanted - {one.pk for one in every}:
        raise NotFound(change=str(min(unknown, key=str)))
    people = {person for one in every if one.pk in wanted for person in (*one.crew_before, *one.crew_after)}
    return [one for one in every if one.pk in wanted or (one.is_minor and people.intersection(one.crew_after))]


def _overtaken(
    taken: Sequence[ProposalChange], orders: Mapping[UUID, WorkOrder], at: datetime
) -> dict[UUID, DomainError]:
    """Return what no longer stands as the proposal saw it, or may not be assigned so any more. Six statements."""
    visits = {
        visit.work_order_id: visit
        for visit in PlannedVisit.objects.filter(work_order__in=orders, released_at=None, leads=True)
    }
    windows = {one.work_order_id: one for one in Appointment.objects.filter(work_order__in=orders, superseded_at=None)}
    fit = _Fit(taken, at)
    found: dict[UUID, DomainError] = {}
    for change in taken:
        order, visit = orders[change.work_order_id], visits.get(change.work_order_id)
        starts_at = visit.starts_at if visit else None
        is_same = (order.technician_id,) == (tuple(change.crew_before) or (None,)) and starts_at == change.starts_before
        window = windows.get(order.pk)
        if order.state not in WAITING or not is_same or (visit and visit.pinned):
            found[order.pk] = VisitMovedMeanwhile(work_order=order.number, state=str(order.state))
        elif change.starts_after is not None and change.starts_after < at:
            found[order.pk] = StartPassed(work_order=order.number)
        elif window and change.starts_after and not window.window_from <= change.starts_after <= window.window_to:
            found[order.pk] = OutsideAppointment(
                window_from=window.window_from.isoformat(), window_to=window.window_to.isoformat()
            )
        elif error := fit.error(order, change.crew_after):
            found[order.pk] = error
    return found


class _Fit:
    """Whether people may still do orders, read once for all of them: as strict as an ordinary assignment."""

    def __init__(self, taken: Sequence[ProposalChange], at: datetime) -> None:
        people = {person for one in taken for person in one.crew_after}
        cities = {one.city_code for one in taken}
        self.present = {one.id for city in cities for one in org.technicians(city)}
        self.skills = academy.skills_of_many(people, at)
        self.missing: dict[tuple[str, str], Mapping[UUID, Iterable[str]]] = {}
        for kind, segment in {(one.work_order.order_kind, one.work_order.segment) for one in taken}:
            works = works_of(OrderKind(kind), Segment(segment))
            self.missing[(kind, segment)] = academy.missing_for_many(people, works, at)

    def error(self, order: WorkOrder, crew: Iterable[UUID]) -> DomainError | None:
        """Return why one of these people may not do the order, None when all may."""
        for member in crew:
            if member not in self.present:
                return NotATechnician(technician=str(member), field="technician")
            held = self.skills.get(member, {})
            for code, level in order.skills.items():
                if held.get(code, 0) < level:
                    return NotQualified(skill=code, needed=level, has=held.get(code, 0), field="technician")
            for code in self.missing[(order.order_kind, order.segment)].get(member, ()):
                return NotQualified(certificate=code, needed=1, has=0, field="technician")
        return None


def _keep_outcomes(
    every: Sequence[ProposalChange], taken: Sequence[ProposalChange], refused: Mapping[UUID, DomainError]
) -> None:
    chosen = {one.pk for one in taken}
    for one in every:
        error = refused.get(one.work_order_id) if one.pk in chosen else None
        one.outcome = "left" if one.pk not in chosen else "stale" if error else "done"
        one.error = error.code if error else ""
        one.params = _texts(error.params) if error else {}
    ProposalChange.objects.bulk_update(every, ["outcome", "error", "params"])


def _stale(change: ProposalChange, error: DomainError) -> Stale:
    return Stale(change.pk, change.work_order_id, change.work_order.number, error.code, _texts(error.params))


def _texts(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}
