"""Rows of the bulk doors: plain data as a seed, an import or a migration brings it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.parties.rules.datum import Coordinate
from yuanxin.published.codes import AreaClass, CustomerClass


@dataclass(frozen=True, slots=True, kw_only=True)
class EstateRow:
    """An estate, village or landmark. point: any datum, it is stored as WGS-84 beside the original."""

    id: UUID
    name: str
    district_code: str
    kind: str = "estate"
    town: str = ""
    street: str = ""
    grid_code: str = ""
    area_class: AreaClass = AreaClass.URBAN
    households: int | None = None
    buildings: int | None = None
    point: Coordinate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRow:
    """One door of an estate, such as ``3栋2单元1201``; without a point of its own it takes the estate's."""

    id: UUID
    estate_id: UUID
    door: str
    point: Coordinate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer with one billing account and one address.

    phones: as typed, the first is the main one. Without a number the next one is given.
    """

    id: UUID
    account_id: UUID
    name: str
    phones: str = ""
    address_id: UUID | None = None
    customer_class: CustomerClass = CustomerClass.RESIDENT
    payment_method: str = "wechat"
    registered_at: datetime | None = None
