"""A deed of a dispatcher is kept with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork.actions.steps import who
from yuanxin.fieldwork.models import DispatchDeed
from yuanxin.fieldwork.queries.deeds import Kind, Picture


def record(
    kind: Kind,
    before: Sequence[Picture],
    after: Sequence[Picture],
    at: datetime,
    *,
    proposal_id: UUID | None = None,
    undoes: DispatchDeed | None = None,
) -> DispatchDeed:
    """Keep a deed with its way back; before and after name the same orders in the same order."""
    return DispatchDeed.objects.create(
        at=at,
        actor=who(),
        deed=str(kind),
        proposal_id=proposal_id,
        undoes=undoes,
        changes=[{"order": old["order"], "before": old, "after": new} for old, new in zip(before, after, strict=True)],
    )
