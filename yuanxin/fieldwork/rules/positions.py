"""Positions of technicians: what a batch looks like and what is not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.kernel.errors import DomainError


class BatchUneven(DomainError):
    """The columns of a batch differ in length. Params: lengths."""

    code = "fieldwork.batch_uneven"


class BatchTooLarge(DomainError):
    """A batch holds more rows than one request may bring. Params: rows, most."""

    code = "fieldwork.batch_too_large"


@dataclass(frozen=True, slots=True)
class PositionBatch:
    """Positions as columns of one length: technician, instant, degrees WGS-84, error of the phone in metres."""

    technicians: Sequence[UUID]
    at: Sequence[datetime]
    lng: Sequence[float]
    lat: Sequence[float]
    error_m: Sequence[int]

    def __len__(self) -> int:
        return len(self.technicians)


@dataclass(frozen=True, slots=True)
class PositionLimits:
    """most_rows of a batch; kept_days of a track; oldest and newest instant that is believed, as minutes."""

    most_rows: int
    kept_days: int
    oldest: timedelta
    newest: timedelta


def require_even(batch: PositionBatch, most_rows: int) -> None:
    """Raises BatchUneven, BatchTooLarge."""
    lengths = {len(batch), len(batch.at), len(batch.lng), len(batch.lat), len(batch.error_m)}
    if len(lengths) != 1:
        raise BatchUneven(lengths=", ".join(map(str, sorted(lengths))))
    if len(batch) > most_rows:
        raise BatchTooLarge(rows=len(batch), most=most_rows)
