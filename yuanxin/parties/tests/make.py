"""Factories of the parties; codes come from the scope in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import require_city
from yuanxin.kernel.tests import make
from yuanxin.parties import api as parties
from yuanxin.parties.models import Customer
from yuanxin.parties.models.people import CustomerStatus
from yuanxin.published.codes import AreaClass, CustomerClass

REGISTERED_AT = make.at("2026-03-02 10:00")
TOWN_HALL = parties.Coordinate(113.1213, 23.0243)
_nth = count(1)


def estate(
    name: str = "",
    *,
    kind: str = "estate",
    street: str = "",
    town: str = "祖庙",
    grid_code: str = "",
    area_class: AreaClass = AreaClass.URBAN,
    households: int | None = 400,
    point: parties.Coordinate | None = TOWN_HALL,
    at: datetime = REGISTERED_AT,
) -> UUID:
    """Make an estate in the first district of the city in scope."""
    row = parties.EstateRow(
        id=new_id(),
        name=name or f"试验花园{next(_nth)}期",
        kind=kind,
        district_code=f"{require_city()}04",
        grid_code=grid_code,
        town=town,
        street=street,
        area_class=area_class,
        households=households,
        point=point,
    )
    parties.load_estates(rows=[row], at=at)
    return row.id


def address(
    door: str = "", *, estate_id: UUID | None = None, point: parties.Coordinate | None = None, grid_code: str = "",
    area_class: AreaClass = AreaClass.URBAN,
) -> UUID:  # fmt: skip
    """Make one door."""
    home = estate_id or estate(grid_code=grid_code, area_class=area_class)
    door = door or f"{next(_nth)}栋101"
    return parties.add_address(estate_id=home, door=door, at=REGISTERED_AT, point=point)


def customer(
    name: str = "陈大文",
    phone: str = "",
    *,
    address_id: UUID | None = None,
    customer_class: CustomerClass = CustomerClass.RESIDENT,
    at: datetime = REGISTERED_AT,
) -> UUID:
    """Register a customer with an address."""
    return parties.register_customer(
        name=name,
        phone=phone or f"138{next(_nth):08d}",
        address_id=address_id or address(),
        customer_class=customer_class,
        at=at,
    ).id


def customers(names: Sequence[str], *, estate_id: UUID | None = None, at: datetime = REGISTERED_AT) -> list[UUID]:
    """Load many customers through the bulk doors, each behind a door of one estate; return their ids."""
    home = estate_id or estate()
    doors = [parties.HomeRow(id=new_id(), estate_id=home, door=f"{next(_nth)}栋{100 + i}") for i in range(len(names))]
    parties.load_addresses(rows=doors, at=at)
    rows = [
        parties.CustomerRow(
            id=new_id(), account_id=new_id(), name=name, phones=f"139{next(_nth):08d}", address_id=door.id
        )
        for name, door in zip(names, doors, strict=True)
    ]
    parties.load_customers(rows=rows, at=at)
    return [row.id for row in rows]


def closed_customer(*, address_id: UUID | None = None) -> UUID:
    """Register a customer who has left."""
    made = customer(address_id=address_id)
    Customer.objects.filter(id=made).update(status=CustomerStatus.LEFT.value)
    return made
