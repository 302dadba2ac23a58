"""The answers of all parts become one proposal to decide, with the run's record; a city may take it over by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from yuanxin.engines.routing.plan import Term
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions.proposals import close, take_over
from yuanxin.fieldwork.models import DispatchRun, Proposal, ProposalChange, WorkOrder
from yuanxin.fieldwork.planning.proposing import ChangeDraft, changes_of
from yuanxin.fieldwork.rules.proposing import Decision, State, Trigger
from yuanxin.kernel.outbox import tell
from yuanxin.published.fieldwork import PlanProposed
from yuanxin.published.refs import ref


def conclude(proposal: Proposal, at: datetime) -> None:
    """Turn the answers of a locked proposal's parts into its changes; the caller has stored the last answer."""
    parts = proposal.parts.order_by("id")
    answers = [part.answer for part in parts if part.answer is not None]
    standing, visits = _merged(answers)
    drafts = changes_of(standing, visits, parameters.move_price(at).eta_tolerance_s)
    for name in ("before", "after", "baseline"):
        setattr(proposal, name, _sum(answer[name] for answer in answers))
    proposal.unserved = _unserved(answers, visits)
    proposal.engine = next((answer["engine"] for answer in answers if answer["engine"]), proposal.engine)
    proposal.engine_ms = sum(int(answer["ms"]) for answer in answers)
    proposal.price = _price(proposal.before, proposal.after)
    proposal.promises = sum(1 for one in drafts if _breaks_word(one))
    proposal.percent, proposal.objective = 100, sum(proposal.after.values())
    proposal.ready_at, proposal.expires_at = at, at + parameters.proposal_rules(at).kept
    proposal.state = State.READY if drafts else State.EMPTY
    proposal.save()
    _keep(proposal, drafts, answers)
    _record(proposal, drafts, answers, at)
    if not drafts:
        return
    _supersede(proposal, at)
    tell(
        PlanProposed(
            subject=ref("proposal", proposal.pk),
            at=at,
            trigger=str(proposal.trigger),
            day=proposal.day,
            changes=len(drafts),
            promises=proposal.promises,
        )
    )
    rule = parameters.proposal_rules(at).automatic
    is_event = proposal.trigger != Trigger.ASKED
    if is_event and rule.takes(price=proposal.price, promises=proposal.promises, changes=len(drafts)):
        take_over(proposal, None, at, is_automatic=True)


Standing = dict[str, tuple[tuple[str, ...], int | None]]


def _merged(answers: Sequence[dict[str, Any]]) -> tuple[Standing, dict[str, tuple[tuple[str, ...], int]]]:
    """Return how the orders stand and where they would go; a later part (the border) overrules an earlier one."""
    standing: Standing = {}
    visits: dict[str, tuple[tuple[str, ...], int]] = {}
    for answer in answers:
        for key, (_, crew, start) in answer["standing"].items():
            standing[key] = (tuple(crew), start)
            visits.pop(key, None)
        visits |= {key: (tuple(crew), start) for key, (crew, start) in answer["visits"].items()}
    return standing, visits


def _sum(terms: Any) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in terms:
        total.update(one)
    return {name: points for name, points in sorted(total.items()) if points}


def _price(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    """Return by how much all terms but the unserved rise."""
    names = {name for name in (*before, *after) if not name.startswith(Term.UNSERVED)}
    return sum(after.get(name, 0) - before.get(name, 0) for name in names)


def _breaks_word(one: ChangeDraft) -> bool:
    """Say whether a customer was told otherwise: another technician or time than his, or nobody at all."""
    return one.kind != "added" and not one.is_minor


def _unserved(answers: Sequence[dict[str, Any]], visits: Mapping[str, Any]) -> list[dict[str, Any]]:
    left = {key: causes for answer in answers for key, causes in answer["unserved"].items()}
    return [{"order": key, "causes": causes} for key, causes in left.items() if key not in visits]


def _keep(proposal: Proposal, drafts: Sequence[ChangeDraft], answers: Sequence[dict[str, Any]]) -> None:
    states = {key: state for answer in answers for key, (state, _, _) in answer["standing"].items()}
    known = set(WorkOrder.objects.filter(pk__in=[UUID(one.order) for one in drafts]).values_list("pk", flat=True))
    ProposalChange.objects.bulk_create(
        ProposalChange(
            province_code=proposal.province_code,
            city_code=proposal.city_code,
            proposal=proposal,
            work_order_id=UUID(one.order),
            kind=one.kind,
            state_before=states[one.order],
            crew_before=list(one.crew_before),
            crew_after=list(one.crew_after),
            starts_before=_instant(one.start_before),
            starts_after=_instant(one.start_after),
            is_told=bool(one.crew_before),
            is_minor=one.is_minor,
        )
        for one in drafts
        if UUID(one.order) in known
    )


def _instant(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _record(proposal: Proposal, drafts: Sequence[ChangeDraft], answers: Sequence[dict[str, Any]], at: datetime) -> None:
    DispatchRun.objects.create(
        province_code=proposal.province_code,
        city_code=proposal.city_code,
        at=at,
        actor=proposal.actor,
        unit_code=proposal.unit_code,
        day=proposal.day,
        engine=proposal.engine,
        engine_ms=proposal.engine_ms,
        orders=sum(len(answer["standing"]) for answer in answers),
        assigned=sum(1 for one in drafts if one.kind == "added"),
        weights=answers[0]["weights"],
        terms=proposal.after,
        unserved={one["order"]: one["causes"] for one in proposal.unserved},
        before=proposal.before,
        travel_estimated=any(answer.get("travel_estimated", False) for answer in answers),
        proposal=proposal,
    )


def _supersede(proposal: Proposal, at: datetime) -> None:
    """A newer proposal of the same unit and day takes the place of those that still wait."""
    older = Proposal.objects.select_for_update().filter(
        unit_code=proposal.unit_code, day=proposal.day, state=State.READY, asked_at__lte=proposal.asked_at
    )
    for one in older.exclude(pk=proposal.pk):
        close(one, State.EXPIRED, Decision.EXPIRED, at, reason_code="superseded")
