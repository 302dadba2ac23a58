"""Where an address really lies: proposed from the field, decided by a second person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.outbox import tell
from yuanxin.parties.actions.loading import stored_point
from yuanxin.parties.actions.places import metres_between, move_address_point
from yuanxin.parties.models import PointProposal, ProposalState, StandardAddress
from yuanxin.parties.rules.datum import Coordinate, Datum
from yuanxin.parties.rules.errors import (
    AddressNotFound,
    DecidedByProposer,
    ProposalDecided,
    ProposalNotFound,
)
from yuanxin.published.parties import AddressPointProposed
from yuanxin.published.refs import ref


@command("parties.propose_address_point")
def propose_address_point(
    *,
    address_id: UUID,
    point: Coordinate,
    cause: str,
    at: datetime,
    reason: str = "",
    key: IdempotencyKey | None = None,
) -> UUID:
    """Propose another point for an address; return the proposal's id. A newer one of the same cause replaces it.

    cause: the work order at which somebody stood elsewhere. Raises AddressNotFound, OutsideChina.
    """
    address = StandardAddress.objects.filter(id=address_id).first()
    if address is None:
        raise AddressNotFound(address=str(address_id))
    lng, lat, datum, source_lng, source_lat = stored_point(point)
    away_m = None
    if address.lng is not None and address.lat is not None and lng is not None and lat is not None:
        away_m = metres_between((address.lng, address.lat), (lng, lat))
    proposal, _ = PointProposal.objects.update_or_create(
        address=address,
        cause=cause,
        state=ProposalState.PROPOSED,
        defaults={
            "lng": lng,
            "lat": lat,
            "datum": datum,
            "source_lng": source_lng,
            "source_lat": source_lat,
            "away_m": away_m,
            "reason": reason.strip()[:200],
            "proposed_at": at,
            "proposed_by": acting.current().who,
        },
    )
    tell(
        AddressPointProposed(
            subject=ref("address", address.id), at=at, address_id=address.id, proposal_id=proposal.id, away_m=away_m
        )
    )
    return proposal.id


@command("parties.accept_address_point")
def accept_address_point(*, proposal_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> int:
    """Take a proposal over: the address lies there from now on; return by how many metres it moved.

    Other open proposals for this address that are still further away stay open. Raises ProposalNotFound,
    ProposalDecided, DecidedByProposer.
    """
    proposal = _decide(proposal_id, ProposalState.ACCEPTED, at)
    if proposal.source_lng is None or proposal.source_lat is None:
        raise ProposalNotFound(proposal=str(proposal_id))
    point = Coordinate(float(proposal.source_lng), float(proposal.source_lat), Datum(proposal.datum))
    return move_address_point(address_id=proposal.address_id, point=point, at=at)


@command("parties.refuse_address_point")
def refuse_address_point(*, proposal_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Leave the address where it is. Raises ProposalNotFound, ProposalDecided, DecidedByProposer."""
    _decide(proposal_id, ProposalState.REFUSED, at)


def _decide(proposal_id: UUID, state: ProposalState, at: datetime) -> PointProposal:
    proposal = PointProposal.objects.select_for_update().filter(id=proposal_id).first()
    if proposal is None:
        raise ProposalNotFound(proposal=str(proposal_id))
    if proposal.state != ProposalState.PROPOSED:
        raise ProposalDecided(state=proposal.state)
    if proposal.proposed_by == acting.current().who:
        raise DecidedByProposer
    proposal.state, proposal.decided_at, proposal.decided_by = state, at, acting.current().who
    proposal.save(update_fields=["state", "decided_at", "decided_by"])
    return proposal
