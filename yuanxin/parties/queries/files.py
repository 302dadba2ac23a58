"""Questions about address files on their way in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, When

from yuanxin.parties.models import AddressBatch, AddressBatchRow
from yuanxin.parties.rules.errors import BatchNotFound


@dataclass(frozen=True, slots=True)
class BatchView:
    """An address import."""

    id: UUID
    file_name: str
    encoding: str
    state: str
    good_rows: int
    bad_rows: int
    staged_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchRowView:
    """A row of an import: fault is "" for a good one, then name and the others are filled."""

    line: int
    fault: str
    column: str
    value: str
    name: str
    district_code: str
    lng: float | None
    lat: float | None
    datum: str
    households: int | None


def import_batch(batch_id: UUID) -> BatchView:
    """What does this import hold? One statement. Raises BatchNotFound."""
    row = AddressBatch.objects.filter(id=batch_id).first()
    if row is None:
        raise BatchNotFound(batch=str(batch_id))
    return _view(row)


def import_batches(limit: int = 50) -> list[BatchView]:
    """Which files were imported, newest first? One statement."""
    return [_view(row) for row in AddressBatch.objects.order_by("-id")[:limit]]


def import_faults(batch_id: UUID) -> dict[str, int]:
    """How many rows does each fault hold back, the most frequent first? One statement."""
    bad = AddressBatchRow.objects.filter(batch=batch_id).exclude(fault="").order_by()
    return dict(bad.values_list("fault").annotate(rows=Count("id")).order_by("-rows", "fault"))


def import_rows(
    batch_id: UUID, *, only_bad: bool = False, only_good: bool = False, limit: int = 200
) -> list[BatchRowView]:
    """Which rows does the file have, bad ones first, each group by line? At most `limit`; one statement."""
    rows = AddressBatchRow.objects.filter(batch=batch_id)
    if only_bad:
        rows = rows.exclude(fault="")
    if only_good:
        rows = rows.filter(fault="")
    return [_row(row) for row in rows.order_by(Case(When(fault="", then=1), default=0), "line")[:limit]]


def _view(row: AddressBatch) -> BatchView:
    return BatchView(
        row.id, row.file_name, row.encoding, row.state, row.good_rows, row.bad_rows, row.staged_at, row.settled_at
    )


def _row(row: AddressBatchRow) -> BatchRowView:
    parsed: dict[str, Any] = row.parsed or {}
    original = parsed.get("original") or {}
    return BatchRowView(
        line=row.line,
        fault=row.fault,
        column=row.column,
        value=row.value,
        name=parsed.get("name", ""),
        district_code=parsed.get("district_code", ""),
        lng=original.get("lng"),
        lat=original.get("lat"),
        datum=original.get("datum", ""),
        households=parsed.get("households"),
    )
