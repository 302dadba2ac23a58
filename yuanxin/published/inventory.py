"""Facts that ``inventory`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.kernel.fact import Fact
from yuanxin.published.codes import Service


@dataclass(frozen=True, kw_only=True)
class ProductsLoaded(Fact):
    """A batch of subscribers with their products was stored. input_hash: SHA-256 of what was given."""

    batch_id: UUID
    count: int
    input_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class ProductSpanOpened(Fact):
    """A subscriber has a product from an instant on."""

    subscriber_id: UUID
    service: Service
    offering_code: str
    valid_from: datetime


@dataclass(frozen=True, kw_only=True)
class ProductSpanClosed(Fact):
    """A subscriber's product ends at an instant."""

    subscriber_id: UUID
    service: Service
    offering_code: str
    valid_to: datetime
