"""Rows of the bulk doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.inventory.rules.network import NodeKind
from yuanxin.published.codes import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRow:
    """A subscriber with the products held since then."""

    id: UUID
    customer_id: UUID
    account_id: UUID
    address_id: UUID | None
    service: Service
    offering_codes: tuple[str, ...] = ()
    state: str = "normal"
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device; with a subscriber it is in use and leads a search to the customer, else it is in stock."""

    id: UUID
    serial: str
    kind: str
    model_code: str = ""
    subscriber_id: UUID | None = None
    customer_id: UUID | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """A network node; parents come before their children."""

    code: str
    kind: NodeKind
    parent_code: str = ""
    name: str = ""
