"""Writes of ``supervision``: noting facts on the board, and replaying parked deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yuanxin.kernel import runner
from yuanxin.kernel.commands import command
from yuanxin.kernel.insert import insert_once
from yuanxin.supervision import rules
from yuanxin.supervision.models import BoardRow
from yuanxin.supervision.rules import Kind, Stage, Stamps


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
