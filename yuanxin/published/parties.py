"""Facts that ``parties`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yuanxin.kernel.fact import Fact


@dataclass(frozen=True, kw_only=True)
class AddressesImported(Fact):
    """A batch of standard addresses was stored. input_hash: SHA-256 of what was given."""

    batch_id: UUID
    count: int
    input_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomersLoaded(Fact):
    """A batch of customers was stored. input_hash: SHA-256 of what was given."""

    batch_id: UUID
    count: int
    input_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomerRegistered(Fact):
    """One customer was registered at a desk."""

    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class AddressPointMoved(Fact):
    """The coordinates of an address were corrected."""

    address_id: UUID
    moved_m: int


@dataclass(frozen=True, kw_only=True)
class AddressPointProposed(Fact):
    """Somebody stood at an address and it was elsewhere; away_m is None when the address had no point."""

    address_id: UUID
    proposal_id: UUID
    away_m: int | None
