"""Leave 请假 and exemptions from the hours of the Labour Law 超时特批: asked by one person, decided by another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from yuanxin.fieldwork.actions.roster import lock_roster
from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import Decision, Exemption, Leave
from yuanxin.fieldwork.roster_parameters import exemption_grounds, roster_limits
from yuanxin.fieldwork.rules.errors import NotATechnician, UnknownReason
from yuanxin.fieldwork.rules.roster import LeaveKind
from yuanxin.fieldwork.rules.roster_errors import (
    ExemptionRefused,
    LeaveDecidedByAsker,
    LeaveOver,
    LeaveOverlaps,
    LeaveSpanRefused,
    NothingToDecide,
)
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import require_city
from yuanxin.org import api as org
from yuanxin.published.fieldwork import TechnicianAway
from yuanxin.published.refs import ref, ref_id

_Request = TypeVar("_Request", Leave, Exemption)


@command("fieldwork.ask_leave")
def ask_leave(
    *,
    kind: LeaveKind,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    note: str = "",
    key: IdempotencyKey | None = None,
) -> UUID:
    """Ask for leave for oneself; return its id. Nobody is away before a second person has approved it.

    Raises NotATechnician, LeaveSpanRefused, LeaveOverlaps.
    """
    actor = acting.current().who
    person = ref_id(actor, "staff")
    return _ask(person, kind, starts_at, ends_at, note, at).pk


@command("fieldwork.record_leave")
def record_leave(
    *,
    technician_id: UUID,
    kind: LeaveKind,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    note: str = "",
    key: IdempotencyKey | None = None,
) -> UUID:
    """Write down leave that somebody asked for by telephone, and approve it; return its id.

    He who wants it and he who grants it are still two persons. Raises LeaveDecidedByAsker, NotATechnician,
    LeaveSpanRefused, LeaveOverlaps.
    """
    made = _ask(technician_id, kind, starts_at, ends_at, note, at)
    _grant(made, at)
    return made.pk


def _ask(person: UUID, kind: LeaveKind, starts_at: datetime, ends_at: datetime, note: str, at: datetime) -> Leave:
    lock_roster()
    if person not in {one.id for one in org.technicians(require_city())}:
        raise NotATechnician(technician=str(person), field="technician_id")
    limits = roster_limits(at)
    longest, oldest = timedelta(days=limits.leave_days), at - timedelta(days=limits.back_leave_days)
    if not starts_at < ends_at <= starts_at + longest or starts_at < oldest:
        raise LeaveSpanRefused(days=limits.leave_days, back=limits.back_leave_days, field="ends_at")
    held = Leave.objects.filter(technician=person, decision__in=(Decision.ASKED, Decision.APPROVED))
    if held.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise LeaveOverlaps(technician=str(person), field="starts_at")
    return Leave.objects.create(
        technician_id=person,
        kind=str(kind),
        starts_at=starts_at,
        ends_at=ends_at,
        note=note.strip()[:200],
        asked_at=at,
        asked_by=ref("staff", person),
        recorded_by=who(),
    )


@command("fieldwork.approve_leave")
def approve_leave(*, leave_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Approve leave as a second person. Raises NotFound, NothingToDecide, LeaveDecidedByAsker."""
    _grant(_asked(Leave, leave_id), at)


@command("fieldwork.refuse_leave")
def refuse_leave(*, leave_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Refuse leave as a second person. Raises NotFound, NothingToDecide, LeaveDecidedByAsker."""
    _decide(_asked(Leave, leave_id), Decision.REFUSED, at)


@command("fieldwork.withdraw_leave")
def withdraw_leave(*, leave_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Take one's own request back before anybody has decided it. Raises NotFound, NothingToDecide."""
    asked = _asked(Leave, leave_id)
    if asked.asked_by != who():
        raise NotFound(request=str(leave_id))
    asked.decision = Decision.WITHDRAWN
    asked.decided_at, asked.decided_by = at, who()
    asked.save(update_fields=["decision", "decided_at", "decided_by"])


@command("fieldwork.end_leave")
def end_leave(*, leave_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Let somebody come back early 销假: granted leave ends now, and never was if it has not begun.

    Raises NotFound, LeaveOver, LeaveDecidedByAsker.
    """
    leave = _locked(Leave, leave_id)
    if leave.decision != Decision.APPROVED or leave.ends_at <= at:
        raise LeaveOver(leave=str(leave_id))
    if leave.asked_by == who():
        raise LeaveDecidedByAsker(leave=str(leave_id))
    if leave.starts_at < at:
        leave.ends_at = at
    else:
        leave.decision = Decision.WITHDRAWN
    leave.save(update_fields=["ends_at", "decision"])


@command("fieldwork.ask_exemption")
def ask_exemption(
    *,
    technician_id: UUID,
    from_on: date,
    to_on: date,
    ground: str,
    note: str,
    at: datetime,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Ask that a person may exceed the hours of the Labour Law on these days, on a ground of its article 42.

    Nothing is allowed before a second person has granted it. Raises NotATechnician, UnknownReason, ExemptionRefused.
    """
    if technician_id not in {one.id for one in org.technicians(require_city())}:
        raise NotATechnician(technician=str(technician_id), field="technician_id")
    if ground not in exemption_grounds(at):
        raise UnknownReason(reason=ground[:40], field="ground")
    if to_on < from_on or (to_on - from_on).days >= roster_limits(at).ahead_days:
        raise ExemptionRefused(field="to_on")
    if not note.strip():
        raise ExemptionRefused(field="note")
    made = Exemption.objects.create(
        technician_id=technician_id,
        from_on=from_on,
        to_on=to_on,
        ground=ground,
        note=note.strip()[:200],
        asked_at=at,
        asked_by=who(),
    )
    return made.pk


@command("fieldwork.approve_exemption")
def approve_exemption(*, exemption_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Grant an exemption as a second person. Raises NotFound, NothingToDecide, LeaveDecidedByAsker."""
    _decide(_asked(Exemption, exemption_id), Decision.APPROVED, at)


@command("fieldwork.refuse_exemption")
def refuse_exemption(*, exemption_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Refuse an exemption as a second person. Raises NotFound, NothingToDecide, LeaveDecidedByAsker."""
    _decide(_asked(Exemption, exemption_id), Decision.REFUSED, at)


def _grant(leave: Leave, at: datetime) -> None:
    """Approve leave and tell that somebody is away: the plan of these hours has lost a technician."""
    _decide(leave, Decision.APPROVED, at)
    tell(
        TechnicianAway(
            subject=ref("staff", leave.technician_id),
            at=at,
            technician_id=leave.technician_id,
            starts_at=leave.starts_at,
            ends_at=leave.ends_at,
        )
    )


def _locked(model: type[_Request], request_id: UUID) -> _Request:
    found = model.objects.select_for_update().filter(pk=request_id).first()
    if found is None:
        raise NotFound(request=str(request_id))
    return found


def _asked(model: type[_Request], request_id: UUID) -> _Request:
    found = _locked(model, request_id)
    if found.decision != Decision.ASKED:
        raise NothingToDecide(request=str(request_id))
    return found


def _decide(asked: _Request, decision: Decision, at: datetime) -> None:
    if who() in (asked.asked_by, ref("staff", asked.technician_id)):
        raise LeaveDecidedByAsker(request=str(asked.pk))
    asked.decision = decision
    asked.decided_at, asked.decided_by = at, who()
    asked.save(update_fields=["decision", "decided_at", "decided_by"])
