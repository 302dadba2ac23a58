"""Factories of the inventory; codes come from the scope in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from yuanxin.inventory import api as inventory
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests import make
from yuanxin.parties import api as parties
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.codes import Service

OPENED_AT = make.at("2026-03-02 10:00")
_nth = count(1)


def subscriber(
    customer_id: UUID | None = None,
    service: Service = Service.TV,
    *,
    offering_codes: Sequence[str] = ("tv.basic",),
    at: datetime = OPENED_AT,
) -> UUID:
    """Make a subscriber of a customer, at the customer's address, with its products, in the normal state."""
    customer = customer_id or parties_make.customer()
    (account,) = parties.accounts_of(customer)
    homes = parties.customer(customer).address_ids
    row = inventory.SubscriberRow(
        id=new_id(),
        customer_id=customer,
        account_id=account.id,
        address_id=homes[0] if homes else None,
        service=service,
        offering_codes=tuple(offering_codes),
    )
    inventory.load_subscribers(rows=[row], at=at)
    return row.id


def device(serial: str = "", kind: str = "set_top_box", *, at: datetime = OPENED_AT) -> UUID:
    """Make a device in stock."""
    return inventory.register_device(serial=serial or f"STB{next(_nth):08d}", kind=kind, at=at)


def nodes() -> None:
    """Make a small tree: one head-end, one optical station, two optical nodes, an amplifier under the first."""
    kind = inventory.NodeKind
    inventory.load_nodes(
        rows=[
            inventory.NodeRow(code="JF01", kind=kind.HEADEND),
            inventory.NodeRow(code="GZ01", kind=kind.OPTICAL_STATION, parent_code="JF01"),
            inventory.NodeRow(code="GJD01", kind=kind.OPTICAL_NODE, parent_code="GZ01"),
            inventory.NodeRow(code="GJD02", kind=kind.OPTICAL_NODE, parent_code="GZ01"),
            inventory.NodeRow(code="FD01", kind=kind.AMPLIFIER, parent_code="GJD01"),
        ]
    )


def path(address_id: UUID, node_code: str = "FD01") -> None:
    """Hang an address on a node of the small tree."""
    inventory.set_path(address_id=address_id, node_code=node_code)
