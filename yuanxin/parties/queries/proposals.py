"""Proposals from the field to correct address points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from yuanxin.kernel.listing import Column, Filter, Kind, Listing
from yuanxin.parties.models import PointProposal
from yuanxin.parties.rules.errors import ProposalNotFound

STATES = (("proposed", "To be decided"), ("accepted", "Taken over"), ("refused", "Not taken over"))


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as its page shows it; the points are degrees WGS-84, old ones None when the address had none."""

    id: UUID
    address_id: UUID
    address_text: str
    grid_code: str
    cause: str
    state: str
    away_m: int | None
    reason: str
    lng: float
    lat: float
    old_lng: float | None
    old_lat: float | None
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str


def point_proposal(proposal_id: UUID) -> ProposalView:
    """Return one proposal. One statement. Raises ProposalNotFound."""
    row = PointProposal.objects.select_related("address").filter(id=proposal_id).first()
    if row is None or row.lng is None or row.lat is None:
        raise ProposalNotFound(proposal=str(proposal_id))
    home = row.address
    return ProposalView(
        id=row.id,
        address_id=home.id,
        address_text=home.text,
        grid_code=home.grid_code,
        cause=row.cause,
        state=row.state,
        away_m=row.away_m,
        reason=row.reason,
        lng=float(row.lng),
        lat=float(row.lat),
        old_lng=None if home.lng is None else float(home.lng),
        old_lat=None if home.lat is None else float(home.lat),
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def _rows() -> QuerySet[Any]:
    return PointProposal.objects.annotate(text=F("address__text"), grid_code=F("address__grid_code"))


point_proposals = Listing(
    name="parties.point_proposals",
    title="Address points from the field",
    rows=_rows,
    columns=(
        Column("text", "Address"),
        Column("grid_code", "Grid", is_sortable=True),
        Column("away_m", "Away (m)", Kind.NUMBER, is_sortable=True),
        Column("state", "State", Kind.CODE, choices=STATES),
        Column("proposed_at", "Proposed at", Kind.INSTANT, is_sortable=True),
        Column("decided_at", "Decided at", Kind.INSTANT, is_sortable=True, is_shown=False),
    ),
    filters=(
        Filter("state", "state", "State", Kind.CODE, choices=STATES),
        Filter("grid", "address__grid_code", "Grid", lookup="startswith"),
        Filter("away_from", "away_m", "Away at least (m)", Kind.NUMBER, lookup="gte"),
    ),
    default_sort="-proposed_at",
)
