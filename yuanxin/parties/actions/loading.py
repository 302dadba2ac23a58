"""Bulk doors: estates, homes and customers by the thousand, one fact and one receipt per batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from psycopg.errors import UniqueViolation

from yuanxin.kernel.bulk import input_hash, insert_many
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.numbers import numbers_block
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import home_codes, require_city
from yuanxin.parties.actions.tokens import home_of, store_tokens
from yuanxin.parties.models import BillingAccount, Contact, Customer, CustomerAddress, Estate, StandardAddress
from yuanxin.parties.models.people import CustomerStatus, PaymentMethod, Relation
from yuanxin.parties.models.places import PlaceKind
from yuanxin.parties.rules.datum import Coordinate, Datum, is_inside_china
from yuanxin.parties.rules.errors import AddressNotFound, AddressTaken, NameMissing, NumberTaken, OutsideChina
from yuanxin.parties.rules.names import comparable
from yuanxin.parties.rules.phone import Phone, parse_own_phones
from yuanxin.parties.rules.rows import CustomerRow, EstateRow, HomeRow
from yuanxin.parties.rules.tokens import Token, tokens_of_person, tokens_of_place
from yuanxin.published.parties import AddressesImported, CustomersLoaded
from yuanxin.published.refs import ref

_DIGITS = 7
_Number = str | Decimal | None
_Point = tuple[_Number, _Number, str, _Number, _Number]
_NOWHERE: _Point = (None, None, "", None, None)


def stored_point(point: Coordinate | None) -> _Point:
    """Return (lng, lat, datum, source lng, source lat) as stored. Raises OutsideChina."""
    if point is None:
        return _NOWHERE
    if not is_inside_china(point):
        raise OutsideChina(field="lng", lng=round(point.lng, _DIGITS), lat=round(point.lat, _DIGITS))
    inside = point.to(Datum.WGS84)
    numbers = [f"{number:.{_DIGITS}f}" for number in (inside.lng, inside.lat, point.lng, point.lat)]
    return numbers[0], numbers[1], point.datum.value, numbers[2], numbers[3]


def _tenant() -> dict[str, object]:
    require_city()
    province_code, city_code = home_codes()
    return {"province_code": province_code, "city_code": city_code}


def _points(points: Sequence[_Point]) -> dict[str, list[_Number]]:
    columns = ("lng", "lat", "datum", "source_lng", "source_lat")
    return {name: [point[index] for point in points] for index, name in enumerate(columns)}


@command("parties.load_estates")
def load_estates(*, rows: Sequence[EstateRow], at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Store estates, villages and landmarks, each with the address of the whole; return the batch's id.

    Raises NameMissing, OutsideChina, AddressTaken (a place of this name is in the district already).
    """
    tenant = _tenant()
    if any(not comparable(row.name) for row in rows):
        raise NameMissing(field="name")
    points = _points([stored_point(row.point) for row in rows])
    shared: dict[str, Sequence[object]] = {
        "district_code": [row.district_code for row in rows],
        "grid_code": [row.grid_code for row in rows],
        "area_class": [row.area_class for row in rows],
        "kind": [row.kind for row in rows],
        **points,
    }
    try:
        with transaction.atomic():
            insert_many(Estate, {**_estate_columns(rows), **shared}, tenant)
            insert_many(StandardAddress, {**_whole_columns(rows), **shared}, tenant | {"door": ""})
    except UniqueViolation as error:
        raise AddressTaken(field="name") from error
    store_tokens("estate", ((row.id, tokens_of_place(row.name, row.street, row.town)) for row in rows))
    return _tell_addresses(rows, at)


def _estate_columns(rows: Sequence[EstateRow]) -> dict[str, Sequence[object]]:
    return {
        "id": [row.id for row in rows],
        "name": [row.name for row in rows],
        "plain_name": [comparable(row.name) for row in rows],
        "town": [row.town for row in rows],
        "street": [row.street for row in rows],
        "households": [row.households for row in rows],
        "buildings": [row.buildings for row in rows],
    }


def _whole_columns(rows: Sequence[EstateRow]) -> dict[str, Sequence[object]]:
    return {
        "id": [new_id() for _ in rows],
        "estate_id": [row.id for row in rows],
        "text": [f"{row.town}{row.name}"[:300] for row in rows],
        "households": [1 if row.households is None else row.households for row in rows],
    }


@command("parties.load_addresses")
def load_addresses(*, rows: Sequence[HomeRow], at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Store single doors of estates that are there; return the batch's id. Raises AddressNotFound, AddressTaken."""
    tenant = _tenant()
    estates = Estate.objects.in_bulk({row.estate_id for row in rows})
    lost = next((row for row in rows if row.estate_id not in estates), None)
    if lost is not None:
        raise AddressNotFound(field="estate_id", estate=str(lost.estate_id))
    homes = [estates[row.estate_id] for row in rows]
    points = [
        stored_point(row.point)
        if row.point
        else (estate.lng, estate.lat, estate.datum, estate.source_lng, estate.source_lat)
        for row, estate in zip(rows, homes, strict=True)
    ]
    columns: dict[str, Sequence[object]] = {
        "id": [row.id for row in rows],
        "estate_id": [row.estate_id for row in rows],
        "door": [row.door for row in rows],
        "text": [f"{estate.town}{estate.name}{row.door}"[:300] for row, estate in zip(rows, homes, strict=True)],
        "district_code": [estate.district_code for estate in homes],
        "grid_code": [estate.grid_code for estate in homes],
        "area_class": [estate.area_class for estate in homes],
        **_points(points),
    }
    try:
        with transaction.atomic():
            insert_many(StandardAddress, columns, tenant | {"kind": PlaceKind.HOME.value, "households": 1})
    except UniqueViolation as error:
        raise AddressTaken(field="door") from error
    return _tell_addresses(rows, at)


def _point_of(estate: Estate) -> _Point:
    return estate.lng, estate.lat, estate.datum, estate.source_lng, estate.source_lat


def _tell_addresses(rows: Sequence[EstateRow | HomeRow], at: datetime) -> UUID:
    batch = new_id()
    tell(
        AddressesImported(
            subject=ref("batch", batch), at=at, batch_id=batch, count=len(rows), input_hash=input_hash(rows)
        )
    )
    return batch


@command("parties.load_customers")
def load_customers(
    *, rows: Sequence[CustomerRow], at: datetime, area_code: str = "", key: IdempotencyKey | None = None
) -> UUID:
    """Store customers, each with a billing account, its address and its search tokens; return the batch's id.

    area_code: put before landlines typed without one. Raises NameMissing, PhoneNotValid, AddressNotFound, NumberTaken.
    """
    tenant = _tenant()
    if any(not comparable(row.name) for row in rows):
        raise NameMissing(field="name")
    phones = [parse_own_phones(row.phones, area_code=area_code) if row.phones else () for row in rows]
    numbers = list(numbers_block("C", len(rows), at))
    accounts = list(numbers_block("A", len(rows), at))
    since = [(row.registered_at or at).isoformat() for row in rows]
    try:
        with transaction.atomic():
            insert_many(Customer, _customer_columns(rows, numbers, phones, since), tenant | {
                "status": CustomerStatus.ACTIVE.value, "flags": [],
            })  # fmt: skip
            insert_many(BillingAccount, _account_columns(rows, accounts, since), tenant | {"cycle_day": 1})
    except UniqueViolation as error:
        raise NumberTaken(field="id") from error
    _keep_other_phones(rows, phones, tenant)
    homes = _link_addresses(rows, tenant)
    store_tokens("customer", _cut(rows, phones, numbers, accounts, homes))
    batch = new_id()
    tell(
        CustomersLoaded(
            subject=ref("batch", batch), at=at, batch_id=batch, count=len(rows), input_hash=input_hash(rows)
        )
    )
    return batch


def _customer_columns(
    rows: Sequence[CustomerRow], numbers: Sequence[str], phones: Sequence[tuple[Phone, ...]], since: Sequence[str]
) -> dict[str, Sequence[object]]:
    return {
        "id": [row.id for row in rows],
        "number": numbers,
        "customer_class": [row.customer_class for row in rows],
        "name": [row.name for row in rows],
        "phone": [mine[0].digits if mine else "" for mine in phones],
        "registered_at": since,
    }


def _account_columns(
    rows: Sequence[CustomerRow], numbers: Sequence[str], since: Sequence[str]
) -> dict[str, Sequence[object]]:
    return {
        "id": [row.account_id for row in rows],
        "number": numbers,
        "customer_id": [row.id for row in rows],
        "title": [row.name for row in rows],
        "payment_method": [PaymentMethod(row.payment_method).value for row in rows],
        "opened_at": since,
    }


def _keep_other_phones(
    rows: Sequence[CustomerRow], phones: Sequence[tuple[Phone, ...]], tenant: dict[str, object]
) -> None:
    """Store every number after the first as a contact of the customer's own."""
    others = [(row, phone) for row, mine in zip(rows, phones, strict=True) for phone in mine[1:]]
    if others:
        columns: dict[str, Sequence[object]] = {
            "id": [new_id() for _ in others],
            "customer_id": [row.id for row, _ in others],
            "name": [row.name for row, _ in others],
            "phone": [phone.digits for _, phone in others],
            "extension": [phone.extension for _, phone in others],
        }
        insert_many(Contact, columns, tenant | {"relation": Relation.SELF.value})


def _link_addresses(rows: Sequence[CustomerRow], tenant: dict[str, object]) -> dict[UUID, str]:
    """Store where the customers live; return the home token of each address."""
    wanted = {row.address_id for row in rows if row.address_id is not None}
    found = StandardAddress.objects.filter(id__in=wanted).values_list("id", "estate_id", "door")
    homes = {id_: home_of(estate_id or id_, door) for id_, estate_id, door in found}
    lost = next(iter(wanted - homes.keys()), None)
    if lost is not None:
        raise AddressNotFound(field="address_id", address=str(lost))
    linked = [row for row in rows if row.address_id is not None]
    if linked:
        columns: dict[str, Sequence[object]] = {
            "id": [new_id() for _ in linked],
            "customer_id": [row.id for row in linked],
            "address_id": [row.address_id for row in linked],
        }
        insert_many(CustomerAddress, columns, tenant | {"is_main": True})
    return homes


def _cut(
    rows: Sequence[CustomerRow],
    phones: Sequence[tuple[Phone, ...]],
    numbers: Sequence[str],
    accounts: Sequence[str],
    homes: dict[UUID, str],
) -> Iterator[tuple[UUID, set[Token]]]:
    for row, mine, number, account in zip(rows, phones, numbers, accounts, strict=True):
        home = (homes[row.address_id],) if row.address_id else ()
        yield row.id, tokens_of_person(row.name, mine, (number, account), home)
