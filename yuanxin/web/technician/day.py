"""Today in visit order: orders at one home together, and how far it is from one home to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yuanxin.engines.routing.place import Place, distance_m
from yuanxin.fieldwork import api as fieldwork
from yuanxin.parties import api as parties


@dataclass(frozen=True)
class Home:
    """One stop 一户: the orders there in the order of the plan. leg_km: from the stop before, tenths of a km.

    leg_minutes: of driving from the stop before, the first from where he is now; as the plan counts them.
    together: how many of them are one visit (合并上门), 0 when none are.
    """

    address: Any
    customer: Any
    orders: tuple[Any, ...]
    leg_km: str
    together: int = 0
    leg_minutes: int | None = None


def homes_of(orders: Iterable[Any], technician_id: UUID, at: datetime) -> list[Home]:
    """Return the stops of a technician's day in the order of their first visit."""
    stops: dict[Any, list[Any]] = {}
    for order in orders:
        stops.setdefault(order.address_id, []).append(order)
    addresses = parties.addresses(list(stops))
    customers = parties.customers(order.customer_id for group in stops.values() for order in group)
    homes, before = [], None
    minutes = _drives(list(stops.values()), technician_id, at)
    for (address_id, group), drive in zip(stops.items(), minutes, strict=True):
        here = addresses.get(address_id)
        counted = Counter(order.bundle for order in group if order.bundle is not None)
        leg, together = _leg(before, here), max(counted.values(), default=0)
        homes.append(
            Home(here, customers[group[0].customer_id], tuple(group), leg, together if together > 1 else 0, drive)
        )
        before = here or before
    return homes


def _drives(stops: list[list[Any]], technician_id: UUID, at: datetime) -> list[int | None]:
    """Return the minutes of driving to each stop; where he is already nobody drives."""
    if not stops:
        return []
    leave_at, asked = at, []
    for group in stops:
        asked.append(fieldwork.Stop(group[0].address_id, group[0].grid_code, leave_at))
        leave_at = max(leave_at, group[-1].planned_to or leave_at)
    found = fieldwork.drive_minutes(technician_id, asked, stops[0][0].area_class, at)
    is_there = stops[0][0].state in (fieldwork.State.ARRIVED, fieldwork.State.WORKING)
    return [None, *found[1:]] if is_there else found


def _leg(before: Any, here: Any) -> str:
    """Return the way between two addresses as the crow flies, in km; empty when one has no point, or next door."""
    points = [Place(float(one.lng), float(one.lat)) for one in (before, here) if one and one.lng and one.lat]
    way = f"{distance_m(*points) / 1000:.1f}" if len(points) == 2 else ""
    return "" if way == "0.0" else way
