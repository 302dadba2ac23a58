"""Writes of ``supervision``: noting facts on the board, the day's end, and giving failed work another try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.kernel import acting, jobs, runner
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.insert import insert_once
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.published.refs import ref
from yuanxin.published.supervision import DaySigned
from yuanxin.supervision import day_close, queries, rules
from yuanxin.supervision.models import BoardRow, DaySignOff, NamedStep
from yuanxin.supervision.rules import Kind, Stage, Stamps


class RemarkNeeded(DomainError):
    """Whoever signs a day with orders that have no name or no instant says why."""

    code = "supervision.remark_needed"


class UntilPassed(DomainError):
    """The next step is promised for an instant to come."""

    code = "supervision.until_passed"


def note(*, subject: str, at: datetime, rank: int, values: dict[str, Any], is_first: bool = False) -> None:
    """Note on the board what a fact says about a subject; twice or late makes no difference.

    Only reactions call it, inside the runner's savepoint, as the system: it keeps a copy of what others decided,
    so it is no command, tells nothing and asks for no permission.
    rank: breaks a tie between facts of the same instant, the greater wins.
    is_first: the row is most likely new; then one statement is enough.
    """
    if not is_first and (row := _locked(subject)) is not None:
        _merge(row, values, at, rank)
        return
    fresh = BoardRow(subject=subject, kind=_kind_of(subject).value, moved_at=at)
    _set(fresh, values, at, rank)
    if not insert_once(fresh) and (row := _locked(subject)) is not None:
        _merge(row, values, at, rank)


@command("supervision.replay")
def replay(*, delivery_id: int) -> None:
    """Owe a parked delivery again; the next runner takes it. Raises NotFound, Conflict."""
    runner.replay(delivery_id)


@command("supervision.revive_job")
def revive_job(*, job_id: int) -> None:
    """Queue a dead job of the scope again, from its first attempt. Raises NotFound, Conflict."""
    if job_id not in {job.id for job in queries.dead_jobs()}:
        raise NotFound(job=job_id)
    jobs.revive(job_id)


@command("supervision.name_next_steps")
def name_next_steps(
    *, row_ids: Sequence[UUID], person_id: UUID, until: datetime, at: datetime, key: IdempotencyKey | None = None
) -> int:
    """Name who does the next step of orders and until when; it holds until an order moves on. Return how many.

    Raises NotFound for an order that does not run or a person outside the scope, UntilPassed.
    """
    rows = list(BoardRow.objects.filter(pk__in=row_ids, is_open=True))
    if missing := set(row_ids) - {row.pk for row in rows}:
        raise NotFound(row=str(min(missing)))
    if until <= at:
        raise UntilPassed(field="until")
    org.staff(person_id)
    by = acting.current().who
    NamedStep.objects.bulk_create(
        NamedStep(subject=row.subject, stage=row.stage, person_id=person_id, until=until, named_by=by, named_at=at)
        for row in rows
    )
    return len(rows)


@command("supervision.sign_day")
def sign_day(*, unit_code: str, remark: str = "", at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Sign the open orders of a grid for today; what is signed keeps the lines as they are now.

    unit_code: a grid, empty for orders without one. Raises NotFound, RemarkNeeded.
    """
    if unit_code:
        org.unit(unit_code)
    lines = day_close.lines_of(unit_code)
    missing = sum(line.is_missing for line in lines)
    if missing and not remark.strip():
        raise RemarkNeeded(field="remark", missing=missing)
    signed = DaySignOff.objects.create(
        unit_code=unit_code,
        day=local_day(at),
        signed_by=acting.current().who,
        signed_at=at,
        remark=remark.strip()[:300],
        open_orders=len(lines),
        missing=missing,
        lines=[line.stored() for line in lines],
    )
    tell(
        DaySigned(
            subject=ref("day_sign_off", signed.id),
            at=at,
            unit_code=unit_code,
            day=signed.day,
            open_orders=len(lines),
            missing=missing,
        )
    )
    signed_id: UUID = signed.id
    return signed_id


def _locked(subject: str) -> BoardRow | None:
    row: BoardRow | None = BoardRow.objects.select_for_update().filter(subject=subject).first()
    return row


def _kind_of(subject: str) -> Kind:
    kind = subject.partition(":")[0]
    return Kind(kind) if kind in {Kind.TICKET, Kind.COMPLAINT} else Kind.WORK


def _merge(row: BoardRow, values: dict[str, Any], at: datetime, rank: int) -> None:
    if changed := _set(row, values, at, rank):
        row.save(update_fields=[*changed, "is_open", "moved_at", "stamps"])


def _set(row: BoardRow, values: dict[str, Any], at: datetime, rank: int) -> list[str]:
    """Set the fields that this fact may set and return their names."""
    winners, stamps = rules.newer_fields(_read_stamps(row.stamps), values, at=at, rank=rank)
    for name, value in winners.items():
        setattr(row, name, value)
    row.stamps = {name: [instant.isoformat(), number] for name, (instant, number) in stamps.items()}
    row.is_open = row.stage != Stage.CLOSED.code
    row.moved_at = max(row.moved_at, at)
    return list(winners)


def _read_stamps(stored: dict[str, list[Any]]) -> Stamps:
    return {name: (datetime.fromisoformat(instant), int(number)) for name, (instant, number) in stored.items()}
