"""Questions about places and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians
from uuid import UUID

from django.db.models import OuterRef, Subquery

from yuanxin.kernel import prepared
from yuanxin.parties.models import CustomerAddress, Estate, StandardAddress
from yuanxin.parties.models.places import PlaceKind
from yuanxin.parties.queries.views import AddressView
from yuanxin.parties.rules.errors import AddressNotFound
from yuanxin.parties.rules.masking import mask_door

_POINTS = """
SELECT id, lng::float8, lat::float8 FROM parties_standardaddress WHERE id = ANY(%s) AND lng IS NOT NULL
"""
_GRIDS_NEAR = """
SELECT grid_code FROM parties_estate WHERE grid_code <> '' AND lng IS NOT NULL
 GROUP BY grid_code
 ORDER BY min(((lng - %(lng)s::float8) * %(narrow)s::float8) ^ 2 + (lat - %(lat)s::float8) ^ 2), grid_code
 LIMIT %(count)s
"""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """An estate, village or landmark with the address that stands for the whole of it."""

    estate_id: UUID
    address_id: UUID
    name: str
    district_code: str
    grid_code: str
    households: int | None
    lng: float | None
    lat: float | None


def address(address_id: UUID) -> AddressView:
    """Where is this? One statement. Raises AddressNotFound."""
    found = addresses([address_id])
    if address_id not in found:
        raise AddressNotFound(address=str(address_id))
    return found[address_id]


def addresses(ids: Iterable[UUID]) -> dict[UUID, AddressView]:
    """Where are these? Those in scope, by id; one statement."""
    return {row.id: view_of(row) for row in StandardAddress.objects.filter(id__in=list(ids))}


def points(ids: Iterable[UUID]) -> dict[UUID, tuple[float, float]]:
    """Where on the map are these (lng, lat, WGS-84)? Those that have a point; one prepared statement."""
    return {id_: (lng, lat) for id_, lng, lat in prepared.run(_POINTS, [list(ids)])}


def grids_near(lng: float, lat: float, count: int) -> list[str]:
    """Which grids lie next to this point (WGS-84), the nearest first? By their places; one prepared statement."""
    asked = {"lng": lng, "lat": lat, "narrow": cos(radians(lat)), "count": count}
    return [code for (code,) in prepared.run(_GRIDS_NEAR, asked)]


def view_of(row: StandardAddress) -> AddressView:
    """Return the row as other contexts see it."""
    return AddressView(
        id=row.id,
        kind=row.kind,
        estate_id=row.estate_id,
        text=row.text,
        text_masked=row.text.removesuffix(row.door) + mask_door(row.door),
        lng=None if row.lng is None else float(row.lng),
        lat=None if row.lat is None else float(row.lat),
        datum=row.datum,
        grid_code=row.grid_code,
        district_code=row.district_code,
        area_class=row.area_class,
        households=row.households,
    )


def estate_name_of(address_id: str) -> Subquery:
    """Return an expression for lists: the estate or village of the address whose id stands in a column."""
    return Subquery(StandardAddress.objects.filter(pk=OuterRef(address_id)).values("estate__name")[:1])


def addresses_of(customer_id: UUID) -> list[AddressView]:
    """Where is this customer served? The main address first; one statement."""
    links = CustomerAddress.objects.filter(customer=customer_id, ended_at=None).order_by("-is_main", "id")
    return [view_of(link.address) for link in links.select_related("address")]


def places(*, district_code: str = "") -> list[PlaceView]:
    """Which estates, villages and landmarks are there, by name? Everything in scope in one statement."""
    rows = StandardAddress.objects.exclude(kind=PlaceKind.HOME).filter(estate__isnull=False).select_related("estate")
    if district_code:
        rows = rows.filter(district_code=district_code)
    return [
        PlaceView(
            estate_id=row.estate_id,
            address_id=row.id,
            name=row.estate.name,
            district_code=row.district_code,
            grid_code=row.grid_code,
            households=row.estate.households,
            lng=None if row.lng is None else float(row.lng),
            lat=None if row.lat is None else float(row.lat),
        )
        for row in rows.order_by("estate__name", "id")
    ]


def known_places(district_codes: Iterable[str]) -> set[tuple[str, str]]:
    """Which (district code, comparable name) are taken? One statement, as long as the city has places."""
    rows = Estate.objects.filter(district_code__in=set(district_codes))
    return set(rows.values_list("district_code", "plain_name"))
