"""One address at a time."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import cos, hypot, radians
from uuid import UUID

from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.outbox import tell
from yuanxin.parties.actions.loading import load_addresses, load_estates, stored_point
from yuanxin.parties.models import Estate, StandardAddress
from yuanxin.parties.rules.datum import Coordinate
from yuanxin.parties.rules.errors import AddressNotFound
from yuanxin.parties.rules.rows import EstateRow, HomeRow
from yuanxin.published.parties import AddressPointMoved
from yuanxin.published.refs import ref

_METRES_PER_DEGREE = 111_195


@command("parties.add_address")
def add_address(
    *, estate_id: UUID, door: str, at: datetime, point: Coordinate | None = None, key: IdempotencyKey | None = None
) -> UUID:
    """Add one door of an estate or village; the same door again gives the address that is there.

    Raises AddressNotFound, OutsideChina.
    """
    door = "".join(door.split())
    there = StandardAddress.objects.filter(estate=estate_id, door=door).values_list("id", flat=True).first()
    if there is not None:
        return there
    row = HomeRow(id=new_id(), estate_id=estate_id, door=door, point=point)
    load_addresses(rows=[row], at=at)
    return row.id


@command("parties.add_place")
def add_place(
    *, name: str, kind: str, district_code: str, at: datetime, town: str = "", street: str = "",
    grid_code: str = "", point: Coordinate | None = None, key: IdempotencyKey | None = None) -> UUID:  # fmt: skip
    """Add an estate, a village or a landmark (``大榄村``, ``桥头小卖部``); return its id.

    Raises NameMissing, OutsideChina, AddressTaken.
    """
    row = EstateRow(
        id=new_id(), name=name, kind=kind, district_code=district_code, town=town, street=street,
        grid_code=grid_code, point=point,
    )  # fmt: skip
    load_estates(rows=[row], at=at)
    return row.id


def metres_between(one: tuple[Decimal | str, Decimal | str], other: tuple[Decimal | str, Decimal | str]) -> int:
    """Return the distance in metres of two near points, (longitude, latitude) in degrees WGS-84."""
    (lng, lat), (other_lng, other_lat) = map(float, one), map(float, other)
    east = (other_lng - lng) * cos(radians(other_lat))
    return round(hypot(east, other_lat - lat) * _METRES_PER_DEGREE)


@command("parties.move_address_point")
def move_address_point(*, address_id: UUID, point: Coordinate, at: datetime, key: IdempotencyKey | None = None) -> int:
    """Correct the coordinates of an address; return by how many metres it moved, 0 when it had none.

    Moving the address of a whole estate moves the estate too, not its doors. Raises AddressNotFound, OutsideChina.
    """
    row = StandardAddress.objects.select_for_update().filter(id=address_id).first()
    if row is None:
        raise AddressNotFound(address=str(address_id))
    lng, lat, datum, source_lng, source_lat = stored_point(point)
    new = {"lng": lng, "lat": lat, "datum": datum, "source_lng": source_lng, "source_lat": source_lat}
    moved_m = 0
    if row.lng is not None and row.lat is not None and lng is not None and lat is not None:
        moved_m = metres_between((row.lng, row.lat), (lng, lat))
    StandardAddress.objects.filter(id=row.id).update(**new)
    if not row.door and row.estate_id:
        Estate.objects.filter(id=row.estate_id).update(**new)
    tell(AddressPointMoved(subject=ref("address", row.id), at=at, address_id=row.id, moved_m=moved_m))
    return moved_m
