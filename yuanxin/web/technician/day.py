"""Today in visit order: orders at one home together, and how far it is from one home to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yuanxin.engines.routing.place import Place, distance_m
from yuanxin.parties import api as parties


@dataclass(frozen=True)
class Home:
    """One stop 一户: the orders there in the order of the plan. leg_km: from the stop before, tenths of a km.

    together: how many of them are one visit (合并上门), 0 when none are.
    """

    address: Any
    customer: Any
    orders: tuple[Any, ...]
    leg_km: str
    together: int = 0


def homes_of(orders: Iterable[Any]) -> list[Home]:
    """Return the stops of a day in the order of their first visit."""
    stops: dict[Any, list[Any]] = {}
    for order in orders:
        stops.setdefault(order.address_id, []).append(order)
    addresses = parties.addresses(list(stops))
    customers = parties.customers(order.customer_id for group in stops.values() for order in group)
    homes, before = [], None
    for address_id, group in stops.items():
        here = addresses.get(address_id)
        counted = Counter(order.bundle for order in group if order.bundle is not None)
        leg, together = _leg(before, here), max(counted.values(), default=0)
        homes.append(Home(here, customers[group[0].customer_id], tuple(group), leg, together if together > 1 else 0))
        before = here or before
    return homes


def _leg(before: Any, here: Any) -> str:
    """Return the way between two addresses as the crow flies, in km; empty when one has no point, or next door."""
    points = [Place(float(one.lng), float(one.lat)) for one in (before, here) if one and one.lng and one.lat]
    way = f"{distance_m(*points) / 1000:.1f}" if len(points) == 2 else ""
    return "" if way == "0.0" else way
