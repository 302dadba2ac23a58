"""Where the places of a problem lie: what travel must know beyond the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from yuanxin.engines.routing.place import Place
from yuanxin.engines.routing.problem import Technician
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.jobs import Commitment

DISTRICT_DIGITS = 6  # GB/T 2260: province, city and district take two digits each


def districts_of(
    orders: Iterable[WorkOrder],
    committed: Iterable[Commitment],
    places: Mapping[UUID, Place],
    technicians: Iterable[Technician],
) -> dict[Place, str]:
    """Return the district code of every place of a problem; empty for doors without a grid, homes and vans."""
    vans = (place for person in technicians for place in (person.home, person.position_now))
    found = {place: "" for place in vans if place is not None}
    doors = [(one.address_id, one.grid_code) for one in orders] + [(one.address_id, one.grid_code) for one in committed]
    for address, grid in doors:
        if (place := places.get(address)) is not None:
            found[place] = grid[:DISTRICT_DIGITS]
    return found
