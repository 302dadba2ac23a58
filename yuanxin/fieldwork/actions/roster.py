"""Write the roster 排班 and lend people 借调: all cells of a deed or none, after the Labour Law was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import Duty, Loan
from yuanxin.fieldwork.queries.roster_draft import CellDraft, FindingView, RosterDraft, draft
from yuanxin.fieldwork.rules.errors import NotATechnician
from yuanxin.fieldwork.rules.roster_cells import RosterCell
from yuanxin.fieldwork.rules.roster_errors import (
    LabourLawForbids,
    LoanDaysRefused,
    LoanOver,
    LoanOverlaps,
    LoanToOwnUnit,
)
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org


@dataclass(frozen=True, slots=True)
class RosterWritten:
    """What a deed did: cells by outcome, and what the law says of the people it touched."""

    created: int
    changed: int
    cleared: int
    same: int
    findings: tuple[FindingView, ...] = ()


@command("fieldwork.set_duties")
def set_duties(*, cells: Sequence[RosterCell], at: datetime, key: IdempotencyKey | None = None) -> RosterWritten:
    """Write these cells, all or none; a cell that says what is written already is left alone.

    Raises RosterTooBig, NotATechnician, UnknownShift, ShiftHoursRefused, ShiftsOverlap, RosterDayOutside,
    LabourLawForbids (what the law forbids outright, unless a second person has granted an exemption).
    """
    lock_roster()
    thought = draft(cells, at)
    for one in thought.refused:
        if one.error is not None:
            raise one.error
    for stop in thought.stopping:
        raise LabourLawForbids(
            technician=str(stop.technician_id),
            on=stop.on,
            finding=stop.code,
            has=stop.has,
            allowed=stop.allowed,
        )
    _write(thought.touched, at)
    return _written(thought)


def _written(thought: RosterDraft) -> RosterWritten:
    counts = {name: thought.count(name) for name in ("created", "changed", "cleared", "same")}
    return RosterWritten(**counts, findings=thought.findings)


def _write(touched: Sequence[CellDraft], at: datetime) -> None:
    """Withdraw what stood in these cells and store what stands now; two statements."""
    if not touched:
        return
    old = Q()
    by_person: dict[UUID, list[date]] = {}
    for one in touched:
        by_person.setdefault(one.cell.technician_id, []).append(one.cell.on)
    for person, days in by_person.items():
        old |= Q(technician=person, on__in=days)
    Duty.objects.filter(old, withdrawn_at=None).update(withdrawn_at=at)
    Duty.objects.bulk_create(
        Duty(
            technician_id=one.cell.technician_id,
            on=one.cell.on,
            kind=str(stint.kind),
            shift=stint.shift,
            starts_at=stint.span[0] if stint.span else None,
            ends_at=stint.span[1] if stint.span else None,
            pause_from=stint.pause.earliest if stint.pause else None,
            pause_to=stint.pause.latest if stint.pause else None,
            pause_minutes=stint.pause.minutes if stint.pause else 0,
            note=one.cell.note.strip()[:200],
            written_at=at,
            written_by=who(),
        )
        for one in touched
        for stint in one.stints
    )


@command("fieldwork.lend")
def lend(
    *,
    technician_id: UUID,
    unit_code: str,
    from_on: date,
    to_on: date,
    at: datetime,
    note: str = "",
    key: IdempotencyKey | None = None,
) -> UUID:
    """Lend a technician to another grid or unit of the city 借调, both days included; return the loan's id.

    From that day he works in its grids and not in his own. Raises NotATechnician, NotFound, LoanToOwnUnit,
    LoanDaysRefused, LoanOverlaps.
    """
    lock_roster()
    person = next((one for one in org.technicians(require_city()) if one.id == technician_id), None)
    if person is None:
        raise NotATechnician(technician=str(technician_id), field="technician_id")
    unit = next((one for one in org.units() if one.code == unit_code), None)
    if unit is None or unit.level not in ("district", "grid", "crew"):
        raise NotFound(unit=unit_code[:20], field="unit_code")
    if unit.id == person.unit_id:
        raise LoanToOwnUnit(unit=unit_code, field="unit_code")
    if to_on < from_on or to_on < local_day(at):
        raise LoanDaysRefused(field="to_on")
    if Loan.objects.filter(technician=technician_id, ended_at=None, from_on__lte=to_on, to_on__gte=from_on).exists():
        raise LoanOverlaps(technician=str(technician_id), field="from_on")
    made = Loan.objects.create(
        technician_id=technician_id,
        unit_code=unit_code,
        from_on=from_on,
        to_on=to_on,
        note=note.strip()[:200],
        lent_at=at,
        lent_by=who(),
    )
    return made.pk


@command("fieldwork.end_loan")
def end_loan(*, loan_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Take a loan back: it never was if it has not begun, and ends today if it has. Raises NotFound, LoanOver."""
    lock_roster()
    loan = Loan.objects.select_for_update().filter(pk=loan_id).first()
    if loan is None:
        raise NotFound(loan=str(loan_id))
    today = local_day(at)
    if loan.ended_at is not None or loan.to_on < today:
        raise LoanOver(loan=str(loan_id))
    if loan.from_on < today:
        loan.to_on = today
    else:
        loan.ended_at = at
    loan.save(update_fields=["to_on", "ended_at"])


def lock_roster() -> None:
    """Let one deed at a time write the roster of a city: what it was judged by stays true until it is stored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"fieldwork.roster:{require_city()}"])
