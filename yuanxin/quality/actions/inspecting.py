"""Inspection 质检: who is looked at, what was found, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.org import api as org
from yuanxin.quality.actions.settling import may_change, next_version, settle, terms_of
from yuanxin.quality.models import Inspection, OrderOutcome, OrderPay
from yuanxin.quality.rules import inspection as rules
from yuanxin.quality.rules.inspection import (
    CheckTerms,
    FindingUnknown,
    InspectionDone,
    InspectionState,
    InspectionUnknown,
    Reason,
)
from yuanxin.quality.rules.states import PayState, PayWindowClosed
from yuanxin.quality.scheme import check_terms_at

LONGEST_NOTE = 200


def look_at(pay: OrderPay, outcome: OrderOutcome, at: datetime) -> None:
    """Ask for an inspection when a rule, a customer or the sample wants one; a graver reason takes the place.

    The caller holds the lock of the pay. A look that was already taken is not asked for again.
    """
    terms = check_terms_at(outcome.finished_at)
    reason = _reason(terms, outcome) if terms else None
    if reason is None:
        return
    made, is_new = Inspection.objects.get_or_create(
        pay=pay, defaults={"reason": reason, "stops_pay": rules.stops_pay(reason), "asked_at": at}
    )
    is_open = made.state == InspectionState.OPEN
    returns = rules.stops_pay(reason) and not made.stops_pay
    if is_new or not (is_open or returns) or not rules.is_graver(reason, Reason(made.reason)):
        return
    made.reason, made.stops_pay, made.state = reason, rules.stops_pay(reason), InspectionState.OPEN
    made.decided_at, made.decided_by = None, ""
    made.save(update_fields=["reason", "stops_pay", "state", "decided_at", "decided_by"])


def _reason(terms: CheckTerms, outcome: OrderOutcome) -> Reason | None:
    return rules.reason_of(
        terms,
        work_order_id=outcome.work_order_id,
        late_minutes=outcome.assessment_late_minutes,
        close_type=outcome.close_type,
        is_repeat=outcome.is_own_repeat,
        is_mismatch=outcome.is_callback_agreed is False,
        counted_score=None if outcome.is_score_begged else outcome.score,
    )


@command("quality.inspect")
def inspect(
    *, work_order: UUID, findings: Sequence[str], at: datetime, note: str = "", key: IdempotencyKey | None = None
) -> int:
    """Close an inspection with what was found, nothing meaning good; return the new amount of the order (fen).

    Each finding costs its share of the piece by the rulebook of the finish, under the month's cap.
    Raises InspectionUnknown, InspectionDone, OwnTeamRefused, FindingUnknown, PayWindowClosed.
    """
    pay = OrderPay.objects.select_for_update(of=("self",)).filter(work_order_id=work_order).first()
    asked = Inspection.objects.select_for_update().filter(pay=pay).first() if pay else None
    if pay is None or pay.outcome is None or asked is None:
        raise InspectionUnknown(work_order=str(work_order))
    if asked.state != InspectionState.OPEN:
        raise InspectionDone(state=asked.state)
    _require_other_team(pay.outcome)
    codes = list(dict.fromkeys(findings))
    shares = _shares(codes, pay.outcome.finished_at)
    if codes and not may_change(pay, at):
        raise PayWindowClosed(work_order=str(work_order), state=pay.state)
    asked.state = InspectionState.FOUND if codes else InspectionState.PASSED
    asked.findings, asked.note = codes, note.strip()[:LONGEST_NOTE]
    asked.decided_at, asked.decided_by = at, acting.current().who
    asked.save(update_fields=["state", "findings", "note", "decided_at", "decided_by"])
    if pay.state == PayState.PROVISIONAL:
        pay.state = PayState.IN_CHECK
    reason = "check.found" if codes else "check.passed"
    settle(pay, next_version(pay.outcome, reason_code=reason, at=at, findings=shares), terms_of(pay), at=at)
    return int(pay.amount_fen)


def _shares(codes: Sequence[str], finished_at: datetime) -> list[dict[str, str | int]]:
    terms = check_terms_at(finished_at)
    known = terms.findings if terms else {}
    for code in codes:
        if code not in known:
            raise FindingUnknown(field="findings", finding=code[:40])
    return [{"code": code, "percent": known[code]} for code in codes]


def _require_other_team(outcome: OrderOutcome) -> None:
    """Refuse the inspector's own work, own crew and own company. Raises OwnTeamRefused."""
    technician = org.staff(outcome.technician_id)
    who = acting.current().who
    inspector = org.staff(UUID(who.partition(":")[2])) if who.startswith("staff:") else None
    rules.require_other_team(
        inspector_teams=_teams(inspector) if inspector else (who,),
        technician_teams=_teams(technician),
        technician_name=technician.name,
    )


def _teams(person: org.StaffView) -> list[str]:
    """Return what makes two people a team: the person, the crew or grid, the contractor. A city is no team."""
    crews = {unit.id for level in ("crew", "grid") for unit in org.units(level)}
    teams = [f"staff:{person.id}"]
    if person.unit_id in crews:
        teams.append(f"unit:{person.unit_id}")
    if person.vendor:
        teams.append(f"vendor:{person.vendor}")
    return teams
